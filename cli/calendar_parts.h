/* SPDX-License-Identifier: MIT */
/*
 * calendar_parts.h - what the parts of kipthoi calendar share: the calendar looked at, days with their names, and the
 * differences of two files.
 */
#ifndef CLI_CALENDAR_PARTS_H
#define CLI_CALENDAR_PARTS_H

#include "cli/cli.h"
#include "common/calendar.h"
#include "common/calendar_file.h"
#include "common/calendar_text.h"
#include "common/calendars.h"

/* What a date is, seen from the hours of its weekday. */
enum calendar_kind { CALENDAR_WORK, CALENDAR_REST, CALENDAR_OFF, CALENDAR_MAKE_UP, CALENDAR_OTHER_HOURS };

/* "work", "rest", "off", "make_up", "other_hours". */
const char *calendar_kind_name(enum calendar_kind kind);
enum word calendar_kind_word(enum calendar_kind kind);

/* The calendars of the database, and the one that is looked at. */
struct calendar_view {
    struct calendars *calendars;
    PGresult *versions; /* of calendar_versions.sql */
    PGresult *names;    /* of calendar_names.sql, of the version chosen */
    const char *unit;   /* code, or NULL */
    int32_t unit_id;
    int version;
    const struct calendar *calendar; /* borrowed from calendars */
};

/*
 * Reads every version in one state of the database; unit may be NULL.  EXIT_FINE, or the exit code with the reason
 * printed: no such unit, or no calendar at all.  Close it in any case.
 */
int calendar_view_open(struct cli *cli, struct calendar_view *view, const char *unit);
void calendar_view_close(struct calendar_view *view);

/* The versions to try: the one asked for (0: none), else from the one in force now to the newest. */
void calendar_view_range(const struct cli *cli, const struct calendar_view *view, int64_t asked, int *first, int *last);
/* EXIT_ANSWER_NO, the reason printed, when a version is asked for (not 0) that does not exist. */
int calendar_view_check_version(const struct cli *cli, const struct calendar_view *view, int64_t asked);
/* Looks at this version from now on. */
int calendar_view_use(struct cli *cli, struct calendar_view *view, int version);

/* The first day that a version knows. */
int32_t calendar_view_begins(const struct calendar_view *view, int version);
bool calendar_view_knows_year(const struct calendar_view *view, int version, int year);
/* "2023-2027" of a version, or of all; returns out. */
#define CALENDAR_YEARS_SIZE 32
const char *calendar_view_years(const struct calendar_view *view, int version, char out[CALENDAR_YEARS_SIZE]);
/* "version 2 (Vietnam), hours of H29.1"; returns out. */
const char *calendar_view_title(const struct cli *cli, const struct calendar_view *view, char out[CLI_SENTENCE_SIZE]);

/* A day as it is worked; name "" when it has none. */
struct calendar_view_day {
    enum calendar_kind kind;
    bool provisional;
    struct calendar_shift shift;
    const char *name; /* borrowed from the view */
};
/* STATUS_INVALID: the version does not know the year. */
enum status calendar_view_day(const struct calendar_view *view, int32_t day,
                              struct calendar_view_day *found) MUST_CHECK;

/* The hours that the weekday of a date usually has. */
struct calendar_shift calendar_view_usual(const struct calendar_view *view, int32_t day);

/* Item i of a word that is a list with commas (WORD_WEEKDAYS, WORD_MONTHS); returns out. */
#define CALENDAR_ITEM_SIZE 32
const char *calendar_item(const struct cli *cli, enum word list, int i, char out[CALENDAR_ITEM_SIZE]);
/* "2023-2027", or "2023" when both are the same; returns out. */
const char *calendar_years(int first, int last, char out[CALENDAR_YEARS_SIZE]);

/* Cells for a weekday, and for hours of a day. */
void calendar_cell_weekday(const struct cli *cli, struct table *table, int32_t day);
void calendar_cell_shift(struct table *table, const struct calendar_shift *shift);
/* Seconds for programs, "8:00" or "0:07:30" of working time for people. */
void calendar_cell_work(struct table *table, int64_t work_us);

/* A stretch of working time, counted day by day. */
struct calendar_stretch {
    int64_t from_us;  /* on the first day shown */
    int64_t start_us; /* counted from; later than from_us: that came past the cut-off */
    int64_t end_us;   /* counted up to, not before start_us */
    bool down;        /* each day shows what is left, not the sum so far */
    int64_t total_us; /* answer: all of it */
    int unsettled;    /* answer: provisional days */
};
void calendar_days_columns(const struct cli *cli, struct table *table, bool down);
/* A row for each day, and the answers.  STATUS_INVALID: the version that is looked at does not know the years. */
enum status calendar_days(const struct cli *cli, const struct calendar_view *view, struct calendar_stretch *stretch,
                          struct table *table) MUST_CHECK;

/*
 * What differs between two files, a row each: unit (null: all), what (a date, a weekday, years, name, day, cut_off),
 * before, after.  NULL when memory is short.
 */
struct table *calendar_diff_table(const struct cli *cli, const struct calendar_file *before,
                                  const struct calendar_file *after);

int calendar_show(struct cli *cli, const char *year, const char *unit, int64_t version);
int calendar_due(struct cli *cli, const char *from, const char *term, const char *unit, int64_t version);
int calendar_diff(struct cli *cli, const char *before, const char *after);

/* A file that becomes a version. */
struct calendar_version {
    const struct calendar_file *file;
    int number;
    int64_t in_force_us;
    const char *by;
    const char *why;
};
/* Adds its rows in a transaction of the caller's; *new_units are the codes of the units that were not known. */
enum status calendar_store(struct db *db, const struct calendar_version *version, PGresult **new_units) MUST_CHECK;

/* from, why, by: as given, or NULL. */
int calendar_load(struct cli *cli, const char *path, const char *from, const char *why, const char *by);

#endif
