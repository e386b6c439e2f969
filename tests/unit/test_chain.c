/* SPDX-License-Identifier: MIT */
/*
 * test_chain.c - which step of a promise waits.  The week of tests/support/week.h; the rungs are the shipped ones:
 * three days, one day and three hours before the promise, and when it has come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/db_param.h"
#include "notifier/chain.h"
#include "tests/support/week.h"

enum { DAYS_3 = 1, DAY_1, HOURS_3, NOW };

/* Of a promise for Friday 17:00: an hour before Tuesday's and Thursday's end, Friday 14:00, the Monday after. */
#define FRIDAY at(FRI, 17)
#define AT_3_DAYS at(TUE, 16)
#define AT_1_DAY at(THU, 16)
#define AT_3_HOURS at(FRI, 14)
#define AT_NOW at(NEXT_MON, 7)

struct scene {
    struct hours *hours;
    struct chain_rungs rungs;
    struct chain_promise promise;
    struct chain_plan plan;
    struct chain_links links;
};

static struct scene scene_new(void)
{
    struct scene scene = {
        .hours = hours_new(),
        .rungs = {.rung = {{DAYS_3, true, 3, 0}, {DAY_1, true, 1, 0}, {HOURS_3, true, 0, 3}, {NOW, true, 0, 0}},
                  .count = 4},
        .promise = {.unit_id = 7, .due_us = FRIDAY, .known_us = at(MON, 9)}};
    struct calendars *calendars = office_calendars(2026, 2026);

    assert_non_null(scene.hours);
    hours_use(scene.hours, &calendars, at(MON, 0));
    return scene;
}

static void row(struct scene *scene, int rung, enum chain_state state, int64_t due_us)
{
    scene->promise.step[scene->promise.count++] = (struct chain_step){.rung = (int16_t)rung,
                                                                      .state = state,
                                                                      .unit_id = scene->promise.unit_id,
                                                                      .due_us = due_us,
                                                                      .anchor_us = scene->promise.due_us,
                                                                      .was_us = DB_NULL_US};
}

/* E.g. "forget 2, wait 1, pass 3". */
static const char *planned(struct scene *scene)
{
    static const char *const acts[] = {[CHAIN_FORGET] = "forget", [CHAIN_WAIT] = "wait", [CHAIN_PASS] = "pass"};
    static char text[256];
    size_t len = 0;

    chain_plan(&scene->rungs, scene->hours, &scene->promise, &scene->plan);
    text[0] = '\0';
    for (int i = 0; i < scene->plan.count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %d", i > 0 ? ", " : "",
                                acts[scene->plan.change[i].act], scene->plan.change[i].step.rung);
        assert_true(len < sizeof text);
    }
    return text;
}

static const struct chain_step *waiting(const struct scene *scene)
{
    for (int i = 0; i < scene->plan.count; i++) {
        if (scene->plan.change[i].act == CHAIN_WAIT) {
            return &scene->plan.change[i].step;
        }
    }
    fail_msg("none waits");
    return NULL;
}

/* E.g. "2 at 1, 3 at 2": rungs with their places; the next one behind those that are due as "then 4". */
static const char *followed(struct scene *scene, const struct chain_step *taken, uint64_t rows, int64_t now_us)
{
    static char text[256];
    size_t len = 0;

    chain_follow(&scene->rungs, scene->hours, taken, rows, now_us, &scene->links);
    text[0] = '\0';
    for (int i = 0; i < scene->links.count; i++) {
        const struct chain_link *link = &scene->links.link[i];

        len += link->step.due_us > now_us
                   ? (size_t)snprintf(text + len, sizeof text - len, ", then %d", link->step.rung)
                   : (size_t)snprintf(text + len, sizeof text - len, "%s%d at %d", i > 0 ? ", " : "", link->step.rung,
                                      link->place);
        assert_true(len < sizeof text);
    }
    return text;
}

