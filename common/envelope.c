/* SPDX-License-Identifier: MIT */
/* envelope.c - checks a CloudEvents 1.0 event and takes it apart: tables of members, and a list of steps. */
#include "common/envelope.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/json.h"
#include "common/log.h"
#include "common/timestamp.h"

#define TYPE_MAX 256
#define REASON_MAX 4096
/* RFC 3339 needs 35 bytes at most. */
#define TIME_MAX 64
#define SEQUENCE_DIGITS_MAX 18
#define SEQUENCE_NUMBER_MAX 9007199254740992.0
#define SECOND_US INT64_C(1000000)

/* Member at of struct envelope; NOT_KEPT: checked only. */
#define NOT_KEPT SIZE_MAX
#define KEPT(member) offsetof(struct envelope, member)

/* A code is a key somewhere: it holds no control characters.  A name may hold anything. */
enum text_use { TEXT_CODE, TEXT_NAME };

struct text_rule {
    const char *name;
    size_t max_len;
    size_t at;
    bool required;
    enum text_use use;
};

struct moment_rule {
    const char *name;
    size_t at;
    bool required;
};

/* source comes first: a refusal of any other member then still tells whose event it is. */
static const struct text_rule attribute_texts[] = {
    {"source", ENVELOPE_SOURCE_MAX, KEPT(source), true, TEXT_CODE},
    {"id", ENVELOPE_ID_MAX, KEPT(id), true, TEXT_CODE},
};

static const struct text_rule data_texts[] = {
    {"dossier", ENVELOPE_DOSSIER_MAX, KEPT(dossier), true, TEXT_CODE},
    {"unit", ENVELOPE_CODE_MAX, KEPT(unit), false, TEXT_CODE},
    {"unit_name", ENVELOPE_NAME_MAX, KEPT(unit_name), false, TEXT_NAME},
    {"unit_parent", ENVELOPE_CODE_MAX, KEPT(unit_parent), false, TEXT_CODE},
    {"field", ENVELOPE_CODE_MAX, KEPT(field), false, TEXT_CODE},
    {"field_name", ENVELOPE_NAME_MAX, KEPT(field_name), false, TEXT_NAME},
    {"procedure", ENVELOPE_CODE_MAX, KEPT(procedure), false, TEXT_CODE},
    {"procedure_name", ENVELOPE_NAME_MAX, KEPT(procedure_name), false, TEXT_NAME},
    {"channel", ENVELOPE_CODE_MAX, NOT_KEPT, false, TEXT_CODE},
    {"reason", REASON_MAX, NOT_KEPT, false, TEXT_NAME},
};

static const struct moment_rule time_rule = {"time", KEPT(happened_us), true};

static const struct moment_rule data_moments[] = {
    {"received", KEPT(received_us), false},
    {"due", KEPT(due_us), false},
    {"finished", KEPT(finished_us), false},
};

static const char *const types[EVENT_KIND_END] = {
    [EVENT_RECEIVED] = "vn.kipthoi.dossier.received.v1",
    [EVENT_ACCEPTED] = "vn.kipthoi.dossier.accepted.v1",
    [EVENT_SUPPLEMENT_REQUESTED] = "vn.kipthoi.dossier.supplement_requested.v1",
    [EVENT_SUPPLEMENTED] = "vn.kipthoi.dossier.supplemented.v1",
    [EVENT_PAYMENT_REQUESTED] = "vn.kipthoi.dossier.payment_requested.v1",
    [EVENT_PAID] = "vn.kipthoi.dossier.paid.v1",
    [EVENT_RESCHEDULED] = "vn.kipthoi.dossier.rescheduled.v1",
    [EVENT_FINISHED] = "vn.kipthoi.dossier.finished.v1",
    [EVENT_RETURNED] = "vn.kipthoi.dossier.returned.v1",
    [EVENT_REFUSED] = "vn.kipthoi.dossier.refused.v1",
    [EVENT_STOPPED] = "vn.kipthoi.dossier.stopped.v1",
    [EVENT_WITHDRAWN] = "vn.kipthoi.dossier.withdrawn.v1",
    [EVENT_APOLOGY_SENT] = "vn.kipthoi.apology.sent.v1",
};

static enum status refuse(struct refusal *refusal, const char *code, const char *fmt, ...) PRINTF_LIKE(3, 4);

static enum status refuse(struct refusal *refusal, const char *code, const char *fmt, ...)
{
    va_list args;

    refusal->code = code;
    va_start(args, fmt);
    vsnprintf(refusal->sentence, sizeof refusal->sentence, fmt, args);
    va_end(args);
    return STATUS_INVALID;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            return true;
        }
    }
    return false;
}

