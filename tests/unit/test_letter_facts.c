/* SPDX-License-Identifier: MIT */
/* Letter numbers, new dates, and what facts become in a letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "notifier/letter_facts.h"
#include "notifier/new_due.h"
#include "tests/support/week.h"

static void expect_number(const char *form, int32_t number, const char *wanted)
{
    char out[LETTER_NO_SIZE];

    assert_int_equal(letter_number_text(form, number, 2026, "H29.11", out), STATUS_OK);
    assert_string_equal(out, wanted);
}

static void number__placeholders__are_filled_in(void **state)
{
    (void)state;
    expect_number("{number}/TXL-UBND", 7, "07/TXL-UBND");
    expect_number("{number}/{year}/{unit}", 123, "123/2026/H29.11");
    expect_number("{number}{number}", 45, "4545");
}

static void number__other_braces__stay(void **state)
{
    (void)state;
    expect_number("{number}/{Number}/{}", 1, "01/{Number}/{}");
}

/* 60 characters of two bytes each are not too long; 61 are. */
static void number__too_long__is_refused(void **state)
{
    char form[512] = "{number}";
    char out[LETTER_NO_SIZE];

    (void)state;
    for (int i = 0; i < 58; i++) {
        strcat(form, "Đ");
    }
    assert_int_equal(letter_number_text(form, 1, 2026, "U", out), STATUS_OK);
    strcat(form, "Đ");
    assert_int_equal(letter_number_text(form, 1, 2026, "U", out), STATUS_INVALID);
    assert_int_equal(letter_number_text("", 1, 2026, "U", out), STATUS_INVALID);
}

static void letter__names_of_programs__are_words(void **state)
{
    const struct letter_facts facts = {.key = {1, 2, "D1"},
                                       .dossier = "paused",
                                       .ended_us = DB_NULL_US,
                                       .channel = "post",
                                       .procedure = "1.000656",
                                       .procedure_name = "",
                                       .field = "G09",
                                       .field_name = "Hộ tịch",
                                       .extension = 2,
                                       .due_us = moment("2026-06-01T09:30:00+07:00"),
                                       .received_us = DB_NULL_US,
                                       .new_due_us = DB_NULL_US,
                                       .drafted_us = moment("2026-02-10T23:59:59+07:00")};
    struct letter_texts texts;
    struct letter letter;

    (void)state;
    letter_facts_letter(&facts, &texts, &letter);
    assert_string_equal(letter.text[LETTER_STATE], "Đang chờ bổ sung hồ sơ");
    assert_string_equal(letter.text[LETTER_CHANNEL], "Bưu chính");
    assert_string_equal(letter.text[LETTER_PROCEDURE_NAME], "1.000656");
    assert_string_equal(letter.text[LETTER_FIELD], "Hộ tịch");
    assert_string_equal(letter.text[LETTER_EXTENSION_NUMBER], "2");
    assert_string_equal(letter.text[LETTER_DUE], "09 giờ 30 phút, ngày 01 tháng 6 năm 2026");
    assert_string_equal(letter.text[LETTER_RECEIVED], "");
    assert_string_equal(letter.text[LETTER_NEW_DUE], "");
    assert_string_equal(letter.text[LETTER_DATE], "ngày 10 tháng 02 năm 2026");
}

static void expect_end(const char *dossier, const char *state, int64_t new_due_us, const char *wanted,
                       const char *extension)
{
    const struct letter_facts facts = {.key = {1, 1, "D1"},
                                       .dossier = dossier,
                                       .state = state,
                                       .channel = "",
                                       .procedure_name = "",
                                       .field_name = "",
                                       .extension = 1,
                                       .ended_us = moment("2026-06-09T10:00:00+07:00"),
                                       .new_due_us = new_due_us};
    struct letter_texts texts;
    struct letter letter;

    letter_facts_letter(&facts, &texts, &letter);
    assert_string_equal(letter.text[LETTER_NEW_DUE], wanted);
    assert_string_equal(letter.text[LETTER_EXTENSION_NUMBER], extension);
}

