/* SPDX-License-Identifier: MIT */
/* calendar_show.c - kipthoi calendar show: a year as twelve months for people, day by day for programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/calendar_parts.h"
#include "common/timestamp.h"

#define MONTHS_WIDE 3
#define CELL 3 /* "29*" */
#define MONTH_WIDTH (7 * CELL)
#define GAP "   "

/* How a day looks in the grid: the mark for everybody, the tone where there are colours. */
static const struct {
    char mark;
    const char *tone;
} looks[] = {
    [CALENDAR_WORK] = {' ', ""},
    [CALENDAR_REST] = {' ', "\033[2m"},
    [CALENDAR_OFF] = {'*', "\033[31m"},
    [CALENDAR_MAKE_UP] = {'+', "\033[32m"},
    [CALENDAR_OTHER_HOURS] = {'/', "\033[33m"},
};
#define MARK_PROVISIONAL '?'

static int32_t month_begin(int year, int month)
{
    return (int32_t)timestamp_civil_day(month > 12 ? year + 1 : year, month > 12 ? month - 12 : month, 1);
}

static void put_cell(const struct cli *cli, const struct calendar_view *view, int32_t day, int number)
{
    struct calendar_view_day found;

    if (calendar_view_day(view, day, &found) != STATUS_OK) {
        printf("%*s", CELL, "");
        return;
    }
    printf("%s%2d%c%s", cli->color ? looks[found.kind].tone : "", number,
           found.provisional ? MARK_PROVISIONAL : looks[found.kind].mark,
           cli->color && looks[found.kind].tone[0] != '\0' ? "\033[0m" : "");
}

static void put_week(const struct cli *cli, const struct calendar_view *view, int year, int month, int week)
{
    int32_t begin = month_begin(year, month);
    int days = (int)(month_begin(year, month + 1) - begin);

    for (int weekday = 0; weekday < 7; weekday++) {
        int number = week * 7 + weekday - calendar_text_weekday_of(begin) + 1;

        if (number < 1 || number > days) {
            printf("%*s", CELL, "");
        } else {
            put_cell(cli, view, begin + number - 1, number);
        }
    }
}

static void put_centred(const char *text, int width)
{
    int blank = width - (int)table_width(text);

    printf("%*s%s%*s", blank / 2, "", text, blank - blank / 2, "");
}

static void put_month_title(const struct cli *cli, int year, int month)
{
    char name[CALENDAR_ITEM_SIZE], title[CALENDAR_ITEM_SIZE + 16];

    snprintf(title, sizeof title, "%s%s%d", calendar_item(cli, WORD_MONTHS, month - 1, name),
             cli->lang == LANG_VI ? "/" : " ", year);
    put_centred(title, MONTH_WIDTH);
}

/* The first two letters of each weekday, above the numbers. */
static void put_weekdays(const struct cli *cli)
{
    char name[CALENDAR_ITEM_SIZE];

    for (int weekday = 0; weekday < 7; weekday++) {
        printf("%.2s ", calendar_item(cli, WORD_WEEKDAYS, weekday, name));
    }
}

/* How many weeks the longest of the months beside each other begins. */
static int weeks_of(int year, int first_month)
{
    int most = 0;

    for (int month = first_month; month < first_month + MONTHS_WIDE; month++) {
        int32_t begin = month_begin(year, month);
        int cells = calendar_text_weekday_of(begin) + (int)(month_begin(year, month + 1) - begin);

        most = cells > most ? cells : most;
    }
    return (most + 6) / 7;
}

static void put_grid(const struct cli *cli, const struct calendar_view *view, int year)
{
    for (int row = 1; row <= 12; row += MONTHS_WIDE) {
        putchar('\n');
        for (int month = row; month < row + MONTHS_WIDE; month++) {
            fputs(month == row ? "" : GAP, stdout);
            put_month_title(cli, year, month);
        }
        putchar('\n');
        for (int month = row; month < row + MONTHS_WIDE; month++) {
            fputs(month == row ? "" : GAP, stdout);
            put_weekdays(cli);
        }
        putchar('\n');
        for (int week = 0; week < weeks_of(year, row); week++) {
            for (int month = row; month < row + MONTHS_WIDE; month++) {
                fputs(month == row ? "" : GAP, stdout);
                put_week(cli, view, year, month, week);
            }
            putchar('\n');
        }
    }
}

