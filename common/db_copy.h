/* SPDX-License-Identifier: MIT */
/*
 * db_copy.h - what db.c sends of the rows that db_copy.c builds.  Others use db.h.
 */
#ifndef COMMON_DB_COPY_H
#define COMMON_DB_COPY_H

#include "common/db_wire.h"

struct db_copy {
    struct db_wire wire; /* COPY's binary header and rows, no trailer */
};

#endif
