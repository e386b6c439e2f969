/* SPDX-License-Identifier: MIT */
/* book_load.c - see book_load.h. */
#include "cli/book_load.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Looking for the dossiers concerned reads all of them. */
#define LOAD_LIMIT_MS (10 * 60 * 1000)

int book_load_begin(struct cli *cli, struct db **db_p)
{
    int code = cli_db(cli, db_p);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = db_set_limit(*db_p, LOAD_LIMIT_MS);
    if (st == STATUS_OK) {
        st = db_begin(*db_p);
    }
    if (st == STATUS_OK) {
        st = db_run(*db_p, SQL_CALENDAR_LOCK, NULL, NULL);
    }
    return st == STATUS_OK ? EXIT_FINE : book_load_end(cli, *db_p, EXIT_FINE, st, true);
}

int book_load_end(struct cli *cli, struct db *db, int code, enum status st, bool dry_run)
{
    bool store = code == EXIT_FINE && !dry_run;

    if (st == STATUS_OK && store) {
        st = db_run(db, SQL_BOOK_STAMP, NULL, NULL);
    }
    if (st == STATUS_OK && store) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (st != STATUS_OK || !store) {
        db_rollback(db);
    }
    return code;
}

const char *book_load_who(void)
{
    const char *user = getenv("USER");
    const struct passwd *login = user != NULL && *user != '\0' ? NULL : getpwuid(getuid());

    if (login != NULL) {
        return login->pw_name;
    }
    return user != NULL && *user != '\0' ? user : "operator";
}

const char *cli_who(const char *by)
{
    return by != NULL && *by != '\0' ? by : book_load_who();
}

cJSON *book_load_json(const long long numbers[3], bool dry_run)
{
    static const char *const names[] = {"new", "changed", "same"};
    cJSON *json = cJSON_CreateObject();

    for (int i = 0; i < 3; i++) {
        cJSON_AddNumberToObject(json, names[i], (double)numbers[i]);
    }
    cJSON_AddBoolToObject(json, "dry_run", dry_run);
    return json;
}

void book_load_tell(struct cli *cli, enum word word, const long long numbers[3], bool dry_run)
{
    char texts[3][24];

    for (int i = 0; i < 3; i++) {
        snprintf(texts[i], sizeof texts[i], "%lld", numbers[i]);
    }
    cli_say(cli, word, texts[0], texts[1], texts[2], NULL);
    if (dry_run) {
        cli_say(cli, WORD_LOAD_DRY, NULL);
    }
}

int book_load_answer(struct cli *cli, enum word word, const long long numbers[3], bool dry_run)
{
    if (cli->format == CLI_JSON) {
        return cli_print_json(cli, book_load_json(numbers, dry_run));
    }
    book_load_tell(cli, word, numbers, dry_run);
    return EXIT_FINE;
}
