/* SPDX-License-Identifier: MIT */
/*
 * bench_fold.c - what one event costs the scorer in C: added to its dossier, and the dossier judged under every rule.
 *
 * Three kinds of dossiers of eight events each: plain ones, ones with two supplement pauses and a calendar, and synced
 * records with a list.  Events are parsed before the clock starts.  Prints the median and the 99th percentile of groups
 * of 1,000 events.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/code_book.h"
#include "scorer/verdict.h"

#define DOSSIERS 125 /* of a group: 1,000 events */
#define EVENTS 8
#define GROUPS 400

#define TIME "\"time\":\"2025-%02d-%02dT09:%02d:00+07:00\","

struct step {
    const char *type;
    const char *data; /* members behind the dossier's */
};

static const struct step plain[EVENTS] = {
    {"received", ",\"unit\":\"H29.1\",\"field\":\"land\",\"due\":\"2025-03-20T17:00:00+07:00\""},
    {"accepted", ""},
    {"rescheduled", ",\"due\":\"2025-03-24T17:00:00+07:00\""},
    {"accepted", ""},
    {"finished", ",\"finished\":\"2025-03-19T10:00:00+07:00\""},
    {"finished", ",\"finished\":\"2025-03-20T10:00:00+07:00\""},
    {"returned", ""},
    {"apology.sent", ""},
};
static const struct step paused[EVENTS] = {
    {"received", ",\"unit\":\"H29.1\",\"field\":\"land\",\"due\":\"2025-03-20T17:00:00+07:00\""},
    {"accepted", ""},
    {"supplement_requested", ",\"reason\":\"a map is missing\""},
    {"supplemented", ""},
    {"supplement_requested", ""},
    {"supplemented", ""},
    {"finished", ""},
    {"returned", ""},
};
#define RECORD                                                                                                         \
    ",\"MaHoSo\":\"D\",\"TrangThaiHoSo\":\"4\",\"NgayTiepNhan\":\"20250303080000\",\"NgayHenTra\":\"20250320170000\"," \
    "\"DanhSachHoSoBoSung\":[{\"NgayBoSung\":\"20250305090000\",\"NgayTiepNhanBoSung\":\"20250307150000\"}]"
static const struct step synced[EVENTS] = {{"synced", RECORD}, {"synced", RECORD}, {"synced", RECORD},
                                           {"synced", RECORD}, {"synced", RECORD}, {"synced", RECORD},
                                           {"synced", RECORD}, {"synced", RECORD}};

static void fail(const char *what)
{
    fprintf(stderr, "bench_fold: %s\n", what);
    exit(EXIT_FAILURE);
}

static void parse(const struct step *steps, struct code_book *codes, struct envelope events[EVENTS],
                  struct code_scratch scratch[EVENTS], char texts[EVENTS][1024])
{
    for (int i = 0; i < EVENTS; i++) {
        struct refusal refusal = {.sentence = ""};
        const char *type = strcmp(steps[i].type, "apology.sent") == 0 ? "apology.sent" : steps[i].type;
        const char *group = type[0] == 'a' && type[1] == 'p' ? "" : "dossier.";
        int len = snprintf(
            texts[i], 1024,
            "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"urn:bench\",\"type\":\"vn.kipthoi.%s%s.v1\"," TIME
            "\"data\":{\"dossier\":\"D\"%s}}",
            i, group, type, 3, 3 + i, i, steps[i].data);

        if (envelope_parse(texts[i], (size_t)len, &events[i], &refusal) != STATUS_OK ||
            code_book_apply(codes, &events[i], &scratch[i], &refusal) != STATUS_OK) {
            fail(refusal.sentence);
        }
    }
}

static struct calendars *office(void)
{
    struct calendar_shift shift = {.count = 2, .segment = {{25200, 41400}, {48600, 61200}}};
    struct calendar_definition definition = {
        .first_year = 2023, .last_year = 2027, .day_s = 28800, .cut_off_s = CALENDAR_NO_CUT_OFF};
    char error[CALENDAR_ERROR_SIZE];
    struct calendars *calendars = calendars_new();

    for (int day = 0; day < 5; day++) {
        definition.week[day] = shift;
    }
    if (calendars == NULL || calendars_add(calendars, 1, INT64_MIN + 1, 0, &definition, error) != STATUS_OK) {
        fail("no calendar");
    }
    return calendars;
}

static double now_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return difference < 0 ? -1 : difference > 0;
}

static void measure(const char *name, const struct step *steps, const struct verdict_basis *basis,
                    struct code_book *codes)
{
    static char texts[EVENTS][1024];
    static double groups[GROUPS];
    struct envelope events[EVENTS];
    struct code_scratch scratch[EVENTS];
    int64_t now_us = 1743000000 * CLOCK_SECOND_US;
    int64_t seen = 0;

    parse(steps, codes, events, scratch, texts);
    for (int group = 0; group < GROUPS; group++) {
        double began = now_ns();

        for (int i = 0; i < DOSSIERS; i++) {
            struct dossier dossier;
            struct verdicts verdicts;

            fold_start(&dossier);
            for (int e = 0; e < EVENTS; e++) {
                if (fold_event(&dossier, &events[e], now_us) != STATUS_OK) {
                    fail("memory is short");
                }
                verdict_judge(basis, &dossier, "", now_us, &verdicts);
                seen += verdicts.rule[RULE_PROMISE].class;
            }
            fold_clear(&dossier);
        }
        groups[group] = (now_ns() - began) / (DOSSIERS * EVENTS);
    }
    qsort(groups, GROUPS, sizeof *groups, by_size);
    printf("%-8s  median %6.0f ns  99th %6.0f ns  an event (sum of classes %lld)\n", name, groups[GROUPS / 2],
           groups[GROUPS * 99 / 100], (long long)seen);
    for (int i = 0; i < EVENTS; i++) {
        envelope_clear(&events[i]);
    }
}

int main(void)
{
    struct rule_book *rules = rule_book_new();
    struct verdict_basis basis = {.rules = rules};
    struct code_book *codes = code_book_new();
    struct calendars *calendars;

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK || rules == NULL || codes == NULL) {
        fail("the zone Asia/Ho_Chi_Minh is not known, or memory is short");
    }
    calendars = office();
    basis.calendars = calendars;
    measure("plain", plain, &basis, codes);
    measure("paused", paused, &basis, codes);
    measure("synced", synced, &basis, codes);
    calendars_destroy(&calendars);
    code_book_destroy(&codes);
    rule_book_destroy(&rules);
    return 0;
}
