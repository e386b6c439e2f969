/* SPDX-License-Identifier: MIT */
/* standing.c - see standing.h. */
#include "cli/standing.h"

#include <stdio.h>

#include "cli/alerts.h"

static const struct {
    const char *name;
    enum word title;
} figures[STANDING_FIGURES] = {
    [STANDING_LETTERS] = {"letters_to_send", WORD_FIGURE_LETTERS},
    [STANDING_MISSED] = {"steps_missed", WORD_FIGURE_STEPS_MISSED},
    [STANDING_WAITING] = {"deliveries_waiting", WORD_FIGURE_WAITING},
    [STANDING_DEAD] = {"deliveries_dead", WORD_DEAD},
    [STANDING_UNCERTAIN] = {"deliveries_uncertain", WORD_UNCERTAIN},
    [STANDING_STRANDED] = {"notices_stranded", WORD_FIGURE_STRANDED},
    [STANDING_UNHEARD] = {"units_unheard", WORD_FIGURE_UNHEARD},
    [STANDING_KEYS] = {"keys_unusable", WORD_FIGURE_KEYS},
};

static enum status read_counts(const struct cli *cli, struct db *db, struct standing *standing)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_us(params, alerts_missed_before_us(cli));
        st = db_run(db, SQL_STATUS_ALERTS, params, &row);
    }
    for (int i = STANDING_LETTERS; st == STATUS_OK && i <= STANDING_STRANDED; i++) {
        standing->figures[i] = db_int(row, 0, i);
    }
    PQclear(row);
    db_params_destroy(&params);
    return st;
}

enum status standing_read(const struct cli *cli, struct db *db, struct standing *standing)
{
    PGresult *unheard = NULL;
    enum status st;

    *standing = (struct standing){0};
    st = read_counts(cli, db, standing);
    if (st == STATUS_OK) {
        st = recipients_read_unheard(db, &unheard);
    }
    if (st == STATUS_OK) {
        standing->figures[STANDING_UNHEARD] = PQntuples(unheard);
        snprintf(standing->unheard, sizeof standing->unheard, "%.120s",
                 PQntuples(unheard) > 0 ? db_text(unheard, 0, 0) : "");
        st = recipients_look_at_keys(db, &standing->keys);
        standing->figures[STANDING_KEYS] = standing->keys.bad;
    }
    PQclear(unheard);
    return st;
}

const char *standing_name(enum standing_figure figure)
{
    return figures[figure].name;
}

enum word standing_title(enum standing_figure figure)
{
    return figures[figure].title;
}
