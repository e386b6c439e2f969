/* SPDX-License-Identifier: MIT */
/* calendar_due.c - kipthoi calendar due: when a term ends, and how it was counted, day by day. */
#include <stdio.h>

#include "cli/calendar_parts.h"
#include "common/term.h"

/* A question and its answer. */
struct count {
    struct term term;
    int64_t from_us;
    int64_t start_us; /* when the term begins to run */
    int64_t due_us;
    int unsettled; /* provisional days from the first to the last */
};

/* Every day from the receipt to the due; none for a term of calendar days, which no hours decide. */
static enum status day_table(const struct cli *cli, const struct calendar_view *view, struct count *count,
                             struct table *table)
{
    struct calendar_stretch stretch = {
        .from_us = count->from_us, .start_us = count->start_us, .end_us = count->due_us, .down = true};
    enum status st = STATUS_OK;

    calendar_days_columns(cli, table, stretch.down);
    if (term_is_working(&count->term)) {
        st = calendar_days(cli, view, &stretch, table);
        count->unsettled = stretch.unsettled;
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
    bool early;

    calendar_view_range(cli, view, asked, &first, &last);
    for (int version = first; version <= last; version++) {
        const struct calendar *calendar = calendars_find(view->calendars, version, view->unit_id);

        if (calendar_start(calendar, count->from_us, &count->start_us) == STATUS_OK &&
            term_add(calendar, count->from_us, &count->term, &count->due_us) == STATUS_OK &&
            calendar_covers(calendar, count->from_us, count->due_us)) {
            return calendar_view_use(cli, view, version);
        }
    }
    early = calendar_view_begins(view, last) > clock_local_day(count->from_us);
    cli_tell(cli, early ? WORD_CALENDAR_TERM_BEFORE : WORD_CALENDAR_TERM_OUTSIDE, cli_time(count->from_us, from),
             calendar_view_years(view, last, known), NULL);
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
    /* No calendar decides calendar days, but what is named must be there. */
    if (term_is_working(&count.term) || unit != NULL || version != 0) {
        code = calendar_view_open(cli, &view, unit);
        if (code == EXIT_FINE) {
            code = calendar_view_check_version(cli, &view, version);
        }
    }
    if (code == EXIT_FINE && term_is_working(&count.term)) {
        code = answer(cli, &view, &count, version);
    } else if (code == EXIT_FINE) {
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
