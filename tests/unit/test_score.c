/* SPDX-License-Identifier: MIT */
/* test_score.c - met or missed, by how many, and the present pace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/period.h"
#include "targets/rate.h"
#include "targets/score.h"

static struct target at_least(enum target_measure kind, int32_t bound_bp)
{
    return (struct target){.kind = kind, .relation = TARGET_AT_LEAST, .bound_bp = bound_bp};
}

static struct target below(enum target_measure kind, int32_t bound_bp)
{
    return (struct target){.kind = kind, .relation = TARGET_BELOW, .bound_bp = bound_bp};
}

static struct score_verdict judge(struct target target, int64_t kept, int64_t broken)
{
    struct score_tally tally = {.kept = kept, .broken = broken, .waiting = 5, .overdue = 7};

    return score_judge(&target, &tally);
}

static void assert_verdict(struct score_verdict verdict, enum score_answer answer, int64_t margin)
{
    assert_int_equal(verdict.answer, answer);
    assert_true(verdict.bounded);
    assert_int_equal(verdict.margin, margin);
}

/* Decides by itself what the margin claims: k late ones more hold and k + 1 do not, or the reverse when missed. */
static void assert_margin_is_exact(struct target target, int64_t kept, int64_t broken)
{
    struct score_verdict verdict = judge(target, kept, broken);
    int64_t k = verdict.margin;

    assert_true(verdict.bounded);
    if (verdict.answer == SCORE_MET) {
        assert_int_equal(judge(target, kept, broken + k).answer, SCORE_MET);
        assert_int_equal(judge(target, kept, broken + k + 1).answer, SCORE_MISSED);
    } else {
        assert_int_equal(judge(target, kept - k, broken + k).answer, SCORE_MET);
        assert_int_equal(judge(target, kept - k - 1, broken + k + 1).answer, SCORE_MISSED);
    }
}

static void judge__the_published_totals__are_short_by_142159(void **state)
{
    char out[SCORE_TEXT_SIZE];
    struct score_verdict verdict = judge(at_least(TARGET_ON_TIME, 9800), 1478230, 175228);

    (void)state;
    /* 98 % of 1,653,458 is 1,620,388.84, so 1,620,389 have to be on time: 142,159 more than there are.  Put otherwise,
     * 33,069 may be late and 175,228 are. */
    assert_verdict(verdict, SCORE_MISSED, -142159);
    assert_int_equal(verdict.whole, 1653458);
    assert_string_equal(rate_format(verdict.part, verdict.whole, '.', out), "89.40");
    assert_verdict(judge(at_least(TARGET_ON_TIME, 9800), 1620389, 33069), SCORE_MET, 0);
    assert_verdict(judge(at_least(TARGET_ON_TIME, 9800), 1620388, 33070), SCORE_MISSED, -1);
}

static void judge__exactly_at_the_bound__at_least_holds_and_below_does_not(void **state)
{
    (void)state;
    assert_verdict(judge(at_least(TARGET_ON_TIME, 9800), 98, 2), SCORE_MET, 0);
    assert_verdict(judge(at_least(TARGET_ON_TIME, 9800), 97, 3), SCORE_MISSED, -1);
    assert_verdict(judge(below(TARGET_LATE, 300), 97, 3), SCORE_MISSED, -1);
    assert_verdict(judge(below(TARGET_LATE, 300), 98, 2), SCORE_MET, 1); /* 3 of 101 is 2.97 %, 4 of 102 is not below */
}

static void judge__one_late_more__is_one_more_of_the_whole(void **state)
{
    (void)state;
    /* 980 kept: 20 late of 1000 is 98 % exactly. */
    assert_verdict(judge(at_least(TARGET_ON_TIME, 9800), 980, 0), SCORE_MET, 20);
    /* 970 kept: 30 of 1000 is 3 %, not below; 29 of 999 is. */
    assert_verdict(judge(below(TARGET_LATE, 300), 970, 0), SCORE_MET, 29);
    assert_verdict(judge(at_least(TARGET_LETTERS_TIMELY, 10000), 44061, 0), SCORE_MET, 0);
    assert_verdict(judge(at_least(TARGET_LETTERS_TIMELY, 10000), 44000, 61), SCORE_MISSED, -61);
}

