/* SPDX-License-Identifier: MIT */
/* db_param.c - parameters in PostgreSQL's binary format. */
#include "common/db_param.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_wire.h"

struct db_params {
    struct db_wire bytes;
    size_t starts[DB_PARAM_MAX];      /* offset of each parameter in bytes */
    const char *values[DB_PARAM_MAX]; /* filled by finish */
    int lengths[DB_PARAM_MAX];
    int formats[DB_PARAM_MAX];
    bool nulls[DB_PARAM_MAX];
    int count;
    int32_t elements; /* of the array being filled */
    bool in_array;
    enum db_array array;
};

/* Offsets in an array value: dimensions, has-null flag, element type, count, lower bound. */
enum { ARRAY_HASNULL_AT = 4, ARRAY_COUNT_AT = 12, ARRAY_HEADER = 20 };

static const int32_t array_oids[] = {
    [DB_ARRAY_INT2] = 21,  [DB_ARRAY_INT4] = 23, [DB_ARRAY_INT8] = 20,  [DB_ARRAY_US] = 1184,
    [DB_ARRAY_DAY] = 1082, [DB_ARRAY_TEXT] = 25, [DB_ARRAY_BYTES] = 17,
};

struct db_params *db_params_new(void)
{
    return calloc(1, sizeof(struct db_params));
}

void db_params_destroy(struct db_params **self_p)
{
    if (*self_p != NULL) {
        db_wire_clear(&(*self_p)->bytes);
        free(*self_p);
        *self_p = NULL;
    }
}

void db_params_reset(struct db_params *self)
{
    self->bytes.len = 0;
    self->bytes.short_of_memory = false;
    self->count = 0;
    self->in_array = false;
}

/* The element count of an array is known only when the next parameter starts. */
static void close_array(struct db_params *self)
{
    if (self->in_array && !self->bytes.short_of_memory) {
        int32_t count = (int32_t)htobe32((uint32_t)self->elements);
        memcpy(self->bytes.data + self->starts[self->count - 1] + ARRAY_COUNT_AT, &count, sizeof count);
    }
    self->in_array = false;
}

static void start(struct db_params *self, bool null)
{
    close_array(self);
    if (self->count == DB_PARAM_MAX) {
        abort(); /* a statement of ours with more parameters than DB_PARAM_MAX */
    }
    self->starts[self->count] = self->bytes.len;
    self->nulls[self->count] = null;
    self->count++;
}

void db_param_null(struct db_params *self)
{
    start(self, true);
}

void db_param_bool(struct db_params *self, bool value)
{
    start(self, false);
    db_wire_bytes(&self->bytes, value ? "\1" : "\0", 1);
}

void db_param_int2(struct db_params *self, int16_t value)
{
    start(self, false);
    db_wire_int2(&self->bytes, value);
}

void db_param_int4(struct db_params *self, int32_t value)
{
    start(self, false);
    db_wire_int4(&self->bytes, value);
}

void db_param_int8(struct db_params *self, int64_t value)
{
    start(self, false);
    db_wire_int8(&self->bytes, value);
}

void db_param_us(struct db_params *self, int64_t moment_us)
{
    start(self, moment_us == DB_NULL_US);
    if (moment_us != DB_NULL_US) {
        db_wire_int8(&self->bytes, db_wire_moment(moment_us));
    }
}

void db_param_day(struct db_params *self, int32_t day)
{
    start(self, false);
    db_wire_int4(&self->bytes, day - DB_WIRE_EPOCH_DAYS);
}

void db_param_text(struct db_params *self, const char *text)
{
    if (text == NULL) {
        db_param_null(self);
    } else {
        db_param_text_len(self, text, strlen(text));
    }
}

void db_param_text_len(struct db_params *self, const char *text, size_t len)
{
    start(self, false);
    db_wire_bytes(&self->bytes, text, len);
}

void db_param_array(struct db_params *self, enum db_array type)
{
    start(self, false);
    db_wire_int4(&self->bytes, 1);
    db_wire_int4(&self->bytes, 0);
    db_wire_int4(&self->bytes, array_oids[type]);
    db_wire_int4(&self->bytes, 0);
    db_wire_int4(&self->bytes, 1);
    self->in_array = true;
    self->array = type;
    self->elements = 0;
}

void db_param_add_null(struct db_params *self)
{
    int32_t yes = (int32_t)htobe32(1);

    db_wire_int4(&self->bytes, -1);
    if (!self->bytes.short_of_memory) {
        memcpy(self->bytes.data + self->starts[self->count - 1] + ARRAY_HASNULL_AT, &yes, sizeof yes);
    }
    self->elements++;
}

void db_param_add_int(struct db_params *self, int64_t value)
{
    self->elements++;
    if (self->array == DB_ARRAY_INT2) {
        db_wire_int4(&self->bytes, 2);
        db_wire_int2(&self->bytes, (int16_t)value);
    } else if (self->array == DB_ARRAY_INT8) {
        db_wire_int4(&self->bytes, 8);
        db_wire_int8(&self->bytes, value);
    } else {
        int32_t shift = self->array == DB_ARRAY_DAY ? DB_WIRE_EPOCH_DAYS : 0;
        db_wire_int4(&self->bytes, 4);
        db_wire_int4(&self->bytes, (int32_t)value - shift);
    }
}

void db_param_add_us(struct db_params *self, int64_t moment_us)
{
    if (moment_us == DB_NULL_US) {
        db_param_add_null(self);
        return;
    }
    self->elements++;
    db_wire_int4(&self->bytes, 8);
    db_wire_int8(&self->bytes, db_wire_moment(moment_us));
}

void db_param_add_text(struct db_params *self, const char *text)
{
    if (text == NULL) {
        db_param_add_null(self);
    } else {
        db_param_add_bytes(self, text, strlen(text));
    }
}

void db_param_add_bytes(struct db_params *self, const void *bytes, size_t len)
{
    self->elements++;
    db_wire_int4(&self->bytes, (int32_t)len);
    db_wire_bytes(&self->bytes, bytes, len);
}

int db_params_finish(struct db_params *self, const char *const **values, const int **lengths, const int **formats)
{
    close_array(self);
    if (self->bytes.short_of_memory) {
        return -1;
    }
    for (int i = 0; i < self->count; i++) {
        size_t end = i + 1 < self->count ? self->starts[i + 1] : self->bytes.len;

        /* An empty value must not look like NULL, which a null pointer means to libpq. */
        self->values[i] = self->nulls[i] ? NULL : end > self->starts[i] ? self->bytes.data + self->starts[i] : "";
        self->lengths[i] = (int)(end - self->starts[i]);
        self->formats[i] = 1;
    }
    *values = self->values;
    *lengths = self->lengths;
    *formats = self->formats;
    return self->count;
}
