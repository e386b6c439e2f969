/* SPDX-License-Identifier: MIT */
/*
 * test_calendar_inverse.c - random calendars: that add and between are exact inverses, and that they agree with a walk
 * from minute to minute over the hours as defined.
 *
 * KIPTHOI_TEST_CASES: how many random cases, 10,000,000 unless told.  What is judged by (which minutes are worked) is
 * made here from the definition alone; Asia/Ho_Chi_Minh is UTC+07:00 all year, so no zone is needed for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "tests/support/office.h"

#define SEED UINT64_C(20240504)
#define CASES_DEFAULT 10000000
#define CALENDARS 200
#define FIRST_YEAR 2023
#define LAST_YEAR 2025
#define DAYS 1096 /* 2024 is a leap year */
#define DAY_MINUTES 1440
#define MINUTES (DAYS * DAY_MINUTES)
#define MINUTE_US INT64_C(60000000)
#define DAY_US (24 * HOUR_US)
#define BEGIN "2023-01-01T00:00:00+07:00" /* a Sunday */
#define TIMED 65536

struct random {
    uint64_t state;
};

struct fixture {
    struct random random;
    int32_t grain_s; /* of the hours of this calendar: 1 or 60 */
    struct calendar_definition definition;
    struct calendar_day days[DAYS];
    struct calendar_shift hours[DAYS]; /* by the definition */
    bool worked[MINUTES];              /* the same by minutes, when the grain is one */
    struct calendar *calendar;
    int64_t begin_us;
    int64_t end_us;
    int64_t cases;
    /* what was met */
    int64_t added;
    int64_t beyond; /* too much to be added within the years */
    int64_t at_work;
    int64_t not_at_work;
    int64_t walked;
    int64_t walked_beyond;
};

/* xorshift64*, Vigna 2014. */
static uint64_t random_next(struct random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717);
}

/* 0 .. below-1 */
static int64_t random_below(struct random *random, int64_t below)
{
    return (int64_t)(random_next(random) % (uint64_t)below);
}

static int point_compare(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

/* 1 to 4 stretches; some touch, some begin at 00:00 or end at 24:00. */
static struct calendar_shift shift_random(struct fixture *f)
{
    struct calendar_shift shift = {.count = 1 + (int)random_below(&f->random, 4)};
    int32_t points[8];
    int taken = 0;

    for (int i = 0; i < 2 * shift.count; i++) {
        points[i] = (int32_t)random_below(&f->random, 86400 / f->grain_s + 1) * f->grain_s;
    }
    points[0] = random_below(&f->random, 8) == 0 ? 0 : points[0];
    points[1] = random_below(&f->random, 8) == 0 ? 86400 : points[1];
    qsort(points, (size_t)(2 * shift.count), sizeof *points, point_compare);
    if (shift.count > 1 && random_below(&f->random, 8) == 0) {
        points[2] = points[1];
    }
    for (int i = 0; i < shift.count; i++) {
        if (points[2 * i] < points[2 * i + 1]) {
            shift.segment[taken++] = (struct calendar_segment){points[2 * i], points[2 * i + 1]};
        }
    }
    shift.count = taken;
    return shift;
}

static void definition_random(struct fixture *f)
{
    int32_t first_day = date(FIRST_YEAR, 1, 1);
    size_t count = 0;

    f->definition = (struct calendar_definition){.first_year = FIRST_YEAR, .last_year = LAST_YEAR, .days = f->days};
    f->definition.day_s = 60 * (1 + (int32_t)random_below(&f->random, DAY_MINUTES));
    f->definition.cut_off_s = CALENDAR_NO_CUT_OFF;
    if (random_below(&f->random, 2) == 0) {
        f->definition.cut_off_s = 60 * (int32_t)random_below(&f->random, DAY_MINUTES + 1);
    }
    for (int i = 0; i < 7; i++) {
        if (random_below(&f->random, 7) < 5) {
            f->definition.week[i] = shift_random(f);
        }
    }
    f->definition.week[1] = office_shift(); /* so that there is work */
    for (int32_t i = 0; i < DAYS; i++) {
        f->hours[i] = f->definition.week[(i + 6) % 7];
        if (random_below(&f->random, 12) == 0) {
            f->hours[i] = random_below(&f->random, 2) == 0 ? shift_random(f) : (struct calendar_shift){.count = 0};
            f->days[count++] = (struct calendar_day){.day = first_day + i, .shift = f->hours[i]};
        }
    }
    f->definition.day_count = count;
}

static void minutes_mark(struct fixture *f)
{
    memset(f->worked, 0, sizeof f->worked);
    for (int32_t day = 0; day < DAYS; day++) {
        for (int i = 0; i < f->hours[day].count; i++) {
            for (int32_t s = f->hours[day].segment[i].begin_s; s < f->hours[day].segment[i].end_s; s += 60) {
                f->worked[day * DAY_MINUTES + s / 60] = true;
            }
        }
    }
}

/* Whether the time just before the moment is worked. */
static bool worked_until(const struct fixture *f, int64_t moment_us)
{
    int64_t since_us = moment_us - 1 - f->begin_us;
    const struct calendar_shift *hours;
    int64_t second_s = since_us % DAY_US / CLOCK_SECOND_US;

    if (since_us < 0) {
        return false;
    }
    hours = &f->hours[since_us / DAY_US];
    for (int i = 0; i < hours->count; i++) {
        if (second_s >= hours->segment[i].begin_s && second_s < hours->segment[i].end_s) {
            return true;
        }
    }
    return false;
}

/* A moment of the years; one of three at, just before or just after the begin or end of a stretch. */
static int64_t moment_random(struct fixture *f)
{
    int64_t moment_us = f->begin_us + random_below(&f->random, f->end_us - f->begin_us + 1);
    int64_t day = random_below(&f->random, DAYS);
    const struct calendar_shift *hours = &f->hours[day];

    if (random_below(&f->random, 3) == 0 && hours->count > 0) {
        const struct calendar_segment *segment = &hours->segment[random_below(&f->random, hours->count)];
        int32_t second_s = random_below(&f->random, 2) == 0 ? segment->begin_s : segment->end_s;

        moment_us = f->begin_us + day * DAY_US + second_s * CLOCK_SECOND_US + random_below(&f->random, 3) - 1;
    }
    if (moment_us < f->begin_us || moment_us > f->end_us) {
        return f->end_us;
    }
    return moment_us;
}

/* From nothing to thousands of hours, as many small as large. */
static int64_t amount_random(struct fixture *f)
{
    return random_below(&f->random, INT64_C(1) << random_below(&f->random, 45));
}

/* A case is told by its numbers; the seed does the rest. */
#define HOLDS(condition, a, b, w)                                                                                      \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fail_msg("not so: %s, a=%lld b=%lld w=%lld", #condition, (long long)(a), (long long)(b), (long long)(w));  \
        }                                                                                                              \
    } while (0)