static void judge__margins__are_exact_everywhere(void **state)
{
    static const int32_t bounds[] = {1, 299, 300, 5000, 9500, 9799, 9800, 9999};

    (void)state;
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        for (int64_t kept = 40; kept < 60; kept++) {
            for (int64_t broken = 0; broken < 60; broken++) {
                assert_margin_is_exact(at_least(TARGET_ON_TIME, bounds[b]), kept, broken);
                assert_margin_is_exact(below(TARGET_LATE, bounds[b]), kept, broken);
            }
        }
    }
}

static void judge__bounds_that_nothing_crosses__have_no_margin(void **state)
{
    (void)state;
    assert_int_equal(judge(at_least(TARGET_ON_TIME, 0), 0, 9).answer, SCORE_MET);
    assert_false(judge(at_least(TARGET_ON_TIME, 0), 0, 9).bounded);
    assert_int_equal(judge(below(TARGET_LATE, 10000), 1, 9).answer, SCORE_MET);
    assert_false(judge(below(TARGET_LATE, 10000), 1, 9).bounded);
    assert_verdict(judge(below(TARGET_LATE, 10000), 0, 9), SCORE_MISSED, -1);
    assert_verdict(judge(at_least(TARGET_ON_TIME, 10000), 9, 0), SCORE_MET, 0);
}

static void judge__no_sample_or_too_small_a_one__is_no_data(void **state)
{
    struct target target = at_least(TARGET_ON_TIME, 0);
    struct score_verdict verdict = judge(target, 0, 0);

    (void)state;
    assert_int_equal(verdict.answer, SCORE_NO_DATA);
    assert_false(verdict.bounded);
    target.min_sample = 10;
    assert_int_equal(judge(target, 9, 0).answer, SCORE_NO_DATA);
    assert_int_equal(judge(target, 9, 1).answer, SCORE_MET);
}

static void judge__portal__counts_what_waits_and_what_is_overdue(void **state)
{
    struct score_verdict verdict = judge(at_least(TARGET_ON_TIME_PORTAL, 9000), 80, 8);

    (void)state;
    assert_int_equal(verdict.part, 85);
    assert_int_equal(verdict.whole, 100);
    assert_verdict(verdict, SCORE_MISSED, -5);
}

static void judge__indicators__margin_in_units_of_the_numerator(void **state)
{
    (void)state;
    assert_verdict(judge(at_least(TARGET_REPORTED, 9000), 90, 10), SCORE_MET, 0);
    assert_verdict(judge(at_least(TARGET_REPORTED, 9000), 95, 5), SCORE_MET, 5);
    assert_verdict(judge(at_least(TARGET_REPORTED, 9000), 1, 10), SCORE_MISSED, -9); /* 9.9 needed, so 10 */
    assert_verdict(judge(below(TARGET_REPORTED, 1000), 9, 91), SCORE_MET, 0);
    assert_verdict(judge(below(TARGET_REPORTED, 1000), 10, 90), SCORE_MISSED, -1);
    /* 80 trillion of 90 trillion: times 10,000 it is far beyond 64 bits. */
    assert_verdict(judge(at_least(TARGET_REPORTED, 9000), INT64_C(8000000000000000), INT64_C(1000000000000000)),
                   SCORE_MISSED, INT64_C(-100000000000000));
}

static struct score_verdict forecast(struct target target, int64_t kept, int64_t broken, int32_t elapsed, int32_t total)
{
    struct score_tally tally = {.kept = kept, .broken = broken, .waiting = 8, .overdue = 3};

    return score_forecast(&target, &tally, elapsed, total);
}

static void forecast__without_open_dossiers__keeps_rate_and_answer(void **state)
{
    char out[SCORE_TEXT_SIZE];
    /* The 15th of July is day 196 of 365: 49 * 365 / 196 = 91.25, 50 * 365 / 196 = 93.11. */
    struct score_verdict verdict = forecast(at_least(TARGET_ON_TIME, 9800), 49, 1, 196, 365);

    (void)state;
    assert_verdict(verdict, SCORE_MET, 0);
    assert_int_equal(verdict.part, 91);
    assert_int_equal(verdict.whole, 93);
    assert_string_equal(rate_format(verdict.exact_part, verdict.exact_whole, '.', out), "98.00");
    verdict = forecast(at_least(TARGET_ON_TIME, 9375), 15, 1, 196, 365);
    assert_verdict(verdict, SCORE_MET, 0);
    assert_string_equal(rate_format(verdict.exact_part, verdict.exact_whole, '.', out), "93.75");
    assert_verdict(forecast(below(TARGET_LATE, 625), 15, 1, 196, 365), SCORE_MISSED, -1);
    for (int64_t broken = 0; broken < 60; broken++) {
        for (int32_t elapsed = 1; elapsed <= 365; elapsed++) {
            struct target target = at_least(TARGET_LETTERS_TIMELY, 9800);

            assert_int_equal(forecast(target, 49, broken, elapsed, 365).answer, judge(target, 49, broken).answer);
        }
    }
}

