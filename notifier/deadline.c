/* SPDX-License-Identifier: MIT */
/* deadline.c - until when an apology letter is in time. */
#include "notifier/deadline.h"

#include "common/clock.h"
#include "common/local_time.h"

enum rule_column { RULE_VERSION, RULE_DAYS_BEFORE, RULE_EFFECTIVE, RULE_WHOLE_DAY };

enum status deadline_load(struct deadline_rules *self, struct db *db)
{
    PGresult *rows = NULL;
    enum status st = db_run(db, SQL_DEADLINE_RULES, NULL, &rows);

    if (st == STATUS_OK && (PQntuples(rows) == 0 || PQntuples(rows) > DEADLINE_RULES_MAX)) {
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        self->count = (size_t)PQntuples(rows);
    }
    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        self->rule[row] = (struct deadline_rule){
            .effective_us = db_us(rows, row, RULE_EFFECTIVE),
            .version = (int16_t)db_int(rows, row, RULE_VERSION),
            .days_before = (int16_t)db_int(rows, row, RULE_DAYS_BEFORE),
            .whole_day = db_bool(rows, row, RULE_WHOLE_DAY),
        };
    }
    PQclear(rows);
    return st;
}

const struct deadline_rule *deadline_rule_for(const struct deadline_rules *self, int64_t due_us)
{
    size_t at = 0;

    while (at + 1 < self->count && self->rule[at + 1].effective_us <= due_us) {
        at++;
    }
    return &self->rule[at];
}

int64_t deadline_of(const struct deadline_rule *rule, const struct hours *hours, int32_t unit_id, int64_t due_us)
{
    int64_t at_us = rule->days_before == 0 ? due_us : hours_before(hours, unit_id, due_us, rule->days_before, 0);

    /* The last microsecond of the local day, as a due without a time of day has. */
    return rule->whole_day ? local_day_begin_us(clock_local_day(at_us) + 1) - 1 : at_us;
}
