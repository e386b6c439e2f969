/* SPDX-License-Identifier: MIT */
/* rebuild.c - kipthoi rebuild, rebase: folding the ledger anew, and going on after a restored dump. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

#define LOOK_MS 250
#define STALLED_MS 10000
/* It waits for slices in hand, and cuts large tables. */
#define REBUILD_LIMIT_MS (10 * 60 * 1000)
#define SHARDS_MAX 64
#define BAR_WIDTH 30

static const char rebuild_help[] =
    "kipthoi rebuild [--shards N] [--wait] - drops all that is derived and folds the whole ledger again\n\n"
    "Dossiers, counts and verdict changes are made anew from the events; letters, alerts, units and keys stay.  "
    "Running\n"
    "scorers take the work up by themselves.  Asks first on a terminal; without one it needs --yes.\n\n"
    "  --shards N   divide the dossiers among so many shards: 1 2 4 8 16 32 64 (default: as now)\n"
    "  --wait       waits until everything is folded, with progress; says so when no scorer works\n\n"
    "examples:\n"
    "  kipthoi rebuild --wait\n"
    "  kipthoi rebuild --shards 4 --yes\n";

static const char rebase_help[] =
    "kipthoi rebase - goes on after a dump was restored into another database cluster\n\n"
    "Transaction numbers start anew there; what is in the ledger keeps its old ones in sealed segments, and a new "
    "segment\n"
    "takes the new ones.  Does nothing when the cluster is the right one already.  Run it before the stages start.\n\n"
    "examples:\n"
    "  kipthoi rebase\n";

/* How far the scorers have come: rebuild_progress.sql. */
struct progress_now {
    int64_t folded;
    int64_t total;
    int64_t updated_us; /* the newest cursor */
    bool behind;
};

static enum status look(struct db *db, struct progress_now *now)
{
    PGresult *row = NULL;
    enum status st = db_run(db, SQL_REBUILD_PROGRESS, NULL, &row);

    if (st == STATUS_OK) {
        now->folded = db_int(row, 0, 0);
        now->total = db_int(row, 0, 1);
        now->updated_us = db_us(row, 0, 2);
        now->behind = db_bool(row, 0, 3);
    }
    PQclear(row);
    return st;
}

static void draw(const struct cli *cli, const struct progress_now *now)
{
    int64_t total = now->total > 0 ? now->total : 1;
    int filled = (int)((now->folded < total ? now->folded : total) * BAR_WIDTH / total);

    if (!cli->terminal) {
        return;
    }
    fputs("\r[", stderr);
    for (int i = 0; i < BAR_WIDTH; i++) {
        fputs(i < filled ? "=" : " ", stderr);
    }
    fprintf(stderr, "] %lld / %lld", (long long)now->folded, (long long)now->total);
    fflush(stderr);
}

static void finish(const struct cli *cli, const struct progress_now *now, int64_t took_ms)
{
    char folded[24];
    char seconds[24];
    char rate[24];

    if (cli->terminal) {
        putc('\n', stderr);
    }
    snprintf(folded, sizeof folded, "%lld", (long long)now->folded);
    snprintf(seconds, sizeof seconds, "%lld.%lld", (long long)(took_ms / 1000), (long long)(took_ms % 1000 / 100));
    snprintf(rate, sizeof rate, "%lld", (long long)(now->folded * 1000 / (took_ms > 0 ? took_ms : 1)));
    cli_say(cli, WORD_REBUILD_DONE, folded, seconds, rate, NULL);
}

/* Waits until no shard is behind.  A scorer that makes no step is told once, and waited for on. */
static int wait_folded(struct cli *cli, struct db *db)
{
    int64_t began_ms = clock_monotonic_ms();
    int64_t moved_ms = began_ms;
    int64_t last_update_us = DB_NULL_US;
    bool told = false;
    struct progress_now now;

    for (;;) {
        enum status st = look(db, &now);
        int64_t now_ms = clock_monotonic_ms();

        if (st != STATUS_OK) {
            return cli_db_failed(cli, db, st);
        }
        draw(cli, &now);
        if (!now.behind) {
            finish(cli, &now, now_ms - began_ms);
            return EXIT_FINE;
        }
        if (now.updated_us != last_update_us) {
            last_update_us = now.updated_us;
            moved_ms = now_ms;
        } else if (!told && now_ms - moved_ms >= STALLED_MS) {
            cli_tell(cli, WORD_REBUILD_STALLED, NULL);
            told = true;
        }
        /* The next look, not a wait for something: poll without descriptors is a timer that signals end. */
        (void)poll(NULL, 0, LOOK_MS);
    }
}

static enum status begin(struct db *db, int64_t shards)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        if (shards == 0) {
            db_param_null(params);
        } else {
            db_param_int4(params, (int32_t)shards);
        }
        st = db_run(db, SQL_REBUILD_BEGIN, params, NULL);
    }
    db_params_destroy(&params);
    return st;
}

int cmd_rebuild(struct cli *cli, int argc, char **argv)
{
    int64_t shards = 0;
    bool wait = false;
    const struct cli_option options[] = {
        {"--shards", CLI_INT_VALUE, &shards}, {"--wait", CLI_FLAG, &wait}, {NULL, CLI_FLAG, NULL}};
    struct db *db;
    enum status st;
    int code = cli_options(cli, &argc, argv, options, rebuild_help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi rebuild [--shards N] [--wait]");
    }
    if (shards > SHARDS_MAX || (shards & (shards - 1)) != 0) {
        return cli_usage(cli, "--shards: one of 1 2 4 8 16 32 64");
    }
    if (!cli->yes && (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))) {
        return cli_usage(cli, "rebuild: there is no terminal to ask on; when it is meant, add --yes");
    }
    if (!cli_confirm(cli, cli_word(cli, WORD_REBUILD_ASK), false)) {
        return EXIT_ANSWER_NO;
    }
    code = cli_db(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    st = db_set_limit(db, REBUILD_LIMIT_MS);
    if (st == STATUS_OK) {
        st = begin(db, shards);
    }
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (!wait) {
        cli_say(cli, WORD_REBUILD_BEGUN, NULL);
        return EXIT_FINE;
    }
    return wait_folded(cli, db);
}

int cmd_rebase(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    PGresult *row = NULL;
    struct db *db;
    char segment[24];
    enum status st;
    int code = cli_options(cli, &argc, argv, options, rebase_help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi rebase");
    }
    code = cli_db(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    st = db_set_limit(db, REBUILD_LIMIT_MS);
    if (st == STATUS_OK) {
        st = db_run(db, SQL_REBUILD_REBASE, NULL, &row);
    }
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (db_null(row, 0, 0)) {
        cli_say(cli, WORD_REBASE_NOTHING, NULL);
    } else {
        snprintf(segment, sizeof segment, "%lld", (long long)db_int(row, 0, 0));
        cli_say(cli, WORD_REBASE_DONE, segment, NULL);
    }
    PQclear(row);
    return EXIT_FINE;
}
