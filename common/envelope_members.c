/* SPDX-License-Identifier: MIT */
/* envelope_members.c - members of an event by rule: texts and moments. */
#include "common/envelope_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/timestamp.h"

/* RFC 3339 needs 35 bytes at most. */
#define TIME_MAX 64

enum status envelope_refuse(struct refusal *refusal, const char *code, const char *fmt, ...)
{
    va_list args;

    refusal->code = code;
    va_start(args, fmt);
    vsnprintf(refusal->sentence, sizeof refusal->sentence, fmt, args);
    va_end(args);
    return STATUS_INVALID;
}

bool envelope_has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            return true;
        }
    }
    return false;
}

bool envelope_is_count(double number, int64_t *count)
{
    if (!(number >= 0 && number <= ENVELOPE_NUMBER_MAX) || (double)(int64_t)number != number) {
        return false;
    }
    *count = (int64_t)number;
    return true;
}

enum status envelope_text(const cJSON *object, const char *prefix, const struct text_rule *rule, struct envelope *env,
                          struct refusal *refusal)
{
    const char *text;
    size_t len;
    enum json_found found = json_text(object, rule->name, rule->max_len, &text, &len);

    if (found == JSON_ABSENT) {
        return rule->required ? envelope_refuse(refusal, "MEMBER_MISSING", "%s%s is missing", prefix, rule->name)
                              : STATUS_OK;
    }
    if (found == JSON_WRONG) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "%s%s is not a text of 1 to %zu bytes", prefix, rule->name,
                               rule->max_len);
    }
    if (rule->use == TEXT_CODE && envelope_has_control(text)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "%s%s holds a control character", prefix, rule->name);
    }
    if (rule->at != NOT_KEPT) {
        memcpy((char *)env + rule->at, &text, sizeof text);
    }
    return STATUS_OK;
}

enum status envelope_texts(const cJSON *object, const char *prefix, const struct text_rule *rules, size_t count,
                           struct envelope *env, struct refusal *refusal)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = envelope_text(object, prefix, &rules[i], env, refusal);
    }
    return st;
}

enum status envelope_moment(const cJSON *object, const char *prefix, const struct moment_rule *rule,
                            struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;
    int64_t moment_us;
    enum json_found found = json_text(object, rule->name, TIME_MAX, &text, &len);

    if (found == JSON_ABSENT) {
        return rule->required ? envelope_refuse(refusal, "MEMBER_MISSING", "%s%s is missing", prefix, rule->name)
                              : STATUS_OK;
    }
    if (found == JSON_WRONG || timestamp_parse(text, len, &moment_us) != STATUS_OK) {
        return envelope_refuse(refusal, "TIME_INVALID",
                               "%s%s is not an RFC 3339 date-time with offset of the years 1990 to 2099", prefix,
                               rule->name);
    }
    memcpy((char *)env + rule->at, &moment_us, sizeof moment_us);
    return STATUS_OK;
}