static void forecast__margin_and_sample__are_of_the_whole_period(void **state)
{
    struct target target = at_least(TARGET_ON_TIME, 9800);

    (void)state;
    /* Day 100 of 365: 354.05 of 365, and 98 % of 365 is 357.7: 3.65 too many. */
    assert_verdict(forecast(target, 97, 3, 100, 365), SCORE_MISSED, -4);
    /* Twice 99 of 100: 198 / 0.98 = 202.04, so 2 more of the 200; of 100 it is 99 / 0.98 = 101.02, 1 more. */
    assert_verdict(forecast(target, 99, 1, 10, 20), SCORE_MET, 2);
    assert_verdict(judge(target, 99, 1), SCORE_MET, 1);
    /* Three times 1 of 100 late, below 3 %: 3 + k < 0.03 * (300 + k) holds for k < 6.19; twice 4 of 100 is 2 + a hair
     * over. */
    assert_verdict(forecast(below(TARGET_LATE, 300), 99, 1, 10, 30), SCORE_MET, 6);
    assert_verdict(forecast(below(TARGET_LATE, 300), 96, 4, 10, 20), SCORE_MISSED, -3);
    target.min_sample = 300;
    assert_int_equal(forecast(target, 99, 0, 100, 300).answer, SCORE_NO_DATA);
    assert_int_equal(forecast(target, 100, 0, 100, 300).answer, SCORE_MET);
    /* Nothing left of the period: what there is. */
    assert_verdict(forecast(at_least(TARGET_ON_TIME, 9800), 97, 3, 30, 30), SCORE_MISSED, -1);
}

static void forecast__portal__what_is_open_stands(void **state)
{
    char out[SCORE_TEXT_SIZE];
    /* 80 * 3.65 + 8 = 300 of 90 * 3.65 + 11 = 339.5; 90 % of that is 305.55. */
    struct score_verdict verdict = forecast(at_least(TARGET_ON_TIME_PORTAL, 9000), 80, 10, 100, 365);

    (void)state;
    assert_verdict(verdict, SCORE_MISSED, -6);
    assert_int_equal(verdict.part, 300);
    assert_int_equal(verdict.whole, 340);
    assert_string_equal(rate_format(verdict.exact_part, verdict.exact_whole, '.', out), "88.37");
}

static void compare_rates__equal_quotients__are_equal(void **state)
{
    (void)state;
    assert_int_equal(score_compare_rates(1, 3, 333, 999), 0);
    assert_true(score_compare_rates(1000000, 1000001, 999999, 1000000) > 0);
    assert_true(score_compare_rates(0, 5, 0, 0) > 0);
    assert_true(score_compare_rates(0, 0, 0, 5) < 0);
    assert_int_equal(score_compare_rates(0, 0, 0, 0), 0);
}

static void texts__rates_bounds_numbers__as_people_write_them(void **state)
{
    char out[SCORE_TEXT_SIZE];

    (void)state;
    assert_null(rate_format(0, 0, '.', out));
    assert_string_equal(rate_format(24499, 25000, '.', out), "98.00");
    assert_string_equal(rate_format(9861, 10000, ',', out), "98,61");
    assert_string_equal(rate_format(12, 10, '.', out), "120.00");
    assert_string_equal(rate_format(INT64_C(9007199254740991), INT64_C(9007199254740991), '.', out), "100.00");
    assert_string_equal(score_bound(9800, '.', out), "98");
    assert_string_equal(score_bound(9750, ',', out), "97,5");
    assert_string_equal(score_bound(5, '.', out), "0.05");
    assert_string_equal(score_number(1478230, '.', out), "1.478.230");
    assert_string_equal(score_number(-142159, ',', out), "-142,159");
    assert_string_equal(score_number(999, ',', out), "999");
    assert_string_equal(score_number(-999, ',', out), "-999");
    assert_string_equal(score_number(0, ',', out), "0");
    assert_string_equal(score_number(INT64_MIN, ',', out), "-9,223,372,036,854,775,808");
}

