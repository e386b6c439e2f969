/* SPDX-License-Identifier: MIT */
/* compose.c - what a message to officials says. */
#include "notifier/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "common/local_time.h"
#include "common/timestamp.h"
#include "notifier/compose_words.h"

#define WHEN_SIZE 32
#define NUMBER_SIZE 24
#define COLUMNS_MAX 6

/* A column of a table: which member of a row, under which word. */
struct column {
    const char *member;
    enum compose_word title;
    bool moment;
};

static const struct column columns[][COLUMNS_MAX] = {
    [COMPOSE_DOSSIERS] = {{"dossier", COMPOSE_DOSSIER, false},
                          {"unit", COMPOSE_UNIT, false},
                          {"field", COMPOSE_FIELD, false},
                          {"due", COMPOSE_DUE, true}},
    [COMPOSE_LETTERS] = {{"dossier", COMPOSE_DOSSIER, false},
                         {"unit", COMPOSE_UNIT, false},
                         {"field", COMPOSE_FIELD, false},
                         {"due", COMPOSE_DUE, true},
                         {"deadline", COMPOSE_DEADLINE, true},
                         {"letter_no", COMPOSE_LETTER_NO, false}},
    [COMPOSE_TARGETS] = {{"unit", COMPOSE_UNIT, false},
                         {"field", COMPOSE_FIELD, false},
                         {"measure", COMPOSE_MEASURE, false},
                         {"rate", COMPOSE_RATE, false},
                         {"target", COMPOSE_TARGET, false},
                         {"missing", COMPOSE_MISSING, false}},
};

/* How text is written: plain, or as HTML. */
struct page {
    FILE *out;
    bool html;
};

static void put(const struct page *page, const char *text)
{
    static const struct {
        char plain;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};

    for (; *text != '\0'; text++) {
        const char *entity = NULL;

        for (size_t i = 0; page->html && i < sizeof entities / sizeof *entities; i++) {
            entity = *text == entities[i].plain ? entities[i].entity : entity;
        }
        if (entity != NULL) {
            fputs(entity, page->out);
        } else {
            /* A code may hold anything; a line of the table is one line. */
            fputc((unsigned char)*text < 0x20 ? ' ' : *text, page->out);
        }
    }
}

/* A sentence with {1} and {2} filled in. */
static void put_filled(const struct page *page, const char *sentence, const char *one, const char *two)
{
    const char *const texts[] = {one, two};
    char piece[2] = "";

    while (*sentence != '\0') {
        if (sentence[0] == '{' && (sentence[1] == '1' || sentence[1] == '2') && sentence[2] == '}') {
            put(page, texts[sentence[1] - '1']);
            sentence += 3;
        } else {
            piece[0] = *sentence++;
            put(page, piece);
        }
    }
}

static const char *number_text(double number, char out[NUMBER_SIZE])
{
    snprintf(out, NUMBER_SIZE, "%lld", (long long)number);
    return out;
}

/* "17:00 29/08/2025" local; the text itself when it is no moment. */
static const char *moment_text(const char *text, char out[WHEN_SIZE])
{
    int64_t moment_us;
    int64_t time_us;
    int32_t day;
    struct tm date = {0};
    time_t noon;

    if (timestamp_parse(text, strlen(text), &moment_us) != STATUS_OK) {
        return text;
    }
    local_time_split(moment_us, &day, &time_us);
    noon = (time_t)day * 86400 + 43200;
    if (gmtime_r(&noon, &date) == NULL) {
        return text;
    }
    snprintf(out, WHEN_SIZE, "%02d:%02d %02d/%02d/%04d", (int)(time_us / 3600000000), (int)(time_us / 60000000 % 60),
             date.tm_mday % 100, (date.tm_mon + 1) % 100, (date.tm_year + 1900) % 10000);
    return out;
}

static const char *cell_text(const cJSON *row, const struct column *column, char out[WHEN_SIZE])
{
    const cJSON *cell = cJSON_GetObjectItemCaseSensitive(row, column->member);

    if (cJSON_IsNumber(cell)) {
        return number_text(cell->valuedouble, out);
    }
    if (!cJSON_IsString(cell)) {
        return "–";
    }
    return column->moment ? moment_text(cell->valuestring, out) : cell->valuestring;
}

static bool row_is(const cJSON *row, const char *kind)
{
    const cJSON *told = cJSON_GetObjectItemCaseSensitive(row, "kind");

    return cJSON_IsString(told) && strcmp(told->valuestring, kind) == 0;
}

static void put_row(const struct page *page, const cJSON *row, const struct column *shown)
{
    char text[WHEN_SIZE];

    fputs(page->html ? "<tr>" : "  ", page->out);
    for (int i = 0; i < COLUMNS_MAX && shown[i].member != NULL; i++) {
        fputs(page->html ? "<td style=\"padding:2px 12px 2px 0\">" : i > 0 ? " | " : "", page->out);
        put(page, cell_text(row, &shown[i], text));
        fputs(page->html ? "</td>" : "", page->out);
    }
    fputs(page->html ? "</tr>\n" : "\n", page->out);
}

