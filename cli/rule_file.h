/* SPDX-License-Identifier: MIT */
/*
 * rule_file.h - new versions of rules as people write them (docs/rules-data.md).
 *
 *     [promise]
 *     from = 2026-01-01
 *     note = dossiers count by calendar day
 *     precision = day
 */
#ifndef CLI_RULE_FILE_H
#define CLI_RULE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "scorer/rule.h"
#include "scorer/rule_switch.h"

#define RULE_FILE_ERROR_SIZE 1024
#define RULE_NOTE_SIZE 1025
#define RULE_FILE_VERSIONS 64

struct rule_change {
    int64_t line;       /* of the section */
    int64_t from_line;  /* of its "from" */
    struct rule values; /* name, effective_us and the switches given */
    bool given[RULE_SWITCHES];
    char note[RULE_NOTE_SIZE];
};

struct rule_file;

/* STATUS_INVALID: refused, error says "FILE:LINE: sentence"; STATUS_RETRY: memory is short. */
enum status rule_file_read(struct rule_file **self_p, const char *path, char error[RULE_FILE_ERROR_SIZE]) MUST_CHECK;
void rule_file_destroy(struct rule_file **self_p);

/* In the order of the file. */
size_t rule_file_count(const struct rule_file *self);
const struct rule_change *rule_file_change(const struct rule_file *self, size_t index);

/* The version that follows before: its switches, but those given.  Numbered one more. */
void rule_change_apply(const struct rule_change *self, const struct rule *before, struct rule *after);

#endif
