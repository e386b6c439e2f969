/* SPDX-License-Identifier: MIT */
/*
 * fault.h - points at which a test lets a program die, as kill -9 would: nothing is flushed, no handler runs.
 *
 * Only debug builds have them.  KIPTHOI_FAULT=point:N in the environment ends the program when it comes to the point
 * for the N-th time.  Points are named by the program and by what it has just done; docs/reliability.md lists them, and
 * tests/fault lets the programs die at each.
 */
#ifndef COMMON_FAULT_H
#define COMMON_FAULT_H

#ifdef KIPTHOI_FAULTS
void fault_point(const char *point);
#define FAULT_POINT(point) fault_point(point)
#else
#define FAULT_POINT(point) ((void)0)
#endif

#endif
