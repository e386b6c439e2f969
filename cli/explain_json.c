/* SPDX-License-Identifier: MIT */
/* explain_json.c - a dossier explained, for programs. */
#include "cli/explain_parts.h"
#include "cli/flag_list.h"

static void add_code(cJSON *document, const char *name, const PGresult *row, int column)
{
    cJSON_AddStringToObject(document, name, db_text(row, 0, column));
}

/* A sentence, or null when there is nothing to say. */
static void add_sentence(cJSON *object, const char *name, const char *sentence)
{
    cJSON_AddItemToObject(object, name, sentence[0] == '\0' ? cJSON_CreateNull() : cJSON_CreateString(sentence));
}

static cJSON *class_json(const struct verdict *verdict)
{
    return verdict->class == VERDICT_CLASSES ? cJSON_CreateNull()
                                             : cJSON_CreateString(verdict_class_name(verdict->class));
}

static void add_verdict(const struct cli *cli, const struct explain_case *found, enum rule_name name, cJSON *document)
{
    static const char *const reasons[] = {"end",    "now",          "waiting",   "supplements",
                                          "no_due", "not_accepted", "withdrawn", "no_calendar"};
    const struct verdict *verdict = &found->verdicts.rule[name];
    const struct rule *rule = explain_rule(found, name);
    cJSON *object = cJSON_AddObjectToObject(document, rule_name_text(name));
    bool judged = verdict->class != VERDICT_CLASSES;
    const char *base = explain_base_name(found, name);
    char text[CLI_SENTENCE_SIZE];
    char day[CLI_TIME_SIZE];

    cJSON_AddItemToObject(object, "class", class_json(verdict));
    cJSON_AddItemToObject(object, "day", judged ? cJSON_CreateString(cli_date(verdict->day, day)) : cJSON_CreateNull());
    cJSON_AddItemToObject(object, "reason", judged ? cJSON_CreateString(reasons[verdict->reason]) : cJSON_CreateNull());
    add_sentence(object, "why", explain_because(cli, found, name, text));
    cJSON_AddItemToObject(object, "due", cli_json_time(verdict->due_us));
    cJSON_AddItemToObject(object, "base", base == NULL ? cJSON_CreateNull() : cJSON_CreateString(base));
    cJSON_AddItemToObject(object, "base_due",
                          cli_json_time(name == RULE_INTAKE ? verdict->due_us : explain_due_after(found, name, 0)));
    add_sentence(object, "due_why", explain_due_way(cli, found, name, text));
    cJSON_AddItemToObject(object, "end", cli_json_time(verdict->end_us));
    cJSON_AddItemToObject(object, "flips_at", cli_json_time(verdict->flips_us));
    add_sentence(object, "needed", explain_needed(cli, found, name, text));
    cJSON_AddNumberToObject(object, "rule_version", rule->version);
    cJSON_AddItemToObject(object, "rule_since", cli_json_time(rule->effective_us));
    cJSON_AddNumberToObject(object, "calendar", verdict->calendar);
}

static void add_difference(const struct cli *cli, const struct explain_case *found, cJSON *document)
{
    cJSON *gap;
    char text[CLI_SENTENCE_SIZE];

    if (found->gap.count == 0 && !found->gap.no_calendar) {
        cJSON_AddNullToObject(document, "gap");
        return;
    }
    gap = cJSON_AddObjectToObject(document, "gap");
    cJSON *switches = cJSON_AddArrayToObject(gap, "switches");
    for (int i = 0; i < found->gap.count; i++) {
        cJSON_AddItemToArray(switches, cJSON_CreateString(rule_switch_name(found->gap.switches[i])));
    }
    add_sentence(gap, "why", explain_gap_text(cli, found, text));
}

static void add_calendar(const struct cli *cli, const struct explain_case *found, cJSON *document)
{
    enum { IN_FORCE = 3, NAME = 4 };
    int version = found->verdicts.calendar;
    cJSON *calendar = cJSON_AddObjectToObject(document, "calendar");
    char text[CLI_SENTENCE_SIZE];

    cJSON_AddNumberToObject(calendar, "version", version);
    cJSON_AddItemToObject(calendar, "name",
                          version > 0 ? cJSON_CreateString(db_text(found->calendars, version - 1, NAME))
                                      : cJSON_CreateNull());
    cJSON_AddItemToObject(calendar, "in_force",
                          version > 0 ? cli_json_time(db_us(found->calendars, version - 1, IN_FORCE))
                                      : cJSON_CreateNull());
    add_sentence(calendar, "text", explain_calendar_text(cli, found, text));
}