/* Members are named in sentences with the prefix of the object they stand in: "" or "data.". */
static enum status text_read(const cJSON *object, const char *prefix, const struct text_rule *rule,
                             struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;
    enum json_found found = json_text(object, rule->name, rule->max_len, &text, &len);

    if (found == JSON_ABSENT) {
        return rule->required ? refuse(refusal, "MEMBER_MISSING", "%s%s is missing", prefix, rule->name) : STATUS_OK;
    }
    if (found == JSON_WRONG) {
        return refuse(refusal, "MEMBER_INVALID", "%s%s is not a text of 1 to %zu bytes", prefix, rule->name,
                      rule->max_len);
    }
    if (rule->use == TEXT_CODE && has_control(text)) {
        return refuse(refusal, "MEMBER_INVALID", "%s%s holds a control character", prefix, rule->name);
    }
    if (rule->at != NOT_KEPT) {
        memcpy((char *)env + rule->at, &text, sizeof text);
    }
    return STATUS_OK;
}

static enum status texts_read(const cJSON *object, const char *prefix, const struct text_rule *rules, size_t count,
                              struct envelope *env, struct refusal *refusal)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = text_read(object, prefix, &rules[i], env, refusal);
    }
    return st;
}

static enum status moment_read(const cJSON *object, const char *prefix, const struct moment_rule *rule,
                               struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;
    int64_t moment_us;
    enum json_found found = json_text(object, rule->name, TIME_MAX, &text, &len);

    if (found == JSON_ABSENT) {
        return rule->required ? refuse(refusal, "MEMBER_MISSING", "%s%s is missing", prefix, rule->name) : STATUS_OK;
    }
    if (found == JSON_WRONG || timestamp_parse(text, len, &moment_us) != STATUS_OK) {
        return refuse(refusal, "TIME_INVALID",
                      "%s%s is not an RFC 3339 date-time with offset of the years 1990 to 2099", prefix, rule->name);
    }
    memcpy((char *)env + rule->at, &moment_us, sizeof moment_us);
    return STATUS_OK;
}

/* --- the steps, in their order --- */

static enum status attributes_read(struct envelope *env, struct refusal *refusal)
{
    return texts_read(env->json, "", attribute_texts, sizeof attribute_texts / sizeof *attribute_texts, env, refusal);
}

static enum status specversion_check(struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;

    if (json_text(env->json, "specversion", 3, &text, &len) != JSON_FOUND || strcmp(text, "1.0") != 0) {
        return refuse(refusal, "SPECVERSION", "specversion is not \"1.0\"");
    }
    return STATUS_OK;
}

static enum status type_read(struct envelope *env, struct refusal *refusal)
{
    static const struct text_rule rule = {"type", TYPE_MAX, NOT_KEPT, true, TEXT_NAME};
    const char *text = NULL;
    size_t len = 0;
    char shown[100];

    if (json_text(env->json, rule.name, rule.max_len, &text, &len) != JSON_FOUND) {
        return text_read(env->json, "", &rule, env, refusal); /* it knows what to say */
    }
    for (int kind = EVENT_RECEIVED; kind < EVENT_KIND_END; kind++) {
        if (strcmp(text, types[kind]) == 0) {
            env->kind = (enum event_kind)kind;
            return STATUS_OK;
        }
    }
    return refuse(refusal, "TYPE_UNKNOWN", "type '%s' is not known", log_clean(text, len, shown, sizeof shown));
}

static enum status time_read(struct envelope *env, struct refusal *refusal)
{
    return moment_read(env->json, "", &time_rule, env, refusal);
}

static bool sequence_of_text(const char *text, int64_t *sequence)
{
    size_t len = strlen(text);

    if (len < 1 || len > SEQUENCE_DIGITS_MAX || strspn(text, "0123456789") != len) {
        return false;
    }
    for (*sequence = 0; *text != '\0'; text++) {
        *sequence = *sequence * 10 + (*text - '0');
    }
    return true;
}

static bool sequence_of_number(double number, int64_t *sequence)
{
    if (!(number >= 0 && number <= SEQUENCE_NUMBER_MAX) || (double)(int64_t)number != number) {
        return false;
    }
    *sequence = (int64_t)number;
    return true;
}

static enum status sequence_read(struct envelope *env, struct refusal *refusal)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(env->json, "sequence");

    if (member == NULL || cJSON_IsNull(member) ||
        (cJSON_IsString(member) && sequence_of_text(member->valuestring, &env->sequence)) ||
        (cJSON_IsNumber(member) && sequence_of_number(member->valuedouble, &env->sequence))) {
        return STATUS_OK;
    }
    return refuse(refusal, "SEQUENCE_INVALID", "sequence is not a text of 1 to %d digits or an integer from 0 to 2^53",
                  SEQUENCE_DIGITS_MAX);
}

