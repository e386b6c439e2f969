/* SPDX-License-Identifier: MIT */
/* test_board.c - the rows of a scoreboard: who decides, what is replaced, what is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "targets/board.h"

#define NO_UNIT NULL

static struct target asking(enum target_each each, const char *unit, const char *group, const char *measure,
                            enum target_relation relation, int32_t bound_bp)
{
    static int32_t line;
    struct target target = {.line = ++line,
                            .bound_bp = bound_bp,
                            .each = each,
                            .relation = relation,
                            .period = TARGET_YEAR,
                            .plan = "p",
                            .unit = unit,
                            .field_group = group,
                            .procedure = "",
                            .measure = measure,
                            .title = "t",
                            .source = "s"};

    assert_int_equal(target_read_measure(measure, &target.kind), STATUS_OK);
    return target;
}

static void count_in(struct board *board, const char *unit, const char *field, int64_t kept, int64_t broken)
{
    struct board_figure figure = {.unit = unit, .field = field, .tally = {.kept = kept, .broken = broken}};

    board_add_figure(board, BOARD_PROMISE, &figure);
}

/* City H29 over districts D1 (ward W1) and D2; land is LA and LB. */
static struct board *city(const char *unit)
{
    struct board *board = board_new(unit);

    assert_non_null(board);
    board_add_unit(board, "W1", "D1");
    board_add_unit(board, "D2", "H29");
    board_add_unit(board, "H29", NULL);
    board_add_unit(board, "D1", "H29");
    board_add_group(board, "land", "LB");
    board_add_group(board, "land", "LA");
    count_in(board, NULL, "HO", 98, 2);
    count_in(board, NULL, "LA", 50, 1);
    count_in(board, NULL, "LB", 50, 2);
    return board;
}

/* The row of a unit and field; NULL texts are compared too. */
static const struct board_row *row_of(const struct board *board, const struct target *target, const char *unit,
                                      const char *field)
{
    for (size_t i = 0; i < board_rows(board); i++) {
        const struct board_row *row = board_row(board, i);

        if (row->target == target && (row->unit == NULL) == (unit == NULL) && (row->field == NULL) == (field == NULL) &&
            (unit == NULL || strcmp(unit, row->unit) == 0) && (field == NULL || strcmp(field, row->field) == 0)) {
            return row;
        }
    }
    return NULL;
}

static void make__group_as_a_whole__takes_its_fields_from_those_asked_each(void **state)
{
    struct board *board = city(NO_UNIT);
    struct target targets[] = {asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "", "land", "late", TARGET_BELOW, 300)};
    const struct board_row *row;

    (void)state;
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 2);
    row = row_of(board, &targets[0], NULL, "HO");
    assert_non_null(row);
    assert_null(row->replaces);
    row = row_of(board, &targets[1], NULL, NULL);
    assert_non_null(row);
    assert_ptr_equal(row->replaces, &targets[0]);
    assert_int_equal(row->tally.kept, 100);
    assert_int_equal(row->tally.broken, 3);
    board_destroy(&board);
}

static void make__group_asked_field_by_field__each_has_its_row(void **state)
{
    struct board *board = city(NO_UNIT);
    struct target targets[] = {asking(TARGET_EACH_FIELD, "", "land", "late", TARGET_BELOW, 300),
                               asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800)};

    (void)state;
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 3);
    assert_ptr_equal(row_of(board, &targets[0], NULL, "LA")->replaces, &targets[1]);
    assert_int_equal(row_of(board, &targets[0], NULL, "LB")->tally.broken, 2);
    assert_non_null(row_of(board, &targets[1], NULL, "HO"));
    board_destroy(&board);
}

static void make__whole_city__does_not_silence_each_field(void **state)
{
    struct board *board = city(NO_UNIT);
    struct target targets[] = {asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "H29", "", "on_time", TARGET_AT_LEAST, 9700)};

    (void)state;
    count_in(board, "H29", "HO", 98, 2);
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 4);
    assert_non_null(row_of(board, &targets[0], NULL, "LA"));
    assert_int_equal(row_of(board, &targets[1], "H29", NULL)->tally.kept, 98);
    board_destroy(&board);
}

