/* SPDX-License-Identifier: MIT */
/* envelope.c - checks a CloudEvents 1.0 event and takes it apart: tables of members, and a list of steps. */
#include "common/envelope.h"

#include <string.h>
#include <strings.h>

#include "common/envelope_parts.h"
#include "common/json.h"
#include "common/log.h"
#include "common/timestamp.h"

#define TYPE_MAX 256
#define REASON_MAX 4096
#define SEQUENCE_DIGITS_MAX 18
#define SECOND_US INT64_C(1000000)

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
    {"channel", ENVELOPE_CODE_MAX, KEPT(channel), false, TEXT_CODE},
    {"reason", REASON_MAX, KEPT(reason), false, TEXT_NAME},
};

static const struct moment_rule time_rule = {"time", KEPT(happened_us), true};

static const struct moment_rule data_moments[] = {
    {"received", KEPT(received_us), false},
    {"due", KEPT(due_us), false},
    {"finished", KEPT(finished_us), false},
    {"submitted", KEPT(submitted_us), false},
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
    [EVENT_SYNCED] = "vn.kipthoi.dossier.synced.v1",
    [EVENT_INDICATOR] = "vn.kipthoi.indicator.reported.v1",
};

/* --- the steps, in their order --- */

static enum status attributes_read(struct envelope *env, struct refusal *refusal)
{
    return envelope_texts(env->json, "", attribute_texts, sizeof attribute_texts / sizeof *attribute_texts, env,
                          refusal);
}

static enum status specversion_check(struct envelope *env, struct refusal *refusal)
{
    const char *text;
    size_t len;

    if (json_text(env->json, "specversion", 3, &text, &len) != JSON_FOUND || strcmp(text, "1.0") != 0) {
        return envelope_refuse(refusal, "SPECVERSION", "specversion is not \"1.0\"");
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
        return envelope_text(env->json, "", &rule, env, refusal); /* it knows what to say */
    }
    for (int kind = EVENT_RECEIVED; kind < EVENT_KIND_END; kind++) {
        if (strcmp(text, types[kind]) == 0) {
            env->kind = (enum event_kind)kind;
            return STATUS_OK;
        }
    }
    return envelope_refuse(refusal, "TYPE_UNKNOWN", "type '%s' is not known",
                           log_clean(text, len, shown, sizeof shown));
}

static enum status time_read(struct envelope *env, struct refusal *refusal)
{
    return envelope_moment(env->json, "", &time_rule, env, refusal);
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

static enum status sequence_read(struct envelope *env, struct refusal *refusal)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(env->json, "sequence");

    if (member == NULL || cJSON_IsNull(member) ||
        (cJSON_IsString(member) && sequence_of_text(member->valuestring, &env->sequence)) ||
        (cJSON_IsNumber(member) && envelope_is_count(member->valuedouble, &env->sequence))) {
        return STATUS_OK;
    }
    return envelope_refuse(refusal, "SEQUENCE_INVALID",
                           "sequence is not a text of 1 to %d digits or an integer from 0 to 2^53",
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
    return envelope_refuse(refusal, "MEMBER_INVALID", "datacontenttype is not application/json");
}

static enum status native_read(const cJSON *data, struct envelope *env, struct refusal *refusal)
{
    enum status st = envelope_texts(data, "data.", data_texts, sizeof data_texts / sizeof *data_texts, env, refusal);

    for (size_t i = 0; i < sizeof data_moments / sizeof *data_moments && st == STATUS_OK; i++) {
        st = envelope_moment(data, "data.", &data_moments[i], env, refusal);
    }
    return st;
}

static enum status data_read(struct envelope *env, struct refusal *refusal)
{
    cJSON *data = cJSON_GetObjectItemCaseSensitive(env->json, "data");

    if (data == NULL || cJSON_IsNull(data)) {
        return envelope_refuse(refusal, "MEMBER_MISSING", "data is missing");
    }
    if (!cJSON_IsObject(data)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data is not an object");
    }
    if (env->kind == EVENT_SYNCED) {
        return envelope_record_read(data, env, refusal);
    }
    return env->kind == EVENT_INDICATOR ? envelope_indicator_read(data, env, refusal) : native_read(data, env, refusal);
}

static enum status kind_check(struct envelope *env, struct refusal *refusal)
{
    if (env->kind == EVENT_RESCHEDULED && env->due_us == ENVELOPE_NONE_US) {
        return envelope_refuse(refusal, "MEMBER_MISSING",
                               "data.due is missing: a rescheduled event tells the new due date");
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
int envelope_slot(const char *source, const char *dossier)
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

    *env = (struct envelope){.received_us = ENVELOPE_NONE_US,
                             .due_us = ENVELOPE_NONE_US,
                             .finished_us = ENVELOPE_NONE_US,
                             .submitted_us = ENVELOPE_NONE_US,
                             .at_us = ENVELOPE_NONE_US,
                             .returned_us = ENVELOPE_NONE_US,
                             .refused_us = ENVELOPE_NONE_US,
                             .online = -1};
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
    env->slot = envelope_slot(env->source, env->dossier);
    return STATUS_OK;
}

void envelope_clear(struct envelope *env)
{
    cJSON_free(env->supplements);
    cJSON_Delete(env->json);
    *env = (struct envelope){0};
}

/* The clock is told: it may stand still by configuration, or be wrong. */
static enum status refuse_future(struct refusal *refusal, const char *name, int64_t moment_us, int64_t now_us,
                                 int64_t ahead_us)
{
    char shown[TIMESTAMP_SIZE], now[TIMESTAMP_SIZE];

    return envelope_refuse(refusal, "TIME_FUTURE", "%s %s is more than %lld s ahead of the clock, which says %s", name,
                           timestamp_format(moment_us, shown), (long long)(ahead_us / SECOND_US),
                           timestamp_format(now_us, now));
}

enum status envelope_check_future(const struct envelope *env, int64_t now_us, int64_t ahead_us, struct refusal *refusal)
{
    const struct {
        const char *name;
        const char *record_name;
        int64_t moment_us;
    } moments[] = {
        {"time", "time", env->happened_us},
        {"data.received", "data.NgayTiepNhan", env->received_us},
        {"data.finished", "data.NgayKetThucXuLy", env->finished_us},
        {"data.submitted", "data.NgayNopHoSo", env->submitted_us},
        {NULL, "data.NgayTra", env->returned_us},
        {NULL, "data.NgayTuChoi", env->refused_us},
        {NULL, "data.ThoiDiemXuLy", env->at_us},
    };

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        if (moments[i].moment_us > now_us + ahead_us) {
            return refuse_future(refusal, env->record != ENVELOPE_NO_RECORD ? moments[i].record_name : moments[i].name,
                                 moments[i].moment_us, now_us, ahead_us);
        }
    }
    /* A pause that ends in years to come would put off every promise. */
    for (size_t i = 0; i < env->supplement_count; i++) {
        int64_t last_us = env->supplements[i].requested_us > env->supplements[i].completed_us
                              ? env->supplements[i].requested_us
                              : env->supplements[i].completed_us;

        if (last_us > now_us + ahead_us) {
            return refuse_future(refusal, "a moment of data.DanhSachHoSoBoSung", last_us, now_us, ahead_us);
        }
    }
    return STATUS_OK;
}

const char *event_kind_type(enum event_kind kind)
{
    return kind >= EVENT_RECEIVED && kind < EVENT_KIND_END ? types[kind] : "unknown";
}
