/* SPDX-License-Identifier: MIT */
/* test_target.c - which target decides, and which contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/target.h"

/* 98 % on time in each field, everywhere, in 2025. */
static struct target base(void)
{
    return (struct target){.line = 2,
                           .bound_bp = 9800,
                           .first_day = 20089,
                           .last_day = 20453,
                           .each = TARGET_EACH_FIELD,
                           .period = TARGET_YEAR,
                           .plan = "p",
                           .unit = "",
                           .field_group = "",
                           .procedure = "",
                           .measure = "on_time",
                           .title = "t",
                           .source = "s"};
}

static struct target measured(const char *measure, enum target_relation relation, int32_t bound_bp)
{
    struct target target = base();

    target.measure = measure;
    assert_int_equal(target_read_measure(measure, &target.kind), STATUS_OK);
    target.relation = relation;
    target.bound_bp = bound_bp;
    return target;
}

/* a decides over b, whichever is named first. */
static void assert_decides(const struct target *a, const struct target *b)
{
    assert_true(target_precedence(a, b, TARGET_EACH_FIELD, TARGET_YEAR) > 0);
    assert_true(target_precedence(b, a, TARGET_EACH_FIELD, TARGET_YEAR) < 0);
}

static void precedence__scopes__procedure_then_group_then_deeper_unit(void **state)
{
    struct target general = base();
    struct target unit = base();
    struct target deeper = base();
    struct target group = base();
    struct target procedure = base();

    (void)state;
    unit.unit = "H29";
    unit.unit_depth = 1;
    deeper.unit = "H29.1";
    deeper.unit_depth = 2;
    group.field_group = "land";
    procedure.procedure = "1.000001";
    /* What is less specific gains nothing by being later, or by depth below a group. */
    general.first_day += 100;
    unit.first_day += 50;
    assert_decides(&unit, &general);
    assert_decides(&deeper, &unit);
    assert_decides(&group, &deeper);
    assert_decides(&group, &general);
    assert_decides(&procedure, &group);
    assert_decides(&procedure, &deeper);
    group.unit_depth = 1;
    assert_decides(&procedure, &group);
}

static void precedence__same_scope__each_then_period_then_later(void **state)
{
    struct target each = base();
    struct target whole = base();
    struct target monthly = base();
    struct target planned = base();
    struct target later = base();

    (void)state;
    whole.each = TARGET_WHOLE;
    monthly.period = TARGET_MONTH;
    planned.period = TARGET_PLAN;
    later.first_day += 1;
    whole.first_day += 30;
    assert_decides(&each, &whole);
    assert_decides(&each, &monthly);
    assert_decides(&each, &planned);
    /* A longer period seen half-way before a shorter one stretched. */
    assert_decides(&planned, &monthly);
    assert_decides(&later, &each);
    monthly.first_day += 2;
    assert_decides(&each, &monthly);
}

static void precedence__equal_in_all__plan_and_line_make_it_certain(void **state)
{
    struct target a = base();
    struct target b = base();

    (void)state;
    b.line = 3;
    assert_decides(&a, &b);
    b.plan = "o";
    assert_decides(&b, &a);
}

static void contradicts__two_bounds_of_one_scope__yes(void **state)
{
    struct target a = base();
    struct target b = base();

    (void)state;
    b.plan = "q";
    assert_false(target_contradicts(&a, &b)); /* the same demand said by two plans */
    b.bound_bp = 9700;
    assert_true(target_contradicts(&a, &b));
    assert_true(target_contradicts(&b, &a));
    b = a;
    b.line = 9;
    assert_true(target_contradicts(&a, &b)); /* twice in one plan */
}