static void put_marks(const struct cli *cli)
{
    putchar('\n');
    for (enum calendar_kind kind = CALENDAR_OFF; kind <= CALENDAR_OTHER_HOURS; kind++) {
        printf("%s%c %s%s   ", cli->color ? looks[kind].tone : "", looks[kind].mark,
               cli_word(cli, calendar_kind_word(kind)), cli->color ? "\033[0m" : "");
    }
    printf("%c %s\n\n", MARK_PROVISIONAL, cli_word(cli, WORD_DAY_PROVISIONAL));
}

static void put_kind(const struct cli *cli, struct table *table, enum calendar_kind kind)
{
    table_text(table, calendar_kind_name(kind));
    table_show(table, cli_word(cli, calendar_kind_word(kind)));
    table_tone(table, kind == CALENDAR_OFF           ? TABLE_BAD
                      : kind == CALENDAR_MAKE_UP     ? TABLE_GOOD
                      : kind == CALENDAR_OTHER_HOURS ? TABLE_WARN
                                                     : TABLE_PLAIN);
}

/* People see the days that have a name or an exception, programs every day. */
static struct table *day_table(const struct cli *cli, const struct calendar_view *view, int year)
{
    struct table *table = table_new();
    bool people = cli->format == CLI_TEXT;
    struct calendar_view_day found;
    char date[CLI_TIME_SIZE];

    cli_column(cli, table, "day", WORD_DAY, TABLE_LEFT);
    cli_column(cli, table, "weekday", WORD_WEEKDAY, TABLE_LEFT);
    cli_column(cli, table, "kind", WORD_KIND, TABLE_LEFT);
    cli_column(cli, table, "hours", WORD_HOURS, TABLE_LEFT);
    if (!people) {
        cli_column(cli, table, "worked_s", WORD_WORKED, TABLE_RIGHT);
    }
    cli_column(cli, table, "settled", WORD_SETTLED, TABLE_LEFT);
    cli_column(cli, table, "name", WORD_NAME, TABLE_LEFT);
    for (int32_t day = month_begin(year, 1); day < month_begin(year, 13); day++) {
        if (calendar_view_day(view, day, &found) != STATUS_OK ||
            (people && (found.kind == CALENDAR_WORK || found.kind == CALENDAR_REST) && found.name[0] == '\0')) {
            continue;
        }
        table_row(table);
        table_text(table, cli_date(day, date));
        calendar_cell_weekday(cli, table, day);
        put_kind(cli, table, found.kind);
        calendar_cell_shift(table, &found.shift);
        if (!people) {
            table_int(table, calendar_text_shift_s(&found.shift));
        }
        table_bool(table, !found.provisional, cli_word(cli, found.provisional ? WORD_NOT_SETTLED : WORD_YES));
        table_tone(table, found.provisional ? TABLE_WARN : TABLE_PLAIN);
        table_text(table, found.name);
    }
    return table;
}

/* "Mon-Fri  07:00-11:30 13:30-17:00": neighbours with the same hours in one line. */
static void put_usual(const struct cli *cli, const struct calendar_view *view, int year)
{
    int32_t monday = month_begin(year, 7) - calendar_text_weekday_of(month_begin(year, 7));
    char first[CALENDAR_ITEM_SIZE], last[CALENDAR_ITEM_SIZE], hours[CALENDAR_TEXT_SHIFT_SIZE];
    char line[sizeof first + sizeof last + sizeof hours + 4];
    int end;

    for (int weekday = 0; weekday < 7; weekday = end) {
        struct calendar_shift shift = calendar_view_usual(view, monday + weekday);
        struct calendar_shift next;

        for (end = weekday + 1; end < 7; end++) {
            next = calendar_view_usual(view, monday + end);
            if (!calendar_text_same_shift(&shift, &next)) {
                break;
            }
        }
        if (shift.count > 0) {
            snprintf(line, sizeof line, "%s%s%s  %s", calendar_item(cli, WORD_WEEKDAYS, weekday, first),
                     end - weekday > 1 ? "-" : "",
                     end - weekday > 1 ? calendar_item(cli, WORD_WEEKDAYS, end - 1, last) : "",
                     calendar_text_shift(&shift, hours));
            cli_line(cli, WORD_HOURS, line);
        }
    }
}

