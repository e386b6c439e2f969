/* SPDX-License-Identifier: MIT */
/*
 * test_envelope.c - events taken apart, every refusal, and the slots, which may never change.
 *
 * Most cases take one whole event and change one member of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/envelope.h"
#include "common/json.h"

/* 2099-12-31T00:00:00Z */
#define FAR_US INT64_C(4102358400000000)
#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char whole[] =
    "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"urn:shop:1\",\"type\":\"vn.kipthoi.dossier.finished.v1\","
    "\"time\":\"2016-01-13T15:00:00+07:00\",\"sequence\":\"42\",\"datacontenttype\":\"application/json\","
    "\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\",\"data\":{"
    "\"dossier\":\"H56.14-240823-0001\",\"unit\":\"H56.14\",\"unit_name\":\"S\xe1\xbb\x9f T\xc6\xb0 ph\xc3\xa1p\","
    "\"unit_parent\":\"H56\",\"field\":\"G09-TP\",\"field_name\":\"H\xe1\xbb\x99 t\xe1\xbb\x8b"
    "ch\",\"procedure\":\"1.000656\",\"procedure_name\":\"Khai "
    "t\xe1\xbb\xad\",\"received\":\"2016-01-11T08:00:00+07:00\","
    "\"submitted\":\"2016-01-10T10:30:00+07:00\","
    "\"due\":\"2016-01-13T17:00:00+07:00\",\"finished\":\"2016-01-13T14:59:59.5+07:00\",\"reason\":\"xong\","
    "\"channel\":\"2\",\"x\":[1]}}";

/* The whole event with the member "name" or "data.name" set to the JSON value, or taken out when value is NULL. */
static char *changed(const char *member, const char *value)
{
    cJSON *event = json_parse(whole, sizeof whole - 1);
    cJSON *object = strncmp(member, "data.", 5) == 0 ? cJSON_GetObjectItem(event, "data") : event;
    const char *name = object == event ? member : member + 5;
    char *text;

    assert_non_null(object);
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    if (value != NULL) {
        /* Raw: cJSON would write 2^53 with 15 digits. */
        cJSON_AddItemToObject(object, name, cJSON_CreateRaw(value));
    }
    text = cJSON_PrintUnformatted(event);
    assert_non_null(text);
    cJSON_Delete(event);
    return text;
}

/* A JSON string of count times the letter x. */
static const char *letters(size_t count)
{
    static char text[8192];

    assert_true(count + 3 <= sizeof text);
    memset(text, 'x', count + 2);
    text[0] = '"';
    text[count + 1] = '"';
    text[count + 2] = '\0';
    return text;
}

/* --- what passes --- */

static void envelope__whole_event__is_taken_apart(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(envelope_parse(whole, sizeof whole - 1, &env, &refusal), STATUS_OK);
    assert_non_null(env.json);
    assert_string_equal(env.id, "e-1");
    assert_string_equal(env.source, "urn:shop:1");
    assert_int_equal(env.kind, EVENT_FINISHED);
    assert_true(env.happened_us == INT64_C(1452672000000000));
    assert_true(env.sequence == 42);
    assert_string_equal(env.dossier, "H56.14-240823-0001");
    assert_string_equal(env.unit, "H56.14");
    assert_string_equal(env.unit_name, "S\xe1\xbb\x9f T\xc6\xb0 ph\xc3\xa1p");
    assert_string_equal(env.unit_parent, "H56");
    assert_string_equal(env.field, "G09-TP");
    assert_string_equal(env.field_name, "H\xe1\xbb\x99 t\xe1\xbb\x8b"
                                        "ch");
    assert_string_equal(env.procedure, "1.000656");
    assert_string_equal(env.procedure_name, "Khai t\xe1\xbb\xad");
    assert_true(env.received_us == INT64_C(1452474000000000));
    assert_true(env.due_us == INT64_C(1452679200000000));
    assert_true(env.finished_us == INT64_C(1452671999500000));
    assert_true(env.submitted_us == INT64_C(1452396600000000));
    assert_string_equal(env.channel, "2");
    assert_string_equal(env.reason, "xong");
    assert_int_equal(env.record, ENVELOPE_NO_RECORD);
    assert_true(env.at_us == ENVELOPE_NONE_US);
    assert_int_equal(env.slot, 28);
    envelope_clear(&env);
    assert_null(env.json);
    assert_null(env.source);
    envelope_clear(&env);
}