static int64_t between(const struct fixture *f, int64_t from_us, int64_t to_us)
{
    int64_t working_us = INT64_MIN;

    HOLDS(calendar_between(f->calendar, from_us, to_us, &working_us) == STATUS_OK, from_us, to_us, 0);
    return working_us;
}

static void add_check(struct fixture *f, int64_t a_us, int64_t w_us)
{
    int64_t c_us = 0;
    int64_t later_us = 0;

    if (calendar_add(f->calendar, a_us, w_us, &c_us) != STATUS_OK) {
        HOLDS(between(f, a_us, f->end_us) < w_us, a_us, f->end_us, w_us);
        f->beyond++;
        return;
    }
    f->added++;
    HOLDS(between(f, a_us, c_us) == w_us, a_us, c_us, w_us);
    /* It is the first such moment: there is work just before it, or there was nothing to add. */
    HOLDS(w_us == 0 ? c_us == a_us : c_us > a_us && worked_until(f, c_us), a_us, c_us, w_us);
    /* Monotone in both. */
    if (calendar_add(f->calendar, a_us, w_us + w_us % 977, &later_us) == STATUS_OK) {
        HOLDS(later_us >= c_us, a_us, later_us, w_us);
    }
    if (a_us + w_us <= f->end_us && calendar_add(f->calendar, a_us + w_us, w_us, &later_us) == STATUS_OK) {
        HOLDS(later_us >= c_us, a_us, later_us, w_us);
    }
}

static void between_check(struct fixture *f, int64_t a_us, int64_t b_us)
{
    int64_t v_us = between(f, a_us, b_us);
    int64_t d_us = 0;

    HOLDS(between(f, b_us, a_us) == -v_us, a_us, b_us, v_us);
    if (a_us >= b_us) {
        HOLDS(v_us <= 0, a_us, b_us, v_us);
        return;
    }
    HOLDS(calendar_add(f->calendar, a_us, v_us, &d_us) == STATUS_OK, a_us, b_us, v_us);
    HOLDS(d_us <= b_us, a_us, b_us, v_us);
    HOLDS((d_us == b_us) == worked_until(f, b_us), a_us, b_us, v_us);
    if (d_us == b_us) {
        f->at_work++;
    } else {
        f->not_at_work++;
    }
}

/* The minute from which a term counts. */
static int32_t walk_start(const struct fixture *f, int32_t minute)
{
    int32_t of_day = minute % DAY_MINUTES;

    if (f->definition.cut_off_s != CALENDAR_NO_CUT_OFF && of_day * 60 > f->definition.cut_off_s) {
        return minute - of_day + DAY_MINUTES;
    }
    return minute;
}

/* The minute by which `amount` minutes are worked; -1 when the years end before. */
static int32_t walk_add(const struct fixture *f, int32_t minute, int32_t amount)
{
    while (amount > 0 && minute < MINUTES) {
        amount -= f->worked[minute++];
    }
    return amount == 0 ? minute : -1;
}

static int64_t minute_us(const struct fixture *f, int32_t minute)
{
    return f->begin_us + minute * MINUTE_US;
}

