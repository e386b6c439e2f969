/* SPDX-License-Identifier: MIT */
/* explain.c - kipthoi explain: one dossier, every event, pause, verdict, letter and alert, and why. */
#include <stdio.h>

#include "cli/explain_parts.h"
#include "cli/flag_list.h"

static const char help[] =
    "kipthoi explain DOSSIER [--count] [--source S] - why a dossier is judged as it is\n\n"
    "  --count        also the working time, counted day by day: from the start to the promised due, and each pause\n"
    "  --source S     when several sources use the code\n\n"
    "Dates as first reported and as they stand, the three verdicts (promise, national portal, intake clock) with the\n"
    "sentence of the rule that decided, how each due came to be and what would have to differ, why promise and portal\n"
    "differ, which promises of a re-appointed dossier were broken, every event in the order in which it counts, "
    "pauses,\n"
    "letters, steps of the alert ladder, what officials said about them, and what looks wrong.  The events are folded\n"
    "and judged again for this, as of the moment of the stored verdict; when that says otherwise it is shown.\n\n"
    "examples:\n"
    "  kipthoi explain H56.14-240823-0001\n"
    "  kipthoi explain H56.14-240823-0001 --count\n"
    "  kipthoi explain 12345 --source /hcm/q1 --json\n";

/* The lists below the verdicts: a query of (source_id, code), its name in JSON, its title and columns. */
#define SECTION_COLUMNS 10
struct section {
    enum sql_query query;
    const char *name;
    enum word title;
    int count;
    struct report_column columns[SECTION_COLUMNS];
};

static const struct section sections[] = {
    {SQL_EXPLAIN_EVENTS,
     "events",
     WORD_SECTION_EVENTS,
     6,
     {{"happened", WORD_HAPPENED, REPORT_TIME},
      {"stored", WORD_STORED, REPORT_TIME},
      {"lag_s", WORD_LAG, REPORT_SPAN},
      {"kind", WORD_KIND, REPORT_VALUE},
      {"sequence", WORD_SEQUENCE, REPORT_INT},
      {"id", WORD_ID, REPORT_TEXT}}},
    {SQL_EXPLAIN_PROJECTIONS,
     "projections",
     WORD_SECTION_PROJECTIONS,
     5,
     {{"judged_at", WORD_JUDGED_AT, REPORT_TIME},
      {"calendar_was", WORD_CALENDAR_WAS, REPORT_INT},
      {"calendar", WORD_CALENDAR, REPORT_INT},
      {"due_was", WORD_DUE_WAS, REPORT_TIME},
      {"due", WORD_DUE, REPORT_TIME}}},
    {SQL_EXPLAIN_CHANGES,
     "verdict_changes",
     WORD_SECTION_CHANGES,
     4,
     {{"judged_at", WORD_JUDGED_AT, REPORT_TIME},
      {"was", WORD_WAS, REPORT_VALUE},
      {"now", WORD_NOW, REPORT_VALUE},
      {"broken", WORD_BROKEN_COUNT, REPORT_INT}}},
    {SQL_EXPLAIN_DUTIES,
     "letters",
     WORD_SECTION_LETTERS,
     8,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"state", WORD_STATE, REPORT_VALUE},
      {"due", WORD_DUE, REPORT_TIME},
      {"deadline", WORD_DEADLINE, REPORT_TIME},
      {"opened_at", WORD_OPENED, REPORT_TIME},
      {"letter_no", WORD_LETTER_NO, REPORT_TEXT},
      {"sent_at", WORD_SENT_AT, REPORT_TIME},
      {"sent_by", WORD_SENT_BY, REPORT_TEXT}}},
    {SQL_EXPLAIN_LETTERS,
     "documents",
     WORD_SECTION_DOCUMENTS,
     10,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"letter_no", WORD_LETTER_NO, REPORT_TEXT},
      {"state", WORD_STATE, REPORT_VALUE},
      {"class", WORD_LETTER_CLASS, REPORT_TIMELY},
      {"due", WORD_DUE, REPORT_TIME},
      {"new_due", WORD_LETTER_NEW_DUE, REPORT_TIME},
      {"drafted_at", WORD_LETTER_DRAFTED, REPORT_TIME},
      {"approved_at", WORD_LETTER_APPROVED, REPORT_TIME},
      {"sent_at", WORD_SENT_AT, REPORT_TIME},
      {"channel", WORD_CHANNEL, REPORT_TEXT}}},
    {SQL_EXPLAIN_LOG,
     "letter_log",
     WORD_SECTION_LOG,
     6,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"at", WORD_AT, REPORT_TIME},
      {"was", WORD_WAS, REPORT_VALUE},
      {"now", WORD_NOW, REPORT_VALUE},
      {"who", WORD_WHO, REPORT_TEXT},
      {"why", WORD_WHY, REPORT_TEXT}}},
    {SQL_EXPLAIN_STEPS,
     "steps",
     WORD_SECTION_STEPS,
     7,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"rung", WORD_RUNG, REPORT_VALUE},
      {"due_at", WORD_STEP_DUE, REPORT_TIME},
      {"due_was", WORD_STEP_WAS, REPORT_TIME},
      {"state", WORD_STATE, REPORT_VALUE},
      {"outcome", WORD_OUTCOME, REPORT_VALUE},
      {"done_at", WORD_STEP_DONE, REPORT_TIME}}},
    {SQL_EXPLAIN_HUSHES,
     "hushes",
     WORD_SECTION_HUSHES,
     8,
     {{"kind", WORD_KIND, REPORT_VALUE},
      {"rung", WORD_RUNG, REPORT_VALUE},
      {"since", WORD_SINCE, REPORT_TIME},
      {"until", WORD_UNTIL, REPORT_TIME},
      {"owner", WORD_WHO, REPORT_TEXT},
      {"why", WORD_WHY, REPORT_TEXT},
      {"ended_at", WORD_HUSH_ENDED, REPORT_TIME},
      {"ended_by", WORD_HUSH_ENDED_BY, REPORT_TEXT}}},
    {SQL_EXPLAIN_ALERTS,
     "alerts",
     WORD_SECTION_ALERTS,
     3,
     {{"at", WORD_AT, REPORT_TIME}, {"topic", WORD_TOPIC, REPORT_TEXT}, {"seq", WORD_SEQUENCE, REPORT_INT}}},
};

