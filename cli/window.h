/* SPDX-License-Identifier: MIT */
/*
 * window.h - the spans of days that figures are asked for.  Pure.
 */
#ifndef CLI_WINDOW_H
#define CLI_WINDOW_H

#include <stdint.h>

#include "common/status.h"

#define WINDOW_NAME_SIZE 32

/* Days first_day..last_day, both counted; days since 1970-01-01. */
struct window {
    char name[WINDOW_NAME_SIZE];
    int32_t first_day;
    int32_t last_day;
};

/*
 * Reads 7d, 30d, 90d, 365d or any Nd (that many days that end with today), mtd, qtd, ytd (since the start of the month,
 * quarter, year), a year 2015, a quarter 2015-Q2, a month 2015-06, years 2023-2025, or all.  STATUS_INVALID when it is
 * none.
 */
enum status window_read(const char *text, int32_t today, struct window *window) MUST_CHECK;

#endif