static void contradicts__late_and_on_time__are_one_thing(void **state)
{
    struct target kept = measured("on_time", TARGET_AT_LEAST, 9800);
    struct target late = measured("late", TARGET_BELOW, 300);
    struct target portal = measured("on_time_portal", TARGET_AT_LEAST, 9000);
    struct target paid = measured("e_payment", TARGET_AT_LEAST, 10000);
    struct target signed_ = measured("digital_signature", TARGET_AT_LEAST, 10000);

    (void)state;
    assert_true(target_contradicts(&kept, &late));
    assert_false(target_contradicts(&kept, &portal));
    assert_false(target_contradicts(&paid, &signed_));
    late.field_group = "land";
    assert_false(target_contradicts(&kept, &late));
}

static void contradicts__other_scope_period_or_days__no(void **state)
{
    struct target a = base();
    struct target b = base();

    (void)state;
    b.bound_bp = 9500;
    b.each = TARGET_WHOLE;
    assert_false(target_contradicts(&a, &b));
    b.each = a.each;
    b.period = TARGET_MONTH;
    assert_false(target_contradicts(&a, &b));
    b.period = a.period;
    b.unit = "H29";
    assert_false(target_contradicts(&a, &b));
    b.unit = "";
    b.procedure = "1.000001";
    assert_false(target_contradicts(&a, &b));
    b.procedure = "";
    /* Days: the day after the last is free, the last is not. */
    b.first_day = a.last_day + 1;
    b.last_day = a.last_day + 100;
    assert_false(target_contradicts(&a, &b));
    assert_false(target_contradicts(&b, &a));
    b.first_day = a.last_day;
    assert_true(target_contradicts(&a, &b));
    assert_true(target_contradicts(&b, &a));
}

static void nonsense__relation_against_its_measure__is_told(void **state)
{
    struct target target = measured("late", TARGET_BELOW, 300);

    (void)state;
    assert_null(target_nonsense(&target));
    target.bound_bp = 0;
    assert_non_null(target_nonsense(&target));
    target = measured("late", TARGET_AT_LEAST, 300);
    assert_non_null(target_nonsense(&target));
    target = measured("on_time", TARGET_BELOW, 300);
    assert_non_null(target_nonsense(&target));
    target = measured("complaint_share", TARGET_BELOW, 300);
    assert_null(target_nonsense(&target));
    target.procedure = "1.000001";
    assert_non_null(target_nonsense(&target));
    target = base();
    target.last_day = target.first_day - 1;
    assert_non_null(target_nonsense(&target));
    target.last_day = target.first_day;
    assert_null(target_nonsense(&target));
}

static void words__unknown_ones__are_refused(void **state)
{
    static const char *const bad[] = {"", "On_time", "1st", "on time", "on-time", "_x"};
    enum target_measure kind;
    enum target_each each;
    enum target_relation relation;
    enum target_period period;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(target_read_measure(bad[i], &kind), STATUS_INVALID);
    }
    assert_int_equal(target_read_measure("a234567890123456789012345678901234567890123456789012345678901234", &kind),
                     STATUS_OK);
    assert_int_equal(target_read_measure("a2345678901234567890123456789012345678901234567890123456789012345", &kind),
                     STATUS_INVALID);
    assert_int_equal(target_read_each("procedure", &each), STATUS_INVALID);
    assert_int_equal(target_read_relation("<=", &relation), STATUS_INVALID);
    assert_int_equal(target_read_period("week", &period), STATUS_INVALID);
    assert_int_equal(target_read_each("", &each), STATUS_OK);
    assert_int_equal(each, TARGET_WHOLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(precedence__scopes__procedure_then_group_then_deeper_unit),
        cmocka_unit_test(precedence__same_scope__each_then_period_then_later),
        cmocka_unit_test(precedence__equal_in_all__plan_and_line_make_it_certain),
        cmocka_unit_test(contradicts__two_bounds_of_one_scope__yes),
        cmocka_unit_test(contradicts__late_and_on_time__are_one_thing),
        cmocka_unit_test(contradicts__other_scope_period_or_days__no),
        cmocka_unit_test(nonsense__relation_against_its_measure__is_told),
        cmocka_unit_test(words__unknown_ones__are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
