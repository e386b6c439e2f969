/* SPDX-License-Identifier: MIT */
/*
 * envelope_record.c - the data of a synced event: a record of a one-stop system as it is.
 *
 * Such records are written by many hands: a text may be empty, which tells nothing, or an integer, which is taken as
 * its digits; moments come in several shapes.
 */
#include <stdio.h>
#include <string.h>

#include "common/envelope_parts.h"
#include "common/record_time.h"

#define NUMBER_SIZE 24
#define MOMENT_MAX 64
#define NAME_SIZE 64
#define SUPPLEMENTS "DanhSachHoSoBoSung"

static const struct text_rule dossier_rule = {"MaHoSo", ENVELOPE_DOSSIER_MAX, KEPT(dossier), true, TEXT_CODE};

static const struct text_rule full_texts[] = {
    {"MaTTHC", ENVELOPE_CODE_MAX, KEPT(procedure), false, TEXT_CODE},
    {"TenTTHC", ENVELOPE_NAME_MAX, KEPT(procedure_name), false, TEXT_NAME},
    {"MaLinhVuc", ENVELOPE_CODE_MAX, KEPT(field), false, TEXT_CODE},
    {"TenLinhVuc", ENVELOPE_NAME_MAX, KEPT(field_name), false, TEXT_NAME},
    {"KenhThucHien", ENVELOPE_CODE_MAX, KEPT(channel), false, TEXT_CODE},
    {"DonViXuLy", ENVELOPE_CODE_MAX, KEPT(unit), false, TEXT_CODE},
};

static const struct moment_rule full_moments[] = {
    {"NgayTiepNhan", KEPT(received_us), false}, {"NgayNopHoSo", KEPT(submitted_us), false},
    {"NgayHenTra", KEPT(due_us), false},        {"NgayKetThucXuLy", KEPT(finished_us), false},
    {"NgayTra", KEPT(returned_us), false},      {"NgayTuChoi", KEPT(refused_us), false},
};

static const struct moment_rule progress_moment = {"ThoiDiemXuLy", KEPT(at_us), false};

/* Places in struct envelope_supplement. */
static const struct {
    const char *name;
    size_t at;
} supplement_moments[] = {
    {"NgayBoSung", offsetof(struct envelope_supplement, requested_us)},
    {"NgayTiepNhanBoSung", offsetof(struct envelope_supplement, completed_us)},
    {"NgayHenTraTruoc", offsetof(struct envelope_supplement, due_before_us)},
    {"NgayHenTraMoi", offsetof(struct envelope_supplement, due_after_us)},
};

static bool number_is_integer(double number)
{
    return number >= -ENVELOPE_NUMBER_MAX && number <= ENVELOPE_NUMBER_MAX && (double)(int64_t)number == number;
}

/*
 * Reads a member as text; *text is NULL when it is absent or empty.  STATUS_INVALID: it is neither text nor integer.
 * The digits of a number are kept in its node, from cJSON's own allocator, so that they live and die with the event.
 */
static enum status loose_text(cJSON *object, const char *name, char **text)
{
    cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

    *text = NULL;
    if (member == NULL || cJSON_IsNull(member)) {
        return STATUS_OK;
    }
    if (cJSON_IsNumber(member) && number_is_integer(member->valuedouble) && member->valuestring == NULL) {
        member->valuestring = cJSON_malloc(NUMBER_SIZE);
        if (member->valuestring == NULL) {
            return STATUS_RETRY;
        }
        snprintf(member->valuestring, NUMBER_SIZE, "%lld", (long long)member->valuedouble);
    }
    if (member->valuestring == NULL) {
        return STATUS_INVALID;
    }
    *text = member->valuestring[0] != '\0' ? member->valuestring : NULL;
    return STATUS_OK;
}

/* Cuts at a whole character. */
static void cut(char *text, size_t max_len)
{
    size_t len = max_len;

    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
        len--;
    }
    text[len] = '\0';
}

/* Names of procedures can be longer than ours: they are for people only, and no reason to refuse a record. */
static enum status text_read(cJSON *data, const struct text_rule *rule, struct envelope *env, struct refusal *refusal)
{
    char *text;
    enum status st = loose_text(data, rule->name, &text);

    if (st == STATUS_RETRY) {
        return st;
    }
    if (st == STATUS_OK && text == NULL) {
        return rule->required ? envelope_refuse(refusal, "MEMBER_MISSING", "data.%s is missing", rule->name)
                              : STATUS_OK;
    }
    if (st == STATUS_OK && rule->use == TEXT_NAME && strlen(text) > rule->max_len) {
        cut(text, rule->max_len);
    }
    if (st != STATUS_OK || strlen(text) > rule->max_len) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data.%s is not a text of at most %zu bytes", rule->name,
                               rule->max_len);
    }
    if (rule->use == TEXT_CODE && envelope_has_control(text)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data.%s holds a control character", rule->name);
    }
    memcpy((char *)env + rule->at, &text, sizeof text);
    return STATUS_OK;
}

/* NgayHenTra, NgayHenTraTruoc, NgayHenTraMoi */
static bool is_due(const char *name)
{
    return strncmp(name, "NgayHenTra", strlen("NgayHenTra")) == 0;
}

/* shown names the member in sentences. */
static enum status moment_read(cJSON *object, const char *name, const char *shown, int64_t *moment_us,
                               struct refusal *refusal)
{
    char *text;
    size_t len;
    enum status st = loose_text(object, name, &text);