/* "application/json" or "x/y+json", parameters or not. */
static bool media_type_is_json(const char *text)
{
    size_t len = strcspn(text, "; \t");
    const char *rest = text + len + strspn(text + len, " \t");

    if (*rest != ';' && *rest != '\0') {
        return false;
    }
    return (len == strlen("application/json") && strncasecmp(text, "application/json", len) == 0) ||
           (len > strlen("+json") && strncasecmp(text + len - strlen("+json"), "+json", strlen("+json")) == 0);
}

static enum status content_type_check(struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;
    enum json_found found = json_text(env->json, "datacontenttype", TYPE_MAX, &text, &len);

    if (found == JSON_ABSENT || (found == JSON_FOUND && media_type_is_json(text))) {
        return STATUS_OK;
    }
    return refuse(refusal, "MEMBER_INVALID", "datacontenttype is not application/json");
}

static enum status data_read(struct envelope *env, struct refusal *refusal)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(env->json, "data");
    enum status st;

    if (data == NULL || cJSON_IsNull(data)) {
        return refuse(refusal, "MEMBER_MISSING", "data is missing");
    }
    if (!cJSON_IsObject(data)) {
        return refuse(refusal, "MEMBER_INVALID", "data is not an object");
    }
    st = texts_read(data, "data.", data_texts, sizeof data_texts / sizeof *data_texts, env, refusal);
    for (size_t i = 0; i < sizeof data_moments / sizeof *data_moments && st == STATUS_OK; i++) {
        st = moment_read(data, "data.", &data_moments[i], env, refusal);
    }
    return st;
}

static enum status kind_check(struct envelope *env, struct refusal *refusal)
{
    if (env->kind == EVENT_RESCHEDULED && env->due_us == ENVELOPE_NONE_US) {
        return refuse(refusal, "MEMBER_MISSING", "data.due is missing: a rescheduled event tells the new due date");
    }
    return STATUS_OK;
}

static uint64_t fnv1a(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/*
 * FNV-1a over source, 0xff (in no UTF-8 text) and dossier; the upper half xored onto the lower, of which six bits
 * count. It may never change: stored events carry it, and scorers divide the dossiers by it.
 */
static int slot_of(const char *source, const char *dossier)
{
    uint64_t hash = fnv1a(fnv1a(fnv1a(UINT64_C(0xcbf29ce484222325), source), "\xff"), dossier);

    return (int)((hash ^ hash >> 32) % ENVELOPE_SLOTS);
}

enum status envelope_parse(const char *text, size_t len, struct envelope *env, struct refusal *refusal)
{
    static enum status (*const steps[])(struct envelope *, struct refusal *) = {
        attributes_read, specversion_check,  type_read, time_read,
        sequence_read,   content_type_check, data_read, kind_check,
    };

    *env =
        (struct envelope){.received_us = ENVELOPE_NONE_US, .due_us = ENVELOPE_NONE_US, .finished_us = ENVELOPE_NONE_US};
    env->json = json_parse(text, len);
    if (env->json == NULL) {
        return STATUS_RETRY; /* the gate has passed the text: only memory can be short */
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        enum status st = steps[i](env, refusal);
        if (st != STATUS_OK) {
            return st;
        }
    }
    env->slot = slot_of(env->source, env->dossier);
    return STATUS_OK;
}

void envelope_clear(struct envelope *env)
{
    cJSON_Delete(env->json);
    *env = (struct envelope){0};
}

enum status envelope_check_future(const struct envelope *env, int64_t now_us, int64_t ahead_us, struct refusal *refusal)
{
    const struct {
        const char *name;
        int64_t moment_us;
    } moments[] = {
        {"time", env->happened_us},
        {"data.received", env->received_us},
        {"data.finished", env->finished_us},
    };
    char shown[TIMESTAMP_SIZE];

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        if (moments[i].moment_us > now_us + ahead_us) {
            return refuse(refusal, "TIME_FUTURE", "%s %s is more than %lld s ahead of the clock", moments[i].name,
                          timestamp_format(moments[i].moment_us, shown), (long long)(ahead_us / SECOND_US));
        }
    }
    return STATUS_OK;
}

const char *event_kind_type(enum event_kind kind)
{
    return kind >= EVENT_RECEIVED && kind < EVENT_KIND_END ? types[kind] : "unknown";
}
