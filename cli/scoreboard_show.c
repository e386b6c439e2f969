/* SPDX-License-Identifier: MIT */
/* scoreboard_show.c - a scoreboard as a table, for people and for programs. */
#include <stdio.h>
#include <string.h>

#include "cli/scoreboard.h"
#include "targets/rate.h"

static char point(const struct cli *cli)
{
    return cli->lang == LANG_VI ? ',' : '.';
}

/* The rule whose verdicts were counted; NULL for letters and indicators. */
static const char *rule_name(enum target_measure kind)
{
    static const char *const names[] = {"promise", "portal", "intake", NULL, NULL};

    return names[board_source(kind)];
}

static const char *basis_name(enum target_measure kind)
{
    static const char *const names[] = {"finished", "portal", "finished", "letters", "reported"};

    return names[board_source(kind)];
}

/* What comes as indicators is reported for a period, not counted by days: no pace. */
static bool forecast(const struct scoreboard *self, const struct board_row *row, struct score_verdict *verdict)
{
    int32_t days = self->elapsed_days;

    if (days == 0 || row->target->kind == TARGET_REPORTED) {
        return false;
    }
    *verdict = score_forecast(row->target, &row->tally, days, self->period.last_day - self->period.first_day + 1);
    return verdict->answer != SCORE_NO_DATA;
}

static void put_met(const struct cli *cli, struct table *table, enum score_answer answer)
{
    if (answer == SCORE_NO_DATA) {
        table_null(table);
        return;
    }
    table_bool(table, answer == SCORE_MET, cli_word(cli, answer == SCORE_MET ? WORD_TARGET_MET : WORD_TARGET_MISSED));
    table_tone(table, answer == SCORE_MET ? TABLE_GOOD : TABLE_BAD);
}

static enum word margin_word(const struct target *target, int64_t margin)
{
    switch (target->kind) {
    case TARGET_REPORTED:
        if (target->relation == TARGET_BELOW) {
            return margin >= 0 ? WORD_MARGIN_BELOW : WORD_MARGIN_ABOVE;
        }
        return margin >= 0 ? WORD_MARGIN_SPARE : WORD_MARGIN_SHORT;
    case TARGET_LETTERS_TIMELY:
        return margin >= 0 ? WORD_MARGIN_LETTERS : WORD_MARGIN_LETTERS_MISSED;
    case TARGET_ON_TIME:
    case TARGET_LATE:
    case TARGET_ON_TIME_PORTAL:
    case TARGET_INTAKE_ON_TIME:
        break;
    }
    return margin >= 0 ? WORD_MARGIN_LEFT : WORD_MARGIN_OVER;
}

/* Letters that were not in time: sent late, or not sent at all. */
static void tell_letters(const struct cli *cli, struct table *table, const char *margin,
                         const struct score_tally *tally)
{
    char late[SCORE_TEXT_SIZE], none[SCORE_TEXT_SIZE];
    char sentence[CLI_SENTENCE_SIZE];

    cli_number(cli, tally->broken - tally->none, late);
    cli_number(cli, tally->none, none);
    table_show(table, cli_sentence(cli, sentence, WORD_MARGIN_LETTERS_TOLD, margin, late, none, NULL));
}

static void put_margin(const struct cli *cli, struct table *table, const struct board_row *row,
                       const struct score_verdict *verdict)
{
    const struct target *target = row->target;
    char number[SCORE_TEXT_SIZE];
    char sentence[CLI_SENTENCE_SIZE];
    int64_t margin = verdict->margin;

    if (!verdict->bounded) {
        table_null(table);
        if (verdict->answer == SCORE_NO_DATA) {
            table_show(table, cli_word(cli, WORD_NO_DATA));
        }
        return;
    }
    cli_number(cli, margin < 0 ? -margin : margin, number);
    table_int(table, margin);
    cli_sentence(cli, sentence, margin_word(target, margin), number, NULL);
    if (target->kind == TARGET_LETTERS_TIMELY && row->tally.broken > 0) {
        tell_letters(cli, table, sentence, &row->tally);
    } else {
        table_show(table, sentence);
    }
}

/* A group as people call it: the first note in its rows, unless that is a whole text; else its name. */
static const char *group_title(const struct scoreboard *self, const char *name)
{
    enum { NAME, FIELD, NOTE, LONG = 64 };

    for (int r = 0; r < PQntuples(self->groups); r++) {
        const char *note = db_text(self->groups, r, NOTE);

        if (strcmp(db_text(self->groups, r, NAME), name) == 0 && *note != '\0' && strlen(note) <= LONG) {
            return note;
        }
    }
    return name;
}

