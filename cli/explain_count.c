/* SPDX-License-Identifier: MIT */
/* explain_count.c - the working time of a dossier counted day by day, and its pauses. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/calendar_parts.h"
#include "cli/explain_parts.h"

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

/* --- pauses --- */

static const char *kind_name(enum fold_pause_kind kind)
{
    return kind == FOLD_SUPPLEMENT ? "supplement" : "payment";
}

static void put_span(const struct cli *cli, struct table *table, int64_t span_us)
{
    char span[CLI_TIME_SIZE];

    table_int(table, span_us / CLOCK_SECOND_US);
    table_show(table, span_us == 0 ? "0" : cli_span(cli, span_us, span));
}

/* When a pause was over: one that was never answered ends with the dossier (docs/rules.md 8, step 4). */
static int64_t pause_end(const struct explain_case *found, const struct fold_pause *pause)
{
    return known(pause->to_us) ? pause->to_us : explain_end(found);
}

/* How far pause i moved the due of a rule. */
static void put_moved(const struct cli *cli, struct table *table, const struct explain_case *found, enum rule_name name,
                      size_t i)
{
    int64_t before_us = explain_due_after(found, name, i);
    int64_t after_us = explain_due_after(found, name, i + 1);

    if (!known(before_us) || !known(after_us)) {
        table_null(table);
    } else {
        put_span(cli, table, after_us - before_us);
    }
}

struct table *explain_pauses(const struct cli *cli, const struct explain_case *found)
{
    struct table *table = table_new();
    int version;
    const struct calendar *calendar = explain_calendar(found, &version);

    cli_column(cli, table, "kind", WORD_KIND, TABLE_LEFT);
    cli_column(cli, table, "from", WORD_PAUSE_FROM, TABLE_LEFT);
    cli_column(cli, table, "to", WORD_PAUSE_TO, TABLE_LEFT);
    cli_column(cli, table, "working_s", WORD_PAUSE_WORKING, TABLE_RIGHT);
    cli_column(cli, table, "promise_moved_s", WORD_PAUSE_PROMISE, TABLE_RIGHT);
    cli_column(cli, table, "portal_moved_s", WORD_PAUSE_PORTAL, TABLE_RIGHT);
    cli_column(cli, table, "reason", WORD_REASON, TABLE_LEFT);
    for (size_t i = 0; i < found->dossier.pause_count; i++) {
        const struct fold_pause *pause = &found->dossier.pauses[i];
        int64_t end_us = pause_end(found, pause);
        int64_t working_us;

        table_row(table);
        table_text(table, kind_name(pause->kind));
        table_show(table, cli_word(cli, pause->kind == FOLD_SUPPLEMENT ? WORD_PAUSE_SUPPLEMENT : WORD_PAUSE_PAYMENT));
        cli_cell_time(table, pause->from_us);
        cli_cell_time(table, pause->to_us);
        if (calendar == NULL || !known(end_us) || end_us < pause->from_us ||
            calendar_between(calendar, pause->from_us, end_us, &working_us) != STATUS_OK) {
            table_null(table);
        } else {
            calendar_cell_work(table, working_us);
        }
        put_moved(cli, table, found, RULE_PROMISE, i);
        put_moved(cli, table, found, RULE_PORTAL, i);
        table_text(table, pause->reason);
    }
    return table;
}

/* --- days --- */

size_t explain_stretches(const struct explain_case *found, struct explain_stretch **stretches)
{
    const struct dossier *dossier = &found->dossier;
    int64_t start_us = known(dossier->accepted_us) ? dossier->accepted_us : dossier->received_us;
    int64_t due_us = found->verdicts.rule[RULE_PROMISE].due_us;
    size_t count = 0;

    *stretches = calloc(dossier->pause_count + 1, sizeof **stretches);
    if (*stretches == NULL) {
        return 0;
    }
    if (known(start_us) && known(due_us) && start_us < due_us) {
        (*stretches)[count++] = (struct explain_stretch){WORD_COUNT_TO_DUE, "start_to_due", start_us, due_us};
    }
    for (size_t i = 0; i < dossier->pause_count; i++) {
        const struct fold_pause *pause = &dossier->pauses[i];
        int64_t end_us = pause_end(found, pause);

        if (known(end_us) && pause->from_us < end_us) {
            (*stretches)[count++] = (struct explain_stretch){WORD_COUNT_PAUSE, "pause", pause->from_us, end_us};
        }
    }
    return count;
}