static void plan__new_promise__first_rung_waits_alone(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    assert_string_equal(planned(&scene), "wait 1");
    assert_int_equal(waiting(&scene)->due_us, AT_3_DAYS);
    assert_int_equal(waiting(&scene)->anchor_us, FRIDAY);
    assert_int_equal(waiting(&scene)->unit_id, 7);
    assert_int_equal(waiting(&scene)->was_us, DB_NULL_US);
    hours_destroy(&scene.hours);
}

static void plan__known_late__rungs_gone_by_are_noted(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    scene.promise.known_us = AT_1_DAY;
    assert_string_equal(planned(&scene), "wait 3, pass 1, pass 2");
    assert_int_equal(scene.plan.change[1].step.due_us, AT_3_DAYS);
    scene.promise.known_us = AT_NOW;
    assert_string_equal(planned(&scene), "pass 1, pass 2, pass 3, pass 4");
    hours_destroy(&scene.hours);
}

static void plan__as_it_was__nothing_changes(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, DAYS_3, CHAIN_DONE, AT_3_DAYS);
    row(&scene, DAY_1, CHAIN_WAITING, AT_1_DAY);
    assert_string_equal(planned(&scene), "");
    /* Due, and nobody had a turn yet: it is looked at again in the meantime. */
    scene.promise.known_us = AT_3_HOURS;
    assert_string_equal(planned(&scene), "");
    /* All were taken. */
    scene.promise.step[1].state = CHAIN_DONE;
    row(&scene, HOURS_3, CHAIN_DONE, AT_3_HOURS);
    row(&scene, NOW, CHAIN_DONE, AT_NOW);
    assert_string_equal(planned(&scene), "");
    hours_destroy(&scene.hours);
}

static void plan__promise_moved__the_step_goes_with_it(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, DAYS_3, CHAIN_DONE, AT_3_DAYS);
    row(&scene, DAY_1, CHAIN_WAITING, AT_1_DAY);
    scene.promise.due_us = at(NEXT_MON, 17);
    assert_string_equal(planned(&scene), "forget 2, wait 2");
    assert_int_equal(waiting(&scene)->due_us, at(FRI, 16));
    /* Brought forward so that its time is over: those behind it are to come all the same, and it is told at once. */
    scene.promise.due_us = at(THU, 10);
    scene.promise.known_us = at(THU, 9);
    assert_string_equal(planned(&scene), "forget 2, wait 2");
    assert_int_equal(waiting(&scene)->due_us, at(WED, 10));
    hours_destroy(&scene.hours);
}

static void plan__rungs_gone_by_lie_ahead_again__they_come_first(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, DAYS_3, CHAIN_DROPPED, AT_3_DAYS);
    row(&scene, DAY_1, CHAIN_DROPPED, AT_1_DAY);
    row(&scene, HOURS_3, CHAIN_WAITING, AT_3_HOURS);
    scene.promise.due_us = at(NEXT_MON + 4, 17);
    scene.promise.known_us = at(FRI, 10);
    /* The second one has no row any more: it is to come when the first is taken. */
    assert_string_equal(planned(&scene), "forget 1, forget 2, forget 3, wait 1");
    assert_int_equal(waiting(&scene)->due_us, at(NEXT_MON + 1, 16));
    hours_destroy(&scene.hours);
}

static void plan__a_day_before_the_end_of_hours__is_told_that_day(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    scene.promise.known_us = AT_3_DAYS;
    assert_string_equal(planned(&scene), "wait 2, pass 1");
    assert_int_equal(waiting(&scene)->due_us, at(THU, 16));
    /* Before noon the morning's hours end; over a weekend Friday's do. */
    scene.promise.due_us = at(FRI, 11) + HOUR_US / 2;
    scene.promise.known_us = at(WED, 9);
    assert_string_equal(planned(&scene), "wait 2, pass 1");
    assert_int_equal(waiting(&scene)->due_us, at(THU, 10) + HOUR_US / 2);
    scene.promise.due_us = at(NEXT_MON, 17);
    scene.promise.known_us = at(THU, 9);
    assert_string_equal(planned(&scene), "wait 2, pass 1");
    assert_int_equal(waiting(&scene)->due_us, at(FRI, 16));
    /* Hours before a promise are as many when they begin with the day. */
    scene.promise.due_us = at(FRI, 10);
    scene.promise.known_us = at(THU, 17);
    assert_string_equal(planned(&scene), "wait 3, pass 1, pass 2");
    assert_int_equal(waiting(&scene)->due_us, at(FRI, 7));
    hours_destroy(&scene.hours);
}

