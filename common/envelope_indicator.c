/* SPDX-License-Identifier: MIT */
/* envelope_indicator.c - the data of an indicator.reported event: a measure of a unit in a period, as a fraction. */
#include <stdio.h>
#include <string.h>

#include "common/envelope_parts.h"
#include "common/timestamp.h"

#define PERIOD_YEAR_MIN 1990
#define PERIOD_YEAR_MAX 2099
#define YEAR_LEN 4

static const struct text_rule texts[] = {
    {"measure", ENVELOPE_MEASURE_MAX, KEPT(measure), true, TEXT_CODE},
    {"period", ENVELOPE_PERIOD_MAX, KEPT(period), true, TEXT_CODE},
    {"unit", ENVELOPE_CODE_MAX, KEPT(unit), true, TEXT_CODE},
    {"field", ENVELOPE_CODE_MAX, KEPT(field), false, TEXT_CODE},
};

/* "2025", "2025-Q3", "2025-07". */
static bool period_is_one(const char *text)
{
    int year = 0;

    for (size_t i = 0; i < YEAR_LEN; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        year = year * 10 + (text[i] - '0');
    }
    text += YEAR_LEN;
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX || (text[0] != '\0' && strlen(text) != strlen("-Q1"))) {
        return false;
    }
    return text[0] == '\0' || (text[0] == '-' && ((text[1] == 'Q' && text[2] >= '1' && text[2] <= '4') ||
                                                  (text[1] == '0' && text[2] >= '1' && text[2] <= '9') ||
                                                  (text[1] == '1' && text[2] >= '0' && text[2] <= '2')));
}

static enum status count_read(const cJSON *data, const char *name, int64_t *count, struct refusal *refusal)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(data, name);

    if (member == NULL || cJSON_IsNull(member)) {
        return envelope_refuse(refusal, "MEMBER_MISSING", "data.%s is missing", name);
    }
    if (!cJSON_IsNumber(member) || !envelope_is_count(member->valuedouble, count)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data.%s is not an integer from 0 to 2^53", name);
    }
    return STATUS_OK;
}

/* The key stands where the dossier's code does: it names the indicator within its source, and finds its scorer. */
static enum status key_make(struct envelope *env, struct refusal *refusal)
{
    const struct {
        const char *name;
        const char *text;
    } parts[] = {{"measure", env->measure}, {"unit", env->unit}, {"field", env->field != NULL ? env->field : ""}};
    int len;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strchr(parts[i].text, '|') != NULL) {
            return envelope_refuse(refusal, "MEMBER_INVALID", "data.%s holds a '|'", parts[i].name);
        }
    }
    len = snprintf(env->key, sizeof env->key, "%s|%s|%s|%s", parts[0].text, env->period, parts[1].text, parts[2].text);
    if (len < 0 || (size_t)len >= sizeof env->key) {
        return envelope_refuse(refusal, "MEMBER_INVALID",
                               "data.measure, period, unit and field with bars between them are %d bytes, limit %d",
                               len, ENVELOPE_DOSSIER_MAX);
    }
    env->dossier = env->key;
    return STATUS_OK;
}

enum status envelope_indicator_read(const cJSON *data, struct envelope *env, struct refusal *refusal)
{
    enum status st = envelope_texts(data, "data.", texts, sizeof texts / sizeof *texts, env, refusal);

    if (st == STATUS_OK && !period_is_one(env->period)) {
        st = envelope_refuse(refusal, "MEMBER_INVALID",
                             "data.period is no year, quarter or month like 2025, 2025-Q3, 2025-07");
    }
    if (st == STATUS_OK) {
        st = count_read(data, "numerator", &env->numerator, refusal);
    }
    if (st == STATUS_OK) {
        st = count_read(data, "denominator", &env->denominator, refusal);
    }
    return st == STATUS_OK ? key_make(env, refusal) : st;
}
