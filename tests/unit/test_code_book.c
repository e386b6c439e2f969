/* SPDX-License-Identifier: MIT */
/* test_code_book.c - codes as sent and as meant: built-in meanings, rows by source and day, numbers of dossiers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/code_book.h"
#include "common/timestamp.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SOURCE "urn:shop:1"
#define NOON_US INT64_C(1452661200000000) /* 2016-01-13T12:00:00+07:00 */
#define ALWAYS INT32_MIN, INT32_MAX

struct fixture {
    struct code_book *book;
    struct code_scratch scratch;
    struct refusal refusal;
    struct envelope env;
};

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    f.book = code_book_new();
    f.env = (struct envelope){.source = SOURCE, .kind = EVENT_RECEIVED, .happened_us = NOON_US, .dossier = "D1"};
    *state = &f;
    return f.book != NULL && clock_use_zone("Asia/Ho_Chi_Minh") == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    code_book_destroy(&f->book);
    assert_null(f->book);
    code_book_destroy(&f->book);
    return 0;
}

static void add(struct fixture *f, enum code_list list, const char *source, const char *code, const char *means)
{
    assert_int_equal(code_book_add(f->book, list, source, code, means, ALWAYS), STATUS_OK);
}

static void apply(struct fixture *f)
{
    assert_int_equal(code_book_apply(f->book, &f->env, &f->scratch, &f->refusal), STATUS_OK);
}

/* What a status code of a full record means; ENVELOPE_NO_STATUS: it is refused. */
static enum envelope_status status_of(struct fixture *f, const char *code)
{
    enum status st;

    f->env.record = ENVELOPE_FULL;
    snprintf(f->env.status_code, sizeof f->env.status_code, "%s", code);
    st = code_book_apply(f->book, &f->env, &f->scratch, &f->refusal);
    assert_int_equal(st, f->env.status == ENVELOPE_NO_STATUS ? STATUS_INVALID : STATUS_OK);
    return f->env.status;
}

static int online_of(struct fixture *f, const char *channel)
{
    f->env.channel = channel;
    apply(f);
    if (channel != NULL) {
        assert_string_equal(f->env.channel, channel); /* as sent */
    }
    return f->env.online;
}

static const char *unit_of(struct fixture *f, const char *code)
{
    f->env.unit = code;
    f->env.unit_parent = code;
    apply(f);
    assert_string_equal(f->env.unit_parent, f->env.unit);
    return f->env.unit;
}

static const char *procedure_of(struct fixture *f, const char *code)
{
    f->env.procedure = code;
    apply(f);
    return f->env.procedure;
}

/* --- without rows --- */

static void code_book__empty__knows_the_national_statuses(void **state)
{
    static const char *const unknown[] = {"0", "11", "01", "1 ", "-1", "A", "100", "1.0"};
    struct fixture *f = *state;

    for (int status = 1; status <= 10; status++) {
        char code[8];

        snprintf(code, sizeof code, "%d", status);
        assert_int_equal(status_of(f, code), status);
    }
    for (size_t i = 0; i < COUNT(unknown); i++) {
        assert_int_equal(status_of(f, unknown[i]), ENVELOPE_NO_STATUS);
        assert_string_equal(f->refusal.code, "STATUS_UNKNOWN");
    }
    assert_string_equal(f->refusal.sentence, "data.TrangThaiHoSo '1.0' is in no list of status codes of this source");
    f->env.record = ENVELOPE_PROGRESS;
    assert_int_equal(code_book_apply(f->book, &f->env, &f->scratch, &f->refusal), STATUS_INVALID);
    assert_string_equal(f->refusal.sentence, "data.TrangThai '1.0' is in no list of status codes of this source");
}

static void code_book__empty__knows_channels(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(online_of(f, "1"), 0);
    assert_int_equal(online_of(f, "2"), 1);
    assert_int_equal(online_of(f, "3"), 0);
    assert_int_equal(online_of(f, "online"), 1);
    assert_int_equal(online_of(f, "counter"), 0);
    assert_int_equal(online_of(f, "Online"), 0);
    assert_int_equal(online_of(f, "22"), 0);
    assert_int_equal(online_of(f, NULL), -1);
}

