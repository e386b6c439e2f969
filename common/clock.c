/* SPDX-License-Identifier: MIT */
/* clock.c - the one clock of the programs. */
#include "common/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/timestamp.h"

int64_t clock_now_us(const struct clock *clock)
{
    struct timespec now;

    if (clock->frozen) {
        return clock->frozen_us;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * CLOCK_SECOND_US + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* tzset takes any text and falls back to UTC in silence, so the zone's file is looked for first. */
static bool zone_exists(const char *zone)
{
    char path[512];
    int len;

    if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL) {
        return false;
    }
    len = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
    return len > 0 && (size_t)len < sizeof path && access(path, R_OK) == 0;
}

enum status clock_use_zone(const char *zone)
{
    if (!zone_exists(zone)) {
        return STATUS_INVALID;
    }
    if (setenv("TZ", zone, 1) != 0) {
        return STATUS_RETRY;
    }
    tzset();
    return STATUS_OK;
}

int32_t clock_local_day(int64_t moment_us)
{
    int64_t second = moment_us / CLOCK_SECOND_US;
    time_t when;
    struct tm local;

    if (moment_us % CLOCK_SECOND_US < 0) {
        second--;
    }
    when = (time_t)second;
    localtime_r(&when, &local);
    return (int32_t)timestamp_civil_day(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}