#define SECTIONS (sizeof sections / sizeof *sections)

/* All that was read, of one state of the database. */
struct findings {
    struct explain_case found;
    PGresult *lists[SECTIONS];
    bool count;
};

static void named_line(const struct cli *cli, enum word title, const char *code, const char *name)
{
    char text[CLI_SENTENCE_SIZE];

    snprintf(text, sizeof text, "%s%s%s", *code == '\0' ? cli_word(cli, WORD_NONE) : code, *name == '\0' ? "" : "  ",
             name);
    cli_line(cli, title, text);
}

static void said_line(const struct cli *cli, enum word title, const char *sentence)
{
    if (sentence[0] != '\0') {
        cli_line(cli, title, sentence);
    }
}

static void print_dates(const struct cli *cli, const struct explain_case *found)
{
    struct explain_date dates[EXPLAIN_DATES];
    char shown[CLI_TIME_SIZE];

    cli_heading(cli, cli_word(cli, WORD_SECTION_DATES));
    explain_dates(found, dates);
    for (size_t i = 0; i < EXPLAIN_DATES; i++) {
        if (dates[i].moment_us != FOLD_NONE_US) {
            cli_line(cli, dates[i].title, cli_time(dates[i].moment_us, shown));
        }
    }
    if (explain_paused_since(found) != FOLD_NONE_US) {
        cli_line(cli, WORD_DATE_PAUSED, cli_time(explain_paused_since(found), shown));
    }
    if (found->dossier.supplements > 0) {
        cli_line_int(cli, WORD_SUPPLEMENTS, found->dossier.supplements);
    }
    if (found->dossier.due_moves > 0) {
        cli_line_int(cli, WORD_DUE_MOVES, found->dossier.due_moves);
    }
}

static void print_verdict(const struct cli *cli, const struct explain_case *found, enum rule_name name, enum word title)
{
    const struct verdict *verdict = &found->verdicts.rule[name];
    char text[CLI_SENTENCE_SIZE];
    char day[CLI_TIME_SIZE];

    if (verdict->class == VERDICT_CLASSES) {
        cli_line(cli, title, explain_because(cli, found, name, text));
        return;
    }
    cli_line(cli, title,
             cli_sentence(cli, text, WORD_VERDICT, report_value(cli, verdict_class_name(verdict->class)),
                          cli_date(verdict->day, day), NULL));
    cli_line(cli, WORD_BECAUSE, explain_because(cli, found, name, text));
    said_line(cli, WORD_DUE_HOW, explain_due_way(cli, found, name, text));
    said_line(cli, WORD_NEEDED, explain_needed(cli, found, name, text));
}

