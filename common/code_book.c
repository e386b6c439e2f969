/* SPDX-License-Identifier: MIT */
/* code_book.c - see code_book.h: a sorted array for each list, looked up by bisection. */
#include "common/code_book.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"

#define SHOWN_SIZE 100
#define PROCEDURE_NATIONAL_LEN 8 /* "1.000656" */

/* A code of a source; source, code and means stand in text, one behind the other. */
struct alias {
    const char *source;
    const char *code;
    const char *means;
    int32_t from_day;
    int32_t to_day;
    char text[];
};

struct shelf {
    struct alias **rows; /* sorted by source, code and first day */
    size_t count;
    size_t room;
};

struct code_book {
    struct shelf shelves[CODE_LISTS];
    bool dated; /* a row does not hold for ever: the day of an event counts */
};

static const char *const list_names[CODE_LISTS] = {
    [CODE_STATUS] = "status", [CODE_CHANNEL] = "channel",     [CODE_UNIT] = "unit",
    [CODE_FIELD] = "field",   [CODE_PROCEDURE] = "procedure", [CODE_DOSSIER] = "dossier",
};

static int alias_compare(const struct alias *row, const char *source, const char *code, int32_t from_day)
{
    int order = strcmp(row->source, source);

    if (order == 0) {
        order = strcmp(row->code, code);
    }
    return order != 0 ? order : (row->from_day > from_day) - (row->from_day < from_day);
}