static void make__unit_with_its_own_target__deeper_one_decides(void **state)
{
    struct board *board = city(NO_UNIT);
    struct target targets[] = {asking(TARGET_EACH_UNIT, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_EACH_UNIT, "D1", "", "on_time", TARGET_AT_LEAST, 9500),
                               asking(TARGET_WHOLE, "W1", "", "on_time", TARGET_AT_LEAST, 9000)};

    (void)state;
    count_in(board, "H29", "HO", 98, 2);
    count_in(board, "D1", "HO", 60, 2);
    count_in(board, "W1", "HO", 30, 2);
    count_in(board, "D2", "HO", 38, 0);
    assert_int_equal(board_make(board, targets, 3, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 4);
    assert_non_null(row_of(board, &targets[0], "H29", NULL));
    assert_non_null(row_of(board, &targets[0], "D2", NULL));
    assert_ptr_equal(row_of(board, &targets[1], "D1", NULL)->replaces, &targets[0]);
    /* Of two that it takes the place of, the more specific is named. */
    assert_ptr_equal(row_of(board, &targets[2], "W1", NULL)->replaces, &targets[1]);
    board_destroy(&board);
}

static void make__unit_as_a_whole__leaves_those_under_it_and_the_fields_alone(void **state)
{
    struct board *board = city("D1");
    struct target targets[] = {asking(TARGET_EACH_UNIT, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "D1", "", "on_time", TARGET_AT_LEAST, 9500)};

    (void)state;
    count_in(board, "D1", "HO", 60, 2);
    count_in(board, "W1", "HO", 30, 2);
    assert_int_equal(board_make(board, targets, 3, TARGET_YEAR), STATUS_OK);
    assert_non_null(row_of(board, &targets[0], "W1", NULL));
    assert_null(row_of(board, &targets[0], "D1", NULL));
    assert_non_null(row_of(board, &targets[1], NULL, "HO"));
    assert_ptr_equal(row_of(board, &targets[2], NULL, NULL)->replaces, &targets[0]);
    assert_int_equal(board_rows(board), 5);
    board_destroy(&board);
}

static void make__one_unit_looked_at__others_are_no_rows(void **state)
{
    struct board *board = city("D1");
    struct target targets[] = {asking(TARGET_WHOLE, "H29", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "D2", "", "on_time", TARGET_AT_LEAST, 9700),
                               asking(TARGET_WHOLE, "W1", "", "on_time", TARGET_AT_LEAST, 9600)};

    (void)state;
    count_in(board, "W1", "HO", 30, 2);
    assert_int_equal(board_make(board, targets, 3, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 2);
    /* What the city is asked, judged on what is looked at. */
    assert_int_equal(row_of(board, &targets[0], NULL, NULL)->tally.kept, 198);
    assert_int_equal(row_of(board, &targets[2], "W1", NULL)->tally.kept, 30);
    board_destroy(&board);
}

static void make__procedure__decides_over_its_group_and_counts_by_itself(void **state)
{
    struct board *board = board_new(NO_UNIT);
    struct target targets[] = {asking(TARGET_WHOLE, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "", "", "on_time", TARGET_AT_LEAST, 9000)};
    struct board_figure figure = {.field = "HO", .procedure = "1.000001", .tally = {.kept = 9, .broken = 1}};

    (void)state;
    targets[1].procedure = "1.000001";
    board_add_figure(board, BOARD_PROMISE, &figure);
    figure.procedure = "1.000002";
    board_add_figure(board, BOARD_PROMISE, &figure);
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(row_of(board, &targets[0], NULL, NULL)->tally.kept, 18);
    assert_int_equal(row_of(board, &targets[1], NULL, NULL)->tally.kept, 9);
    assert_ptr_equal(row_of(board, &targets[1], NULL, NULL)->replaces, &targets[0]);
    board_destroy(&board);
}

static void make__nothing_counted__one_row_without_data(void **state)
{
    struct board *board = board_new(NO_UNIT);
    struct target targets[] = {asking(TARGET_EACH_UNIT, "", "", "e_payment", TARGET_AT_LEAST, 10000),
                               asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800)};

    (void)state;
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(score_judge(board_row(board, i)->target, &board_row(board, i)->tally).answer, SCORE_NO_DATA);
    }
    board_destroy(&board);
}