static void plan__another_unit__it_waits_there(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, DAYS_3, CHAIN_WAITING, AT_3_DAYS);
    scene.promise.unit_id = 8;
    assert_string_equal(planned(&scene), "forget 1, wait 1");
    assert_int_equal(waiting(&scene)->unit_id, 8);
    hours_destroy(&scene.hours);
}

static void plan__postponed__stays_so_as_long_as_its_promise(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, DAYS_3, CHAIN_WAITING, at(FRI, 8));
    scene.promise.step[0].was_us = AT_3_DAYS;
    assert_string_equal(planned(&scene), "");
    scene.promise.unit_id = 8;
    assert_string_equal(planned(&scene), "forget 1, wait 1");
    assert_int_equal(waiting(&scene)->due_us, at(FRI, 8));
    assert_int_equal(waiting(&scene)->was_us, AT_3_DAYS);
    scene.promise.due_us = at(NEXT_MON, 17);
    assert_string_equal(planned(&scene), "forget 1, wait 1");
    assert_int_equal(waiting(&scene)->due_us, at(WED, 16));
    assert_int_equal(waiting(&scene)->was_us, DB_NULL_US);
    hours_destroy(&scene.hours);
}

static void plan__other_rungs__the_next_by_time_waits(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    /* The one that waits comes later now. */
    row(&scene, DAYS_3, CHAIN_WAITING, AT_3_DAYS);
    scene.rungs.rung[0].days_before = 0;
    scene.rungs.rung[0].hours_before = 1;
    assert_string_equal(planned(&scene), "forget 1, wait 2");
    /* One comes before it that was not used. */
    scene.rungs.rung[0] = (struct chain_rung){DAYS_3, true, 3, 0};
    scene.promise.step[0].rung = DAY_1;
    scene.promise.step[0].due_us = AT_1_DAY;
    assert_string_equal(planned(&scene), "forget 2, wait 1");
    /* Or would have: its time is over. */
    scene.promise.known_us = AT_3_DAYS;
    assert_string_equal(planned(&scene), "pass 1");
    /* What waits and is not used any more gives way to the one behind it, also to one whose time has gone by meanwhile.
     */
    scene.rungs.rung[0].active = false;
    scene.rungs.rung[1].active = false;
    assert_string_equal(planned(&scene), "forget 2, wait 3");
    scene.promise.known_us = at(FRI, 15);
    assert_string_equal(planned(&scene), "forget 2, wait 3");
    /* Postponed, it holds those behind it. */
    scene.promise.step[0].was_us = AT_1_DAY;
    scene.promise.step[0].due_us = at(FRI, 16);
    assert_string_equal(planned(&scene), "");
    scene.promise.known_us = AT_3_DAYS;
    scene.promise.count = 0;
    assert_string_equal(planned(&scene), "wait 3");
    /* The last one is used again when all others were told. */
    scene.rungs.rung[2].active = false;
    row(&scene, HOURS_3, CHAIN_DONE, AT_3_HOURS);
    assert_string_equal(planned(&scene), "wait 4");
    hours_destroy(&scene.hours);
}

static void plan__planned_all_ahead__the_first_stays(void **state)
{
    struct scene scene = scene_new();

    (void)state;
    row(&scene, NOW, CHAIN_WAITING, AT_NOW);
    row(&scene, DAY_1, CHAIN_WAITING, AT_1_DAY);
    row(&scene, HOURS_3, CHAIN_WAITING, AT_3_HOURS);
    row(&scene, DAYS_3, CHAIN_DONE, AT_3_DAYS);
    assert_string_equal(planned(&scene), "forget 3, forget 4");
    hours_destroy(&scene.hours);
}

