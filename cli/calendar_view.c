/* SPDX-License-Identifier: MIT */
/* calendar_view.c - the calendars of the database, and the one that is looked at (calendar_parts.h). */
#include <stdio.h>
#include <string.h>

#include "cli/calendar_parts.h"
#include "cli/report.h"
#include "common/timestamp.h"

enum { VERSION, FIRST_YEAR, LAST_YEAR, IN_FORCE, NAME };
enum { DAY, WORKED, PROVISIONAL, DAY_NAME };

static const struct {
    const char *name;
    enum word word;
} kinds[] = {
    [CALENDAR_WORK] = {"work", WORD_DAY_WORK},
    [CALENDAR_REST] = {"rest", WORD_DAY_REST},
    [CALENDAR_OFF] = {"off", WORD_DAY_OFF},
    [CALENDAR_MAKE_UP] = {"make_up", WORD_DAY_MAKE_UP},
    [CALENDAR_OTHER_HOURS] = {"other_hours", WORD_DAY_OTHER_HOURS},
};

const char *calendar_kind_name(enum calendar_kind kind)
{
    return kinds[kind].name;
}

enum word calendar_kind_word(enum calendar_kind kind)
{
    return kinds[kind].word;
}

static int find_unit(struct cli *cli, struct db *db, struct calendar_view *view)
{
    struct db_params *params = db_params_new();
    PGresult *found = NULL;
    int code = report_check_unit(cli, db, view->unit);
    enum status st = STATUS_RETRY;

    if (code == EXIT_FINE && params != NULL) {
        db_param_text(params, view->unit == NULL ? "" : view->unit);
        st = db_run(db, SQL_UNIT_KNOWN, params, &found);
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE) {
        view->unit_id = (int32_t)db_int(found, 0, 0);
    }
    PQclear(found);
    db_params_destroy(&params);
    return code;
}

