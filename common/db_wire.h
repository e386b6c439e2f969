/* SPDX-License-Identifier: MIT */
/*
 * db_wire.h - a growing buffer in PostgreSQL's binary format, under db_param.c and db_copy.c.
 *
 * When memory is short the buffer remembers it and takes nothing more; the statement built from it must not be run.
 */
#ifndef COMMON_DB_WIRE_H
#define COMMON_DB_WIRE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/db_param.h"

/* PostgreSQL counts from 2000-01-01. */
#define DB_WIRE_EPOCH_DAYS 10957
#define DB_WIRE_EPOCH_US (DB_WIRE_EPOCH_DAYS * INT64_C(86400000000))

struct db_wire {
    char *data;
    size_t len;
    size_t size;
    bool short_of_memory;
};

static inline bool db_wire_room(struct db_wire *wire, size_t more)
{
    size_t size = wire->size == 0 ? 4096 : wire->size;
    char *data;

    if (wire->short_of_memory) {
        return false;
    }
    if (wire->size - wire->len >= more) {
        return true;
    }
    while (size - wire->len < more) {
        size *= 2;
    }
    data = realloc(wire->data, size);
    if (data == NULL) {
        wire->short_of_memory = true;
        return false;
    }
    wire->data = data;
    wire->size = size;
    return true;
}

static inline void db_wire_bytes(struct db_wire *wire, const void *bytes, size_t len)
{
    if (len > 0 && db_wire_room(wire, len)) {
        memcpy(wire->data + wire->len, bytes, len);
        wire->len += len;
    }
}

static inline void db_wire_int2(struct db_wire *wire, int16_t value)
{
    uint16_t net = htobe16((uint16_t)value);
    db_wire_bytes(wire, &net, sizeof net);
}

static inline void db_wire_int4(struct db_wire *wire, int32_t value)
{
    uint32_t net = htobe32((uint32_t)value);
    db_wire_bytes(wire, &net, sizeof net);
}

static inline void db_wire_int8(struct db_wire *wire, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);
    db_wire_bytes(wire, &net, sizeof net);
}

/* PostgreSQL's count of a moment; its infinities are the ends of int64. */
static inline int64_t db_wire_moment(int64_t moment_us)
{
    if (moment_us == DB_INFINITY_US) {
        return INT64_MAX;
    }
    return moment_us == DB_MINUS_INFINITY_US ? INT64_MIN : moment_us - DB_WIRE_EPOCH_US;
}

static inline void db_wire_clear(struct db_wire *wire)
{
    free(wire->data);
    memset(wire, 0, sizeof *wire);
}

#endif