/* How many rows stand before or at this key: where a row of this key is put. */
static size_t upper_bound(const struct shelf *shelf, const char *source, const char *code, int32_t from_day)
{
    size_t low = 0;
    size_t high = shelf->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (alias_compare(shelf->rows[middle], source, code, from_day) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Of the rows that hold on the day the one that began last. */
static const char *meaning_of(const struct shelf *shelf, const char *source, const char *code, int32_t day)
{
    for (size_t at = upper_bound(shelf, source, code, day); at > 0; at--) {
        const struct alias *row = shelf->rows[at - 1];

        if (strcmp(row->source, source) != 0 || strcmp(row->code, code) != 0) {
            break;
        }
        if (day <= row->to_day) {
            return row->means;
        }
    }
    return NULL;
}

/* What the list says of a code; code itself when it says nothing. */
static const char *look_up(const struct code_book *self, enum code_list list, const char *source, const char *code,
                           int32_t day)
{
    const struct shelf *shelf = &self->shelves[list];
    const char *means = NULL;

    if (shelf->count == 0 || code == NULL) {
        return code;
    }
    means = meaning_of(shelf, source, code, day);
    if (means == NULL) {
        means = meaning_of(shelf, "*", code, day);
    }
    return means != NULL ? means : code;
}

static struct alias *alias_new(const char *source, const char *code, const char *means, int32_t from_day,
                               int32_t to_day)
{
    size_t source_size = strlen(source) + 1;
    size_t code_size = strlen(code) + 1;
    size_t means_size = strlen(means) + 1;
    struct alias *row = malloc(sizeof *row + source_size + code_size + means_size);

    if (row == NULL) {
        return NULL;
    }
    row->source = memcpy(row->text, source, source_size);
    row->code = memcpy(row->text + source_size, code, code_size);
    row->means = memcpy(row->text + source_size + code_size, means, means_size);
    row->from_day = from_day;
    row->to_day = to_day;
    return row;
}

static enum status shelf_reserve(struct shelf *shelf)
{
    size_t room = shelf->room == 0 ? 16 : shelf->room * 2;
    struct alias **rows;

    if (shelf->count < shelf->room) {
        return STATUS_OK;
    }
    rows = reallocarray(shelf->rows, room, sizeof(struct alias *));
    if (rows == NULL) {
        return STATUS_RETRY;
    }
    shelf->rows = rows;
    shelf->room = room;
    return STATUS_OK;
}

static void clear(struct code_book *self)
{
    for (int list = 0; list < CODE_LISTS; list++) {
        struct shelf *shelf = &self->shelves[list];

        for (size_t i = 0; i < shelf->count; i++) {
            free(shelf->rows[i]);
        }
        free(shelf->rows);
    }
    *self = (struct code_book){.dated = false};
}

struct code_book *code_book_new(void)
{
    return calloc(1, sizeof(struct code_book));
}

void code_book_destroy(struct code_book **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    clear(*self_p);
    free(*self_p);
    *self_p = NULL;
}

enum status code_book_add(struct code_book *self, enum code_list list, const char *source, const char *code,
                          const char *means, int32_t valid_from_day, int32_t valid_to_day)
{
    struct shelf *shelf = &self->shelves[list];
    size_t at = upper_bound(shelf, source, code, valid_from_day);
    struct alias *row;

    if (strlen(means) > ENVELOPE_CODE_MAX) {
        return STATUS_INVALID;
    }
    if (shelf_reserve(shelf) != STATUS_OK) {
        return STATUS_RETRY;
    }
    row = alias_new(source, code, means, valid_from_day, valid_to_day);
    if (row == NULL) {
        return STATUS_RETRY;
    }
    memmove(shelf->rows + at + 1, shelf->rows + at, (shelf->count - at) * sizeof(struct alias *));
    shelf->rows[at] = row;
    shelf->count++;
    self->dated = self->dated || valid_from_day != INT32_MIN || valid_to_day != INT32_MAX;
    return STATUS_OK;
}

static enum code_list list_of(const char *name)
{
    int list = 0;

    while (list < CODE_LISTS && strcmp(list_names[list], name) != 0) {
        list++;
    }
    return (enum code_list)list;
}

static enum status add_row(struct code_book *self, const PGresult *result, int row)
{
    enum code_list list = list_of(db_text(result, row, 0));

    if (list == CODE_LISTS) {
        return STATUS_OK; /* of a later version */
    }
    return code_book_add(self, list, db_text(result, row, 1), db_text(result, row, 2), db_text(result, row, 3),
                         db_null(result, row, 4) ? INT32_MIN : db_day(result, row, 4),
                         db_null(result, row, 5) ? INT32_MAX : db_day(result, row, 5));
}

enum status code_book_load(struct code_book *self, struct db *db)
{
    struct code_book fresh = {.dated = false};
    PGresult *result = NULL;
    enum status st = db_run(db, SQL_CODE_ALIAS_LIST, NULL, &result);

    for (int row = 0; st == STATUS_OK && row < PQntuples(result); row++) {
        st = add_row(&fresh, result, row);
    }
    if (st == STATUS_OK) {
        clear(self);
        *self = fresh;
    } else {
        clear(&fresh);
    }
    PQclear(result);
    return st;
}

/* "1" .. "10" */
static enum envelope_status status_of(const char *code)
{
    if (strcmp(code, "10") == 0) {
        return ENVELOPE_RETURNED;
    }
    return code[0] >= '1' && code[0] <= '9' && code[1] == '\0' ? (enum envelope_status)(code[0] - '0')
                                                               : ENVELOPE_NO_STATUS;
}

static enum status apply_status(const struct code_book *self, struct envelope *env, int32_t day,
                                struct refusal *refusal)
{
    char shown[SHOWN_SIZE];

    env->status = status_of(look_up(self, CODE_STATUS, env->source, env->status_code, day));
    if (env->status != ENVELOPE_NO_STATUS) {
        return STATUS_OK;
    }
    refusal->code = "STATUS_UNKNOWN";
    snprintf(refusal->sentence, sizeof refusal->sentence, "data.%s '%s' is in no list of status codes of this source",
             env->record == ENVELOPE_FULL ? "TrangThaiHoSo" : "TrangThai",
             log_clean(env->status_code, strlen(env->status_code), shown, sizeof shown));
    return STATUS_INVALID;
}

static int online_of(const struct code_book *self, const struct envelope *env, int32_t day)
{
    const char *means = look_up(self, CODE_CHANNEL, env->source, env->channel, day);

    if (means == NULL) {
        return -1;
    }
    /* Without a row 2 is the records' code of it. */
    return strcmp(means, "online") == 0 || (means == env->channel && strcmp(means, "2") == 0);
}

/* "H29" */
static bool is_province(const char *part, size_t len)
{
    return len == 3 && part[0] == 'H' && part[1] >= '0' && part[1] <= '9' && part[2] >= '0' && part[2] <= '9';
}

/* 000.17.22.H56 is the old form of H56.22.17: copies the parts from the last to the second.  NULL: not the old form. */
static const char *unit_new_form(const char *code, char out[ENVELOPE_CODE_MAX + 1])
{
    const char *end = code + strlen(code);
    const char *first = code + strlen("000");
    const char *part = strrchr(code, '.');
    char *to = out;

    if (part == NULL || part <= first || strncmp(code, "000.", 4) != 0 ||
        !is_province(part + 1, (size_t)(end - part - 1))) {
        return NULL;
    }
    for (; end > first; end = part) {
        size_t len;

        for (part = end - 1; *part != '.'; part--) {
        }
        len = (size_t)(end - part - 1);
        if (len == 0) {
            return NULL;
        }
        if (to != out) {
            *to++ = '.';
        }
        memcpy(to, part + 1, len);
        to += len;
    }
    *to = '\0';
    return out;
}

static const char *unit_of(const struct code_book *self, const char *source, const char *code, int32_t day,
                           char out[ENVELOPE_CODE_MAX + 1])
{
    const char *renewed = code != NULL && code[0] == '0' ? unit_new_form(code, out) : NULL;

    return look_up(self, CODE_UNIT, source, renewed != NULL ? renewed : code, day);
}

/* "1.000656.000.00.00.H29" begins with its national part. */
static const char *national_part(const char *code, char out[ENVELOPE_CODE_MAX + 1])
{
    for (size_t i = 0; i < PROCEDURE_NATIONAL_LEN; i++) {
        if (i == 1 ? code[i] != '.' : code[i] < '0' || code[i] > '9') {
            return code;
        }
    }
    if (code[PROCEDURE_NATIONAL_LEN] != '.' || code[PROCEDURE_NATIONAL_LEN + 1] == '\0') {
        return code;
    }
    memcpy(out, code, PROCEDURE_NATIONAL_LEN);
    out[PROCEDURE_NATIONAL_LEN] = '\0';
    return out;
}

enum status code_book_apply(const struct code_book *self, struct envelope *env, struct code_scratch *scratch,
                            struct refusal *refusal)
{
    int32_t day = self->dated ? clock_local_day(env->happened_us) : 0;

    if (env->record != ENVELOPE_NO_RECORD && apply_status(self, env, day, refusal) != STATUS_OK) {
        return STATUS_INVALID;
    }
    env->online = online_of(self, env, day);
    env->unit = unit_of(self, env->source, env->unit, day, scratch->unit);
    env->unit_parent = unit_of(self, env->source, env->unit_parent, day, scratch->unit_parent);
    env->field = look_up(self, CODE_FIELD, env->source, env->field, day);
    if (env->procedure != NULL) {
        env->procedure =
            look_up(self, CODE_PROCEDURE, env->source, national_part(env->procedure, scratch->procedure), day);
    }
    return STATUS_OK;
}

void code_book_route(const struct code_book *self, struct envelope *env)
{
    const struct shelf *shelf = &self->shelves[CODE_DOSSIER];
    const char *means;

    if (shelf->count == 0 || env->kind == EVENT_INDICATOR) {
        return;
    }
    /* Codes of dossiers are unique per source only, so that no row holds for all; such rows have no dates either. */
    means = meaning_of(shelf, env->source, env->dossier, INT32_MAX);
    if (means != NULL) {
        env->dossier = means;
        env->slot = envelope_slot(env->source, means);
    }
}
