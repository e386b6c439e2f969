/* SPDX-License-Identifier: MIT */
/* calendar_days.c - a stretch of working time counted day by day, as a table (calendar_parts.h). */
#include <stdio.h>

#include "cli/calendar_parts.h"
#include "common/local_time.h"

void calendar_cell_work(struct table *table, int64_t work_us)
{
    long long seconds = (long long)(work_us / CLOCK_SECOND_US);
    char shown[CLI_TIME_SIZE];

    snprintf(shown, sizeof shown, seconds % 60 == 0 ? "%lld:%02lld" : "%lld:%02lld:%02lld", seconds / 3600,
             seconds / 60 % 60, seconds % 60);
    table_int(table, seconds);
    table_show(table, shown);
}

/* The part of the stretch that a day takes. */
static enum status counted_on(const struct calendar_view *view, const struct calendar_stretch *stretch, int32_t day,
                              int64_t *counted_us)
{
    int64_t begin_us = local_day_begin_us(day);
    int64_t end_us = local_day_begin_us(day + 1);

    begin_us = begin_us > stretch->start_us ? begin_us : stretch->start_us;
    end_us = end_us < stretch->end_us ? end_us : stretch->end_us;
    *counted_us = 0;
    return begin_us < end_us ? calendar_between(view->calendar, begin_us, end_us, counted_us) : STATUS_OK;
}

/* Why a day is as it is: what it is when that is not plain, its name, and whether it may still change. */
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

static enum status put_day(const struct cli *cli, const struct calendar_view *view, struct calendar_stretch *stretch,
                           struct table *table, int32_t day, int64_t *running_us)
{
    bool past = stretch->start_us != stretch->from_us && day == clock_local_day(stretch->from_us);
    struct calendar_view_day found;
    char date[CLI_TIME_SIZE];
    int64_t counted_us;
    enum status st = calendar_view_day(view, day, &found);

    if (st == STATUS_OK) {
        st = counted_on(view, stretch, day, &counted_us);
    }
    if (st != STATUS_OK) {
        return st;
    }
    *running_us += counted_us;
    stretch->unsettled += found.provisional;
    table_row(table);
    table_text(table, cli_date(day, date));
    calendar_cell_weekday(cli, table, day);
    calendar_cell_shift(table, &found.shift);
    calendar_cell_work(table, counted_us);
    calendar_cell_work(table, stretch->down ? stretch->total_us - *running_us : *running_us);
    if (cli->format != CLI_TEXT) {
        table_text(table, calendar_kind_name(found.kind));
        table_bool(table, !found.provisional, "");
    }
    put_note(cli, table, &found, past);
    return STATUS_OK;
}

void calendar_days_columns(const struct cli *cli, struct table *table, bool down)
{
    cli_column(cli, table, "day", WORD_DAY, TABLE_LEFT);
    cli_column(cli, table, "weekday", WORD_WEEKDAY, TABLE_LEFT);
    cli_column(cli, table, "hours", WORD_HOURS, TABLE_LEFT);
    cli_column(cli, table, "counted_s", WORD_COUNTED, TABLE_RIGHT);
    cli_column(cli, table, down ? "left_s" : "total_s", down ? WORD_COUNT_LEFT : WORD_COUNT_TOTAL, TABLE_RIGHT);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "kind", WORD_KIND, TABLE_LEFT);
        cli_column(cli, table, "settled", WORD_SETTLED, TABLE_LEFT);
    }
    cli_column(cli, table, "name", WORD_NOTE, TABLE_LEFT);
}

enum status calendar_days(const struct cli *cli, const struct calendar_view *view, struct calendar_stretch *stretch,
                          struct table *table)
{
    int32_t last = clock_local_day(stretch->end_us - 1); /* an end at midnight is the day before */
    int64_t running_us = 0;
    enum status st = calendar_between(view->calendar, stretch->start_us, stretch->end_us, &stretch->total_us);

    stretch->unsettled = 0;
    for (int32_t day = clock_local_day(stretch->from_us); st == STATUS_OK && day <= last; day++) {
        st = put_day(cli, view, stretch, table, day, &running_us);
    }
    return st;
}
