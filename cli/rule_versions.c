/* SPDX-License-Identifier: MIT */
/* rule_versions.c - see rule_versions.h. */
#include "cli/rule_versions.h"

#include <stdlib.h>

#include "scorer/rule_switch.h"

void rule_versions_free(struct rule_versions *self)
{
    PQclear(self->rows);
    free(self->rules);
}

enum status rule_versions_read(struct rule_versions *self, struct db *db)
{
    enum status st;

    *self = (struct rule_versions){.rows = NULL};
    st = db_run(db, SQL_RULE_VERSION_LIST, NULL, &self->rows);
    if (st != STATUS_OK) {
        return st;
    }
    self->count = PQntuples(self->rows);
    self->rules = calloc((size_t)self->count + 1, sizeof *self->rules);
    if (self->rules == NULL) {
        return STATUS_RETRY;
    }
    for (int row = 0; row < self->count && st == STATUS_OK; row++) {
        st = rule_switch_read_row(self->rows, row, &self->rules[row]);
    }
    return st;
}

int rule_versions_before(const struct rule_versions *self, int index)
{
    return index > 0 && self->rules[index - 1].name == self->rules[index].name ? index - 1 : -1;
}
