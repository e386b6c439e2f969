/* SPDX-License-Identifier: MIT */
/* db_copy.c - rows for COPY … FROM STDIN (FORMAT binary). */
#include <stdlib.h>
#include <string.h>

#include "common/db.h"
#include "common/db_copy.h"

static const char copy_signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* flags and header extension: zero */
enum { COPY_HEADER = 19 };

struct db_copy *db_copy_new(void)
{
    struct db_copy *self = calloc(1, sizeof *self);

    if (self != NULL) {
        db_copy_reset(self);
    }
    return self;
}

void db_copy_destroy(struct db_copy **self_p)
{
    if (*self_p != NULL) {
        db_wire_clear(&(*self_p)->wire);
        free(*self_p);
        *self_p = NULL;
    }
}

void db_copy_reset(struct db_copy *self)
{
    self->wire.len = 0;
    self->wire.short_of_memory = false;
    db_wire_bytes(&self->wire, copy_signature, COPY_HEADER);
}

void db_copy_row(struct db_copy *self, int columns)
{
    db_wire_int2(&self->wire, (int16_t)columns);
}

void db_copy_null(struct db_copy *self)
{
    db_wire_int4(&self->wire, -1);
}

void db_copy_bool(struct db_copy *self, bool value)
{
    char byte = value ? 1 : 0;

    db_wire_int4(&self->wire, 1);
    db_wire_bytes(&self->wire, &byte, 1);
}

void db_copy_int2(struct db_copy *self, int16_t value)
{
    db_wire_int4(&self->wire, 2);
    db_wire_int2(&self->wire, value);
}

void db_copy_int4(struct db_copy *self, int32_t value)
{
    db_wire_int4(&self->wire, 4);
    db_wire_int4(&self->wire, value);
}

void db_copy_int8(struct db_copy *self, int64_t value)
{
    db_wire_int4(&self->wire, 8);
    db_wire_int8(&self->wire, value);
}

void db_copy_us(struct db_copy *self, int64_t moment_us)
{
    if (moment_us == DB_NULL_US) {
        db_copy_null(self);
    } else {
        db_copy_int8(self, db_wire_moment(moment_us));
    }
}

void db_copy_day(struct db_copy *self, int32_t day)
{
    db_copy_int4(self, day - DB_WIRE_EPOCH_DAYS);
}

void db_copy_text(struct db_copy *self, const char *text)
{
    size_t len;

    if (text == NULL) {
        db_copy_null(self);
        return;
    }
    len = strlen(text);
    db_wire_int4(&self->wire, (int32_t)len);
    db_wire_bytes(&self->wire, text, len);
}