static void follow__taken_in_time__the_next_is_planned(void **state)
{
    struct scene scene = scene_new();
    struct chain_step taken = {
        .rung = DAYS_3, .unit_id = 7, .due_us = AT_3_DAYS, .anchor_us = FRIDAY, .was_us = DB_NULL_US};

    (void)state;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3, AT_3_DAYS), "1 at 1, then 2");
    assert_int_equal(scene.links.link[1].step.due_us, AT_1_DAY);
    assert_int_equal(scene.links.link[1].step.anchor_us, FRIDAY);
    assert_int_equal(scene.links.link[1].step.unit_id, 7);
    /* What has a row already, or is not used, is passed over. */
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3 | 1 << DAY_1, AT_3_DAYS), "1 at 1, then 3");
    scene.rungs.rung[1].active = false;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3, AT_3_DAYS), "1 at 1, then 3");
    /* The last. */
    taken.rung = NOW;
    taken.due_us = AT_NOW;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3 | 1 << HOURS_3 | 1 << NOW, AT_NOW), "4 at 1");
    hours_destroy(&scene.hours);
}

static void follow__nobody_looked__those_due_come_along_in_their_order(void **state)
{
    struct scene scene = scene_new();
    struct chain_step taken = {
        .rung = DAYS_3, .unit_id = 7, .due_us = AT_3_DAYS, .anchor_us = FRIDAY, .was_us = DB_NULL_US};

    (void)state;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3, at(FRI, 15)), "1 at 1, 2 at 2, 3 at 3, then 4");
    assert_int_equal(scene.links.link[2].step.due_us, AT_3_HOURS);
    /* By their time, whatever their number: the rung taken counts by what it is now. */
    scene.rungs.rung[0].days_before = 0;
    scene.rungs.rung[0].hours_before = 4;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3, at(FRI, 15)), "1 at 2, 2 at 1, 3 at 3, then 4");
    hours_destroy(&scene.hours);
}

static void follow__postponed__holds_those_behind_it_too(void **state)
{
    struct scene scene = scene_new();
    struct chain_step taken = {
        .rung = DAYS_3, .unit_id = 7, .due_us = at(FRI, 15), .anchor_us = FRIDAY, .was_us = AT_3_DAYS};

    (void)state;
    assert_string_equal(followed(&scene, &taken, 1 << DAYS_3, at(FRI, 15)), "1 at 1, 2 at 2, 3 at 3, then 4");
    assert_int_equal(scene.links.link[1].step.due_us, at(FRI, 15));
    assert_int_equal(scene.links.link[1].step.was_us, AT_1_DAY);
    assert_int_equal(scene.links.link[3].step.due_us, AT_NOW);
    assert_int_equal(scene.links.link[3].step.was_us, DB_NULL_US);
    hours_destroy(&scene.hours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan__new_promise__first_rung_waits_alone),
        cmocka_unit_test(plan__known_late__rungs_gone_by_are_noted),
        cmocka_unit_test(plan__as_it_was__nothing_changes),
        cmocka_unit_test(plan__promise_moved__the_step_goes_with_it),
        cmocka_unit_test(plan__rungs_gone_by_lie_ahead_again__they_come_first),
        cmocka_unit_test(plan__a_day_before_the_end_of_hours__is_told_that_day),
        cmocka_unit_test(plan__another_unit__it_waits_there),
        cmocka_unit_test(plan__postponed__stays_so_as_long_as_its_promise),
        cmocka_unit_test(plan__other_rungs__the_next_by_time_waits),
        cmocka_unit_test(plan__planned_all_ahead__the_first_stays),
        cmocka_unit_test(follow__taken_in_time__the_next_is_planned),
        cmocka_unit_test(follow__nobody_looked__those_due_come_along_in_their_order),
        cmocka_unit_test(follow__postponed__holds_those_behind_it_too),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
