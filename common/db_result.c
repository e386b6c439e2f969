/* SPDX-License-Identifier: MIT */
/* db_result.c - cells of a binary result, and what an SQLSTATE asks for. */
#include <endian.h>
#include <string.h>

#include "common/db.h"
#include "common/db_wire.h"

bool db_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) != 0;
}

bool db_bool(const PGresult *result, int row, int column)
{
    return !db_null(result, row, column) && PQgetvalue(result, row, column)[0] != 0;
}

int64_t db_int(const PGresult *result, int row, int column)
{
    const char *cell = PQgetvalue(result, row, column);
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    switch (PQgetlength(result, row, column)) {
    case 2:
        memcpy(&two, cell, sizeof two);
        return (int16_t)be16toh(two);
    case 4:
        memcpy(&four, cell, sizeof four);
        return (int32_t)be32toh(four);
    case 8:
        memcpy(&eight, cell, sizeof eight);
        return (int64_t)be64toh(eight);
    default:
        return 0;
    }
}

int64_t db_us(const PGresult *result, int row, int column)
{
    int64_t moment;

    if (db_null(result, row, column)) {
        return DB_NULL_US;
    }
    moment = db_int(result, row, column);
    if (moment == INT64_MAX) {
        return DB_INFINITY_US;
    }
    return moment == INT64_MIN ? DB_MINUS_INFINITY_US : moment + DB_WIRE_EPOCH_US;
}

int32_t db_day(const PGresult *result, int row, int column)
{
    return db_null(result, row, column) ? 0 : (int32_t)db_int(result, row, column) + DB_WIRE_EPOCH_DAYS;
}

const char *db_text(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column);
}

int db_len(const PGresult *result, int row, int column)
{
    return PQgetlength(result, row, column);
}

enum status db_status_from_sqlstate(const char *sqlstate)
{
    static const char *const retry[] = {"08", "40", "53", "57"};
    static const char *const invalid[] = {"22", "23"};

    if (sqlstate == NULL || sqlstate[0] == '\0' || strcmp(sqlstate, "55P03") == 0) {
        return STATUS_RETRY;
    }
    for (size_t i = 0; i < sizeof retry / sizeof *retry; i++) {
        if (strncmp(sqlstate, retry[i], 2) == 0) {
            return STATUS_RETRY;
        }
    }
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        if (strncmp(sqlstate, invalid[i], 2) == 0) {
            return STATUS_INVALID;
        }
    }
    return STATUS_FATAL;
}