static void make__indicators__only_those_of_the_measure_count(void **state)
{
    struct board *board = board_new(NO_UNIT);
    struct target target = asking(TARGET_WHOLE, "", "", "e_payment", TARGET_AT_LEAST, 10000);
    struct board_figure figure = {.field = "", .measure = "e_payment", .tally = {.kept = 9, .broken = 1}};

    (void)state;
    board_add_figure(board, BOARD_REPORTED, &figure);
    figure.measure = "disbursement";
    board_add_figure(board, BOARD_REPORTED, &figure);
    assert_int_equal(board_make(board, &target, 1, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_row(board, 0)->tally.kept, 9);
    board_destroy(&board);
}

static void make__a_circle_of_superiors__ends(void **state)
{
    struct board *board = board_new("A");
    struct target targets[] = {asking(TARGET_WHOLE, "B", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "C", "", "on_time", TARGET_AT_LEAST, 9700)};

    (void)state;
    board_add_unit(board, "A", "B");
    board_add_unit(board, "B", "A");
    assert_int_equal(board_make(board, targets, 2, TARGET_YEAR), STATUS_OK);
    assert_int_equal(board_rows(board), 1);
    board_destroy(&board);
}

/* The same city, the figures of every unit under its name: what a unit's are, its subordinates' with them. */
static struct board *city_by_unit(void)
{
    struct board *board = board_new(NULL);

    assert_non_null(board);
    board_add_unit(board, "W1", "D1");
    board_add_unit(board, "D2", "H29");
    board_add_unit(board, "H29", NULL);
    board_add_unit(board, "D1", "H29");
    board_add_group(board, "land", "LB");
    board_add_group(board, "land", "LA");
    count_in(board, "H29", "HO", 98, 2);
    count_in(board, "D1", "HO", 50, 1);
    count_in(board, "W1", "HO", 20, 1);
    count_in(board, "D2", "HO", 48, 1);
    count_in(board, "D2", "LA", 10, 0);
    count_in(board, "H29", "LA", 10, 0);
    return board;
}

static void look_at__each_unit_in_turn__has_the_rows_of_its_own_board(void **state)
{
    struct board *board = city_by_unit();
    struct target targets[] = {asking(TARGET_EACH_FIELD, "", "", "on_time", TARGET_AT_LEAST, 9800),
                               asking(TARGET_WHOLE, "", "land", "late", TARGET_BELOW, 300),
                               asking(TARGET_EACH_UNIT, "", "", "on_time", TARGET_AT_LEAST, 9700),
                               asking(TARGET_WHOLE, "D1", "", "on_time", TARGET_AT_LEAST, 9000)};

    (void)state;
    board_prepare(board, targets, 4, TARGET_YEAR);
    /* The city: its fields, land as a whole, itself among the units; what is asked of D1 is D1's. */
    assert_int_equal(board_look_at(board, "H29"), STATUS_OK);
    assert_int_equal(board_rows(board), 3);
    assert_int_equal(row_of(board, &targets[0], NULL, "HO")->tally.kept, 98);
    assert_int_equal(row_of(board, &targets[1], NULL, NULL)->tally.kept, 10);
    assert_int_equal(row_of(board, &targets[2], "H29", NULL)->tally.kept, 108);
    /* D1 has a target of its own in the place of the one of each unit, and nothing of land: a row without data. */
    assert_int_equal(board_look_at(board, "D1"), STATUS_OK);
    assert_int_equal(board_rows(board), 3);
    assert_int_equal(row_of(board, &targets[0], NULL, "HO")->tally.broken, 1);
    assert_int_equal(row_of(board, &targets[1], NULL, NULL)->tally.kept, 0);
    assert_ptr_equal(row_of(board, &targets[3], NULL, NULL)->replaces, &targets[2]);
    assert_int_equal(row_of(board, &targets[3], NULL, NULL)->tally.kept, 50);
    /* W1 under it is judged by its part of that, and by what is asked of each unit. */
    assert_int_equal(board_look_at(board, "W1"), STATUS_OK);
    assert_int_equal(row_of(board, &targets[3], NULL, NULL)->tally.kept, 20);
    /* Nobody has figures of D9: what is asked of each makes no row. */
    assert_int_equal(board_look_at(board, "D9"), STATUS_OK);
    assert_int_equal(board_rows(board), 1);
    board_destroy(&board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(make__group_as_a_whole__takes_its_fields_from_those_asked_each),
        cmocka_unit_test(make__group_asked_field_by_field__each_has_its_row),
        cmocka_unit_test(make__whole_city__does_not_silence_each_field),
        cmocka_unit_test(make__unit_with_its_own_target__deeper_one_decides),
        cmocka_unit_test(make__unit_as_a_whole__leaves_those_under_it_and_the_fields_alone),
        cmocka_unit_test(make__one_unit_looked_at__others_are_no_rows),
        cmocka_unit_test(make__procedure__decides_over_its_group_and_counts_by_itself),
        cmocka_unit_test(make__nothing_counted__one_row_without_data),
        cmocka_unit_test(make__indicators__only_those_of_the_measure_count),
        cmocka_unit_test(make__a_circle_of_superiors__ends),
        cmocka_unit_test(look_at__each_unit_in_turn__has_the_rows_of_its_own_board),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