    if (st == STATUS_RETRY || (st == STATUS_OK && text == NULL)) {
        return st;
    }
    if (st != STATUS_OK) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data.%s is not a text", shown);
    }
    len = strlen(text);
    st = len > MOMENT_MAX ? STATUS_INVALID
         : is_due(name)   ? record_time_parse_due(text, len, moment_us)
                          : record_time_parse(text, len, moment_us);
    if (st != STATUS_OK) {
        return envelope_refuse(refusal, "TIME_INVALID",
                               "data.%s is no moment of 1990 to 2099 as RFC 3339, yyyy-MM-dd[ HH:mm:ss] or "
                               "yyyyMMdd[HHmmss]",
                               shown);
    }
    return STATUS_OK;
}

static enum status moment_by_rule(cJSON *data, const struct moment_rule *rule, struct envelope *env,
                                  struct refusal *refusal)
{
    return moment_read(data, rule->name, rule->name, (int64_t *)(void *)((char *)env + rule->at), refusal);
}

static enum status supplement_read(cJSON *entry, size_t number, struct envelope_supplement *supplement,
                                   struct refusal *refusal)
{
    enum status st = STATUS_OK;

    if (!cJSON_IsObject(entry)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data." SUPPLEMENTS "[%zu] is not an object", number);
    }
    *supplement = (struct envelope_supplement){ENVELOPE_NONE_US, ENVELOPE_NONE_US, ENVELOPE_NONE_US, ENVELOPE_NONE_US};
    for (size_t i = 0; i < sizeof supplement_moments / sizeof *supplement_moments && st == STATUS_OK; i++) {
        const char *name = supplement_moments[i].name;
        char shown[NAME_SIZE];

        snprintf(shown, sizeof shown, SUPPLEMENTS "[%zu].%s", number, name);
        st = moment_read(entry, name, shown, (int64_t *)(void *)((char *)supplement + supplement_moments[i].at),
                         refusal);
    }
    return st;
}

static enum status supplements_read(cJSON *data, struct envelope *env, struct refusal *refusal)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(data, SUPPLEMENTS);
    enum status st = STATUS_OK;
    int count;
    cJSON *entry;

    if (list == NULL || cJSON_IsNull(list)) {
        return STATUS_OK;
    }
    if (!cJSON_IsArray(list)) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data." SUPPLEMENTS " is not a list");
    }
    count = cJSON_GetArraySize(list);
    if (count > ENVELOPE_SUPPLEMENTS_MAX) {
        return envelope_refuse(refusal, "MEMBER_INVALID", "data." SUPPLEMENTS " has %d entries, limit %d", count,
                               ENVELOPE_SUPPLEMENTS_MAX);
    }
    if (count == 0) {
        return STATUS_OK;
    }
    env->supplements = cJSON_malloc((size_t)count * sizeof *env->supplements);
    if (env->supplements == NULL) {
        return STATUS_RETRY;
    }
    for (entry = list->child; entry != NULL && st == STATUS_OK; entry = entry->next) {
        st = supplement_read(entry, env->supplement_count, &env->supplements[env->supplement_count], refusal);
        env->supplement_count += st == STATUS_OK;
    }
    return st;
}

/* The member that tells the status tells also which of the two records it is. */
static enum status status_read(cJSON *data, struct envelope *env, struct refusal *refusal)
{
    static const struct {
        const char *name;
        enum envelope_record record;
    } members[] = {{"TrangThaiHoSo", ENVELOPE_FULL}, {"TrangThai", ENVELOPE_PROGRESS}};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char *text;
        enum status st = loose_text(data, members[i].name, &text);

        if (st == STATUS_RETRY) {
            return st;
        }
        if (st == STATUS_OK && text == NULL) {
            continue;
        }
        if (st != STATUS_OK || strlen(text) >= sizeof env->status_code || envelope_has_control(text)) {
            return envelope_refuse(refusal, "MEMBER_INVALID",
                                   "data.%s is not an integer or a text of at most %zu bytes", members[i].name,
                                   sizeof env->status_code - 1);
        }
        if (env->record != ENVELOPE_NO_RECORD) {
            return envelope_refuse(refusal, "MEMBER_INVALID",
                                   "data has both TrangThaiHoSo and TrangThai: it is one record or the other");
        }
        strcpy(env->status_code, text);
        env->record = members[i].record;
    }
    return env->record != ENVELOPE_NO_RECORD
               ? STATUS_OK
               : envelope_refuse(refusal, "MEMBER_MISSING", "data.TrangThaiHoSo or data.TrangThai is missing");
}

static enum status full_read(cJSON *data, struct envelope *env, struct refusal *refusal)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < sizeof full_texts / sizeof *full_texts && st == STATUS_OK; i++) {
        st = text_read(data, &full_texts[i], env, refusal);
    }
    for (size_t i = 0; i < sizeof full_moments / sizeof *full_moments && st == STATUS_OK; i++) {
        st = moment_by_rule(data, &full_moments[i], env, refusal);
    }
    return st == STATUS_OK ? supplements_read(data, env, refusal) : st;
}

enum status envelope_record_read(cJSON *data, struct envelope *env, struct refusal *refusal)
{
    enum status st = text_read(data, &dossier_rule, env, refusal);

    env->at_us = env->happened_us;
    if (st == STATUS_OK) {
        st = status_read(data, env, refusal);
    }
    if (st != STATUS_OK) {
        return st;
    }
    return env->record == ENVELOPE_FULL ? full_read(data, env, refusal)
                                        : moment_by_rule(data, &progress_moment, env, refusal);
}
