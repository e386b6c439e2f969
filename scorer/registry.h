/* SPDX-License-Identifier: MIT */
/*
 * registry.h - numbers of units, fields and procedures by code, registered on first sight.
 *
 * Registers on a connection of its own, each in its own transaction: a slice that waits for another's registrations
 * could wait in a circle, and a code once seen may stay registered though the slice is rolled back.  None of them waits
 * for the disk: the slice that uses a number is committed later in the same log, and so makes it durable.
 */
#ifndef SCORER_REGISTRY_H
#define SCORER_REGISTRY_H

#include <stdint.h>

#include "common/db.h"
#include "common/status.h"

enum registry_table { REGISTRY_UNIT, REGISTRY_FIELD, REGISTRY_PROCEDURE, REGISTRY_TABLES };

struct registry;

/* Borrows db, which nothing else may use.  NULL when memory is short. */
struct registry *registry_new(struct db *db);
void registry_destroy(struct registry **self_p);

/* Forgets what it knew and reads everything registered: to be called whenever db was connected. */
enum status registry_load(struct registry *self) MUST_CHECK;

/* The number of code; name and parent (units only) may be NULL and are kept when none was known. */
enum status registry_id(struct registry *self, enum registry_table table, const char *code, const char *name,
                        const char *parent, int32_t *id) MUST_CHECK;

/* The code of a number; another scorer may have registered it.  "" when there is no such number. */
enum status registry_code(struct registry *self, enum registry_table table, int32_t id, const char **code) MUST_CHECK;

#endif
