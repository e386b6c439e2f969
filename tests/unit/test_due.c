/* SPDX-License-Identifier: MIT */
/* test_due.c - how pauses move a due date; expected moments were counted by hand on the week of tests/support/week.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/envelope.h"
#include "scorer/due.h"
#include "tests/support/week.h"

#define PAUSES 4

struct walk_case {
    const char *name;
    enum due_way way;
    bool working;
    int64_t start_us;
    int64_t base_us;
    struct {
        int64_t from_us;
        int64_t to_us;
    } pause[PAUSES]; /* until from_us is 0 */
    int64_t due_us;
};

static int check(const struct walk_case *c, const struct calendars *calendars)
{
    struct due_clock clock = {.calendars = calendars, .moment_us = at(MON, 0)};
    struct due_walk walk;
    int64_t due_us;

    due_clock_start(&clock);
    due_walk_start(&walk, &clock, c->way, c->working, c->start_us, c->base_us);
    for (int i = 0; i < PAUSES && c->pause[i].from_us != 0; i++) {
        due_walk_pause(&walk, c->pause[i].from_us, c->pause[i].to_us);
    }
    if (!due_walk_end(&walk, &due_us)) {
        print_error("%s: the years are not known\n", c->name);
        return 1;
    }
    return differs(c->name, due_us, c->due_us);
}

static void due_walk__pauses__move_the_due(void **state)
{
    const int64_t start = at(MON, 8);
    const int64_t base = at(TUE, 17);
    const struct walk_case cases[] = {
        {"no pause", DUE_PAUSE, true, start, base, {{0, 0}}, base},
        /* Monday 15:00 to Tuesday 10:00: 2 h and 3 h of work, 19 h by the clock */
        {"working", DUE_PAUSE, true, start, base, {{at(MON, 15), at(TUE, 10)}}, at(WED, 14)},
        {"elapsed", DUE_PAUSE, false, start, base, {{at(MON, 15), at(TUE, 10)}}, at(WED, 12)},
        {"deducted", DUE_DEDUCT, true, start, base, {{at(MON, 15), at(TUE, 10)}}, at(WED, 12)},
        {"at night", DUE_PAUSE, true, start, base, {{at(MON, 18), at(TUE, 6)}}, base},
        {"at night, deducted", DUE_DEDUCT, false, start, base, {{at(MON, 18), at(TUE, 6)}}, at(WED, 5)},
        /* overlapping, inside and touching: one pause from 8:00 to 11:00 */
        {"merged",
         DUE_DEDUCT,
         false,
         start,
         base,
         {{at(TUE, 8), at(TUE, 10)}, {at(TUE, 8), at(TUE, 9)}, {at(TUE, 10), at(TUE, 11)}},
         at(TUE, 20)},
        {"apart", DUE_DEDUCT, false, start, base, {{at(TUE, 8), at(TUE, 9)}, {at(TUE, 10), at(TUE, 12)}}, at(TUE, 20)},
        /* asked at the due itself counts, a moment later does not, nor does what follows */
        {"asked at the due", DUE_PAUSE, true, start, base, {{base, at(WED, 9)}}, at(WED, 9)},
        {"asked after the due",
         DUE_PAUSE,
         false,
         start,
         base,
         {{base + 1, at(WED, 9)}, {at(WED, 10), at(WED, 11)}},
         base},
        {"asked after the due, deducted", DUE_DEDUCT, false, start, base, {{at(WED, 8), at(WED, 9)}}, at(TUE, 18)},
        /* the first moves the due past the second's beginning */
        {"one after another",
         DUE_PAUSE,
         true,
         start,
         base,
         {{at(TUE, 8), at(TUE, 11)}, {at(WED, 9), at(WED, 10)}},
         at(WED, 11)},
        /* from Monday 8:00 to Tuesday 17:00 are 15 h of work, 33 h by the clock */
        {"restart", DUE_RESTART, true, start, base, {{at(TUE, 8), at(WED, 7)}}, at(THU, 16)},
        {"restart, elapsed", DUE_RESTART, false, start, base, {{at(TUE, 8), at(WED, 7)}}, at(THU, 16)},
        {"restart at noon", DUE_RESTART, true, start, base, {{at(TUE, 8), at(WED, 12)}}, at(FRI, 10) + HOUR_US / 2},
        {"restarted twice",
         DUE_RESTART,
         true,
         start,
         base,
         {{at(TUE, 8), at(WED, 7)}, {at(WED, 8), at(THU, 7)}},
         at(FRI, 16)},
        {"restart, too late", DUE_RESTART, true, start, base, {{base + 1, at(WED, 9)}}, base},
        {"restart without a start",
         DUE_RESTART,
         false,
         ENVELOPE_NONE_US,
         base,
         {{at(TUE, 8), at(TUE, 9)}},
         at(TUE, 18)},
        {"restart, due before start", DUE_RESTART, false, at(WED, 8), base, {{at(TUE, 8), at(TUE, 9)}}, at(TUE, 18)},
        {"restart, due at start", DUE_RESTART, false, base, base, {{at(TUE, 8), at(TUE, 9)}}, at(TUE, 9)},
    };
    struct calendars *calendars = office_calendars(2026, 2026);
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        failed += check(&cases[i], calendars);
    }
    calendars_destroy(&calendars);
    assert_int_equal(failed, 0);
}