static void add_table(cJSON *document, const char *name, struct table *table)
{
    cJSON *totals = NULL;

    cJSON_AddItemToObject(document, name, table_json(table, &totals));
    cJSON_Delete(totals);
    table_destroy(&table);
}

static void add_flags(const struct cli *cli, const struct explain_case *found, cJSON *document)
{
    cJSON *names = cJSON_AddArrayToObject(document, "flags");
    cJSON *sentences = cJSON_AddArrayToObject(document, "flags_why");

    for (int i = 0; i < FLAG_COUNT; i++) {
        if ((found->verdicts.flags & flag_bit(i)) != 0) {
            cJSON_AddItemToArray(names, cJSON_CreateString(flag_name(i)));
            cJSON_AddItemToArray(sentences, cJSON_CreateString(cli_word(cli, flag_word(i))));
        }
    }
}

/* What the stored row says, where that is something else. */
static void add_stored(const struct explain_case *found, cJSON *document)
{
    const char *names[EXPLAIN_DIFFERENCES];
    cJSON *differs = cJSON_AddArrayToObject(document, "differs");
    cJSON *stored;

    explain_compare(found, names);
    if (names[0] == NULL) {
        cJSON_AddNullToObject(document, "stored");
        return;
    }
    for (int i = 0; names[i] != NULL; i++) {
        cJSON_AddItemToArray(differs, cJSON_CreateString(names[i]));
    }
    stored = cJSON_AddObjectToObject(document, "stored");
    add_code(stored, "state", found->row, EXPLAIN_STATE);
    for (int name = 0; name < RULES; name++) {
        int at = EXPLAIN_CLASS + name * EXPLAIN_RULE_COLUMNS;

        cJSON_AddItemToObject(stored, rule_name_text((enum rule_name)name),
                              db_null(found->row, 0, at) ? cJSON_CreateNull()
                                                         : cJSON_CreateString(db_text(found->row, 0, at)));
    }
}

void explain_json(const struct cli *cli, const struct explain_case *found, cJSON *document)
{
    struct explain_date dates[EXPLAIN_DATES];
    char text[CLI_SENTENCE_SIZE];

    add_code(document, "unit", found->row, EXPLAIN_UNIT);
    add_code(document, "unit_name", found->row, EXPLAIN_UNIT_NAME);
    add_code(document, "field", found->row, EXPLAIN_FIELD);
    add_code(document, "field_name", found->row, EXPLAIN_FIELD_NAME);
    add_code(document, "procedure", found->row, EXPLAIN_PROCEDURE);
    add_code(document, "procedure_name", found->row, EXPLAIN_PROCEDURE_NAME);
    cJSON_AddStringToObject(document, "state", dossier_state_name(fold_state(&found->dossier)));
    explain_dates(found, dates);
    for (size_t i = 0; i < EXPLAIN_DATES; i++) {
        cJSON_AddItemToObject(document, dates[i].name, cli_json_time(dates[i].moment_us));
    }
    cJSON_AddItemToObject(document, "paused_since", cli_json_time(explain_paused_since(found)));
    cJSON_AddItemToObject(document, "end", cli_json_time(explain_end(found)));
    cJSON_AddBoolToObject(document, "online", found->dossier.online);
    cJSON_AddNumberToObject(document, "supplements", found->dossier.supplements);
    cJSON_AddNumberToObject(document, "due_moves", found->dossier.due_moves);
    cJSON_AddItemToObject(document, "as_of", cli_json_time(found->judged_us));
    for (int name = 0; name < RULES; name++) {
        add_verdict(cli, found, (enum rule_name)name, document);
    }
    add_difference(cli, found, document);
    add_sentence(document, "term_why", explain_term_text(cli, found, text));
    add_calendar(cli, found, document);
    add_flags(cli, found, document);
    add_stored(found, document);
    cJSON_AddNumberToObject(document, "unreadable", found->unreadable);
    cJSON_AddNumberToObject(document, "broken", found->verdicts.broken);
    cJSON_AddItemToObject(document, "next_due", cli_json_time(found->verdicts.next_due_us));
    add_table(document, "promises", explain_promises(cli, found));
    add_table(document, "pauses", explain_pauses(cli, found));
}
