/* SPDX-License-Identifier: MIT */
/* test_watch.c - when an alert about a target begins, and when it is over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/watch.h"

#define NOT_RUNNING 0

static struct target asking(enum target_measure kind, enum target_relation relation, int32_t bound_bp,
                            int32_t min_sample)
{
    return (struct target){.kind = kind, .relation = relation, .bound_bp = bound_bp, .min_sample = min_sample};
}

/* 98 % on time; over at 98.5 %. */
static const struct watch_rule rule = {.margin_bp = 50, .sample = 20};

struct follow {
    struct target target;
    struct watch_state state;
    struct watch_figures figures;
    int32_t elapsed;
    int32_t total;
};

static void see(struct follow *self, int64_t kept, int64_t broken, bool fell, bool forecast)
{
    struct score_tally tally = {.kept = kept, .broken = broken};

    self->state = watch_judge(&self->target, &tally, self->elapsed, self->total, &rule, self->state, &self->figures);
    assert_int_equal(self->state.fell, fell);
    assert_int_equal(self->state.forecast, forecast);
}

static void at_least__swings_around_the_bound__begins_once_and_ends_beyond_the_margin(void **state)
{
    struct follow on_time = {.target = asking(TARGET_ON_TIME, TARGET_AT_LEAST, 9800, 0)};

    (void)state;
    see(&on_time, 98, 2, false, false);  /* the bound itself */
    see(&on_time, 98, 3, true, false);   /* 97.03 % */
    see(&on_time, 98, 2, true, false);   /* 98 %: met, not yet over */
    see(&on_time, 393, 6, true, false);  /* 98.496...: 39300 * 100 = 3930000 < 9850 * 399 = 3930150 */
    see(&on_time, 394, 6, false, false); /* 98.5 % exactly: 3940000 = 9850 * 400 */
    see(&on_time, 393, 7, false, false); /* 98.25 %: it has to fall below the bound again */
    see(&on_time, 391, 9, true, false);  /* 97.75 % */
}

static void below__ends_under_the_bound_less_the_margin(void **state)
{
    struct follow late = {.target = asking(TARGET_LATE, TARGET_BELOW, 300, 0)};

    (void)state;
    see(&late, 971, 29, false, false);
    see(&late, 970, 30, true, false);  /* 3 % is not below 3 % */
    see(&late, 975, 25, true, false);  /* 2.5 % is not below 2.5 % */
    see(&late, 976, 24, false, false); /* 2.4 % */
}

static void margin__beyond_what_there_is__asks_for_all_or_none(void **state)
{
    struct follow letters = {.target = asking(TARGET_LETTERS_TIMELY, TARGET_AT_LEAST, 10000, 0)};
    struct follow late = {.target = asking(TARGET_LATE, TARGET_BELOW, 50, 0)};

    (void)state;
    /* One letter of three: letters are not dossiers, the least sample is not asked of them. */
    see(&letters, 2, 1, true, false);
    see(&letters, 999, 1, true, false);
    see(&letters, 3, 0, false, false);
    see(&late, 99, 1, true, false);
    see(&late, 999, 1, true, false); /* 0.1 % is below 0.5 %, but the margin is 0.5 % */
    see(&late, 1000, 0, false, false);
}

static void sample__too_small__begins_nothing_and_ends_nothing(void **state)
{
    struct follow on_time = {.target = asking(TARGET_ON_TIME, TARGET_AT_LEAST, 9800, 0)};
    struct follow strict = {.target = asking(TARGET_ON_TIME, TARGET_AT_LEAST, 9800, 30)};

    (void)state;
    see(&on_time, 0, 19, false, false);
    see(&on_time, 19, 1, true, false);
    see(&on_time, 18, 1, true, false); /* what began stays */
    see(&on_time, 0, 0, true, false);  /* so it does without anything counted */
    see(&on_time, 19, 0, false, false);
    see(&strict, 28, 1, false, false); /* the target itself asks for 30 */
    see(&strict, 29, 1, true, false);
}

static void forecast__sample_comes_with_the_pace__begins_before_the_fall(void **state)
{
    /* Ten days of thirty: 24 of 25 become 72 of 75, 96 %. */
    struct follow self = {.target = asking(TARGET_ON_TIME, TARGET_AT_LEAST, 9800, 60), .elapsed = 10, .total = 30};

    (void)state;
    see(&self, 19, 0, false, false);
    see(&self, 24, 1, false, true);
    assert_int_equal(self.figures.now.answer, SCORE_NO_DATA);
    assert_int_equal(self.figures.pace.part, 72);
    assert_int_equal(self.figures.pace.whole, 75);
    /* 98 % of 75 is 73.5: two more than 72 have to be on time. */
    assert_int_equal(self.figures.pace.margin, -2);
    see(&self, 25, 1, false, true);
    /* The sample is there: what was forecast has come. */
    self.elapsed = 20;
    see(&self, 58, 2, true, false);
    see(&self, 100, 0, false, false);
}

static void forecast__what_is_open_counts_under_the_portal(void **state)
{
    struct target target = asking(TARGET_ON_TIME_PORTAL, TARGET_AT_LEAST, 9000, 0);
    struct score_tally tally = {.kept = 30, .broken = 6, .waiting = 64};
    struct watch_state is = {0};
    struct watch_figures figures;

    (void)state;
    /* 94 of 100 now.  Half of the days: (60 + 64) of (72 + 64), 91.2 %. */
    is = watch_judge(&target, &tally, 5, 10, &rule, is, &figures);
    assert_false(is.fell || is.forecast);
    /* 93 of 100 now; (58 + 64) of (72 + 64), 89.7 %. */
    tally.kept = 29;
    tally.broken = 7;
    is = watch_judge(&target, &tally, 5, 10, &rule, is, &figures);
    assert_false(is.fell);
    assert_true(is.forecast);
    assert_int_equal(figures.now.answer, SCORE_MET);
    /* (60 + 64) of (72 + 64) again, 91.2 % is beyond 90.5 %. */
    tally.kept = 30;
    tally.broken = 6;
    is = watch_judge(&target, &tally, 5, 10, &rule, is, &figures);
    assert_false(is.fell || is.forecast);
}

static void reported__has_no_pace_and_no_sample_of_ours(void **state)
{
    struct follow class = {.target = asking(TARGET_REPORTED, TARGET_AT_LEAST, 10000, 1), .elapsed = 1, .total = 365};

    (void)state;
    see(&class, 0, 1, true, false);
    assert_int_equal(class.figures.pace.answer, SCORE_NO_DATA);
    see(&class, 1, 0, false, false);
}

static void period__over__forecast_stays_until_it_is_ended(void **state)
{
    struct follow self = {.target = asking(TARGET_ON_TIME, TARGET_AT_LEAST, 9800, 60),
                          .state = {.forecast = true},
                          .elapsed = NOT_RUNNING,
                          .total = 30};

    (void)state;
    see(&self, 25, 0, false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_least__swings_around_the_bound__begins_once_and_ends_beyond_the_margin),
        cmocka_unit_test(below__ends_under_the_bound_less_the_margin),
        cmocka_unit_test(margin__beyond_what_there_is__asks_for_all_or_none),
        cmocka_unit_test(sample__too_small__begins_nothing_and_ends_nothing),
        cmocka_unit_test(forecast__sample_comes_with_the_pace__begins_before_the_fall),
        cmocka_unit_test(forecast__what_is_open_counts_under_the_portal),
        cmocka_unit_test(reported__has_no_pace_and_no_sample_of_ours),
        cmocka_unit_test(period__over__forecast_stays_until_it_is_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