static void envelope__least_event__leaves_the_rest_absent(void **state)
{
    static const char least[] = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"a\",\"type\":"
                                "\"vn.kipthoi.dossier.received.v1\",\"time\":\"2016-01-13T08:00:00Z\",\"data\":"
                                "{\"dossier\":\"b\",\"unit\":null,\"due\":null}}";
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(envelope_parse(least, sizeof least - 1, &env, &refusal), STATUS_OK);
    assert_int_equal(env.kind, EVENT_RECEIVED);
    assert_true(env.sequence == 0);
    assert_null(env.unit);
    assert_null(env.unit_name);
    assert_null(env.unit_parent);
    assert_null(env.field);
    assert_null(env.field_name);
    assert_null(env.procedure);
    assert_null(env.procedure_name);
    assert_true(env.received_us == ENVELOPE_NONE_US);
    assert_true(env.due_us == ENVELOPE_NONE_US);
    assert_true(env.finished_us == ENVELOPE_NONE_US);
    assert_true(env.submitted_us == ENVELOPE_NONE_US);
    assert_null(env.channel);
    assert_null(env.reason);
    assert_int_equal(env.online, -1);
    assert_int_equal(env.slot, 40);
    envelope_clear(&env);
}

static void envelope__every_type__has_its_number(void **state)
{
    /* The numbers of the table event_kind. */
    static const char *const types[] = {
        [1] = "vn.kipthoi.dossier.received.v1",
        [2] = "vn.kipthoi.dossier.accepted.v1",
        [3] = "vn.kipthoi.dossier.supplement_requested.v1",
        [4] = "vn.kipthoi.dossier.supplemented.v1",
        [5] = "vn.kipthoi.dossier.payment_requested.v1",
        [6] = "vn.kipthoi.dossier.paid.v1",
        [7] = "vn.kipthoi.dossier.rescheduled.v1",
        [8] = "vn.kipthoi.dossier.finished.v1",
        [9] = "vn.kipthoi.dossier.returned.v1",
        [10] = "vn.kipthoi.dossier.refused.v1",
        [11] = "vn.kipthoi.dossier.stopped.v1",
        [12] = "vn.kipthoi.dossier.withdrawn.v1",
        [13] = "vn.kipthoi.apology.sent.v1",
        [14] = "vn.kipthoi.dossier.synced.v1",
        [15] = "vn.kipthoi.indicator.reported.v1",
    };

    (void)state;
    assert_int_equal(EVENT_KIND_END, COUNT(types));
    for (int kind = 1; kind < EVENT_KIND_END; kind++) {
        struct envelope env;
        struct refusal refusal;
        char value[100];
        char *text;

        assert_string_equal(event_kind_type((enum event_kind)kind), types[kind]);
        if (kind >= EVENT_SYNCED) {
            continue; /* their data is another: test_envelope_record.c */
        }
        snprintf(value, sizeof value, "\"%s\"", types[kind]);
        text = changed("type", value);
        assert_int_equal(envelope_parse(text, strlen(text), &env, &refusal), STATUS_OK);
        assert_int_equal(env.kind, kind);
        envelope_clear(&env);
        free(text);
    }
    assert_string_equal(event_kind_type((enum event_kind)0), "unknown");
    assert_string_equal(event_kind_type(EVENT_KIND_END), "unknown");
}

/* --- one member changed --- */

struct member_case {
    const char *member;
    const char *value; /* JSON; NULL: absent */
    const char *code;  /* NULL: passes */
    const char *sentence;
};

static void run(const struct member_case *cases, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        const struct member_case *c = &cases[i];
        char *text = changed(c->member, c->value);
        struct envelope env;
        struct refusal refusal = {0};
        enum status st = envelope_parse(text, strlen(text), &env, &refusal);
        int right = c->code == NULL ? st == STATUS_OK
                                    : st == STATUS_INVALID && strcmp(refusal.code, c->code) == 0 &&
                                          strcmp(refusal.sentence, c->sentence) == 0;

        if (right && strcmp(c->member, "source") != 0) {
            right = env.source != NULL && strcmp(env.source, "urn:shop:1") == 0;
        }
        if (!right) {
            print_error("%s = %.80s: %d %s: %s\n", c->member, c->value != NULL ? c->value : "(absent)", st,
                        refusal.code != NULL ? refusal.code : "-", refusal.sentence);
            failed++;
        }
        envelope_clear(&env);
        free(text);
    }
    assert_int_equal(failed, 0);
}