/* "promise 1, from the beginning; portal 2, from 2026-01-01 00:00; ..." */
static void print_versions(const struct cli *cli, const struct explain_case *found)
{
    static const enum word names[RULES] = {WORD_RULE_PROMISE, WORD_RULE_PORTAL, WORD_RULE_INTAKE};
    char text[CLI_SENTENCE_SIZE];
    size_t used = 0;

    for (int name = 0; name < RULES; name++) {
        const struct rule *rule = explain_rule(found, (enum rule_name)name);
        char one[CLI_SENTENCE_SIZE], number[24], since[CLI_TIME_SIZE];
        bool always = rule->effective_us == DB_MINUS_INFINITY_US;
        int len;

        snprintf(number, sizeof number, "%d", rule->version);
        cli_sentence(cli, one, WORD_RULE_VERSION, cli_word(cli, names[name]), number,
                     always ? cli_word(cli, WORD_IN_FORCE_ALWAYS) : cli_time(rule->effective_us, since), NULL);
        len = snprintf(text + used, sizeof text - used, "%s%s", name == 0 ? "" : "; ", one);
        used += len > 0 && (size_t)len < sizeof text - used ? (size_t)len : 0;
    }
    cli_line(cli, WORD_RULES_USED, text);
}

static void print_differences(const struct cli *cli, const struct explain_case *found)
{
    const char *names[EXPLAIN_DIFFERENCES];
    char list[CLI_SENTENCE_SIZE];
    char text[CLI_SENTENCE_SIZE];
    size_t used = 0;

    explain_compare(found, names);
    for (int i = 0; names[i] != NULL; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    if (used > 0) {
        cli_line(cli, WORD_STORED_DIFFERS,
                 cli_sentence(cli, text, WORD_STORED_DIFFERS_WHY, list,
                              report_value(cli, db_text(found->row, 0, EXPLAIN_CLASS)),
                              report_value(cli, db_text(found->row, 0, EXPLAIN_CLASS + EXPLAIN_RULE_COLUMNS)), NULL));
    }
    if (found->unreadable > 0) {
        cli_line_int(cli, WORD_EVENTS_UNREADABLE, found->unreadable);
    }
}

static void print_verdicts(const struct cli *cli, const struct explain_case *found)
{
    char text[CLI_SENTENCE_SIZE];
    char shown[CLI_TIME_SIZE];

    cli_heading(cli, cli_word(cli, WORD_SECTION_VERDICTS));
    print_verdict(cli, found, RULE_PROMISE, WORD_RULE_PROMISE);
    print_verdict(cli, found, RULE_PORTAL, WORD_RULE_PORTAL);
    said_line(cli, WORD_DIFFER, explain_gap_text(cli, found, text));
    print_verdict(cli, found, RULE_INTAKE, WORD_RULE_INTAKE);
    said_line(cli, WORD_EXPLAIN_TERM, explain_term_text(cli, found, text));
    cli_line(cli, WORD_EXPLAIN_CALENDAR, explain_calendar_text(cli, found, text));
    print_versions(cli, found);
    cli_line(cli, WORD_AS_OF, cli_time(found->judged_us, shown));
    print_differences(cli, found);
}

static void print_flags(const struct cli *cli, const struct explain_case *found)
{
    if (found->verdicts.flags == 0) {
        return;
    }
    cli_heading(cli, cli_word(cli, WORD_SECTION_FLAGS));
    for (int i = 0; i < FLAG_COUNT; i++) {
        if ((found->verdicts.flags & flag_bit(i)) != 0) {
            printf("  %-24s %s\n", flag_name(i), cli_word(cli, flag_word(i)));
        }
    }
}

static void print_table(const struct cli *cli, enum word title, struct table *table)
{
    if (table_rows(table) > 0) {
        cli_heading(cli, cli_word(cli, title));
        table_print_text(table, stdout, cli->color);
    }
    table_destroy(&table);
}

static int print_text(struct cli *cli, const struct findings *f)
{
    const struct explain_case *found = &f->found;
    const PGresult *row = found->row;
    int code = EXIT_FINE;

    cli_heading(cli, found->code);
    cli_line(cli, WORD_SOURCE, found->where.source);
    if (!found->where.folded) {
        cli_line(cli, WORD_STATE, cli_word(cli, WORD_NOT_FOLDED));
    } else {
        named_line(cli, WORD_UNIT, db_text(row, 0, EXPLAIN_UNIT), db_text(row, 0, EXPLAIN_UNIT_NAME));
        named_line(cli, WORD_FIELD, db_text(row, 0, EXPLAIN_FIELD), db_text(row, 0, EXPLAIN_FIELD_NAME));
        named_line(cli, WORD_PROCEDURE, db_text(row, 0, EXPLAIN_PROCEDURE), db_text(row, 0, EXPLAIN_PROCEDURE_NAME));
        cli_line(cli, WORD_STATE, report_value(cli, dossier_state_name(fold_state(&found->dossier))));
        print_dates(cli, found);
        print_verdicts(cli, found);
        print_flags(cli, found);
        print_table(cli, WORD_SECTION_PROMISES, explain_promises(cli, found));
        print_table(cli, WORD_SECTION_PAUSES, explain_pauses(cli, found));
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        print_table(cli, sections[i].title, report_brief(cli, f->lists[i], sections[i].columns, sections[i].count));
    }
    if (found->where.folded && f->count) {
        code = explain_count_text(cli, found);
    }
    return code;
}

static int print_json(struct cli *cli, const struct findings *f)
{
    const struct explain_case *found = &f->found;
    cJSON *document = cJSON_CreateObject();
    int code = EXIT_FINE;
    int printed;

    cJSON_AddStringToObject(document, "dossier", found->code);
    cJSON_AddStringToObject(document, "source", found->where.source);
    cJSON_AddBoolToObject(document, "folded", found->where.folded);
    if (found->where.folded) {
        explain_json(cli, found, document);
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        struct table *table = report_table(cli, f->lists[i], sections[i].columns, sections[i].count);
        cJSON *totals = NULL;

        cJSON_AddItemToObject(document, sections[i].name, table_json(table, &totals));
        cJSON_Delete(totals);
        table_destroy(&table);
    }
    if (found->where.folded && f->count) {
        code = explain_count_json(cli, found, document);
    }
    printed = cli_print_json(cli, document);
    return printed == EXIT_FINE ? code : printed;
}

static enum status read_lists(struct db *db, struct findings *f)
{
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;

    for (size_t i = 0; i < SECTIONS && st == STATUS_OK; i++) {
        db_params_reset(params);
        db_param_int4(params, f->found.where.source_id);
        db_param_text(params, f->found.code);
        st = db_run(db, sections[i].query, params, &f->lists[i]);
    }
    db_params_destroy(&params);
    return st == STATUS_OK ? db_commit(db) : st;
}

static int run(struct cli *cli, const char *code, const char *source, bool count)
{
    struct findings f = {.found.code = code, .count = count};
    struct db *db;
    enum status st;
    int exit_code = cli_snapshot(cli, &db);

    if (exit_code == EXIT_FINE) {
        exit_code = report_find_dossier(cli, db, code, source, &f.found.where);
    }
    if (exit_code == EXIT_FINE && f.found.where.folded) {
        exit_code = explain_judge(cli, db, &f.found);
    }
    if (exit_code == EXIT_FINE) {
        st = read_lists(db, &f);
        exit_code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (exit_code == EXIT_FINE) {
        exit_code = cli->format == CLI_JSON ? print_json(cli, &f) : print_text(cli, &f);
    }
    explain_case_clear(&f.found);
    for (size_t i = 0; i < SECTIONS; i++) {
        PQclear(f.lists[i]);
    }
    return exit_code;
}

int cmd_explain(struct cli *cli, int argc, char **argv)
{
    const char *source = NULL;
    bool count = false;
    const struct cli_option options[] = {
        {"--source", CLI_TEXT_VALUE, &source}, {"--count", CLI_FLAG, &count}, {NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2) {
        return cli_usage(cli, "usage: kipthoi explain DOSSIER [--count] [--source S]");
    }
    if (cli->format == CLI_CSV) {
        return cli_usage(cli, "explain prints no CSV; use --json");
    }
    return run(cli, argv[1], source, count);
}