/* STATUS_INVALID: the calendar does not know the years. */
static enum status count_days(const struct cli *cli, const struct calendar_view *view,
                              const struct explain_stretch *stretch, struct table *table, int64_t *total_us)
{
    struct calendar_stretch days = {
        .from_us = stretch->from_us, .start_us = stretch->from_us, .end_us = stretch->to_us};
    enum status st;

    calendar_days_columns(cli, table, days.down);
    st = calendar_days(cli, view, &days, table);
    *total_us = days.total_us;
    return st;
}

/* The calendar by which the dossier was judged, with the hours of its unit.  EXIT_ANSWER_NO: there is none. */
static int open_view(struct cli *cli, const struct explain_case *found, struct calendar_view *view)
{
    int version;
    const struct calendar *calendar = explain_calendar(found, &version);
    int code = calendar_view_open(cli, view, NULL);

    if (code != EXIT_FINE) {
        return code;
    }
    if (calendar == NULL) {
        cli_tell(cli, WORD_CALENDAR_NONE, NULL);
        return EXIT_ANSWER_NO;
    }
    view->unit_id = found->dossier.unit_id;
    return calendar_view_use(cli, view, version);
}

static void print_stretch(struct cli *cli, const struct calendar_view *view, const struct explain_stretch *stretch)
{
    struct table *table = table_new();
    char from[CLI_TIME_SIZE], to[CLI_TIME_SIZE], title[CLI_SENTENCE_SIZE];
    int64_t total_us;

    cli_time(stretch->from_us, from);
    cli_time(stretch->to_us, to);
    cli_heading(cli, cli_sentence(cli, title, stretch->title, from, to, NULL));
    if (count_days(cli, view, stretch, table, &total_us) == STATUS_OK) {
        table_print_text(table, stdout, cli->color);
    } else {
        cli_line(cli, WORD_EXPLAIN_CALENDAR, cli_sentence(cli, title, WORD_CALENDAR_LACKS, NULL));
    }
    table_destroy(&table);
}

int explain_count_text(struct cli *cli, const struct explain_case *found)
{
    struct calendar_view view = {0};
    struct explain_stretch *stretches = NULL;
    char title[CLI_SENTENCE_SIZE];
    int code = open_view(cli, found, &view);

    if (code == EXIT_FINE) {
        size_t count = explain_stretches(found, &stretches);

        cli_heading(cli, cli_word(cli, WORD_SECTION_COUNT));
        cli_line(cli, WORD_EXPLAIN_CALENDAR, calendar_view_title(cli, &view, title));
        for (size_t i = 0; i < count; i++) {
            print_stretch(cli, &view, &stretches[i]);
        }
    }
    free(stretches);
    calendar_view_close(&view);
    return code;
}

int explain_count_json(struct cli *cli, const struct explain_case *found, cJSON *document)
{
    struct calendar_view view = {0};
    struct explain_stretch *stretches = NULL;
    int code = open_view(cli, found, &view);
    size_t count = code == EXIT_FINE ? explain_stretches(found, &stretches) : 0;
    cJSON *list = code == EXIT_FINE ? cJSON_AddArrayToObject(document, "count") : NULL;

    for (size_t i = 0; i < count; i++) {
        struct table *table = table_new();
        cJSON *object = cJSON_CreateObject();
        cJSON *totals = NULL;
        int64_t total_us;
        bool counted = count_days(cli, &view, &stretches[i], table, &total_us) == STATUS_OK;

        cJSON_AddStringToObject(object, "of", stretches[i].name);
        cJSON_AddItemToObject(object, "from", cli_json_time(stretches[i].from_us));
        cJSON_AddItemToObject(object, "to", cli_json_time(stretches[i].to_us));
        cJSON_AddNumberToObject(object, "calendar", view.version);
        cJSON_AddItemToObject(object, "working_s",
                              counted ? cJSON_CreateNumber((double)(total_us / CLOCK_SECOND_US)) : cJSON_CreateNull());
        cJSON_AddItemToObject(object, "days", counted ? table_json(table, &totals) : cJSON_CreateNull());
        cJSON_AddItemToArray(list, object);
        cJSON_Delete(totals);
        table_destroy(&table);
    }
    free(stretches);
    calendar_view_close(&view);
    return code;
}
