/* SPDX-License-Identifier: MIT */
/*
 * period.h - the periods that plans and indicators speak of.  Pure.
 */
#ifndef TARGETS_PERIOD_H
#define TARGETS_PERIOD_H

#include <stdint.h>

#include "common/status.h"
#include "targets/target.h"

#define PERIOD_NAME_SIZE 80

/* Days first_day..last_day, both counted; days since 1970-01-01. */
struct period {
    char name[PERIOD_NAME_SIZE];
    enum target_period kind;
    int32_t first_day;
    int32_t last_day;
};

/* Reads 2025, 2025-Q3 or 2025-07.  STATUS_INVALID when it is none; it may be the name of a plan then. */
enum status period_read(const char *text, struct period *period) MUST_CHECK;

/* The year that a day lies in. */
void period_year_of(int32_t day, struct period *period);

/* The month, quarter or year that a day lies in; kind is one of these. */
void period_of(enum target_period kind, int32_t day, struct period *period);

/* How many days of the period have come by a day, that one counted in full; 0 when it lies outside. */
int32_t period_elapsed_days(const struct period *period, int32_t day);

#endif
