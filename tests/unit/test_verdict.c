/* SPDX-License-Identifier: MIT */
/* test_verdict.c - classes under the rule `promise`, in Asia/Ho_Chi_Minh (UTC+7, no summer time). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/clock.h"
#include "common/timestamp.h"
#include "scorer/verdict.h"

#define NONE FOLD_NONE_US
#define HOUR_US (INT64_C(3600) * CLOCK_SECOND_US)
/* 2026-03-02 (a Monday) 00:00 in Ho Chi Minh City is 2026-03-01T17:00Z; day 20514 since 1970-01-01. */
#define MONDAY 20514
#define MONDAY_US (INT64_C(20513) * 24 * HOUR_US + 17 * HOUR_US)

/* Hours after Monday's local midnight. */
static int64_t at(int hours)
{
    return MONDAY_US + hours * HOUR_US;
}

static struct dossier promised(int due_hours)
{
    struct dossier dossier;

    fold_start(&dossier);
    dossier.received_us = at(8);
    dossier.last_happened_us = at(8);
    dossier.due_first_us = due_hours < 0 ? NONE : at(due_hours);
    return dossier;
}

static void check(const struct dossier *dossier, int now_hours, enum verdict_class class, int day)
{
    struct verdict verdict = verdict_promise(dossier, at(now_hours));

    assert_string_equal(verdict_class_name(verdict.class), verdict_class_name(class));
    assert_int_equal(verdict.day, day);
}

static void verdict__finished__early_on_time_late(void **state)
{
    struct dossier dossier = promised(24 + 17); /* Tuesday 17:00 */

    (void)state;
    dossier.finished_us = at(23); /* Monday 23:00 */
    check(&dossier, 100, VERDICT_EARLY, MONDAY);
    dossier.finished_us = at(24); /* Tuesday 00:00 */
    check(&dossier, 100, VERDICT_ON_TIME, MONDAY + 1);
    dossier.finished_us = at(24 + 17); /* to the second */
    check(&dossier, 100, VERDICT_ON_TIME, MONDAY + 1);
    dossier.finished_us = at(24 + 17) + 1;
    check(&dossier, 100, VERDICT_LATE, MONDAY + 1);
    dossier.finished_us = at(72);
    check(&dossier, 100, VERDICT_LATE, MONDAY + 3);
}

static void verdict__open__in_time_then_overdue(void **state)
{
    struct dossier dossier = promised(24 + 17);

    (void)state;
    check(&dossier, 24 + 17, VERDICT_IN_TIME, MONDAY);
    assert_int_equal(verdict_promise(&dossier, at(24 + 17) + 1).class, VERDICT_OVERDUE);
    check(&dossier, 500, VERDICT_OVERDUE, MONDAY + 1);
}

static void verdict__paused__waits_for_the_citizen(void **state)
{
    struct dossier dossier = promised(24 + 17);

    (void)state;
    dossier.paused_us = at(12);
    check(&dossier, 500, VERDICT_PAUSED, MONDAY);
    dossier.finished_us = at(500);
    check(&dossier, 600, VERDICT_LATE, MONDAY + 20);
}

static void verdict__no_due__is_excluded(void **state)
{
    struct dossier dossier = promised(-1);

    (void)state;
    check(&dossier, 500, VERDICT_EXCLUDED, MONDAY);
    dossier.finished_us = at(30);
    check(&dossier, 500, VERDICT_EXCLUDED, MONDAY);
    dossier.received_us = NONE;
    dossier.last_happened_us = at(30);
    check(&dossier, 500, VERDICT_EXCLUDED, MONDAY + 1);
}

static void verdict__end__first_of_the_ladder(void **state)
{
    struct dossier dossier = promised(24 + 17);

    (void)state;
    dossier.stopped_us = at(30);
    check(&dossier, 500, VERDICT_ON_TIME, MONDAY + 1);
    dossier.refused_us = at(10);
    check(&dossier, 500, VERDICT_EARLY, MONDAY);
    dossier.stopped_us = at(9);
    dossier.refused_us = at(50);
    check(&dossier, 500, VERDICT_EARLY, MONDAY);
    dossier.stopped_us = NONE;
    check(&dossier, 500, VERDICT_LATE, MONDAY + 2);
    dossier.returned_us = at(11);
    check(&dossier, 500, VERDICT_EARLY, MONDAY);
    dossier.finished_us = at(100);
    check(&dossier, 500, VERDICT_LATE, MONDAY + 4);
}

static void verdict__withdrawn__excluded_unless_already_broken(void **state)
{
    struct dossier dossier = promised(24 + 17);

    (void)state;
    dossier.withdrawn_us = at(24 + 17);
    check(&dossier, 500, VERDICT_EXCLUDED, MONDAY);
    dossier.withdrawn_us = at(48);
    check(&dossier, 500, VERDICT_LATE, MONDAY + 2);
}

static void verdict__names__go_both_ways(void **state)
{
    (void)state;
    for (int class = 0; class < VERDICT_CLASSES; class ++) {
        const char *name = verdict_class_name((enum verdict_class) class);
        assert_int_equal(verdict_class_from_name(name), class);
        assert_int_equal(verdict_missed((enum verdict_class) class), class == VERDICT_LATE || class == VERDICT_OVERDUE);
    }
    assert_int_equal(verdict_class_from_name("tardy"), VERDICT_CLASSES);
}

static int use_zone(void **state)
{
    (void)state;
    return clock_use_zone("Asia/Ho_Chi_Minh") == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__finished__early_on_time_late),
        cmocka_unit_test(verdict__open__in_time_then_overdue),
        cmocka_unit_test(verdict__paused__waits_for_the_citizen),
        cmocka_unit_test(verdict__no_due__is_excluded),
        cmocka_unit_test(verdict__end__first_of_the_ladder),
        cmocka_unit_test(verdict__withdrawn__excluded_unless_already_broken),
        cmocka_unit_test(verdict__names__go_both_ways),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
