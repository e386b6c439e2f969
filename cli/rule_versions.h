/* SPDX-License-Identifier: MIT */
/*
 * rule_versions.h - the versions of all rules as loaded, and loading new ones from a file.
 */
#ifndef CLI_RULE_VERSIONS_H
#define CLI_RULE_VERSIONS_H

#include <stdbool.h>

#include "cli/cli.h"
#include "scorer/rule.h"

/* Columns of rule_version_list.sql behind the switches. */
enum { RULE_VERSIONS_LOADED_AT = 17, RULE_VERSIONS_LOADED_BY, RULE_VERSIONS_NOTE };

/* In order of rule and moment; row i of rows is rules[i]. */
struct rule_versions {
    PGresult *rows;
    struct rule *rules;
    int count;
};

/* Free it whatever comes back. */
enum status rule_versions_read(struct rule_versions *self, struct db *db) MUST_CHECK;
void rule_versions_free(struct rule_versions *self);

/* The version before index of the same rule, -1 when it is the first. */
int rule_versions_before(const struct rule_versions *self, int index);

/* kipthoi rules load; the exit code, all said. */
int rule_versions_load(struct cli *cli, const char *path, bool past, bool dry_run);

#endif