static void put_titles(const struct page *page, enum compose_lang lang, const struct column *shown)
{
    fputs(page->html ? "<tr>" : "  ", page->out);
    for (int i = 0; i < COLUMNS_MAX && shown[i].member != NULL; i++) {
        fputs(page->html ? "<th style=\"text-align:left;padding:2px 12px 2px 0\">" : i > 0 ? " | " : "", page->out);
        put(page, compose_word(lang, shown[i].title));
        fputs(page->html ? "</th>" : "", page->out);
    }
    fputs(page->html ? "</tr>\n" : "\n", page->out);
}

/* Everything of one kind: heading, why now, the rows that are shown, how many are not. */
static void put_kind(const struct page *page, enum compose_lang lang, const struct compose_kind *kind,
                     const cJSON *facts, double count)
{
    const struct column *shown = columns[kind->columns];
    const cJSON *row;
    char text[NUMBER_SIZE];
    double rows = 0;

    fputs(page->html ? "<h3>" : "", page->out);
    put(page, kind->title[lang]);
    fprintf(page->out, " (%s)%s\n", number_text(count, text), page->html ? "</h3>" : "");
    fputs(page->html ? "<p>" : "", page->out);
    put(page, kind->why[lang]);
    fputs(page->html ? "</p>\n<table style=\"border-collapse:collapse\">\n" : "\n\n", page->out);
    put_titles(page, lang, shown);
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(facts, "rows"))
    {
        if (row_is(row, kind->name)) {
            put_row(page, row, shown);
            rows++;
        }
    }
    fputs(page->html ? "</table>\n" : "", page->out);
    if (rows < count) {
        fputs(page->html ? "<p>" : "  ", page->out);
        put_filled(page, compose_word(lang, COMPOSE_MORE), number_text(count - rows, text), "");
        fputs(page->html ? "</p>\n" : "\n", page->out);
    }
    fputs("\n", page->out);
}

static double kind_count(const cJSON *facts, const char *kind)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(facts, "kinds"), kind);

    return cJSON_IsNumber(count) ? count->valuedouble : 0;
}

/* A digest tells of letters by their number only. */
static double told_count(const cJSON *facts, const char *kind)
{
    const cJSON *owed = cJSON_GetObjectItemCaseSensitive(facts, "letters_owed");

    return cJSON_IsNumber(owed) && strcmp(kind, "letter_owed") == 0 ? owed->valuedouble : kind_count(facts, kind);
}

/* "1 apology letter …": one sentence as a paragraph. */
static void put_paragraph(const struct page *page, const char *sentence, const char *one, const char *two)
{
    fputs(page->html ? "<p>" : "", page->out);
    put_filled(page, sentence, one, two);
    fputs(page->html ? "</p>\n" : "\n\n", page->out);
}

static void put_letters_line(const struct page *page, enum compose_lang lang, const cJSON *facts)
{
    const cJSON *owed = cJSON_GetObjectItemCaseSensitive(facts, "letters_owed");
    const cJSON *past = cJSON_GetObjectItemCaseSensitive(facts, "letters_past");
    char texts[2][NUMBER_SIZE];

    if (cJSON_IsNumber(owed) && cJSON_IsNumber(past)) {
        put_paragraph(page, compose_word(lang, COMPOSE_LETTERS_LINE), number_text(owed->valuedouble, texts[0]),
                      number_text(past->valuedouble, texts[1]));
    }
}

static void put_body(const struct page *page, const struct compose_request *request, const cJSON *facts)
{
    enum compose_lang lang = request->vietnamese ? COMPOSE_VI : COMPOSE_EN;
    const char *unit = request->unit_name != NULL ? request->unit_name : request->unit;

    put_letters_line(page, lang, facts);
    for (size_t i = 0; i < compose_kind_count; i++) {
        double count = kind_count(facts, compose_kinds[i].name);

        if (count > 0) {
            put_kind(page, lang, &compose_kinds[i], facts, count);
        }
    }
    put_paragraph(page, compose_word(lang, COMPOSE_REASON), compose_role(lang, request->role), unit);
}

static enum status close_page(struct page *page, char **text)
{
    bool failed = ferror(page->out) != 0;

    if (fclose(page->out) != 0 || failed) {
        free(*text);
        *text = NULL;
        return STATUS_RETRY;
    }
    return STATUS_OK;
}

static enum status make_page(const struct compose_request *request, const cJSON *facts, bool html, char **text)
{
    size_t size;
    struct page page = {.out = open_memstream(text, &size), .html = html};