static void letter__dossier_has_ended__says_since_when_instead_of_a_new_date(void **state)
{
    const int64_t date_us = moment("2026-06-17T17:00:00+07:00");

    (void)state;
    expect_end("finished", "drafted", date_us,
               "trong giờ làm việc, kể từ ngày 09 tháng 6 năm 2026 (hồ sơ đã có kết quả)", "");
    expect_end("refused", "", DB_NULL_US, "trong giờ làm việc, kể từ ngày 09 tháng 6 năm 2026 (hồ sơ đã có kết quả)",
               "");
    expect_end("returned", "", DB_NULL_US, "đã trả kết quả ngày 09 tháng 6 năm 2026", "");
    expect_end("stopped", "", DB_NULL_US, "không hẹn lại (đã dừng giải quyết ngày 09 tháng 6 năm 2026)", "");
    expect_end("withdrawn", "", DB_NULL_US, "không hẹn lại (đã rút hồ sơ ngày 09 tháng 6 năm 2026)", "");
    /* What was sent stands. */
    expect_end("finished", "sent", date_us, "17 giờ 00 phút, ngày 17 tháng 6 năm 2026", "1");
}

static void expect_new_due(const struct calendars *calendars, int64_t from_us, int days, int64_t wanted_us)
{
    int64_t new_due_us = 0;

    assert_int_equal(new_due_after(calendars, 7, from_us, days, &new_due_us), STATUS_OK);
    assert_int_equal(new_due_us, wanted_us);
}

static void new_due__working_days__end_of_the_afternoon(void **state)
{
    struct calendars *calendars = office_calendars(2026, 2026);

    (void)state;
    expect_new_due(calendars, at(MON, 9), 1, at(TUE, 17));
    expect_new_due(calendars, at(THU, 9), 2, at(NEXT_MON, 17));
    /* After closing, and on a day off, the next working day is the first. */
    expect_new_due(calendars, at(FRI, 18), 1, at(NEXT_MON, 17));
    expect_new_due(calendars, at(SUN, 9), 1, at(NEXT_MON, 17));
    calendars_destroy(&calendars);
}

static void new_due__no_calendar_or_too_far__is_refused(void **state)
{
    struct calendars *none = calendars_new();
    struct calendars *calendars = office_calendars(2026, 2026);
    int64_t new_due_us = 0;

    (void)state;
    assert_int_equal(new_due_after(none, 7, at(MON, 9), 1, &new_due_us), STATUS_INVALID);
    assert_int_equal(new_due_after(calendars, 7, at(MON, 9), 366, &new_due_us), STATUS_INVALID);
    assert_int_equal(new_due_of_day(calendars, 7, at(MON, 9), MONDAY + SAT, &new_due_us), STATUS_INVALID);
    calendars_destroy(&none);
    calendars_destroy(&calendars);
}

static void new_due__of_a_day__end_of_its_hours(void **state)
{
    struct calendars *calendars = office_calendars(2026, 2026);
    int64_t new_due_us = 0;

    (void)state;
    assert_int_equal(new_due_of_day(calendars, 7, at(MON, 9), MONDAY + THU, &new_due_us), STATUS_OK);
    assert_int_equal(new_due_us, at(THU, 17));
    calendars_destroy(&calendars);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number__placeholders__are_filled_in),
        cmocka_unit_test(number__other_braces__stay),
        cmocka_unit_test(number__too_long__is_refused),
        cmocka_unit_test(letter__names_of_programs__are_words),
        cmocka_unit_test(letter__dossier_has_ended__says_since_when_instead_of_a_new_date),
        cmocka_unit_test(new_due__working_days__end_of_the_afternoon),
        cmocka_unit_test(new_due__no_calendar_or_too_far__is_refused),
        cmocka_unit_test(new_due__of_a_day__end_of_its_hours),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
