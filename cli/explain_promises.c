/* SPDX-License-Identifier: MIT */
/* explain_promises.c - the promises of a dossier that was re-appointed, and which of them were broken. */
#include "cli/explain_parts.h"
#include "scorer/promises.h"

static void put_promise(const struct cli *cli, struct table *table, int64_t episode, int64_t due_us, int32_t broken)
{
    bool is_broken = episode <= broken; /* they break in their order */

    table_row(table);
    table_int(table, episode);
    cli_cell_time(table, due_us);
    table_bool(table, is_broken, cli_word(cli, is_broken ? WORD_YES : WORD_NO));
}

struct table *explain_promises(const struct cli *cli, const struct explain_case *found)
{
    const struct verdicts *verdicts = &found->verdicts;
    const struct verdict *promise = &verdicts->rule[RULE_PROMISE];
    struct table *table = table_new();
    const int64_t *dues;
    size_t later = promises_later(&found->dossier, promise, &dues);

    cli_column(cli, table, "episode", WORD_EPISODE, TABLE_RIGHT);
    cli_column(cli, table, "due", WORD_DUE, TABLE_LEFT);
    cli_column(cli, table, "broken", WORD_BROKEN, TABLE_LEFT);
    if (later > 0) {
        put_promise(cli, table, 1, promise->due_us, verdicts->broken);
    }
    for (size_t i = 0; i < later; i++) {
        put_promise(cli, table, (int64_t)i + 2, dues[i], verdicts->broken);
    }
    return table;
}