    if (page.out == NULL) {
        *text = NULL;
        return STATUS_RETRY;
    }
    if (html) {
        fprintf(page.out, "<!DOCTYPE html>\n<html lang=\"%s\"><body>\n", request->vietnamese ? "vi" : "en");
    }
    put_body(&page, request, facts);
    if (html) {
        fputs("</body></html>\n", page.out);
    }
    return close_page(&page, text);
}

/* "[Kịp Thời] 3 apology letters owed, 12 overdue" */
static enum status make_subject(const struct compose_request *request, const cJSON *facts, char **text)
{
    enum compose_lang lang = request->vietnamese ? COMPOSE_VI : COMPOSE_EN;
    size_t size;
    struct page page = {.out = open_memstream(text, &size), .html = false};
    char number[NUMBER_SIZE];
    int told = 0;

    if (page.out == NULL) {
        *text = NULL;
        return STATUS_RETRY;
    }
    fputs("[Kịp Thời] ", page.out);
    for (size_t i = 0; i < compose_kind_count; i++) {
        double count = told_count(facts, compose_kinds[i].name);

        if (count > 0) {
            fputs(told++ > 0 ? ", " : "", page.out);
            put_filled(&page, compose_kinds[i].count[lang], number_text(count, number), "");
        }
    }
    return close_page(&page, text);
}

enum status compose_mail(const struct compose_request *request, struct composed *composed)
{
    cJSON *facts = cJSON_Parse(request->facts);
    enum status st = cJSON_IsObject(facts) ? STATUS_OK : STATUS_INVALID;

    *composed = (struct composed){0};
    if (st == STATUS_OK) {
        st = make_subject(request, facts, &composed->subject);
    }
    if (st == STATUS_OK) {
        st = make_page(request, facts, false, &composed->text);
    }
    if (st == STATUS_OK) {
        st = make_page(request, facts, true, &composed->html);
    }
    cJSON_Delete(facts);
    return st;
}

void compose_clear(struct composed *composed)
{
    free(composed->subject);
    free(composed->text);
    free(composed->html);
    *composed = (struct composed){0};
}

/* Takes the last rows off until the whole fits. */
static enum status fit(cJSON *whole, cJSON *data, size_t max, char **payload)
{
    cJSON *rows = cJSON_GetObjectItemCaseSensitive(data, "rows");
    int count = cJSON_GetArraySize(rows);

    for (;;) {
        cJSON *shown = cJSON_CreateNumber(count);

        if (shown == NULL || !cJSON_ReplaceItemInObjectCaseSensitive(data, "shown", shown)) {
            cJSON_Delete(shown);
            return STATUS_RETRY;
        }
        *payload = cJSON_PrintUnformatted(whole);
        if (*payload == NULL) {
            return STATUS_RETRY;
        }
        if (strlen(*payload) <= max) {
            return STATUS_OK;
        }
        free(*payload);
        *payload = NULL;
        if (count == 0) {
            return STATUS_INVALID;
        }
        /* A quarter at a time: the payload is written some ten times at most. */
        for (int drop = count / 4 + 1; drop > 0; drop--) {
            cJSON_DeleteItemFromArray(rows, --count);
        }
    }
}

/* Why each kind that is told comes now, by the kind's name. */
static bool add_reasons(cJSON *data, enum compose_lang lang)
{
    cJSON *why = cJSON_AddObjectToObject(data, "why");
    bool made = why != NULL;

    for (size_t i = 0; made && i < compose_kind_count; i++) {
        if (told_count(data, compose_kinds[i].name) > 0) {
            made = cJSON_AddStringToObject(why, compose_kinds[i].name, compose_kinds[i].why[lang]) != NULL;
        }
    }
    return made;
}

enum status compose_webhook(const struct compose_request *request, size_t max, char **payload)
{
    cJSON *whole = cJSON_CreateObject();
    cJSON *data = cJSON_Parse(request->facts);
    bool made = cJSON_IsObject(data);
    enum status st = made ? STATUS_OK : STATUS_INVALID;
    char when[TIMESTAMP_SIZE];
    char type[64];

    *payload = NULL;
    snprintf(type, sizeof type, "vn.kipthoi.%s.v1", request->kind);
    if (made) {
        made = cJSON_AddStringToObject(whole, "type", type) != NULL &&
               cJSON_AddStringToObject(whole, "timestamp", timestamp_format(request->at_us, when)) != NULL &&
               cJSON_AddStringToObject(data, "unit", request->unit) != NULL &&
               cJSON_AddStringToObject(data, "role", request->role) != NULL &&
               add_reasons(data, request->vietnamese ? COMPOSE_VI : COMPOSE_EN) &&
               cJSON_AddNumberToObject(data, "shown", 0) != NULL && cJSON_AddItemToObject(whole, "data", data);
        st = made ? fit(whole, data, max, payload) : STATUS_RETRY;
    }
    if (!cJSON_GetObjectItemCaseSensitive(whole, "data")) {
        cJSON_Delete(data);
    }
    cJSON_Delete(whole);
    return st;
}
