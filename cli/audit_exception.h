/* SPDX-License-Identifier: MIT */
/*
 * audit_exception.h - what an audit takes as it is because somebody decided so: told each time, never passed over.
 */
#ifndef CLI_AUDIT_EXCEPTION_H
#define CLI_AUDIT_EXCEPTION_H

#include "cli/cli.h"

/* Prints them for people; nothing when there are none.  result is audit_exception.sql's. */
void audit_exceptions_print(const struct cli *cli, const PGresult *result);

/* {"erased": {"count": …, "found": […]}, …}; NULL when memory is short. */
cJSON *audit_exceptions_json(const PGresult *result);

#endif