/* Days since 1970: 2024-01-01 is 19723, 2025-01-01 is 20089. */
static void period__years_quarters_months__first_and_last_day(void **state)
{
    static const char *const wrong[] = {"",        "2025-Q5", "2025-Q0", "2025-13", "2025-00",        "2025-7",    "20",
                                        "2025_07", "1889",    "2025-Q",  "202507",  "hcmc-2023-2025", "2025-01-01"};
    struct period period;

    (void)state;
    assert_int_equal(period_read("2024", &period), STATUS_OK);
    assert_int_equal(period.kind, TARGET_YEAR);
    assert_int_equal(period.first_day, 19723);
    assert_int_equal(period.last_day, 20088);
    assert_int_equal(period_read("2024-02", &period), STATUS_OK);
    assert_int_equal(period.kind, TARGET_MONTH);
    assert_int_equal(period.first_day, 19754);
    assert_int_equal(period.last_day, 19782); /* 29 days */
    assert_int_equal(period_read("2024-Q4", &period), STATUS_OK);
    assert_int_equal(period.kind, TARGET_QUARTER);
    assert_int_equal(period.first_day, 19997);
    assert_int_equal(period.last_day, 20088);
    assert_int_equal(period_read("2024-12", &period), STATUS_OK);
    assert_int_equal(period.last_day, 20088);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(period_read(wrong[i], &period), STATUS_INVALID);
    }
    for (int32_t day = 20088; day <= 20089; day++) {
        period_year_of(day, &period);
        assert_string_equal(period.name, day == 20088 ? "2024" : "2025");
    }
}

static void period__of_a_day__is_the_one_of_that_name(void **state)
{
    static const struct {
        int32_t day;
        enum target_period kind;
        const char *name;
    } cases[] = {
        {20088, TARGET_MONTH, "2024-12"},   {20089, TARGET_MONTH, "2025-01"},   {19782, TARGET_MONTH, "2024-02"},
        {19783, TARGET_MONTH, "2024-03"},   {19996, TARGET_QUARTER, "2024-Q3"}, {19997, TARGET_QUARTER, "2024-Q4"},
        {20088, TARGET_QUARTER, "2024-Q4"}, {20089, TARGET_QUARTER, "2025-Q1"}, {19754, TARGET_YEAR, "2024"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct period found, named;

        period_of(cases[i].kind, cases[i].day, &found);
        assert_string_equal(found.name, cases[i].name);
        assert_int_equal(period_read(cases[i].name, &named), STATUS_OK);
        assert_int_equal(found.kind, named.kind);
        assert_int_equal(found.first_day, named.first_day);
        assert_int_equal(found.last_day, named.last_day);
        assert_int_equal(period_elapsed_days(&found, cases[i].day), cases[i].day - named.first_day + 1);
        assert_int_equal(period_elapsed_days(&found, named.first_day - 1), 0);
        assert_int_equal(period_elapsed_days(&found, named.last_day + 1), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge__the_published_totals__are_short_by_142159),
        cmocka_unit_test(judge__exactly_at_the_bound__at_least_holds_and_below_does_not),
        cmocka_unit_test(judge__one_late_more__is_one_more_of_the_whole),
        cmocka_unit_test(judge__margins__are_exact_everywhere),
        cmocka_unit_test(judge__bounds_that_nothing_crosses__have_no_margin),
        cmocka_unit_test(judge__no_sample_or_too_small_a_one__is_no_data),
        cmocka_unit_test(judge__portal__counts_what_waits_and_what_is_overdue),
        cmocka_unit_test(judge__indicators__margin_in_units_of_the_numerator),
        cmocka_unit_test(forecast__without_open_dossiers__keeps_rate_and_answer),
        cmocka_unit_test(forecast__margin_and_sample__are_of_the_whole_period),
        cmocka_unit_test(forecast__portal__what_is_open_stands),
        cmocka_unit_test(compare_rates__equal_quotients__are_equal),
        cmocka_unit_test(texts__rates_bounds_numbers__as_people_write_them),
        cmocka_unit_test(period__years_quarters_months__first_and_last_day),
        cmocka_unit_test(period__of_a_day__is_the_one_of_that_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
