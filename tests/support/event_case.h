/* SPDX-License-Identifier: MIT */
/*
 * event_case.h - what the tests of records and indicators share: an event around the data of a case, taken apart behind
 * the gate, in a zone whose clocks are changed.
 */
#ifndef TESTS_EVENT_CASE_H
#define TESTS_EVENT_CASE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/envelope.h"
#include "ingest/gate.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SECONDS(count) (INT64_C(count) * 1000000)
#define TIME_US SECONDS(1452672000) /* 2016-01-13T08:00:00Z */
#define EVENT_SIZE 65536

/* An event of the type with this data. */
static inline size_t event_of(char out[EVENT_SIZE], const char *type, const char *data)
{
    int len = snprintf(out, EVENT_SIZE,
                       "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:shop:1\",\"type\":\"vn.kipthoi.%s.v1\","
                       "\"time\":\"2016-01-13T15:00:00+07:00\",\"data\":%s}",
                       type, data);

    assert_true(len > 0 && len < EVENT_SIZE);
    return (size_t)len;
}

static inline enum status parse(const char *type, const char *data, struct envelope *env, struct refusal *refusal)
{
    static char text[EVENT_SIZE];
    size_t len = event_of(text, type, data);

    assert_int_equal(gate_check(text, len, refusal), STATUS_OK);
    return envelope_parse(text, len, env, refusal);
}

static inline enum status parse_record(const char *data, struct envelope *env, struct refusal *refusal)
{
    return parse("dossier.synced", data, env, refusal);
}

struct refused_case {
    const char *data;
    const char *code;
    const char *sentence;
};

static inline void assert_refused(const char *type, const struct refused_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct envelope env;
        struct refusal refusal = {0};
        enum status st = parse(type, cases[i].data, &env, &refusal);

        if (st != STATUS_INVALID || strcmp(refusal.code, cases[i].code) != 0 ||
            strcmp(refusal.sentence, cases[i].sentence) != 0) {
            fail_msg("%.200s: %d %s: %s", cases[i].data, st, refusal.code != NULL ? refusal.code : "-",
                     refusal.sentence);
        }
        assert_string_equal(env.source, "urn:shop:1");
        envelope_clear(&env);
    }
}

/* Clocks are changed there: 2016-03-13 skips 02:00 to 03:00, 2016-11-06 shows 01:00 to 02:00 twice. */
static inline int use_new_york(void **state)
{
    (void)state;
    return clock_use_zone("America/New_York") == STATUS_OK ? 0 : -1;
}

#endif
