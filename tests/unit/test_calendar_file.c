/* SPDX-License-Identifier: MIT */
/* test_calendar_file.c - calendars as files: what is taken from one, and every reason to refuse one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/calendar_file.h"
#include "common/calendar_text.h"
#include "common/timestamp.h"

/* Lines 1-3 and 4-5 of most files below. */
#define HEAD "[calendar]\nname = Test\nyears = 2024\n"
#define HOURS "[hours]\nmonday-friday = 07:00-11:30 13:30-17:00\n"
#define DAYS "[days]\n2024-01-01 = off New Year\n"

static enum status parse(struct calendar_file **file, const char *text, char error[CALENDAR_FILE_ERROR_SIZE])
{
    return calendar_file_parse(file, "x.calendar", text, strlen(text), error);
}

static struct calendar_file *parsed(const char *text)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file = NULL;

    if (parse(&file, text, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return file;
}

static void assert_refused(const char *text, const char *wanted)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file = NULL;

    assert_int_equal(parse(&file, text, error), STATUS_INVALID);
    assert_null(file);
    if (strncmp(error, "x.calendar:", 11) != 0 || strcmp(error + 11, wanted) != 0) {
        fail_msg("refused with:\n  %s\nnot with:\n  x.calendar:%s", error, wanted);
    }
}

static void assert_shift(const struct calendar_shift *shift, const char *wanted)
{
    char text[CALENDAR_TEXT_SHIFT_SIZE];

    assert_string_equal(calendar_text_shift(shift, text), wanted);
}

static void parse__whole_file__every_key(void **state)
{
    struct calendar_file *file =
        parsed("\xef\xbb\xbf; a comment\r\n[calendar]\r\nname = Việt Nam\r\nyears = 2023-2024\r\n"
               "day = 7h30\r\ncut_off = 15:00\r\n\r\n"
               "  [hours]\r\n  monday-thursday = 07:00-11:30   13:30-17:00\r\n"
               "friday = 07:30-11:30\r\n"
               "[hours H29.2 H29.1]\nsunday = 00:00-24:00\nmonday = 08:00-09:00\n"
               "day = 4h\ncut_off = none\n"
               "[days]\n2024-05-04 = work làm bù\n2023-04-29 = off Giỗ Tổ\n"
               "2024-12-31 = work 07:00-11:30 nửa ngày ; said by the office\n"
               "2024-01-02 = provisional off\n");
    const struct calendar_file_hours *hours;
    const struct calendar_file_day *days;
    size_t count;

    (void)state;
    assert_string_equal(calendar_file_name(file), "Việt Nam");
    assert_int_equal(calendar_file_first_year(file), 2023);
    assert_int_equal(calendar_file_last_year(file), 2024);
    hours = calendar_file_hours(file, &count);
    assert_int_equal(count, 3);
    assert_string_equal(hours[0].unit, "");
    assert_string_equal(hours[1].unit, "H29.1");
    assert_string_equal(hours[2].unit, "H29.2");
    assert_int_equal(hours[0].day_s, 7 * 3600 + 1800);
    assert_int_equal(hours[0].cut_off_s, 15 * 3600);
    assert_shift(&hours[0].week[0], "07:00-11:30 13:30-17:00");
    assert_shift(&hours[0].week[3], "07:00-11:30 13:30-17:00");
    assert_shift(&hours[0].week[4], "07:30-11:30");
    assert_shift(&hours[0].week[5], "");
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(hours[i].day_s, 4 * 3600);
        assert_int_equal(hours[i].cut_off_s, CALENDAR_NO_CUT_OFF);
        assert_shift(&hours[i].week[0], "08:00-09:00");
        assert_shift(&hours[i].week[1], "");
        assert_shift(&hours[i].week[6], "00:00-24:00");
    }
    days = calendar_file_days(file, &count);
    assert_int_equal(count, 4);
    assert_int_equal(days[0].day, timestamp_civil_day(2023, 4, 29));
    assert_true(days[0].off && !days[0].provisional);
    assert_string_equal(days[0].name, "Giỗ Tổ");
    assert_true(days[1].off && days[1].provisional);
    assert_string_equal(days[1].name, "");
    assert_false(days[2].off);
    assert_shift(&days[2].shift, "");
    assert_string_equal(days[2].name, "làm bù");
    assert_int_equal(days[3].day, timestamp_civil_day(2024, 12, 31));
    assert_shift(&days[3].shift, "07:00-11:30");
    assert_string_equal(days[3].name, "nửa ngày");
    calendar_file_destroy(&file);
}

