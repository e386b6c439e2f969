/* SPDX-License-Identifier: MIT */
/* audit_exception.c - see audit_exception.h. */
#include "cli/audit_exception.h"

#include <stdio.h>
#include <string.h>

/* What audit_exception.sql gives, in this order. */
enum column { KIND, TOTAL, SUBJECT, WHO, WHY };

static bool begins_kind(const PGresult *result, int r)
{
    return r == 0 || strcmp(db_text(result, r, KIND), db_text(result, r - 1, KIND)) != 0;
}

void audit_exceptions_print(const struct cli *cli, const PGresult *result)
{
    char total[24];

    for (int r = 0; r < PQntuples(result); r++) {
        bool erased = strcmp(db_text(result, r, KIND), "erased") == 0;

        if (db_int(result, r, TOTAL) == 0) {
            continue;
        }
        if (begins_kind(result, r)) {
            snprintf(total, sizeof total, "%lld", (long long)db_int(result, r, TOTAL));
            cli_say(cli, erased ? WORD_AUDIT_ERASED : WORD_AUDIT_WAIVED, total, NULL);
        }
        if (!db_null(result, r, SUBJECT)) {
            cli_say(cli, WORD_AUDIT_DECIDED, db_text(result, r, SUBJECT), db_text(result, r, WHO),
                    db_text(result, r, WHY), NULL);
        }
    }
}

cJSON *audit_exceptions_json(const PGresult *result)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *found = NULL;

    for (int r = 0; r < PQntuples(result); r++) {
        if (begins_kind(result, r)) {
            cJSON *kind = cJSON_AddObjectToObject(json, db_text(result, r, KIND));

            cJSON_AddNumberToObject(kind, "count", (double)db_int(result, r, TOTAL));
            found = cJSON_AddArrayToObject(kind, "found");
        }
        if (!db_null(result, r, SUBJECT)) {
            cJSON *one = cJSON_CreateObject();

            cJSON_AddStringToObject(one, "subject", db_text(result, r, SUBJECT));
            cJSON_AddStringToObject(one, "who", db_text(result, r, WHO));
            cJSON_AddStringToObject(one, "why", db_text(result, r, WHY));
            cJSON_AddItemToArray(found, one);
        }
    }
    return json;
}
