/* SPDX-License-Identifier: MIT */
/*
 * test_record_time.c - every shape of a record's moments, read in the zone.  What is expected was computed apart from
 * this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/record_time.h"
#include "tests/support/event_case.h"

static void record_time__every_shape__is_read_in_the_zone(void **state)
{
    static const struct {
        const char *text;
        int64_t moment_us; /* -1: refused */
    } cases[] = {
        {"2016-01-13T08:00:00Z", TIME_US},
        {"2016-01-13 15:00:00.25+07:00", TIME_US + 250000},
        {"2016-01-13T03:00:00", TIME_US},
        {"2016-01-13 03:00:00", TIME_US},
        {"20160113030000", TIME_US},
        {"2016-01-13", TIME_US - SECONDS(10800)},
        {"20160113", TIME_US - SECONDS(10800)},
        {"2016-07-01 00:00:00", SECONDS(1467345600)},
        {"2016-02-29", SECONDS(1456722000)},
        {"2016-12-31 23:59:59", SECONDS(1483246799)},
        /* Skipped: as much later as the clock skips. */
        {"2016-03-13 01:59:59", SECONDS(1457852399)},
        {"2016-03-13 02:30:00", SECONDS(1457854200)},
        {"2016-03-13 03:30:00", SECONDS(1457854200)},
        /* Shown twice: the first time. */
        {"2016-11-06 00:59:59", SECONDS(1478408399)},
        {"2016-11-06 01:30:00", SECONDS(1478410200)},
        {"2016-11-06 02:00:00", SECONDS(1478415600)},
        /* The bounds are of UTC: New York is five hours behind. */
        {"1989-12-31 19:00:00", SECONDS(631152000)},
        {"1989-12-31 18:59:59", -1},
        {"2099-12-31 18:59:59", SECONDS(4102444799)},
        {"2099-12-31 19:00:00", -1},
        {"2015-02-29", -1},
        {"2100-02-29", -1},
        {"2016-04-31", -1},
        {"2016-00-10", -1},
        {"2016-13-10", -1},
        {"2016-01-00", -1},
        {"2016-01-32", -1},
        {"2016-01-13 24:00:00", -1},
        {"2016-01-13 03:60:00", -1},
        {"2016-01-13 03:00:60", -1},
        {"2016-01-13T03:00", -1},
        {"2016-01-13T03:00:00.5", -1},
        {"2016-01-13t03:00:00", -1},
        {"2016/01/13", -1},
        {"13/01/2016", -1},
        {"201601130300", -1},
        {"2016011303000x", -1},
        {" 20160113", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t moment_us = -1;
        enum status st = record_time_parse(cases[i].text, strlen(cases[i].text), &moment_us);

        if (moment_us != cases[i].moment_us || (st == STATUS_OK) != (cases[i].moment_us != -1)) {
            fail_msg("'%s': %d, %lld", cases[i].text, st, (long long)moment_us);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_time__every_shape__is_read_in_the_zone),
    };

    return cmocka_run_group_tests_name("record_time", tests, use_new_york, NULL);
}