static void code_book__empty__turns_old_unit_codes_round(void **state)
{
    static const struct {
        const char *sent;
        const char *meant;
    } cases[] = {
        {"000.17.22.H56", "H56.22.17"},
        {"000.17.H56", "H56.17"},
        {"000.00.a b.22.H29", "H29.22.a b.00"},
        {"000.H56", "000.H56"}, /* nothing between */
        {"H29.14", "H29.14"},
        {"000.17.22.H5", "000.17.22.H5"},
        {"000.17.22.H567", "000.17.22.H567"},
        {"000.17.22.h56", "000.17.22.h56"},
        {"000.17.22.H5x", "000.17.22.H5x"},
        {"000.17.22.Hx5", "000.17.22.Hx5"},
        {"000.17.22.56", "000.17.22.56"},
        {"000.17..H56", "000.17..H56"},
        {"000..H56", "000..H56"},
        {"001.17.22.H56", "001.17.22.H56"},
        {"0000.17.H56", "0000.17.H56"},
        {"000", "000"},
        {"0", "0"},
        {"0.H56", "0.H56"},
        {"00.H56", "00.H56"},
    };
    struct fixture *f = *state;
    char longest[ENVELOPE_CODE_MAX + 1];

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(unit_of(f, cases[i].sent), cases[i].meant);
    }
    snprintf(longest, sizeof longest, "000.%0120d.H56", 0);
    assert_int_equal(strlen(unit_of(f, longest)), 124);
    f->env.unit = NULL;
    f->env.unit_parent = NULL;
    apply(f);
    assert_null(f->env.unit);
    assert_null(f->env.unit_parent);
}

static void code_book__empty__takes_the_national_part_of_procedures(void **state)
{
    static const struct {
        const char *sent;
        const char *meant;
    } cases[] = {
        {"1.000656", "1.000656"},       {"1.000656.000.00.00.H29", "1.000656"},
        {"2.002621.H56", "2.002621"},   {"1.0006567", "1.0006567"},
        {"1.00065", "1.00065"},         {"12.000656.H1", "12.000656.H1"},
        {"x.000656.H1", "x.000656.H1"}, {"1-000656.H1", "1-000656.H1"},
        {"1.00x656.H1", "1.00x656.H1"}, {"1.000656.", "1.000656."},
        {"1.000656-H1", "1.000656-H1"}, {"1", "1"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(procedure_of(f, cases[i].sent), cases[i].meant);
    }
    assert_null(procedure_of(f, NULL));
}

/* --- rows --- */

static void code_book__row_of_the_source__goes_before_that_of_all(void **state)
{
    struct fixture *f = *state;

    add(f, CODE_STATUS, "*", "DXL", "4");
    add(f, CODE_STATUS, "urn:shop:0", "DXL", "5");
    add(f, CODE_STATUS, "urn:shop:2", "DXL", "6");
    assert_int_equal(status_of(f, "DXL"), ENVELOPE_IN_PROCESS);
    add(f, CODE_STATUS, SOURCE, "DXL", "9");
    assert_int_equal(status_of(f, "DXL"), ENVELOPE_FINISHED);
    assert_int_equal(status_of(f, "DX"), ENVELOPE_NO_STATUS);
    assert_int_equal(status_of(f, "DXLL"), ENVELOPE_NO_STATUS);
    /* A row takes the place of what is built in; what it means is not looked up again. */
    add(f, CODE_STATUS, SOURCE, "1", "2");
    add(f, CODE_STATUS, SOURCE, "2", "DXL");
    assert_int_equal(status_of(f, "1"), ENVELOPE_ACCEPTED);
    assert_int_equal(status_of(f, "2"), ENVELOPE_NO_STATUS);
}

static void code_book__lists__are_apart(void **state)
{
    struct fixture *f = *state;

    add(f, CODE_CHANNEL, SOURCE, "2", "counter");
    add(f, CODE_CHANNEL, SOURCE, "WEB", "online");
    add(f, CODE_UNIT, SOURCE, "H56.22.17", "NEW.UNIT");
    add(f, CODE_UNIT, SOURCE, "NEW.UNIT", "TWICE");
    add(f, CODE_UNIT, SOURCE, "000.17.22.H56", "BEFORE");
    add(f, CODE_FIELD, SOURCE, "Dat", "land");
    add(f, CODE_PROCEDURE, SOURCE, "1.000656", "death");
    assert_int_equal(online_of(f, "2"), 0);
    assert_int_equal(online_of(f, "WEB"), 1);
    assert_int_equal(online_of(f, "online"), 1);
    assert_string_equal(unit_of(f, "000.17.22.H56"), "NEW.UNIT"); /* the new form first, then the table once */
    assert_string_equal(unit_of(f, "Dat"), "Dat");
    assert_string_equal(procedure_of(f, "1.000656.H29"), "death");
    f->env.field = "Dat";
    apply(f);
    assert_string_equal(f->env.field, "land");
    f->env.field = "2";
    apply(f);
    assert_string_equal(f->env.field, "2");
}

static void code_book__dated_rows__go_by_the_local_day(void **state)
{
    static const struct {
        const char *time;
        const char *meant;
    } cases[] = {
        {"2015-06-30T23:59:59+07:00", "U"},      {"2015-06-30T17:00:00Z", "first"},
        {"2015-12-31T23:59:59+07:00", "first"},  {"2016-01-01T00:00:00+07:00", "second"},
        {"2016-03-10T00:00:00+07:00", "within"}, {"2016-03-20T23:59:59+07:00", "within"},
        {"2016-03-21T00:00:00+07:00", "second"}, {"2016-12-31T23:59:59+07:00", "second"},
        {"2017-01-01T00:00:00+07:00", "all"},
    };
    struct fixture *f = *state;
    int32_t day = (int32_t)timestamp_civil_day(2016, 1, 1);

    assert_int_equal(code_book_add(f->book, CODE_UNIT, SOURCE, "U", "second", day, day + 365), STATUS_OK);
    assert_int_equal(code_book_add(f->book, CODE_UNIT, SOURCE, "U", "first", day - 184, day - 1), STATUS_OK);
    assert_int_equal(code_book_add(f->book, CODE_UNIT, SOURCE, "U", "within", day + 69, day + 79), STATUS_OK);
    assert_int_equal(code_book_add(f->book, CODE_UNIT, "*", "U", "all", day + 366, INT32_MAX), STATUS_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(timestamp_parse(cases[i].time, strlen(cases[i].time), &f->env.happened_us), STATUS_OK);
        assert_string_equal(unit_of(f, "U"), cases[i].meant);
    }
}

static void code_book__many_rows__are_all_found(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 1000; i++) {
        int number = i * 7919 % 1000; /* each once, in no order */
        char code[16];
        char means[16];

        snprintf(code, sizeof code, "F%d", number);
        snprintf(means, sizeof means, "M%d", number);
        add(f, CODE_FIELD, SOURCE, code, means);
    }
    for (int i = 0; i < 1000; i++) {
        char code[16];
        char means[16];

        snprintf(code, sizeof code, "F%d", i);
        snprintf(means, sizeof means, "M%d", i);
        f->env.field = code;
        apply(f);
        assert_string_equal(f->env.field, means);
    }
}

