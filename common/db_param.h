/* SPDX-License-Identifier: MIT */
/*
 * db_param.h - parameters of a statement, in PostgreSQL's binary format.
 *
 * Add them in the order $1, $2, …  An array parameter is opened, filled element by element and closed by the next
 * parameter or by the run.  When memory is short the set remembers it and the run answers STATUS_RETRY, so the adding
 * calls return nothing.
 */
#ifndef COMMON_DB_PARAM_H
#define COMMON_DB_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_PARAM_MAX 48

/* ±infinity of a timestamptz. */
#define DB_INFINITY_US INT64_MAX
#define DB_MINUS_INFINITY_US (INT64_MIN + 1)
/* A NULL moment or number in the calls below. */
#define DB_NULL_US INT64_MIN

struct db_params;

/* NULL when memory is short. */
struct db_params *db_params_new(void);
void db_params_destroy(struct db_params **self_p);
/* Empties it for the next statement; keeps the memory. */
void db_params_reset(struct db_params *self);

void db_param_null(struct db_params *self);
void db_param_bool(struct db_params *self, bool value);
void db_param_int2(struct db_params *self, int16_t value);
void db_param_int4(struct db_params *self, int32_t value);
void db_param_int8(struct db_params *self, int64_t value);
void db_param_us(struct db_params *self, int64_t moment_us); /* timestamptz; DB_NULL_US is NULL */
void db_param_day(struct db_params *self, int32_t day);      /* date, days since 1970-01-01 */
void db_param_text(struct db_params *self,
                   const char *text); /* NULL is NULL; also enums; cast others: $1::text::pg_snapshot */
void db_param_text_len(struct db_params *self, const char *text, size_t len);

/* Element types of arrays. */
enum db_array { DB_ARRAY_INT2, DB_ARRAY_INT4, DB_ARRAY_INT8, DB_ARRAY_US, DB_ARRAY_DAY, DB_ARRAY_TEXT, DB_ARRAY_BYTES };

void db_param_array(struct db_params *self, enum db_array type);
/* Elements of the array opened last, of its type (int2/int4/int8/day through _int, which must fit). */
void db_param_add_int(struct db_params *self, int64_t value);
void db_param_add_us(struct db_params *self, int64_t moment_us);  /* DB_NULL_US is a NULL element */
void db_param_add_text(struct db_params *self, const char *text); /* NULL is a NULL element */
void db_param_add_null(struct db_params *self);
void db_param_add_bytes(struct db_params *self, const void *bytes, size_t len);

/* For the run: count, or -1 when memory was short; then PQexecPrepared's arrays. */
int db_params_finish(struct db_params *self, const char *const **values, const int **lengths, const int **formats);

#endif