static void parse__defaults__eight_hours_and_no_cut_off(void **state)
{
    struct calendar_file *file = parsed(HEAD HOURS DAYS);
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(file, &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_int_equal(hours[0].day_s, 28800);
    assert_int_equal(hours[0].cut_off_s, CALENDAR_NO_CUT_OFF);
    assert_string_equal(calendar_file_text(file), HEAD HOURS DAYS);
    calendar_file_destroy(&file);
}

/* inih keeps 49 bytes of a section's name; units must not be cut. */
static void parse__many_units__are_all_there(void **state)
{
    struct calendar_file *file = parsed(
        HEAD HOURS
        "[hours 000.17.22.H56 000.18.22.H56 000.19.22.H56 000.20.22.H56 000.21.22.H56]\nfriday = 07:00-11:00\n" DAYS);
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(file, &count);

    (void)state;
    assert_int_equal(count, 6);
    assert_string_equal(hours[5].unit, "000.21.22.H56");
    assert_shift(&hours[5].week[4], "07:00-11:00");
    calendar_file_destroy(&file);
}

static void parse__hours_that_touch__are_one_stretch(void **state)
{
    struct calendar_file *file = parsed(HEAD "[hours]\nmonday = 07:00-11:30 11:30-17:00\n" DAYS);
    size_t count;

    (void)state;
    assert_shift(&calendar_file_hours(file, &count)[0].week[0], "07:00-17:00");
    calendar_file_destroy(&file);
}

static void parse__hours__are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD "[hours]\nmonday = 07:00-11:30 11:00-17:00\n" DAYS,
                   "5: monday: \"11:00-17:00\" overlaps the hours before it");
    assert_refused(HEAD "[hours]\nmonday = 13:30-17:00 07:00-11:30\n" DAYS,
                   "5: monday: \"07:00-11:30\" stands after later hours");
    assert_refused(HEAD "[hours]\nmonday = 11:30-07:00\n" DAYS, "5: monday: \"11:30-07:00\" ends before it begins");
    assert_refused(HEAD "[hours]\nmonday = 07:00-07:00\n" DAYS, "5: monday: \"07:00-07:00\" ends before it begins");
    assert_refused(HEAD "[hours]\nmonday = 7:00-11:30\n" DAYS,
                   "5: monday: \"7:00-11:30\" is not hours like 07:00-11:30");
    assert_refused(HEAD "[hours]\nmonday = 07:00-24:01\n" DAYS,
                   "5: monday: \"07:00-24:01\" is not hours like 07:00-11:30");
    assert_refused(HEAD "[hours]\nmonday = 07:00-11:30 noon\n" DAYS,
                   "5: monday: \"noon\" is not hours like 07:00-11:30");
    assert_refused(HEAD "[hours]\nmonday =\n" DAYS, "5: monday: has no hours; leave out a weekday that is not worked");
    assert_refused(HEAD "[hours]\nmonday = 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00 11:00-12:00 "
                        "13:00-14:00\n" DAYS,
                   "5: monday: \"13:00-14:00\" is one stretch too many");
    assert_refused(HEAD "[hours]\nmonday-friday = 07:00-11:30\nfriday = 07:00-11:00\n" DAYS,
                   "6: friday: friday is given twice");
    assert_refused(HEAD "[hours]\nfriday-monday = 07:00-11:30\n" DAYS,
                   "5: friday-monday: is reversed: a week begins on Monday");
    assert_refused(HEAD "[hours]\nmoonday = 07:00-11:30\n" DAYS,
                   "5: moonday: is no weekday (monday .. sunday, monday-friday)");
    assert_refused(HEAD HOURS "[hours H1]\nshift = 07:00-11:30\n" DAYS,
                   "7: shift: is no weekday (monday .. sunday, monday-friday), day or cut_off");
    assert_refused(HEAD "[hours]\n" DAYS, "4: hours: names no weekday that is worked");
    assert_refused(HEAD HOURS "[hours H1]\nday = 4h\n" DAYS, "6: hours: names no weekday that is worked");
    assert_refused(HEAD DAYS, "5: hours: is missing: a section [hours] with a line for each weekday that is worked");
    assert_refused(HEAD "[hours H1]\nmonday = 07:00-11:30\n" DAYS,
                   "7: hours: is missing: a section [hours] with a line for each weekday that is worked");
    assert_refused(HEAD HOURS HOURS DAYS, "6: hours: stands twice (before in line 4)");
    assert_refused(HEAD HOURS "[hours H1 H2]\nmonday = 07:00-11:30\n[hours H3 H1]\nmonday = 07:00-11:30\n" DAYS,
                   "8: hours: unit H1 is named twice (before in line 6)");
    assert_refused(HEAD HOURS "[hours H1 H1]\nmonday = 07:00-11:30\n" DAYS,
                   "6: hours: unit H1 is named twice (before in line 6)");
}

