/* SPDX-License-Identifier: MIT */
/* calendar.c - kipthoi calendar: working time as versions, each a file that was loaded. */
#include <stdio.h>
#include <string.h>

#include "cli/calendar_parts.h"

static const char help[] =
    "kipthoi calendar [list]\n"
    "kipthoi calendar show YEAR [--unit CODE] [--version N]\n"
    "kipthoi calendar due --from MOMENT --term TERM [--unit CODE] [--version N]\n"
    "kipthoi calendar check FILE\n"
    "kipthoi calendar load FILE [--from MOMENT|DAY] [--why TEXT] [--by WHO]\n"
    "kipthoi calendar diff A B | FILE\n\n"
    "list    the versions, and from when each is in force\n"
    "show    a year of twelve months: days off, make-up days, other hours; day by day with --json and --csv\n"
    "due     when a term ends that is received at a moment, and how it was counted day by day\n"
    "check   reads a file and says what is wrong with it; changes nothing\n"
    "load    makes a file the newest version.  The first is in force from the beginning, a later one from --from on\n"
    "        (default: now, never earlier) for what is open then; what has ended keeps its version.  The same file "
    "again:\n"
    "        nothing\n"
    "diff    what differs between two versions (numbers) or files; one FILE: against the newest version\n\n"
    "Without --version: the version in force now, or the next that knows the years.  A file is described in\n"
    "docs/calendar.md; deploy/calendars holds Vietnam's.\n\n"
    "examples:\n"
    "  kipthoi calendar load deploy/calendars/vietnam.calendar\n"
    "  kipthoi calendar show 2024\n"
    "  kipthoi calendar due --from \"2024-04-26 16:00\" --term \"5 working days\" --unit H29.1\n"
    "  kipthoi calendar load next.calendar --from 2027-01-01 --why \"days off of 2028\"\n";

static int list(struct cli *cli)
{
    struct calendar_view view;
    struct table *table = NULL;
    char years[CALENDAR_YEARS_SIZE];
    int code = calendar_view_open(cli, &view, NULL);
    int now = code == EXIT_FINE ? calendars_at(view.calendars, cli_now_us(cli)) : 0;

    if (code == EXIT_FINE) {
        table = table_new();
        cli_column(cli, table, "version", WORD_VERSION, TABLE_RIGHT);
        cli_column(cli, table, "name", WORD_NAME, TABLE_LEFT);
        cli_column(cli, table, "years", WORD_YEARS, TABLE_LEFT);
        cli_column(cli, table, "in_force", WORD_IN_FORCE, TABLE_LEFT);
        cli_column(cli, table, "now", WORD_IN_FORCE_NOW, TABLE_LEFT);
        cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
        cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
        cli_column(cli, table, "why", WORD_WHY, TABLE_LEFT);
    }
    for (int r = 0; code == EXIT_FINE && r < calendars_newest(view.calendars); r++) {
        table_row(table);
        table_int(table, r + 1);
        table_text(table, db_text(view.versions, r, 4));
        table_text(table, calendar_view_years(&view, r + 1, years));
        cli_cell_time(table, db_us(view.versions, r, 3));
        if (r == 0) {
            table_show(table, cli_word(cli, WORD_ALWAYS));
        }
        table_bool(table, r + 1 == now, cli_word(cli, r + 1 == now ? WORD_YES : WORD_NO));
        table_tone(table, r + 1 == now ? TABLE_GOOD : TABLE_PLAIN);
        cli_cell_time(table, db_us(view.versions, r, 5));
        table_text(table, db_text(view.versions, r, 6));
        table_text(table, db_text(view.versions, r, 7));
    }
    if (code == EXIT_FINE) {
        code = cli_print_table(cli, &table, DB_NULL_US);
    }
    calendar_view_close(&view);
    return code;
}

/* What calendar check counts in a file. */
struct counted {
    size_t off;
    size_t worked;
    size_t provisional;
    size_t units;
};

static struct counted count(const struct calendar_file *file)
{
    struct counted counted = {0};
    size_t day_count;
    const struct calendar_file_day *days = calendar_file_days(file, &day_count);

    for (size_t i = 0; i < day_count; i++) {
        counted.off += days[i].off;
        counted.provisional += days[i].provisional;
    }
    counted.worked = day_count - counted.off;
    (void)calendar_file_hours(file, &counted.units);
    counted.units--; /* the first are everybody's */
    return counted;
}

