/* SPDX-License-Identifier: MIT */
/* calendar_due.c - kipthoi calendar due: when a term ends, and how it was counted, day by day. */
#include <stdio.h>
#include <string.h>

#include "cli/calendar_parts.h"
#include "common/local_time.h"
#include "common/term.h"

/* A question and its answer. */
struct count {
    struct term term;
    int64_t from_us;
    int64_t start_us; /* when the term begins to run */
    int64_t due_us;
    int unsettled; /* provisional days from the first to the last */
};

/* "8:00", "0:07:30" of working time; returns out. */
static const char *work_text(int64_t work_us, char out[CLI_TIME_SIZE])
{
    long long seconds = (long long)(work_us / CLOCK_SECOND_US);

    if (seconds % 60 == 0) {
        snprintf(out, CLI_TIME_SIZE, "%lld:%02lld", seconds / 3600, seconds / 60 % 60);
    } else {
        snprintf(out, CLI_TIME_SIZE, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    return out;
}

static void cell_work(struct table *table, int64_t work_us)
{
    char shown[CLI_TIME_SIZE];

    table_int(table, work_us / CLOCK_SECOND_US);
    table_show(table, work_text(work_us, shown));
}

static int64_t day_begin_us(int32_t day)
{
    struct local_day local;

    local_day_find(day, &local);
    return local_day_reach_us(&local, 0);
}

static int64_t later(int64_t a_us, int64_t b_us)
{
    return a_us > b_us ? a_us : b_us;
}

/* The part of the term that a day takes. */
static enum status counted_on(const struct calendar_view *view, const struct count *count, int32_t day,
                              int64_t *counted_us)
{
    int64_t begin_us = later(day_begin_us(day), count->start_us);
    int64_t end_us = day_begin_us(day + 1) < count->due_us ? day_begin_us(day + 1) : count->due_us;

    *counted_us = 0;
    return begin_us < end_us ? calendar_between(view->calendar, begin_us, end_us, counted_us) : STATUS_OK;
}

/* Why a day is as it is: its name, or what it is when that is not plain. */
static void put_note(const struct cli *cli, struct table *table, const struct calendar_view_day *found, bool past)
{
    char note[CLI_SENTENCE_SIZE] = "";
    const char *parts[4];
    int count = 0;
    size_t used = 0;

    if (past) {
        parts[count++] = cli_word(cli, WORD_PAST_CUT_OFF);
    }
    if (found->kind != CALENDAR_WORK) {
        parts[count++] = cli_word(cli, calendar_kind_word(found->kind));
    }
    if (found->name[0] != '\0') {
        parts[count++] = found->name;
    }
    if (found->provisional) {
        parts[count++] = cli_word(cli, WORD_DAY_PROVISIONAL);
    }
    for (int i = 0; i < count; i++) {
        used += (size_t)snprintf(note + used, sizeof note - used, "%s%s", i == 0 ? "" : "; ", parts[i]);
    }
    table_text(table, cli->format == CLI_TEXT ? note : found->name);
    table_tone(table, found->provisional || past ? TABLE_WARN : TABLE_PLAIN);
}

static enum status put_day(const struct cli *cli, const struct calendar_view *view, const struct count *count,
                           struct table *table, int32_t day, int64_t *left_us)
{
    struct calendar_view_day found;
    char date[CLI_TIME_SIZE];
    int64_t counted_us;
    enum status st = calendar_view_day(view, day, &found);

    if (st == STATUS_OK) {
        st = counted_on(view, count, day, &counted_us);
    }
    if (st != STATUS_OK) {
        return st;
    }
    *left_us -= counted_us;
    table_row(table);
    table_text(table, cli_date(day, date));
    calendar_cell_weekday(cli, table, day);
    calendar_cell_shift(table, &found.shift);
    cell_work(table, counted_us);
    cell_work(table, *left_us);
    if (cli->format != CLI_TEXT) {
        table_text(table, calendar_kind_name(found.kind));
        table_bool(table, !found.provisional, "");
    }
    put_note(cli, table, &found, count->start_us != count->from_us && day == clock_local_day(count->from_us));
    return STATUS_OK;
}

/* Every day from the receipt to the due; none for a term of calendar days, which no hours decide. */
static enum status day_table(const struct cli *cli, const struct calendar_view *view, struct count *count,
                             struct table *table)
{
    int32_t last = clock_local_day(count->due_us - 1); /* a due at midnight ends the day before */
    int64_t left_us = 0;
    struct calendar_view_day found;
    enum status st = STATUS_OK;

    cli_column(cli, table, "day", WORD_DAY, TABLE_LEFT);
    cli_column(cli, table, "weekday", WORD_WEEKDAY, TABLE_LEFT);
    cli_column(cli, table, "hours", WORD_HOURS, TABLE_LEFT);
    cli_column(cli, table, "counted_s", WORD_COUNTED, TABLE_RIGHT);
    cli_column(cli, table, "left_s", WORD_COUNT_LEFT, TABLE_RIGHT);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "kind", WORD_KIND, TABLE_LEFT);
        cli_column(cli, table, "settled", WORD_SETTLED, TABLE_LEFT);
    }
    cli_column(cli, table, "name", WORD_NOTE, TABLE_LEFT);
    if (!term_is_working(&count->term)) {
        return STATUS_OK;
    }
    st = calendar_between(view->calendar, count->start_us, count->due_us, &left_us);
    for (int32_t day = clock_local_day(count->from_us); st == STATUS_OK && day <= last; day++) {
        st = put_day(cli, view, count, table, day, &left_us);
        if (st == STATUS_OK && calendar_view_day(view, day, &found) == STATUS_OK) {
            count->unsettled += found.provisional;
        }
    }
    return st;
}

