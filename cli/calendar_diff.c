/* SPDX-License-Identifier: MIT */
/* calendar_diff.c - kipthoi calendar diff: what differs between two calendars. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/calendar_parts.h"

#define VALUE_SIZE (CALENDAR_TEXT_SHIFT_SIZE + CALENDAR_FILE_NAME + 32)

/* NULL stands for "not there". */
static void put(const struct cli *cli, struct table *table, const char *unit, const char *what, const char *before,
                const char *after)
{
    table_row(table);
    if (unit[0] == '\0') {
        table_null(table);
    } else {
        table_text(table, unit);
    }
    table_text(table, what);
    for (int weekday = 0; weekday < 7; weekday++) {
        char shown[CALENDAR_ITEM_SIZE];

        if (strcmp(what, calendar_text_weekday(weekday)) == 0) {
            table_show(table, calendar_item(cli, WORD_WEEKDAYS, weekday, shown));
        }
    }
    table_text(table, before);
    table_tone(table, before == NULL ? TABLE_PLAIN : TABLE_BAD);
    table_text(table, after);
    table_tone(table, after == NULL ? TABLE_PLAIN : TABLE_GOOD);
}

static void put_changed(const struct cli *cli, struct table *table, const char *unit, const char *what,
                        const char *before, const char *after)
{
    if (strcmp(before, after) != 0) {
        put(cli, table, unit, what, before[0] == '\0' ? NULL : before, after[0] == '\0' ? NULL : after);
    }
}

static const char *cut_off_text(int32_t cut_off_s, char out[CALENDAR_TEXT_CLOCK_SIZE])
{
    if (cut_off_s != CALENDAR_NO_CUT_OFF) {
        return calendar_text_clock(cut_off_s, out);
    }
    snprintf(out, CALENDAR_TEXT_CLOCK_SIZE, "none");
    return out;
}

/* A day as its line in the file says it. */
static const char *day_text(const struct calendar_file_day *day, char out[VALUE_SIZE])
{
    char hours[CALENDAR_TEXT_SHIFT_SIZE];

    snprintf(out, VALUE_SIZE, "%s%s%s%s%s%s", day->provisional ? "provisional " : "", day->off ? "off" : "work",
             day->shift.count > 0 ? " " : "", calendar_text_shift(&day->shift, hours), day->name[0] == '\0' ? "" : " ",
             day->name);
    return out;
}

static void put_days(const struct cli *cli, struct table *table, const struct calendar_file *before,
                     const struct calendar_file *after)
{
    size_t a_count, b_count, a_at = 0, b_at = 0;
    const struct calendar_file_day *a = calendar_file_days(before, &a_count);
    const struct calendar_file_day *b = calendar_file_days(after, &b_count);
    char date[CLI_TIME_SIZE], a_text[VALUE_SIZE], b_text[VALUE_SIZE];

    while (a_at < a_count || b_at < b_count) {
        bool has_a = a_at < a_count && (b_at == b_count || a[a_at].day <= b[b_at].day);
        bool has_b = b_at < b_count && (a_at == a_count || b[b_at].day <= a[a_at].day);

        cli_date(has_a ? a[a_at].day : b[b_at].day, date);
        put_changed(cli, table, "", date, has_a ? day_text(&a[a_at], a_text) : "",
                    has_b ? day_text(&b[b_at], b_text) : "");
        a_at += has_a;
        b_at += has_b;
    }
}

/* A unit's own hours, else those of all units. */
static const struct calendar_file_hours *hours_of(const struct calendar_file *file, const char *unit)
{
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(file, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(hours[i].unit, unit) == 0) {
            return &hours[i];
        }
    }
    return hours;
}

static void put_hours(const struct cli *cli, struct table *table, const struct calendar_file_hours *a,
                      const struct calendar_file_hours *b, const char *unit)
{
    char a_text[CALENDAR_TEXT_SHIFT_SIZE], b_text[CALENDAR_TEXT_SHIFT_SIZE];
    char a_short[CALENDAR_TEXT_CLOCK_SIZE], b_short[CALENDAR_TEXT_CLOCK_SIZE];

    for (int weekday = 0; weekday < 7; weekday++) {
        put_changed(cli, table, unit, calendar_text_weekday(weekday), calendar_text_shift(&a->week[weekday], a_text),
                    calendar_text_shift(&b->week[weekday], b_text));
    }
    put_changed(cli, table, unit, "day", calendar_text_span(a->day_s, a_short), calendar_text_span(b->day_s, b_short));
    put_changed(cli, table, unit, "cut_off", cut_off_text(a->cut_off_s, a_short), cut_off_text(b->cut_off_s, b_short));
}