static void envelope__attributes__are_checked(void **state)
{
    static const struct member_case cases[] = {
        {"specversion", "\"1.0\"", NULL, NULL},
        {"specversion", NULL, "SPECVERSION", "specversion is not \"1.0\""},
        {"specversion", "null", "SPECVERSION", "specversion is not \"1.0\""},
        {"specversion", "1.0", "SPECVERSION", "specversion is not \"1.0\""},
        {"specversion", "\"0.3\"", "SPECVERSION", "specversion is not \"1.0\""},
        {"specversion", "\"1.0.1\"", "SPECVERSION", "specversion is not \"1.0\""},
        {"id", NULL, "MEMBER_MISSING", "id is missing"},
        {"id", "null", "MEMBER_MISSING", "id is missing"},
        {"id", "\"\"", "MEMBER_INVALID", "id is not a text of 1 to 256 bytes"},
        {"id", "7", "MEMBER_INVALID", "id is not a text of 1 to 256 bytes"},
        {"id", "\"a\\nb\"", "MEMBER_INVALID", "id holds a control character"},
        {"id", "\"a\\u007f\"", "MEMBER_INVALID", "id holds a control character"},
        {"id", "\"\xe1\xbb\x93 \xc2\xa0~\"", NULL, NULL},
        {"source", NULL, "MEMBER_MISSING", "source is missing"},
        {"source", "null", "MEMBER_MISSING", "source is missing"},
        {"source", "\"\"", "MEMBER_INVALID", "source is not a text of 1 to 256 bytes"},
        {"source", "[\"x\"]", "MEMBER_INVALID", "source is not a text of 1 to 256 bytes"},
        {"source", "\"\\u001b[2J\"", "MEMBER_INVALID", "source holds a control character"},
        {"type", NULL, "MEMBER_MISSING", "type is missing"},
        {"type", "1", "MEMBER_INVALID", "type is not a text of 1 to 256 bytes"},
        {"type", "\"\"", "MEMBER_INVALID", "type is not a text of 1 to 256 bytes"},
        {"type", "\"vn.kipthoi.dossier.finished.v2\"", "TYPE_UNKNOWN",
         "type 'vn.kipthoi.dossier.finished.v2' is not known"},
        {"type", "\"vn.kipthoi.dossier.finished.v\"", "TYPE_UNKNOWN",
         "type 'vn.kipthoi.dossier.finished.v' is not known"},
        {"type", "\"VN.kipthoi.dossier.finished.v1\"", "TYPE_UNKNOWN",
         "type 'VN.kipthoi.dossier.finished.v1' is not known"},
        {"type", "\"a\\n\\\"b\\u001b\"", "TYPE_UNKNOWN", "type 'a??b?' is not known"},
        {"time", NULL, "MEMBER_MISSING", "time is missing"},
        {"time", "\"2016-01-13T15:00:00\"", "TIME_INVALID",
         "time is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"time", "1452672000", "TIME_INVALID",
         "time is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"time", "\"1970-01-01T00:00:00Z\"", "TIME_INVALID",
         "time is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"unknown_extension", "{\"a\":[1]}", NULL, NULL},
        {"data", NULL, "MEMBER_MISSING", "data is missing"},
        {"data", "null", "MEMBER_MISSING", "data is missing"},
        {"data", "[]", "MEMBER_INVALID", "data is not an object"},
        {"data", "\"{}\"", "MEMBER_INVALID", "data is not an object"},
        {"data", "{}", "MEMBER_MISSING", "data.dossier is missing"},
        {"data", "{\"Dossier\":\"x\"}", "MEMBER_MISSING", "data.dossier is missing"},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void envelope__content_type__is_json_or_absent(void **state)
{
    static const char refused[] = "datacontenttype is not application/json";
    static const struct member_case cases[] = {
        {"datacontenttype", NULL, NULL, NULL},
        {"datacontenttype", "null", NULL, NULL},
        {"datacontenttype", "\"application/json\"", NULL, NULL},
        {"datacontenttype", "\"Application/JSON; charset=utf-8\"", NULL, NULL},
        {"datacontenttype", "\"application/json ;charset=utf-8\"", NULL, NULL},
        {"datacontenttype", "\"application/vnd.kipthoi+json\"", NULL, NULL},
        {"datacontenttype", "\"application/cloudevents+JSON;v=1\"", NULL, NULL},
        {"datacontenttype", "\"\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"+json\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"json\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"text/xml\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"application/jsonx\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"application/json x\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "\"application/xml;x=application/json\"", "MEMBER_INVALID", refused},
        {"datacontenttype", "1", "MEMBER_INVALID", refused},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void envelope__data_members__are_checked(void **state)
{
    static const struct member_case cases[] = {
        {"data.dossier", "null", "MEMBER_MISSING", "data.dossier is missing"},
        {"data.dossier", "17", "MEMBER_INVALID", "data.dossier is not a text of 1 to 128 bytes"},
        {"data.dossier", "\"\"", "MEMBER_INVALID", "data.dossier is not a text of 1 to 128 bytes"},
        {"data.dossier", "\"a\\tb\"", "MEMBER_INVALID", "data.dossier holds a control character"},
        {"data.unit", "\"\"", "MEMBER_INVALID", "data.unit is not a text of 1 to 128 bytes"},
        {"data.unit", "{}", "MEMBER_INVALID", "data.unit is not a text of 1 to 128 bytes"},
        {"data.unit_parent", "false", "MEMBER_INVALID", "data.unit_parent is not a text of 1 to 128 bytes"},
        {"data.unit_name", "1", "MEMBER_INVALID", "data.unit_name is not a text of 1 to 512 bytes"},
        {"data.unit_name", "\"two\\nlines\"", NULL, NULL},
        {"data.field", "1", "MEMBER_INVALID", "data.field is not a text of 1 to 128 bytes"},
        {"data.field_name", "1", "MEMBER_INVALID", "data.field_name is not a text of 1 to 512 bytes"},
        {"data.procedure", "1.000656", "MEMBER_INVALID", "data.procedure is not a text of 1 to 128 bytes"},
        {"data.procedure_name", "1", "MEMBER_INVALID", "data.procedure_name is not a text of 1 to 512 bytes"},
        {"data.channel", "2", "MEMBER_INVALID", "data.channel is not a text of 1 to 128 bytes"},
        {"data.channel", NULL, NULL, NULL},
        {"data.reason", "[]", "MEMBER_INVALID", "data.reason is not a text of 1 to 4096 bytes"},
        {"data.due", "\"13/01/2016\"", "TIME_INVALID",
         "data.due is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"data.received", "\"20160113080000\"", "TIME_INVALID",
         "data.received is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"data.finished", "\"\"", "TIME_INVALID",
         "data.finished is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"data.finished", "0", "TIME_INVALID",
         "data.finished is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"data.finished", "null", NULL, NULL},
        {"data.submitted", "\"2016-01-10\"", "TIME_INVALID",
         "data.submitted is not an RFC 3339 date-time with offset of the years 1990 to 2099"},
        {"data.unknown", "{\"a\":1}", NULL, NULL},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void envelope__texts__end_at_their_limits(void **state)
{
    static const struct {
        const char *member;
        size_t max_len;
    } limits[] = {
        {"id", 256},
        {"source", 256},
        {"data.dossier", 128},
        {"data.unit", 128},
        {"data.unit_name", 512},
        {"data.unit_parent", 128},
        {"data.field", 128},
        {"data.field_name", 512},
        {"data.procedure", 128},
        {"data.procedure_name", 512},
        {"data.channel", 128},
        {"data.reason", 4096},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(limits); i++) {
        char sentence[100];
        const struct member_case fits = {limits[i].member, letters(limits[i].max_len), NULL, NULL};
        run(&fits, 1);
        snprintf(sentence, sizeof sentence, "%s is not a text of 1 to %zu bytes", limits[i].member, limits[i].max_len);
        const struct member_case long_one = {limits[i].member, letters(limits[i].max_len + 1), "MEMBER_INVALID",
                                             sentence};
        run(&long_one, 1);
    }
}

static void envelope__long_unknown_type__is_cut_in_the_sentence(void **state)
{
    struct envelope env;
    struct refusal refusal;
    char *text = changed("type", letters(256));

    (void)state;
    assert_int_equal(envelope_parse(text, strlen(text), &env, &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "TYPE_UNKNOWN");
    assert_int_equal(strlen(refusal.sentence), strlen("type '' is not known") + 99);
    envelope_clear(&env);
    free(text);
}

static void envelope__sequence__is_digits_or_an_integer(void **state)
{
    static const struct {
        const char *value;
        int64_t sequence; /* -1: refused */
    } cases[] = {
        {NULL, 0},
        {"null", 0},
        {"\"0\"", 0},
        {"\"007\"", 7},
        {"\"999999999999999999\"", INT64_C(999999999999999999)},
        {"\"000000000000000001\"", 1},
        {"0", 0},
        {"-0", 0},
        {"17", 17},
        {"1e3", 1000},
        {"9007199254740992", INT64_C(9007199254740992)},
        {"\"\"", -1},
        {"\"1000000000000000000\"", -1}, /* 19 digits */
        {"\"-1\"", -1},
        {"\"+1\"", -1},
        {"\" 1\"", -1},
        {"\"1x\"", -1},
        {"\"1.0\"", -1},
        {"-1", -1},
        {"0.5", -1},
        {"9007199254740994.0", -1},
        {"1e300", -1},
        {"true", -1},
        {"[1]", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct envelope env;
        struct refusal refusal;
        char *text = changed("sequence", cases[i].value);
        enum status st = envelope_parse(text, strlen(text), &env, &refusal);

        if (cases[i].sequence >= 0) {
            assert_int_equal(st, STATUS_OK);
            assert_int_equal(env.sequence, cases[i].sequence);
        } else {
            assert_int_equal(st, STATUS_INVALID);
            assert_string_equal(refusal.code, "SEQUENCE_INVALID");
            assert_string_equal(refusal.sentence,
                                "sequence is not a text of 1 to 18 digits or an integer from 0 to 2^53");
        }
        envelope_clear(&env);
        free(text);
    }
}

static void envelope__rescheduled__needs_the_new_due(void **state)
{
    static const struct {
        const char *data;
        enum status status;
    } cases[] = {
        {"{\"dossier\":\"d\",\"due\":\"2016-02-01T17:00:00+07:00\"}", STATUS_OK},
        {"{\"dossier\":\"d\"}", STATUS_INVALID},
        {"{\"dossier\":\"d\",\"due\":null}", STATUS_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        struct envelope env;
        struct refusal refusal;
        int len = snprintf(text, sizeof text,
                           "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":"
                           "\"vn.kipthoi.dossier.rescheduled.v1\",\"time\":\"2016-01-13T08:00:00Z\",\"data\":%s}",
                           cases[i].data);

        assert_int_equal(envelope_parse(text, (size_t)len, &env, &refusal), cases[i].status);
        if (cases[i].status == STATUS_INVALID) {
            assert_string_equal(refusal.code, "MEMBER_MISSING");
            assert_string_equal(refusal.sentence, "data.due is missing: a rescheduled event tells the new due date");
        }
        envelope_clear(&env);
    }
}

/* Computed apart from this program.  Stored events carry these numbers: a change here is a changed ledger. */
static void envelope__slots__never_change(void **state)
{
    static const struct {
        const char *source;
        const char *dossier;
        int slot;
    } cases[] = {
        {"a", "b", 40},
        {"urn:shop:1", "H56.14-240823-0001", 28},
        {"urn:shop:1", "H56.14-240823-0002", 53},
        {"urn:shop:2", "H56.14-240823-0001", 3},
        {"urn:vn:h29", "G09.20-20260609-0092637", 10},
        {"ab", "c", 39}, /* the byte between keeps these two apart */
        {"a", "bc", 23},
        {"s\xe1\xbb\x9f/t\xc6\xb0 ph\xc3\xa1p", "h\xe1\xbb\x93 s\xc6\xa1 1", 18},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        struct envelope env;
        struct refusal refusal;
        int len = snprintf(text, sizeof text,
                           "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"%s\",\"type\":"
                           "\"vn.kipthoi.dossier.paid.v1\",\"time\":\"2016-01-13T08:00:00Z\","
                           "\"data\":{\"dossier\":\"%s\"}}",
                           cases[i].source, cases[i].dossier);

        assert_int_equal(envelope_parse(text, (size_t)len, &env, &refusal), STATUS_OK);
        assert_int_equal(env.slot, cases[i].slot);
        envelope_clear(&env);
    }
}

/* --- the clock --- */

static void envelope__moments_beyond_the_clock__are_refused(void **state)
{
    const int64_t now_us = INT64_C(1452672000000000); /* 2016-01-13T08:00:00Z */
    const int64_t ahead_us = INT64_C(86400000000);
    const struct {
        int64_t happened_us, received_us, due_us, finished_us;
        const char *sentence; /* NULL: passes */
        int64_t submitted_us;
    } cases[] = {
        {now_us, ENVELOPE_NONE_US, ENVELOPE_NONE_US, ENVELOPE_NONE_US, NULL, 0},
        {now_us + ahead_us, now_us + ahead_us, FAR_US, now_us + ahead_us, NULL, 0},
        {now_us + ahead_us + 1, ENVELOPE_NONE_US, ENVELOPE_NONE_US, ENVELOPE_NONE_US,
         "time 2016-01-14T08:00:00.000001Z is more than 86400 s ahead of the clock, which says 2016-01-13T08:00:00Z",
         0},
        {now_us, now_us + ahead_us + 1000000, ENVELOPE_NONE_US, ENVELOPE_NONE_US,
         "data.received 2016-01-14T08:00:01Z is more than 86400 s ahead of the clock, which says 2016-01-13T08:00:00Z",
         0},
        {now_us, now_us, ENVELOPE_NONE_US, FAR_US,
         "data.finished 2099-12-31T00:00:00Z is more than 86400 s ahead of the clock, which says 2016-01-13T08:00:00Z",
         0},
        {now_us, now_us, ENVELOPE_NONE_US, ENVELOPE_NONE_US,
         "data.submitted 2099-12-31T00:00:00Z is more than 86400 s ahead of the clock, which says 2016-01-13T08:00:00Z",
         FAR_US},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct envelope env = {
            .kind = EVENT_FINISHED,
            .happened_us = cases[i].happened_us,
            .received_us = cases[i].received_us,
            .due_us = cases[i].due_us,
            .finished_us = cases[i].finished_us,
            .submitted_us = cases[i].submitted_us,
        };
        struct refusal refusal = {0};
        enum status st = envelope_check_future(&env, now_us, ahead_us, &refusal);

        assert_int_equal(st, cases[i].sentence == NULL ? STATUS_OK : STATUS_INVALID);
        if (cases[i].sentence != NULL) {
            assert_string_equal(refusal.code, "TIME_FUTURE");
            assert_string_equal(refusal.sentence, cases[i].sentence);
        }
    }
}

/* --- memory --- */

static int allocations_left;

static void *scarce_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void envelope__memory_is_short__asks_to_try_again(void **state)
{
    cJSON_Hooks hooks = {.malloc_fn = scarce_malloc, .free_fn = free};
    enum status st = STATUS_RETRY;
    int allowed;

    (void)state;
    cJSON_InitHooks(&hooks);
    for (allowed = 0; allowed < 1000 && st != STATUS_OK; allowed++) {
        struct envelope env;
        struct refusal refusal;

        allocations_left = allowed;
        st = envelope_parse(whole, sizeof whole - 1, &env, &refusal);
        assert_true(st == STATUS_OK || (st == STATUS_RETRY && env.json == NULL && env.source == NULL));
        envelope_clear(&env);
    }
    cJSON_InitHooks(NULL);
    assert_int_equal(st, STATUS_OK);
    assert_true(allowed > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envelope__whole_event__is_taken_apart),
        cmocka_unit_test(envelope__least_event__leaves_the_rest_absent),
        cmocka_unit_test(envelope__every_type__has_its_number),
        cmocka_unit_test(envelope__attributes__are_checked),
        cmocka_unit_test(envelope__content_type__is_json_or_absent),
        cmocka_unit_test(envelope__data_members__are_checked),
        cmocka_unit_test(envelope__texts__end_at_their_limits),
        cmocka_unit_test(envelope__long_unknown_type__is_cut_in_the_sentence),
        cmocka_unit_test(envelope__sequence__is_digits_or_an_integer),
        cmocka_unit_test(envelope__rescheduled__needs_the_new_due),
        cmocka_unit_test(envelope__slots__never_change),
        cmocka_unit_test(envelope__moments_beyond_the_clock__are_refused),
        cmocka_unit_test(envelope__memory_is_short__asks_to_try_again),
    };

    return cmocka_run_group_tests_name("envelope", tests, NULL, NULL);
}