static void walk_check(struct fixture *f)
{
    int32_t minute = (int32_t)random_below(&f->random, MINUTES);
    int32_t amount = (int32_t)random_below(&f->random, random_below(&f->random, 10) == 0 ? 20000 : 3000);
    int32_t start = walk_start(f, minute);
    int32_t end = walk_add(f, start, amount);
    int32_t to = minute + (int32_t)random_below(&f->random, 20000);
    int32_t between_minutes = 0;
    int64_t start_us = 0;
    int64_t end_us = 0;
    enum status st;

    HOLDS(calendar_start(f->calendar, minute_us(f, minute), &start_us) == STATUS_OK, minute, start, 0);
    HOLDS(start_us == minute_us(f, start), minute, start, start_us);
    st = calendar_add(f->calendar, start_us, amount * MINUTE_US, &end_us);
    HOLDS((st == STATUS_OK) == (end >= 0), minute, end, amount);
    HOLDS(end < 0 || end_us == minute_us(f, end), minute, end, amount);

    to = to > MINUTES ? MINUTES : to;
    for (int32_t at = minute; at < to; at++) {
        between_minutes += f->worked[at];
    }
    HOLDS(between(f, minute_us(f, minute), minute_us(f, to)) == between_minutes * MINUTE_US, minute, to,
          between_minutes);
    f->walked++;
    f->walked_beyond += end < 0;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    const char *cases = getenv("KIPTHOI_TEST_CASES");

    if (!f) {
        return 1;
    }
    f->random.state = SEED;
    f->cases = cases ? strtol(cases, NULL, 10) : CASES_DEFAULT;
    f->begin_us = moment(BEGIN);
    f->end_us = f->begin_us + DAYS * DAY_US;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    calendar_destroy(&f->calendar);
    free(f);
    return 0;
}

static void calendar_random(struct fixture *f, int32_t grain_s)
{
    f->grain_s = grain_s;
    definition_random(f);
    calendar_destroy(&f->calendar);
    f->calendar = calendar_made(&f->definition);
}

static void calendar__random_cases__add_and_between_are_inverse(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < CALENDARS; i++) {
        calendar_random(f, i % 2 == 0 ? 60 : 1);
        for (int64_t n = 0; n < f->cases / CALENDARS; n++) {
            int64_t a_us = moment_random(f);

            add_check(f, a_us, amount_random(f));
            between_check(f, a_us, moment_random(f));
        }
    }
    print_message("%lld added, %lld beyond the years; %lld spans that end at work, %lld that do not\n",
                  (long long)f->added, (long long)f->beyond, (long long)f->at_work, (long long)f->not_at_work);
    assert_true(f->added + f->beyond == f->cases / CALENDARS * CALENDARS);
    assert_true(f->beyond > 0 && f->at_work > 0 && f->not_at_work > 0);
}

static void calendar__random_cases__agree_with_a_walk_by_minutes(void **state)
{
    struct fixture *f = *state;
    /* One of a hundred, yet under sanitizers as many as find something. */
    int64_t walks = f->cases / 100 > 5000 ? f->cases / 100 : 5000;

    for (int i = 0; i < CALENDARS; i++) {
        calendar_random(f, 60);
        minutes_mark(f);
        for (int64_t n = 0; n < walks / CALENDARS; n++) {
            walk_check(f);
        }
    }
    print_message("%lld walked, %lld of them beyond the years\n", (long long)f->walked, (long long)f->walked_beyond);
    assert_true(f->walked_beyond > 0 && f->walked_beyond < f->walked);
}

/* Not judged: a figure for whoever changes the search. */
static void calendar__add_and_between__are_timed(void **state)
{
    static int64_t from_us[TIMED];
    static int64_t amount_us[TIMED];
    struct fixture *f = *state;
    int rounds = f->cases < CASES_DEFAULT ? 1 : 32;
    uint64_t sum = 0; /* so that no call can be left out */
    int64_t times_ms[3];

    calendar_random(f, 60);
    for (int i = 0; i < TIMED; i++) {
        from_us[i] = moment_random(f);
        amount_us[i] = random_below(&f->random, 400 * HOUR_US);
    }
    times_ms[0] = clock_monotonic_ms();
    for (int i = 0; i < rounds * TIMED; i++) {
        int64_t to_us = 0;

        sum += calendar_add(f->calendar, from_us[i % TIMED], amount_us[i % TIMED], &to_us) == STATUS_OK;
        sum += (uint64_t)to_us;
    }
    times_ms[1] = clock_monotonic_ms();
    for (int i = 0; i < rounds * TIMED; i++) {
        sum += (uint64_t)between(f, from_us[i % TIMED], from_us[(i + 1) % TIMED]);
    }
    times_ms[2] = clock_monotonic_ms();
    print_message("%lld ns an add, %lld ns a between (%llx)\n",
                  (long long)(times_ms[1] - times_ms[0]) * 1000000 / (rounds * TIMED),
                  (long long)(times_ms[2] - times_ms[1]) * 1000000 / (rounds * TIMED), (unsigned long long)sum);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(calendar__random_cases__add_and_between_are_inverse),
        TEST(calendar__random_cases__agree_with_a_walk_by_minutes),
        TEST(calendar__add_and_between__are_timed),
    };

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
