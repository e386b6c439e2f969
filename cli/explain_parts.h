/* SPDX-License-Identifier: MIT */
/*
 * explain_parts.h - what the parts of kipthoi explain share: a dossier folded and judged again from the ledger, and
 * sentences about it.
 */
#ifndef CLI_EXPLAIN_PARTS_H
#define CLI_EXPLAIN_PARTS_H

#include "cli/explain_gap.h"
#include "cli/report.h"
#include "common/calendar.h"
#include "common/envelope.h"
#include "scorer/book.h"
#include "scorer/fold.h"
#include "scorer/rule.h"
#include "scorer/slice.h"
#include "scorer/verdict.h"

/* Columns of explain_dossier.sql. */
enum explain_column {
    EXPLAIN_UNIT,
    EXPLAIN_UNIT_NAME,
    EXPLAIN_FIELD,
    EXPLAIN_FIELD_NAME,
    EXPLAIN_PROCEDURE,
    EXPLAIN_PROCEDURE_NAME,
    EXPLAIN_STATE,
    EXPLAIN_FLAGS,
    EXPLAIN_CALENDAR,
    EXPLAIN_DUE_COMPUTED,
    EXPLAIN_JUDGED_AT,
    EXPLAIN_CLASS, /* of each rule: class, day, due */
    EXPLAIN_DAY,
    EXPLAIN_DUE,
    EXPLAIN_RULE_COLUMNS = 3,
    EXPLAIN_BROKEN = EXPLAIN_CLASS + RULES * EXPLAIN_RULE_COLUMNS,
    EXPLAIN_NEXT_DUE
};

/* Begin with a zeroed one, end with explain_case_clear. */
struct explain_case {
    const char *code;
    struct report_dossier where;
    PGresult *row;       /* explain_dossier.sql: one row, NULL while the dossier was not folded */
    PGresult *calendars; /* calendar_versions.sql */
    PGresult *events;
    struct slice slice;
    struct book *book;
    struct dossier dossier; /* folded again; valid when row is */
    char unit[ENVELOPE_CODE_MAX + 1];
    char procedure[ENVELOPE_CODE_MAX + 1];
    int64_t judged_us;
    struct verdict_basis basis;
    struct verdicts verdicts;
    struct explain_gap gap;
    int unreadable; /* ledger rows that could not be taken apart, passed over */
};

/*
 * Reads the stored row and the events of case->where, folds them and judges them as of the moment by which the stored
 * row was judged.  EXIT_FINE, or the exit code with the reason printed.
 */
int explain_judge(struct cli *cli, struct db *db, struct explain_case *found);
void explain_case_clear(struct explain_case *found);

/* The rule of the version that judges the dossier. */
const struct rule *explain_rule(const struct explain_case *found, enum rule_name name);
/* The due under a rule as its first `pauses` pauses have made it. */
int64_t explain_due_after(const struct explain_case *found, enum rule_name name, size_t pauses);
/* The calendar that counts working time here, and its version; NULL and 0 when there is none. */
const struct calendar *explain_calendar(const struct explain_case *found, int *version);

/* When it ended by the promise's rule; FOLD_NONE_US while it is open. */
int64_t explain_end(const struct explain_case *found);
/* Since when it waits for the citizen; FOLD_NONE_US when it does not, or has ended. */
int64_t explain_paused_since(const struct explain_case *found);

/*
 * What the stored row says otherwise than the events: names ("state", "promise", ...) ended by NULL.  Some: the scorer
 * is behind, or rules, calendars or codes were loaded later.
 */
#define EXPLAIN_DIFFERENCES 10
void explain_compare(const struct explain_case *found, const char *names[EXPLAIN_DIFFERENCES]);

/* Sentences; each writes to out and returns it, "" when there is nothing to say. */
const char *explain_because(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                            char out[CLI_SENTENCE_SIZE]);
const char *explain_due_way(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                            char out[CLI_SENTENCE_SIZE]);
const char *explain_needed(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                           char out[CLI_SENTENCE_SIZE]);
/* Which switches make promise and portal differ, or that a calendar is missing. */
const char *explain_gap_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE]);
/* The due by the procedure's term against the one reported. */
const char *explain_term_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE]);
const char *explain_calendar_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE]);

/* "first", "current", "term" or "intake": where the due of a rule comes from; NULL when there is none. */
const char *explain_base_name(const struct explain_case *found, enum rule_name name);

/* The pauses as a table: when, why, how long in working time, and what each did to the dues. */
struct table *explain_pauses(const struct cli *cli, const struct explain_case *found);

/* The promises as a table: their dues, and which were broken; empty when there is only the first. */
struct table *explain_promises(const struct cli *cli, const struct explain_case *found);

/* A stretch of working time, counted day by day. */
struct explain_stretch {
    enum word title;
    const char *name; /* for programs */
    int64_t from_us;
    int64_t to_us;
};
/* From start to due, and each pause that is over or ended with the dossier; the caller frees *stretches.  Returns their
 * number. */
size_t explain_stretches(const struct explain_case *found, struct explain_stretch **stretches);
/* Prints the counts, after the report; EXIT_FINE, or the exit code with the reason printed. */
int explain_count_text(struct cli *cli, const struct explain_case *found);
/* Adds them to a document as "count". */
int explain_count_json(struct cli *cli, const struct explain_case *found, cJSON *document);

/* The whole of a case but for its lists. */
void explain_json(const struct cli *cli, const struct explain_case *found, cJSON *document);

/* The dates of a dossier in the order of the report. */
struct explain_date {
    const char *name;
    enum word title;
    int64_t moment_us;
};
#define EXPLAIN_DATES 13
void explain_dates(const struct explain_case *found, struct explain_date dates[EXPLAIN_DATES]);

#endif