/* Both lists of units ascend; a unit named in one only is compared with the hours of all units in the other. */
static void put_units(const struct cli *cli, struct table *table, const struct calendar_file *before,
                      const struct calendar_file *after)
{
    size_t a_count, b_count, a_at = 0, b_at = 0;
    const struct calendar_file_hours *a = calendar_file_hours(before, &a_count);
    const struct calendar_file_hours *b = calendar_file_hours(after, &b_count);

    while (a_at < a_count || b_at < b_count) {
        int order = a_at == a_count ? 1 : b_at == b_count ? -1 : strcmp(a[a_at].unit, b[b_at].unit);
        const char *unit = order <= 0 ? a[a_at].unit : b[b_at].unit;

        put_hours(cli, table, hours_of(before, unit), hours_of(after, unit), unit);
        a_at += order <= 0;
        b_at += order >= 0;
    }
}

struct table *calendar_diff_table(const struct cli *cli, const struct calendar_file *before,
                                  const struct calendar_file *after)
{
    struct table *table = table_new();
    char a_years[CALENDAR_YEARS_SIZE], b_years[CALENDAR_YEARS_SIZE];

    if (table == NULL) {
        return NULL;
    }
    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    cli_column(cli, table, "what", WORD_CALENDAR_WHAT, TABLE_LEFT);
    cli_column(cli, table, "before", WORD_CALENDAR_BEFORE, TABLE_LEFT);
    cli_column(cli, table, "after", WORD_CALENDAR_AFTER, TABLE_LEFT);
    put_changed(cli, table, "", "name", calendar_file_name(before), calendar_file_name(after));
    put_changed(cli, table, "", "years",
                calendar_years(calendar_file_first_year(before), calendar_file_last_year(before), a_years),
                calendar_years(calendar_file_first_year(after), calendar_file_last_year(after), b_years));
    put_units(cli, table, before, after);
    put_days(cli, table, before, after);
    return table;
}

/* A version as it was loaded; version 0 is the newest. */
static int read_version(struct cli *cli, int64_t version, struct calendar_file **file_p)
{
    char error[CALENDAR_FILE_ERROR_SIZE], number[24], called[64];
    struct db_params *params = db_params_new();
    PGresult *found = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st = STATUS_RETRY;

    snprintf(number, sizeof number, "%lld", (long long)version);
    snprintf(called, sizeof called, "calendar version %s", number);
    if (code == EXIT_FINE && params != NULL) {
        db_param_int8(params, version);
        st = db_run(db, SQL_CALENDAR_TEXT, params, &found);
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE && PQntuples(found) == 0) {
        if (version == 0) {
            cli_tell(cli, WORD_CALENDAR_NONE, NULL);
        } else {
            cli_tell(cli, WORD_CALENDAR_VERSION_UNKNOWN, number, NULL);
        }
        code = EXIT_ANSWER_NO;
    } else if (code == EXIT_FINE && calendar_file_parse(file_p, called, db_text(found, 0, 1),
                                                        (size_t)db_len(found, 0, 1), error) != STATUS_OK) {
        cli_complain(cli, "%s", error);
        code = EXIT_UNREACHABLE;
    }
    PQclear(found);
    db_params_destroy(&params);
    return code;
}

/* A number is a version, anything else a file. */
static int read_either(struct cli *cli, const char *text, struct calendar_file **file_p)
{
    char error[CALENDAR_FILE_ERROR_SIZE];

    if (strlen(text) <= 5 && text[0] != '0' && strspn(text, "0123456789") == strlen(text)) {
        return read_version(cli, strtol(text, NULL, 10), file_p);
    }
    return calendar_file_read(file_p, text, error) == STATUS_OK ? EXIT_FINE : cli_usage(cli, "%s", error);
}

int calendar_diff(struct cli *cli, const char *before, const char *after)
{
    struct calendar_file *a = NULL;
    struct calendar_file *b = NULL;
    struct table *table = NULL;
    int code = before == NULL ? read_version(cli, 0, &a) : read_either(cli, before, &a);

    if (code == EXIT_FINE) {
        code = read_either(cli, after, &b);
    }
    if (code == EXIT_FINE) {
        table = calendar_diff_table(cli, a, b);
        if (cli->format == CLI_TEXT && table != NULL && table_rows(table) == 0) {
            cli_say(cli, WORD_CALENDAR_SAME, NULL);
        } else {
            code = cli_print_table(cli, &table, DB_NULL_US);
        }
    }
    table_destroy(&table);
    calendar_file_destroy(&a);
    calendar_file_destroy(&b);
    return code;
}