static int check_json(struct cli *cli, const char *path, const struct calendar_file *file)
{
    struct counted counted = count(file);
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "file", path);
    cJSON_AddStringToObject(json, "name", calendar_file_name(file));
    cJSON_AddNumberToObject(json, "first_year", calendar_file_first_year(file));
    cJSON_AddNumberToObject(json, "last_year", calendar_file_last_year(file));
    cJSON_AddNumberToObject(json, "days_off", (double)counted.off);
    cJSON_AddNumberToObject(json, "days_worked_otherwise", (double)counted.worked);
    cJSON_AddNumberToObject(json, "not_settled", (double)counted.provisional);
    cJSON_AddNumberToObject(json, "units", (double)counted.units);
    return cli_print_json(cli, json);
}

static void check_text(const struct cli *cli, const char *path, const struct calendar_file *file)
{
    struct counted counted = count(file);
    char years[CALENDAR_YEARS_SIZE], numbers[4][24];

    snprintf(numbers[0], sizeof numbers[0], "%zu", counted.off);
    snprintf(numbers[1], sizeof numbers[1], "%zu", counted.worked);
    snprintf(numbers[2], sizeof numbers[2], "%zu", counted.provisional);
    snprintf(numbers[3], sizeof numbers[3], "%zu", counted.units);
    cli_say(cli, WORD_CALENDAR_FILE_GOOD, path, calendar_file_name(file),
            calendar_years(calendar_file_first_year(file), calendar_file_last_year(file), years), numbers[0],
            numbers[1], numbers[2], numbers[3], NULL);
}

static int check(struct cli *cli, const char *path)
{
    struct calendar_file *file = NULL;
    char error[CALENDAR_FILE_ERROR_SIZE];
    int code = EXIT_FINE;

    if (calendar_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    if (cli->format == CLI_JSON) {
        code = check_json(cli, path, file);
    } else {
        check_text(cli, path, file);
    }
    calendar_file_destroy(&file);
    return code;
}

/* The subcommands, with how many arguments each goes and which options it takes. */
static const struct {
    const char *name;
    const char *call;
    int least, most; /* arguments besides the name */
    const char *options;
} calls[] = {
    {"list", "calendar list", 0, 0, ""},
    {"show", "calendar show", 1, 1, "--unit --version"},
    {"due", "calendar due", 0, 0, "--from --term --unit --version"},
    {"check", "calendar check", 1, 1, ""},
    {"load", "calendar load", 1, 1, "--from --why --by"},
    {"diff", "calendar diff", 1, 2, ""},
};
#define CALLS (sizeof calls / sizeof *calls)

int cmd_calendar(struct cli *cli, int argc, char **argv)
{
    const char *unit = NULL, *from = NULL, *term = NULL, *why = NULL, *by = NULL;
    int64_t version = 0;
    const struct cli_option options[] = {
        {"--unit", CLI_TEXT_VALUE, &unit},
        {"--version", CLI_INT_VALUE, &version},
        {"--from", CLI_TEXT_VALUE, &from},
        {"--term", CLI_TEXT_VALUE, &term},
        {"--why", CLI_TEXT_VALUE, &why},
        {"--by", CLI_TEXT_VALUE, &by},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);
    const char *name = argc > 1 ? argv[1] : "list";
    int arguments = argc > 1 ? argc - 2 : 0;
    size_t call = 0;

    if (code >= 0) {
        return code;
    }
    while (call < CALLS && strcmp(calls[call].name, name) != 0) {
        call++;
    }
    if (call == CALLS || arguments < calls[call].least || arguments > calls[call].most) {
        return cli_usage(cli, "usage: kipthoi calendar [list | show YEAR | due | check FILE | load FILE | diff A B]; "
                              "see: kipthoi calendar --help");
    }
    code = cli_only(cli, options, calls[call].call, calls[call].options);
    if (code >= 0) {
        return code;
    }
    if (strcmp(name, "show") == 0) {
        return calendar_show(cli, argv[2], unit, version);
    }
    if (strcmp(name, "due") == 0) {
        return calendar_due(cli, from, term, unit, version);
    }
    if (strcmp(name, "check") == 0) {
        return check(cli, argv[2]);
    }
    if (strcmp(name, "load") == 0) {
        return calendar_load(cli, argv[2], from, why, by);
    }
    if (strcmp(name, "diff") == 0) {
        return calendar_diff(cli, argc == 4 ? argv[2] : NULL, argv[argc - 1]);
    }
    return list(cli);
}