static int print_json(struct cli *cli, const struct calendar_view *view, const struct count *count,
                      const struct table *table)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *totals = NULL;

    if (document != NULL) {
        cJSON_AddItemToObject(document, "from", cli_json_time(count->from_us));
        cJSON_AddNumberToObject(document, "count", count->term.count);
        cJSON_AddStringToObject(document, "term", term_unit_name(count->term.unit));
        cJSON_AddItemToObject(document, "unit",
                              view->unit == NULL ? cJSON_CreateNull() : cJSON_CreateString(view->unit));
        cJSON_AddItemToObject(document, "version",
                              view->version == 0 ? cJSON_CreateNull() : cJSON_CreateNumber(view->version));
        cJSON_AddItemToObject(document, "counted_from", cli_json_time(count->start_us));
        cJSON_AddItemToObject(document, "due", cli_json_time(count->due_us));
        cJSON_AddNumberToObject(document, "not_settled", count->unsettled);
        cJSON_AddItemToObject(document, "days", table_json(table, &totals));
    }
    cJSON_Delete(totals);
    return cli_print_json(cli, document);
}

/* "2024-05-08 16:00 Wed" */
static void put_moment(const struct cli *cli, enum word title, int64_t moment_us)
{
    char time[CLI_TIME_SIZE], weekday[CALENDAR_ITEM_SIZE], line[CLI_TIME_SIZE + CALENDAR_ITEM_SIZE + 1];

    snprintf(line, sizeof line, "%s %s", cli_time(moment_us, time),
             calendar_item(cli, WORD_WEEKDAYS, calendar_text_weekday_of(clock_local_day(moment_us)), weekday));
    cli_line(cli, title, line);
}

static void put_head(const struct cli *cli, const struct calendar_view *view, const struct count *count,
                     const char *term)
{
    char title[CLI_SENTENCE_SIZE];

    put_moment(cli, WORD_COUNT_FROM, count->from_us);
    cli_line(cli, WORD_TERM, term);
    if (term_is_working(&count->term)) {
        cli_line(cli, WORD_CALENDAR, calendar_view_title(cli, view, title));
    }
    if (count->start_us != count->from_us) {
        put_moment(cli, WORD_COUNT_BEGINS, count->start_us);
    }
    put_moment(cli, WORD_DUE, count->due_us);
}