int calendar_view_open(struct cli *cli, struct calendar_view *view, const char *unit)
{
    char error[CALENDAR_ERROR_SIZE];
    struct db *db;
    int code = cli_snapshot(cli, &db);
    enum status st;

    memset(view, 0, sizeof *view);
    view->unit = unit;
    if (code == EXIT_FINE) {
        code = find_unit(cli, db, view);
    }
    if (code != EXIT_FINE) {
        return code;
    }
    st = db_run(db, SQL_CALENDAR_VERSIONS, NULL, &view->versions);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    st = calendars_load(&view->calendars, db, error);
    if (st != STATUS_OK) {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    if (calendars_newest(view->calendars) == 0) {
        cli_tell(cli, WORD_CALENDAR_NONE, NULL);
        return EXIT_ANSWER_NO;
    }
    return EXIT_FINE;
}

void calendar_view_close(struct calendar_view *view)
{
    calendars_destroy(&view->calendars);
    PQclear(view->versions);
    PQclear(view->names);
    view->versions = view->names = NULL;
}

void calendar_view_range(const struct cli *cli, const struct calendar_view *view, int64_t asked, int *first, int *last)
{
    int now = calendars_at(view->calendars, cli_now_us(cli));

    *first = asked != 0 ? (int)asked : now == 0 ? 1 : now;
    *last = asked != 0 ? (int)asked : calendars_newest(view->calendars);
}

int calendar_view_check_version(const struct cli *cli, const struct calendar_view *view, int64_t asked)
{
    char number[24];

    if (asked <= calendars_newest(view->calendars)) {
        return EXIT_FINE;
    }
    snprintf(number, sizeof number, "%lld", (long long)asked);
    cli_tell(cli, WORD_CALENDAR_VERSION_UNKNOWN, number, NULL);
    return EXIT_ANSWER_NO;
}

int calendar_view_use(struct cli *cli, struct calendar_view *view, int version)
{
    struct db_params *params = db_params_new();
    struct db *db;
    enum status st = STATUS_RETRY;
    int code = cli_db(cli, &db);

    if (code == EXIT_FINE) {
        PQclear(view->names);
        view->names = NULL;
        view->version = version;
        view->calendar = calendars_find(view->calendars, version, view->unit_id);
        if (params != NULL) {
            db_param_int2(params, (int16_t)version);
            st = db_run(db, SQL_CALENDAR_NAMES, params, &view->names);
        }
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    db_params_destroy(&params);
    return code;
}

bool calendar_view_knows_year(const struct calendar_view *view, int version, int year)
{
    return db_int(view->versions, version - 1, FIRST_YEAR) <= year &&
           year <= db_int(view->versions, version - 1, LAST_YEAR);
}

int32_t calendar_view_begins(const struct calendar_view *view, int version)
{
    return (int32_t)timestamp_civil_day((int)db_int(view->versions, version - 1, FIRST_YEAR), 1, 1);
}

const char *calendar_years(int first, int last, char out[CALENDAR_YEARS_SIZE])
{
    if (first == last) {
        snprintf(out, CALENDAR_YEARS_SIZE, "%d", first);
    } else {
        snprintf(out, CALENDAR_YEARS_SIZE, "%d-%d", first, last);
    }
    return out;
}

const char *calendar_view_years(const struct calendar_view *view, int version, char out[CALENDAR_YEARS_SIZE])
{
    return calendar_years((int)db_int(view->versions, version - 1, FIRST_YEAR),
                          (int)db_int(view->versions, version - 1, LAST_YEAR), out);
}

const char *calendar_view_title(const struct cli *cli, const struct calendar_view *view, char out[CLI_SENTENCE_SIZE])
{
    char number[24];

    snprintf(number, sizeof number, "%d", view->version);
    return cli_sentence(cli, out, view->unit == NULL ? WORD_CALENDAR_VERSION : WORD_CALENDAR_VERSION_UNIT, number,
                        db_text(view->versions, view->version - 1, NAME), view->unit, NULL);
}

/* The row of a named date, -1 when it has none. */
static int find_name(const struct calendar_view *view, int32_t day)
{
    int low = 0;
    int high = PQntuples(view->names);

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (db_day(view->names, middle, DAY) < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < PQntuples(view->names) && db_day(view->names, low, DAY) == day ? low : -1;
}

/* No call tells the week, so these are the hours of the nearest such weekday that is no date of its own. */
struct calendar_shift calendar_view_usual(const struct calendar_view *view, int32_t day)
{
    struct calendar_shift shift = {0};

    for (int32_t weeks = 1; weeks <= 53; weeks++) {
        for (int32_t side = -7; side <= 7; side += 14) {
            int32_t other = day + side * weeks;

            if (find_name(view, other) < 0 && calendar_shift_of(view->calendar, other, &shift) == STATUS_OK) {
                return shift;
            }
        }
    }
    shift.count = 0;
    return shift;
}

enum status calendar_view_day(const struct calendar_view *view, int32_t day, struct calendar_view_day *found)
{
    int row = find_name(view, day);
    struct calendar_shift usual;

    if (calendar_shift_of(view->calendar, day, &found->shift) != STATUS_OK) {
        return STATUS_INVALID;
    }
    found->name = row < 0 ? "" : db_text(view->names, row, DAY_NAME);
    found->provisional = row >= 0 && db_bool(view->names, row, PROVISIONAL);
    if (row < 0) {
        found->kind = found->shift.count > 0 ? CALENDAR_WORK : CALENDAR_REST;
        return STATUS_OK;
    }
    usual = calendar_view_usual(view, day);
    found->kind = !db_bool(view->names, row, WORKED)                ? CALENDAR_OFF
                  : usual.count == 0                                ? CALENDAR_MAKE_UP
                  : calendar_text_same_shift(&usual, &found->shift) ? CALENDAR_WORK
                                                                    : CALENDAR_OTHER_HOURS;
    return STATUS_OK;
}

const char *calendar_item(const struct cli *cli, enum word list, int i, char out[CALENDAR_ITEM_SIZE])
{
    const char *at = cli_word(cli, list);

    for (; i > 0; i--) {
        at += strcspn(at, ",");
        at += *at == ',';
    }
    snprintf(out, CALENDAR_ITEM_SIZE, "%.*s", (int)strcspn(at, ","), at);
    return out;
}

void calendar_cell_weekday(const struct cli *cli, struct table *table, int32_t day)
{
    char shown[CALENDAR_ITEM_SIZE];
    int weekday = calendar_text_weekday_of(day);

    table_text(table, calendar_text_weekday(weekday));
    table_show(table, calendar_item(cli, WORD_WEEKDAYS, weekday, shown));
}

void calendar_cell_shift(struct table *table, const struct calendar_shift *shift)
{
    char text[CALENDAR_TEXT_SHIFT_SIZE];

    if (shift->count == 0) {
        table_null(table);
    } else {
        table_text(table, calendar_text_shift(shift, text));
    }
}