/* Where: "H29.17, đất đai" for people. */
static void put_where(const struct cli *cli, struct table *table, const struct scoreboard *self,
                      const struct board_row *row)
{
    const char *unit = row->unit != NULL ? row->unit : self->unit;
    const char *field = row->field != NULL ? row->field : group_title(self, row->target->field_group);
    const char *parts[] = {unit == NULL      ? NULL
                           : unit[0] == '\0' ? cli_word(cli, WORD_NONE)
                                             : unit,
                           row->field != NULL && *field == '\0' ? cli_word(cli, WORD_NONE)
                           : *field == '\0'                     ? NULL
                                                                : field,
                           *row->target->procedure == '\0' ? NULL : row->target->procedure};
    char text[512];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != NULL) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : ", ", parts[i]);
        }
    }
    table_text(table, used == 0 ? cli_word(cli, WORD_EVERYWHERE) : text);
}

/* At what rate the period ends, and the answer where it is another one than the present. */
static void put_pace(const struct cli *cli, struct table *table, const struct scoreboard *self,
                     const struct board_row *row, enum score_answer present)
{
    struct score_verdict pace = {0};
    char rate[RATE_SIZE];
    char text[CLI_SENTENCE_SIZE];

    if (!forecast(self, row, &pace)) {
        table_null(table);
        return;
    }
    rate_format(pace.exact_part, pace.exact_whole, point(cli), rate);
    snprintf(text, sizeof text, "%s %s", rate,
             cli_word(cli, pace.answer == SCORE_MET ? WORD_TARGET_MET : WORD_TARGET_MISSED));
    table_text(table, pace.answer == present ? rate : text);
    table_tone(table, pace.answer == SCORE_MET ? TABLE_GOOD : TABLE_BAD);
}

static void put_people(struct cli *cli, struct table *table, const struct scoreboard *self, const struct board_row *row)
{
    struct score_verdict verdict = score_judge(row->target, &row->tally);
    char text[SCORE_TEXT_SIZE * 4];
    char part[SCORE_TEXT_SIZE];
    char whole[SCORE_TEXT_SIZE];

    table_text(table, row->target->title);
    put_where(cli, table, self, row);
    cli_cell_rate(cli, table, verdict.part, verdict.answer == SCORE_NO_DATA ? 0 : verdict.whole);
    snprintf(text, sizeof text, "%s / %s", cli_number(cli, verdict.part, part), cli_number(cli, verdict.whole, whole));
    table_text(table, text);
    table_text(table, score_demand(row->target, point(cli), text));
    put_met(cli, table, verdict.answer);
    put_margin(cli, table, row, &verdict);
    if (self->elapsed_days > 0) {
        put_pace(cli, table, self, row, verdict.answer);
    }
    table_text(table, row->replaces == NULL ? "" : score_demand(row->replaces, point(cli), text));
}

static void put_forecast(struct table *table, const struct scoreboard *self, const struct board_row *row)
{
    struct score_verdict pace = {0};
    char text[SCORE_TEXT_SIZE];
    bool known = forecast(self, row, &pace);

    if (!known) {
        for (int i = 0; i < 5; i++) {
            table_null(table);
        }
        return;
    }
    table_int(table, pace.part);
    table_int(table, pace.whole);
    table_text(table, rate_format(pace.exact_part, pace.exact_whole, '.', text));
    table_bool(table, pace.answer == SCORE_MET, "");
    if (pace.bounded) {
        table_int(table, pace.margin);
    } else {
        table_null(table);
    }
}

static void put_replaced(struct table *table, const struct target *replaced)
{
    char text[SCORE_TEXT_SIZE];

    if (replaced == NULL) {
        for (int i = 0; i < 4; i++) {
            table_null(table);
        }
        return;
    }
    table_text(table, replaced->plan);
    table_int(table, replaced->line);
    table_text(table, replaced->title);
    table_text(table, rate_format(replaced->bound_bp, TARGET_WHOLE_BP, '.', text));
}

/* late, finished, overdue of dossiers; timely, late, none of letters. */
static void put_counts(struct table *table, const struct board_row *row)
{
    const struct score_tally *tally = &row->tally;
    bool dossiers = rule_name(row->target->kind) != NULL;
    bool letters = row->target->kind == TARGET_LETTERS_TIMELY;
    const struct {
        bool known;
        int64_t count;
    } counts[] = {
        {dossiers || letters, tally->broken - tally->none},
        {dossiers, tally->kept + tally->broken},
        {dossiers, tally->overdue},
        {letters, tally->kept},
        {letters, tally->none},
    };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].known) {
            table_int(table, counts[i].count);
        } else {
            table_null(table);
        }
    }
}