static void parse__days__are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD HOURS DAYS "2024-01-01 = work\n", "8: 2024-01-01: stands twice (before in line 7)");
    assert_refused(HEAD HOURS DAYS "2024-01-01 = off again\n", "8: 2024-01-01: stands twice (before in line 7)");
    assert_refused(HEAD HOURS DAYS "2025-01-01 = off\n", "8: 2025-01-01: is outside the years 2024-2024");
    assert_refused(HEAD HOURS DAYS "1989-12-31 = off\n", "8: 1989-12-31: is outside 1990-2099");
    assert_refused(HEAD HOURS DAYS "2024-02-30 = off\n", "8: 2024-02-30: is no day like 2024-04-29");
    assert_refused(HEAD HOURS DAYS "29/04/2024 = off\n", "8: 29/04/2024: is no day like 2024-04-29");
    assert_refused(HEAD HOURS DAYS "2024-04-29 = holiday\n", "8: 2024-04-29: \"holiday\" is neither off nor work, nor "
                                                             "provisional off, provisional work");
    assert_refused(HEAD HOURS DAYS "2024-04-29 = offset\n", "8: 2024-04-29: \"offset\" is neither off nor work, nor "
                                                            "provisional off, provisional work");
    assert_refused(HEAD HOURS DAYS "2024-04-29 = off 07:00-11:30 half\n",
                   "8: 2024-04-29: a day off has no hours; write work for a half day");
    assert_refused(HEAD HOURS DAYS "2024-04-29 = work 11:30-07:00\n",
                   "8: 2024-04-29: \"11:30-07:00\" ends before it begins");
    assert_refused(HEAD "[hours]\ntuesday = 07:00-11:30\n" DAYS "2024-05-04 = work\n",
                   "8: 2024-05-04: would have Monday's hours, but [hours] works on no Monday");
    assert_refused(HEAD HOURS "[hours H1]\nfriday = 07:00-11:30\n" DAYS "2024-05-04 = work\n",
                   "10: 2024-05-04: would have Monday's hours, but unit H1 works on no Monday");
}

static void parse__years_and_lengths__are_refused(void **state)
{
    (void)state;
    assert_refused("[calendar]\nname = T\nyears = 2027-2023\n" HOURS DAYS, "3: years: 2027 is after 2023");
    assert_refused("[calendar]\nname = T\nyears = 2023-2024, 2026\n" HOURS DAYS,
                   "3: years: \"2023-2024, 2026\" is not years like 2023-2027");
    assert_refused("[calendar]\nname = T\nyears = 1989-2024\n" HOURS DAYS, "3: years: are outside 1990-2099");
    assert_refused("[calendar]\nname = T\nyears = 2024-2100\n" HOURS DAYS, "3: years: are outside 1990-2099");
    assert_refused("[calendar]\nname = T\nyears = 2023-2025\n" HOURS DAYS "2023-01-01 = off\n",
                   "3: years: 2025 has no line in [days]; a year is known only with its days off");
    assert_refused("[calendar]\nname = T\n" HOURS DAYS, "6: years: is missing from [calendar]");
    assert_refused("[calendar]\nyears = 2024\n" HOURS DAYS, "6: name: is missing from [calendar]");
    assert_refused(HEAD "years = 2024\n", "4: years: is given twice");
    assert_refused(HEAD "name = Other\n", "4: name: is given twice");
    assert_refused("[calendar]\nname =\n", "2: name: is empty");
    assert_refused("", "1: name: is missing from [calendar]");
    assert_refused(HEAD "day = 0h\n", "4: day: a working day cannot have no working time");
    assert_refused(HEAD "day = 8\n", "4: day: \"8\" is not a length like 8h or 7h30, at most 24h");
    assert_refused(HEAD "day = 24h30\n", "4: day: \"24h30\" is not a length like 8h or 7h30, at most 24h");
    assert_refused(HEAD "day = 7h5\n", "4: day: \"7h5\" is not a length like 8h or 7h30, at most 24h");
    assert_refused(HEAD "day = 8h\nday = 8h\n", "5: day: is given twice");
    assert_refused(HEAD "cut_off = 3pm\n", "4: cut_off: \"3pm\" is neither none nor an hour like 15:00");
    assert_refused(HEAD "cut_off = 24:00\n", "4: cut_off: \"24:00\" is neither none nor an hour like 15:00");
    assert_refused(HEAD "cut_off = none\ncut_off = none\n", "5: cut_off: is given twice");
}

