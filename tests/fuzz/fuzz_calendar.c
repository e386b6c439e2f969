/* SPDX-License-Identifier: MIT */
/*
 * fuzz_calendar.c - any bytes as a calendar file: what is refused is named with file and line; what is taken is in
 * order and within its years, and the working time it makes adds and subtracts to the same.
 */
#include <stdlib.h>
#include <string.h>

#include "common/calendar.h"
#include "common/calendar_file.h"
#include "common/calendar_text.h"
#include "common/timestamp.h"
#include "tests/fuzz/fuzz.h"

#define DAY_US INT64_C(86400000000)

/* From moments all over the years: what was added lies between, and is the least that does. */
static void claim_sums(const struct calendar *calendar, int64_t from_us, int64_t working_us)
{
    int64_t to_us, between_us, open_us, back_us;

    if (calendar_add(calendar, from_us, working_us, &to_us) != STATUS_OK) {
        return; /* beyond the years known */
    }
    fuzz_claim(to_us >= from_us, "time is added forward");
    fuzz_claim(calendar_between(calendar, from_us, to_us, &between_us) == STATUS_OK && between_us == working_us,
               "what was added lies between");
    fuzz_claim(working_us == 0 || (calendar_between(calendar, from_us, to_us - 1, &between_us) == STATUS_OK &&
                                   between_us < working_us),
               "and not before");
    if (calendar_open(calendar, from_us, &open_us) == STATUS_OK) {
        fuzz_claim(open_us >= from_us && calendar_between(calendar, from_us, open_us, &between_us) == STATUS_OK &&
                       between_us == 0,
                   "nothing is worked before the opening");
    }
    if (calendar_before(calendar, to_us, working_us, &back_us) == STATUS_OK) {
        fuzz_claim(back_us <= to_us && calendar_between(calendar, back_us, to_us, &between_us) == STATUS_OK &&
                       between_us == working_us,
                   "the way back is as long");
    }
}

static void claim_calendar(const struct calendar_file *file, const struct calendar_file_hours *hours)
{
    struct calendar_definition definition = {.first_year = calendar_file_first_year(file),
                                             .last_year = calendar_file_last_year(file),
                                             .day_s = hours->day_s,
                                             .cut_off_s = hours->cut_off_s};
    char error[CALENDAR_ERROR_SIZE] = "";
    struct calendar_day *days;
    struct calendar *calendar;
    size_t count;
    const struct calendar_file_day *file_days = calendar_file_days(file, &count);

    memcpy(definition.week, hours->week, sizeof definition.week);
    days = calloc(count + 1, sizeof *days);
    fuzz_claim(days != NULL, "there is memory");
    for (size_t i = 0; i < count; i++) {
        bool as_monday = !file_days[i].off && file_days[i].shift.count == 0;

        days[i] = (struct calendar_day){file_days[i].day, as_monday ? hours->week[0] : file_days[i].shift};
    }
    definition.days = days;
    definition.day_count = count;
    fuzz_claim(calendar_new(&calendar, &definition, error) == STATUS_OK, "what is taken makes a calendar");
    for (int64_t at = 0; at < 8; at++) {
        int64_t from_us =
            timestamp_civil_day(definition.first_year, 1, 2) * DAY_US + at * 23 * DAY_US + at * 7777777777;

        claim_sums(calendar, from_us, at % 2 == 0 ? at * calendar_day_us(calendar) : at * 1234567890);
    }
    calendar_destroy(&calendar);
    free(days);
}

static void claim_order(const struct calendar_file *file)
{
    size_t hours_count, day_count;
    const struct calendar_file_hours *hours = calendar_file_hours(file, &hours_count);
    const struct calendar_file_day *days = calendar_file_days(file, &day_count);

    fuzz_claim(hours_count >= 1 && hours[0].unit[0] == '\0', "the hours of all units come first");
    for (size_t i = 1; i < hours_count; i++) {
        fuzz_claim(strcmp(hours[i - 1].unit, hours[i].unit) < 0, "units are in order");
    }
    for (size_t i = 0; i < day_count; i++) {
        int year = calendar_text_year_of(days[i].day);

        fuzz_claim(i == 0 || days[i - 1].day < days[i].day, "days are in order");
        fuzz_claim(year >= calendar_file_first_year(file) && year <= calendar_file_last_year(file),
                   "days lie in the years");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file, *again;
    size_t hours_count;

    if (calendar_file_parse(&file, "in", (const char *)data, size, error) != STATUS_OK) {
        fuzz_claim(file == NULL && strncmp(error, "in:", 3) == 0 && strchr(error, '\n') == NULL,
                   "a refusal is a line with the file's name");
        return 0;
    }
    claim_order(file);
    claim_calendar(file, &calendar_file_hours(file, &hours_count)[0]);
    claim_calendar(file, &calendar_file_hours(file, &hours_count)[hours_count - 1]);
    fuzz_claim(calendar_file_parse(&again, "in", calendar_file_text(file), strlen(calendar_file_text(file)), error) ==
                   STATUS_OK,
               "what is kept can be read again");
    calendar_file_destroy(&again);
    calendar_file_destroy(&file);
    return 0;
}