static void code_book__too_long_a_meaning__is_not_taken(void **state)
{
    struct fixture *f = *state;
    char means[ENVELOPE_CODE_MAX + 2];

    memset(means, 'x', sizeof means);
    means[ENVELOPE_CODE_MAX + 1] = '\0';
    assert_int_equal(code_book_add(f->book, CODE_UNIT, SOURCE, "U", means, ALWAYS), STATUS_INVALID);
    assert_string_equal(unit_of(f, "U"), "U");
}

/* --- dossiers --- */

static void code_book__other_number__goes_to_its_dossier(void **state)
{
    struct fixture *f = *state;

    f->env.slot = 99;
    code_book_route(f->book, &f->env);
    assert_string_equal(f->env.dossier, "D1");
    assert_int_equal(f->env.slot, 99);
    add(f, CODE_DOSSIER, "urn:shop:2", "D1", "other shop");
    add(f, CODE_DOSSIER, "*", "D1", "every shop");
    code_book_route(f->book, &f->env);
    assert_string_equal(f->env.dossier, "D1");
    add(f, CODE_DOSSIER, SOURCE, "D1", "H56.14-240823-0001");
    code_book_route(f->book, &f->env);
    assert_string_equal(f->env.dossier, "H56.14-240823-0001");
    assert_int_equal(f->env.slot, 28); /* as in test_envelope.c */
    f->env.kind = EVENT_INDICATOR;
    f->env.dossier = "D1";
    code_book_route(f->book, &f->env);
    assert_string_equal(f->env.dossier, "D1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(code_book__empty__knows_the_national_statuses),
        TEST(code_book__empty__knows_channels),
        TEST(code_book__empty__turns_old_unit_codes_round),
        TEST(code_book__empty__takes_the_national_part_of_procedures),
        TEST(code_book__row_of_the_source__goes_before_that_of_all),
        TEST(code_book__lists__are_apart),
        TEST(code_book__dated_rows__go_by_the_local_day),
        TEST(code_book__many_rows__are_all_found),
        TEST(code_book__too_long_a_meaning__is_not_taken),
        TEST(code_book__other_number__goes_to_its_dossier),
    };

    return cmocka_run_group_tests_name("code_book", tests, NULL, NULL);
}