static void parse__strange_lines__are_refused(void **state)
{
    char text[512] = HEAD "name_of = ";

    (void)state;
    assert_refused(HEAD "zone = UTC\n", "4: zone: is not a key of [calendar] (name, years, day, cut_off)");
    assert_refused("name = T\n", "1: name: stands in no section ([calendar], [hours], [hours UNIT ...], [days])");
    assert_refused(HEAD "[holidays]\n",
                   "4: section: [holidays] is none of [calendar], [hours], [hours UNIT ...], [days]");
    assert_refused(HEAD "[days off]\n",
                   "4: section: [days off] is none of [calendar], [hours], [hours UNIT ...], [days]");
    assert_refused(HEAD "what is this\n" DAYS "2024-01-01 = off\n",
                   "4: line: is neither \"key = value\" nor \"[section]\"");
    assert_refused(HEAD "[days\n", "4: line: is neither \"key = value\" nor \"[section]\"");
    assert_refused(HEAD "; \xff\n", "4: line: is not UTF-8");
    assert_refused(HEAD "; \xed\xa0\x80\n", "4: line: is not UTF-8");
    assert_refused(HEAD "; \033[31m\n", "4: line: holds a control character");
    memset(text + strlen(text), 'x', 300);
    assert_refused(text, "4: line: is longer than 198 bytes");
}

static void parse__nul__is_refused(void **state)
{
    static const char text[] = HEAD "\0" HOURS DAYS;
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file = NULL;

    (void)state;
    assert_int_equal(calendar_file_parse(&file, "x.calendar", text, sizeof text - 1, error), STATUS_INVALID);
    assert_string_equal(error, "x.calendar:4: line: holds a control character");
}

static void read__no_such_file__says_so(void **state)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file = NULL;

    (void)state;
    assert_int_equal(calendar_file_read(&file, "/nonexistent/x.calendar", error), STATUS_INVALID);
    assert_null(file);
    assert_string_equal(error, "/nonexistent/x.calendar: No such file or directory");
}

#define N10 "xxxxxxxxxx"
#define N100 N10 N10 N10 N10 N10 N10 N10 N10 N10 N10

static void parse__bytes__only_utf8_is_taken(void **state)
{
    /* 2, 3 and 4 bytes, behind the surrogates, the last one there is */
    static const char *const taken[] = {"; \xc3\xa9\n", "; \xe2\x86\x90\n", "; \xf0\x9f\x98\x80\n", "; \xee\x80\x80\n",
                                        "; \xf4\x8f\xbf\xbf\n"};
    /* a second byte alone, too long by one to three, beyond the last, no first byte, cut off, another byte inside */
    static const char *const refused[] = {"; \x80\n",
                                          "; \xc1\xbf\n",
                                          "; \xe0\x9f\xbf\n",
                                          "; \xf0\x8f\xbf\xbf\n",
                                          "; \xf4\x90\x80\x80\n",
                                          "; \xf5\x80\x80\x80\n",
                                          "; \xe2\x86",
                                          "; \xe2\x86x\n"};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        struct calendar_file *file;

        snprintf(text, sizeof text, "%s%s", HEAD HOURS DAYS, taken[i]);
        file = parsed(text);
        calendar_file_destroy(&file);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(text, sizeof text, "%s%s", HEAD, refused[i]);
        assert_refused(text, "4: line: is not UTF-8");
    }
    assert_refused(HEAD "; \x7f\n", "4: line: holds a control character");
}