static void due_walk__unknown_years__fail(void **state)
{
    struct calendars *calendars = office_calendars(2026, 2026);
    const int64_t year_us = 365 * 24 * HOUR_US;
    int64_t due_us;

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct due_clock clock = {.calendars = i == 2 ? NULL : calendars, .moment_us = at(MON, 0)};
        struct due_walk walk;

        due_clock_start(&clock);
        due_walk_start(&walk, &clock, DUE_PAUSE, true, at(MON, 8), i == 1 ? at(MON, 8) + year_us : at(TUE, 17));
        due_walk_pause(&walk, at(TUE, 8), at(TUE, 8) + (i == 0 ? year_us : HOUR_US));
        due_walk_pause(&walk, at(TUE, 8) + 2 * year_us, at(TUE, 9) + 2 * year_us); /* nothing mends it */
        assert_false(due_walk_end(&walk, &due_us));
    }
    calendars_destroy(&calendars);
}

static void due_clock__versions__from_the_one_in_force(void **state)
{
    struct calendar_definition narrow = office(2026, 2026);
    struct calendar_definition wide = office(2026, 2027);
    struct term day = {1, TERM_WORKING_DAYS};
    struct term month = {12, TERM_MONTHS};
    struct calendars *calendars = calendars_new();
    struct due_clock clock;
    int64_t due_us;

    (void)state;
    add_office(calendars, 1, at(TUE, 0), 0, &narrow);
    add_office(calendars, 2, at(THU, 0), 0, &wide);
    clock = (struct due_clock){.calendars = calendars, .moment_us = at(MON, 0), .now_us = at(MON, 0)};
    due_clock_start(&clock);
    assert_true(due_clock_term(&clock, at(MON, 8), &month, &due_us));
    assert_int_equal(clock.version, 0); /* months need none */
    assert_true(due_clock_term(&clock, at(MON, 8), &day, &due_us));
    assert_int_equal(differs("a day", due_us, at(TUE, 8)), 0);
    assert_int_equal(clock.version, 1); /* none is in force: from the first */
    assert_false(due_clock_term(&clock, at(MON, 8) + 365 * 24 * HOUR_US, &day, &due_us));
    clock.now_us = at(THU, 0) - 1;
    assert_false(due_clock_next(&clock)); /* the second is not in force yet */
    clock.now_us = at(THU, 0);
    assert_true(due_clock_next(&clock));
    assert_true(due_clock_term(&clock, at(MON, 8) + 365 * 24 * HOUR_US, &day, &due_us));
    assert_int_equal(clock.version, 2);
    assert_false(due_clock_next(&clock));
    clock.moment_us = at(THU, 0);
    due_clock_start(&clock);
    assert_true(due_clock_term(&clock, at(MON, 8), &day, &due_us));
    assert_int_equal(clock.version, 2);
    clock.calendars = NULL;
    due_clock_start(&clock);
    assert_false(due_clock_term(&clock, at(MON, 8), &day, &due_us));
    assert_false(due_clock_next(&clock));
    calendars_destroy(&calendars);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_walk__pauses__move_the_due),
        cmocka_unit_test(due_walk__unknown_years__fail),
        cmocka_unit_test(due_clock__versions__from_the_one_in_force),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