static void put_programs(const struct cli *cli, struct table *table, const struct scoreboard *self,
                         const struct board_row *row)
{
    const struct target *target = row->target;
    struct score_verdict verdict = score_judge(target, &row->tally);
    char text[SCORE_TEXT_SIZE];

    table_text(table, target->plan);
    table_int(table, target->line);
    table_text(table, target->title);
    table_text(table, target->measure);
    table_text(table, rule_name(target->kind));
    table_text(table, basis_name(target->kind));
    table_text(table, row->unit != NULL ? row->unit : self->unit);
    table_text(table, row->field);
    table_text(table, *target->field_group == '\0' ? NULL : target->field_group);
    table_text(table, *target->procedure == '\0' ? NULL : target->procedure);
    table_text(table, self->period.name);
    table_text(table, target_period_name(target->period));
    table_int(table, verdict.part);
    table_int(table, verdict.whole);
    put_counts(table, row);
    cli_cell_rate(cli, table, verdict.part, verdict.answer == SCORE_NO_DATA ? 0 : verdict.whole);
    table_text(table, target_relation_name(target->relation));
    table_text(table, rate_format(target->bound_bp, TARGET_WHOLE_BP, '.', text));
    put_met(cli, table, verdict.answer);
    put_margin(cli, table, row, &verdict);
    put_replaced(table, row->replaces);
    put_forecast(table, self, row);
    cli_cell_time(table, self->as_of_us);
}

static void columns_people(const struct cli *cli, const struct scoreboard *self, struct table *table)
{
    cli_column(cli, table, "title", WORD_TARGET_TITLE, TABLE_LEFT);
    table_head_rows(table);
    cli_column(cli, table, "where", WORD_WHERE, TABLE_LEFT);
    table_give_way(table);
    cli_column(cli, table, "rate", WORD_SCORE_VALUE, TABLE_RIGHT);
    cli_column(cli, table, "counts", WORD_COUNTS, TABLE_RIGHT);
    cli_column(cli, table, "target", WORD_TARGET_BOUND, TABLE_RIGHT);
    cli_column(cli, table, "met", WORD_MET, TABLE_LEFT);
    cli_column(cli, table, "margin", WORD_MARGIN, TABLE_LEFT);
    if (self->elapsed_days > 0) {
        cli_column(cli, table, "forecast", WORD_PACE, TABLE_LEFT);
    }
    cli_column(cli, table, "replaces", WORD_REPLACES, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
}

static void columns_programs(struct table *table)
{
    static const char *const names[] = {"plan",
                                        "line",
                                        "title",
                                        "measure",
                                        "rule",
                                        "basis",
                                        "unit",
                                        "field",
                                        "field_group",
                                        "procedure",
                                        "window",
                                        "target_period",
                                        "numerator",
                                        "denominator",
                                        "late",
                                        "finished",
                                        "overdue",
                                        "timely",
                                        "none",
                                        "rate",
                                        "relation",
                                        "target",
                                        "met",
                                        "margin",
                                        "replaces_plan",
                                        "replaces_line",
                                        "replaces_title",
                                        "replaces_target",
                                        "forecast_numerator",
                                        "forecast_denominator",
                                        "forecast_rate",
                                        "forecast_met",
                                        "forecast_margin",
                                        "as_of"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        table_column(table, names[i], names[i], TABLE_LEFT);
    }
}

int scoreboard_print(struct cli *cli, struct scoreboard *self, const struct board *board)
{
    struct table *table = table_new();
    char shown[CLI_TIME_SIZE];
    int code;

    if (cli->format == CLI_TEXT) {
        columns_people(cli, self, table);
    } else {
        columns_programs(table);
    }
    for (size_t i = 0; i < board_rows(board); i++) {
        const struct board_row *row = board_row(board, i);

        table_row(table);
        if (cli->format == CLI_TEXT) {
            put_people(cli, table, self, row);
        } else {
            put_programs(cli, table, self, row);
        }
        self->missed = self->missed || score_judge(row->target, &row->tally).answer == SCORE_MISSED;
    }
    code = cli_print_table(cli, &table, self->as_of_us);
    if (cli->format == CLI_TEXT) {
        cli_say(cli, WORD_BOARD_LINE, self->period.name, cli_time(self->as_of_us, shown), NULL);
    }
    return code;
}