static void parse__sections_and_lengths__are_refused(void **state)
{
    (void)state;
    assert_refused(HEAD "[hourz]\n", "4: section: [hourz] is none of [calendar], [hours], [hours UNIT ...], [days]");
    assert_refused(HEAD "[" N100 N10 "]\n",
                   "4: section: [" N100 "] is none of [calendar], [hours], [hours UNIT ...], [days]");
    assert_refused(HEAD "[hours " N100 N10 N10 "123456789]\n", "4: hours: a unit's code has at most 128 bytes");
    assert_refused("[calendar]\nname = " N100 N10 N10 "123456789\n", "2: name: its name has more than 128 bytes");
    assert_refused("[calendar]\nyears = 20x4\n", "2: years: \"20x4\" is not years like 2023-2027");
    assert_refused("[calendar]\nyears = 20234\n", "2: years: \"20234\" is not years like 2023-2027");
    assert_refused("[calendar]\nyears = 2023-20x4\n", "2: years: \"2023-20x4\" is not years like 2023-2027");
    assert_refused("[calendar]\nyears = 2023+2024\n", "2: years: \"2023+2024\" is not years like 2023-2027");
    assert_refused(HEAD "[hours]\nmonday-moonday = 07:00-11:30\n" DAYS,
                   "5: monday-moonday: is no weekday (monday .. sunday, monday-friday)");
    assert_refused(HEAD HOURS DAYS "2100-01-01 = off\n", "8: 2100-01-01: is outside 1990-2099");
    assert_refused(HEAD HOURS DAYS "2023-12-31 = off\n", "8: 2023-12-31: is outside the years 2024-2024");
}

static void parse__blanks_before_a_line__are_passed_over(void **state)
{
    struct calendar_file *file = parsed("\t[calendar]\n \t name = Test\n   \n\t\nyears = 2024\n" HOURS DAYS);

    (void)state;
    assert_string_equal(calendar_file_name(file), "Test");
    calendar_file_destroy(&file);
}

static void read__longer_than_a_mebibyte__is_refused(void **state)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    char path[] = "/tmp/kipthoi-calendar-XXXXXX";
    char wanted[128];
    struct calendar_file *file = NULL;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, CALENDAR_FILE_MAX_LEN + 1), 0);
    close(fd);
    assert_int_equal(calendar_file_read(&file, path, error), STATUS_INVALID);
    unlink(path);
    snprintf(wanted, sizeof wanted, "%s: is longer than 1048576 bytes", path);
    assert_string_equal(error, wanted);
}

static void text__weekday_and_year__of_a_day(void **state)
{
    (void)state;
    /* 2024-02-29 was a Thursday, 1990-01-01 a Monday. */
    assert_int_equal(calendar_text_weekday_of((int32_t)timestamp_civil_day(2024, 2, 29)), 3);
    assert_int_equal(calendar_text_weekday_of((int32_t)timestamp_civil_day(1990, 1, 1)), 0);
    assert_int_equal(calendar_text_year_of((int32_t)timestamp_civil_day(2024, 12, 31)), 2024);
    assert_int_equal(calendar_text_year_of((int32_t)timestamp_civil_day(2025, 1, 1)), 2025);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__whole_file__every_key),
        cmocka_unit_test(parse__defaults__eight_hours_and_no_cut_off),
        cmocka_unit_test(parse__many_units__are_all_there),
        cmocka_unit_test(parse__hours_that_touch__are_one_stretch),
        cmocka_unit_test(parse__hours__are_refused),
        cmocka_unit_test(parse__days__are_refused),
        cmocka_unit_test(parse__years_and_lengths__are_refused),
        cmocka_unit_test(parse__strange_lines__are_refused),
        cmocka_unit_test(parse__nul__is_refused),
        cmocka_unit_test(parse__bytes__only_utf8_is_taken),
        cmocka_unit_test(parse__sections_and_lengths__are_refused),
        cmocka_unit_test(parse__blanks_before_a_line__are_passed_over),
        cmocka_unit_test(read__no_such_file__says_so),
        cmocka_unit_test(read__longer_than_a_mebibyte__is_refused),
        cmocka_unit_test(text__weekday_and_year__of_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