static int print(struct cli *cli, const struct calendar_view *view, struct count *count, const char *term)
{
    struct table *table = table_new();
    char number[24];
    int code = EXIT_FINE;

    if (table == NULL || day_table(cli, view, count, table) != STATUS_OK) {
        cli_complain(cli, "memory is short");
        code = EXIT_UNREACHABLE;
    } else if (cli->format == CLI_JSON) {
        code = print_json(cli, view, count, table);
    } else {
        if (cli->format == CLI_TEXT) {
            put_head(cli, view, count, term);
        }
        if (cli->format == CLI_TEXT && table_rows(table) > 0) {
            putchar('\n');
        }
        if (cli->format == CLI_CSV || table_rows(table) > 0) {
            code = cli_print_table(cli, &table, DB_NULL_US);
        }
        if (cli->format == CLI_TEXT && count->unsettled > 0) {
            snprintf(number, sizeof number, "%d", count->unsettled);
            cli_say(cli, WORD_CALENDAR_UNSETTLED, number, NULL);
        }
    }
    table_destroy(&table);
    return code;
}

/* As a dossier that is open now is judged: by the version in force, or the next newer one that knows the years. */
static int answer(struct cli *cli, struct calendar_view *view, struct count *count, int64_t asked)
{
    char from[CLI_TIME_SIZE], known[CALENDAR_YEARS_SIZE];
    int first, last;
    int code = calendar_view_check_version(cli, view, asked);

    if (code != EXIT_FINE) {
        return code;
    }
    calendar_view_range(cli, view, asked, &first, &last);
    for (int version = first; version <= last; version++) {
        const struct calendar *calendar = calendars_find(view->calendars, version, view->unit_id);

        if (calendar_start(calendar, count->from_us, &count->start_us) == STATUS_OK &&
            term_add(calendar, count->from_us, &count->term, &count->due_us) == STATUS_OK &&
            calendar_covers(calendar, count->from_us, count->due_us)) {
            return calendar_view_use(cli, view, version);
        }
    }
    cli_tell(cli, WORD_CALENDAR_TERM_OUTSIDE, cli_time(count->from_us, from), calendar_view_years(view, last, known),
             NULL);
    return EXIT_ANSWER_NO;
}

int calendar_due(struct cli *cli, const char *from, const char *term, const char *unit, int64_t version)
{
    struct calendar_view view = {.unit = unit};
    struct count count = {0};
    int code = EXIT_FINE;

    if (from == NULL || term == NULL) {
        return cli_usage(cli, "calendar due needs --from and --term; see: kipthoi calendar --help");
    }
    if (cli_read_time(from, &count.from_us) != STATUS_OK) {
        return cli_usage(cli, "--from: \"%s\" is no moment like \"2024-04-26 16:00\" or 2024-04-26T16:00:00+07:00",
                         from);
    }
    if (term_parse(term, &count.term) != STATUS_OK) {
        return cli_usage(
            cli, "--term: \"%s\" is no term like \"5 working days\", \"8 hours\", \"30 days\", \"2 months\"", term);
    }
    if (term_is_working(&count.term)) {
        code = calendar_view_open(cli, &view, unit);
        if (code == EXIT_FINE) {
            code = answer(cli, &view, &count, version);
        }
    } else {
        count.start_us = count.from_us;
        if (term_add(NULL, count.from_us, &count.term, &count.due_us) != STATUS_OK) {
            code = cli_usage(cli, "--term: \"%s\" is too long", term);
        }
    }
    if (code == EXIT_FINE) {
        code = print(cli, &view, &count, term);
    }
    calendar_view_close(&view);
    return code;
}