static void put_head(const struct cli *cli, const struct calendar_view *view, int year)
{
    char text[CLI_SENTENCE_SIZE], days[24], hours[32], span[CALENDAR_TEXT_CLOCK_SIZE], clock[CALENDAR_TEXT_CLOCK_SIZE];
    struct calendar_view_day found;
    int64_t worked_s = 0;
    int worked = 0;

    for (int32_t day = month_begin(year, 1); day < month_begin(year, 13); day++) {
        if (calendar_view_day(view, day, &found) == STATUS_OK && found.shift.count > 0) {
            worked++;
            worked_s += calendar_text_shift_s(&found.shift);
        }
    }
    cli_line(cli, WORD_CALENDAR, calendar_view_title(cli, view, text));
    put_usual(cli, view, year);
    cli_line(cli, WORD_WORKING_DAY,
             calendar_text_span((int32_t)(calendar_day_us(view->calendar) / CLOCK_SECOND_US), span));
    if (calendar_cut_off_s(view->calendar) != CALENDAR_NO_CUT_OFF) {
        cli_line(cli, WORD_CUT_OFF, calendar_text_clock(calendar_cut_off_s(view->calendar), clock));
    }
    snprintf(days, sizeof days, "%d", worked);
    if (worked_s % 3600 == 0) {
        snprintf(hours, sizeof hours, "%lld", (long long)(worked_s / 3600));
    } else {
        snprintf(hours, sizeof hours, "%lld:%02lld", (long long)(worked_s / 3600), (long long)(worked_s / 60 % 60));
    }
    cli_line(cli, WORD_WORKED, cli_sentence(cli, text, WORD_WORKED_DAYS, days, hours, NULL));
}

/* The version asked for, else the one in force now, else the next newer one that knows the year. */
static int choose(struct cli *cli, struct calendar_view *view, int year, int64_t asked)
{
    char wanted[16], known[CALENDAR_YEARS_SIZE], number[24];
    int first, last;
    int code = calendar_view_check_version(cli, view, asked);

    if (code != EXIT_FINE) {
        return code;
    }
    calendar_view_range(cli, view, asked, &first, &last);
    for (int version = first; version <= last; version++) {
        if (calendar_view_knows_year(view, version, year)) {
            return calendar_view_use(cli, view, version);
        }
    }
    snprintf(wanted, sizeof wanted, "%d", year);
    calendar_view_years(view, last, known);
    snprintf(number, sizeof number, "%d", last);
    if (asked != 0 && last < calendars_newest(view->calendars)) {
        cli_tell(cli, WORD_CALENDAR_VERSION_YEARS, number, known, wanted, NULL);
    } else {
        cli_tell(cli, WORD_CALENDAR_YEAR_UNKNOWN, wanted, known, NULL);
    }
    return EXIT_ANSWER_NO;
}

int calendar_show(struct cli *cli, const char *year_text, const char *unit, int64_t version)
{
    struct calendar_view view;
    struct table *table;
    char *end;
    long year = strtol(year_text, &end, 10);
    int code;

    if (*end != '\0' || year < 1970 || year > 9999) {
        return cli_usage(cli, "calendar show: \"%s\" is no year", year_text);
    }
    code = calendar_view_open(cli, &view, unit);
    if (code == EXIT_FINE) {
        code = choose(cli, &view, (int)year, version);
    }
    if (code == EXIT_FINE) {
        if (cli->format == CLI_TEXT) {
            put_head(cli, &view, (int)year);
            put_grid(cli, &view, (int)year);
            put_marks(cli);
        }
        table = day_table(cli, &view, (int)year);
        code = cli_print_table(cli, &table, DB_NULL_US);
    }
    calendar_view_close(&view);
    return code;
}
