/* SPDX-License-Identifier: MIT */
/* test_judge.c - what becomes of each event of a request before the database is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/judge.h"

#define KEY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SOURCE "https://mc.example/h29"
#define EVENT(id, source, time)                                                                                        \
    "{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"" source                                                  \
    "\",\"type\":\"vn.kipthoi.dossier.received.v1\",\"time\":\"" time "\",\"sequence\":\"3\","                         \
    "\"data\":{\"dossier\":\"D1\",\"unit\":\"H29.1\",\"field\":\"F\",\"procedure\":\"P\","                             \
    "\"received\":\"2016-01-12T08:00:00Z\"}}"
#define GOOD EVENT("one", SOURCE, "2016-01-12T08:00:00Z")

struct fixture {
    struct config config;
    struct allow *allow;
    struct code_book *book;
    struct sources *sources;
    struct intake intake;
    struct stats stats;
    struct judge judge;
    struct parcel *parcel;
    enum status registering; /* what the database says to a new source */
    int registered;
};

static enum status register_cb(void *context, const char *name, int32_t *source_id)
{
    struct fixture *f = context;

    (void)name;
    *source_id = 42;
    f->registered += f->registering == STATUS_OK;
    return f->registering;
}

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    config_defaults(&f.config);
    f.config.deployment.clock = (struct clock){.frozen = true, .frozen_us = INT64_C(1452643200) * 1000000};
    f.config.ingest.curve = true;
    f.config.ingest.event_bytes = 1024;
    f.allow = allow_new();
    f.book = code_book_new();
    assert_int_equal(allow_add(f.allow, KEY, SOURCE, false), STATUS_OK);
    f.sources = sources_new(register_cb, &f);
    f.judge = (struct judge){&f.config, f.allow, f.book, f.sources, &f.intake, &f.stats};
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    parcel_destroy(&f->parcel);
    sources_destroy(&f->sources);
    code_book_destroy(&f->book);
    allow_destroy(&f->allow);
    intake_clear(&f->intake);
    return 0;
}

/* Judges the body as EVENTS from KEY and gives the items. */
static struct item *judge(struct fixture *f, const char *text, int count)
{
    zmq_msg_t identity;
    zmq_msg_t body;

    zmq_msg_init(&identity);
    zmq_msg_init_size(&body, strlen(text));
    memcpy(zmq_msg_data(&body), text, strlen(text));
    parcel_destroy(&f->parcel);
    f->parcel = parcel_new(&identity, &body, count);
    assert_non_null(f->parcel);
    strcpy(f->parcel->sender, KEY);
    judge_parcel(&f->judge, f->parcel, request_body_open(REQUEST_EVENTS, zmq_msg_data(&f->parcel->body), strlen(text)));
    return f->parcel->items;
}

static void assert_item(const struct item *item, enum item_place place, enum answer_word word, const char *code)
{
    assert_int_equal(item->place, place);
    assert_int_equal(item->word, word);
    assert_string_equal(answer_code_name((enum answer_code)item->code), code);
}

static void judge__good_event__waits_with_its_members(void **state)
{
    struct fixture *f = *state;
    struct item *item = judge(f, " " GOOD "\r\n", 1);

    assert_item(item, ITEM_QUEUED, ANSWER_PENDING, "");
    assert_int_equal(f->parcel->open, 1);
    assert_int_equal(item->source_id, 42);
    assert_int_equal(item->kind, 1);
    assert_int_equal(item->sequence, 3);
    assert_int_equal(item->happened_us, INT64_C(1452585600) * 1000000);
    assert_string_equal(parcel_text(f->parcel, item->id_at), "one");
    assert_string_equal(parcel_text(f->parcel, item->dossier_at), "D1");
    assert_int_equal(item->payload_len, strlen(GOOD));
    assert_memory_equal(item->payload, GOOD, strlen(GOOD));
    assert_int_equal(f->stats.received, 1);
}

static void judge__event_that_is_no_json__goes_to_quarantine_unproven(void **state)
{
    struct fixture *f = *state;
    struct item *items = judge(f, "nonsense\n{\"a\":1,\"a\":2}\n[1]\n{}", 4);

    assert_int_equal(f->parcel->open, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(items[i].place, ITEM_QUEUED);
        assert_int_equal(items[i].word, ANSWER_REJECTED);
        assert_int_equal(items[i].source_id, 0);
        assert_non_null(item_sentence(&items[i]));
        assert_true(item_is_refused(&items[i]));
    }
    assert_string_equal(answer_code_name((enum answer_code)items[1].code), "DUPLICATE_KEY");
    assert_string_equal(answer_code_name((enum answer_code)items[2].code), "NOT_OBJECT");
    assert_string_equal(answer_code_name((enum answer_code)items[3].code), "MEMBER_MISSING");
    assert_memory_equal(items[0].payload, "nonsense", 8);
    /* Counted when the batch is, not before. */
    assert_true(intake_is_empty(&f->intake));
}

static void judge__too_large__is_kept_cut(void **state)
{
    char text[1100];
    struct fixture *f = *state;
    struct item *item;

    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    item = judge(f, text, 1);
    assert_item(item, ITEM_QUEUED, ANSWER_REJECTED, "TOO_LARGE");
    assert_string_equal(item_sentence(item), "event is 1099 bytes, limit 1024");
    assert_int_equal(item->payload_len, 1024);
}

static void judge__invalid_event_of_own_source__is_charged_to_it(void **state)
{
    struct fixture *f = *state;
    struct item *item = judge(f, EVENT("a", SOURCE, "yesterday"), 1);

    assert_item(item, ITEM_QUEUED, ANSWER_REJECTED, "TIME_INVALID");
    assert_int_equal(item->source_id, 42);
}

static void judge__invalid_event_of_foreign_source__is_unproven(void **state)
{
    struct fixture *f = *state;
    struct item *item = judge(f, EVENT("a", "https://evil.example", "yesterday"), 1);

    assert_item(item, ITEM_QUEUED, ANSWER_REJECTED, "TIME_INVALID");
    assert_int_equal(item->source_id, 0);
}

static void judge__time_ahead__is_refused_beyond_the_limit_only(void **state)
{
    struct fixture *f = *state;

    /* The clock stands at 2016-01-13T00:00:00Z, 24 hours ahead are allowed. */
    assert_item(judge(f, EVENT("a", SOURCE, "2016-01-14T00:00:00Z"), 1), ITEM_QUEUED, ANSWER_PENDING, "");
    assert_item(judge(f, EVENT("a", SOURCE, "2016-01-14T00:00:01Z"), 1), ITEM_QUEUED, ANSWER_REJECTED, "TIME_FUTURE");
}

#define RECORD(status)                                                                                                 \
    "{\"specversion\":\"1.0\",\"id\":\"r\",\"source\":\"" SOURCE                                                       \
    "\",\"type\":\"vn.kipthoi.dossier.synced.v1\",\"time\":\"2016-01-12T08:00:00Z\","                                  \
    "\"data\":{\"MaHoSo\":\"D1\",\"TrangThai\":" status "}}"

static void judge__record_with_a_strange_status__is_refused_until_the_book_knows_it(void **state)
{
    struct fixture *f = *state;
    struct item *item = judge(f, RECORD("\"DXL\""), 1);

    assert_item(item, ITEM_QUEUED, ANSWER_REJECTED, "STATUS_UNKNOWN");
    assert_int_equal(item->source_id, 42);
    assert_item(judge(f, RECORD("4"), 1), ITEM_QUEUED, ANSWER_PENDING, "");
    assert_int_equal(code_book_add(f->book, CODE_STATUS, SOURCE, "DXL", "4", INT32_MIN, INT32_MAX), STATUS_OK);
    item = judge(f, RECORD("\"DXL\""), 1);
    assert_item(item, ITEM_QUEUED, ANSWER_PENDING, "");
    assert_int_equal(item->kind, 14);
}

static void judge__other_number_of_a_dossier__goes_to_it(void **state)
{
    struct fixture *f = *state;
    struct item *item;

    assert_int_equal(code_book_add(f->book, CODE_DOSSIER, SOURCE, "D1", "D-other", INT32_MIN, INT32_MAX), STATUS_OK);
    item = judge(f, GOOD, 1);
    assert_item(item, ITEM_QUEUED, ANSWER_PENDING, "");
    assert_string_equal(parcel_text(f->parcel, item->dossier_at), "D-other");
    assert_int_equal(item->slot, envelope_slot(SOURCE, "D-other"));
    assert_int_not_equal(item->slot, envelope_slot(SOURCE, "D1"));
}

static void judge__foreign_source__is_denied_at_once(void **state)
{
    struct fixture *f = *state;
    struct item *items = judge(f, EVENT("a", "https://evil.example", "2016-01-12T08:00:00Z") "\n" GOOD, 2);

    assert_item(&items[0], ITEM_SETTLED, ANSWER_DENIED, "SOURCE_DENIED");
    assert_item(&items[1], ITEM_QUEUED, ANSWER_PENDING, "");
    assert_int_equal(f->parcel->open, 1);
    assert_int_equal(intake_row(&f->intake, 0)->denied, 1);
    assert_int_equal(f->stats.words[ANSWER_DENIED], 1);
}

static void judge__without_curve__every_source_is_permitted(void **state)
{
    struct fixture *f = *state;

    f->config.ingest.curve = false;
    assert_item(judge(f, EVENT("a", "https://evil.example", "2016-01-12T08:00:00Z"), 1), ITEM_QUEUED, ANSWER_PENDING,
                "");
}

static void judge__source_cannot_be_registered__is_busy(void **state)
{
    struct fixture *f = *state;

    f->registering = STATUS_RETRY;
    assert_item(judge(f, GOOD, 1), ITEM_SETTLED, ANSWER_BUSY, "DATABASE_AWAY");
    assert_int_equal(f->parcel->open, 0);
    assert_int_equal(intake_row(&f->intake, 0)->busy, 1);
    f->registering = STATUS_OK;
    assert_item(judge(f, GOOD, 1), ITEM_QUEUED, ANSWER_PENDING, "");
    /* Known from now on, whatever the database says. */
    f->registering = STATUS_RETRY;
    assert_item(judge(f, GOOD, 1), ITEM_QUEUED, ANSWER_PENDING, "");
}

/* Sources s00 to s19 in one request. */
static struct item *judge_twenty_sources(struct fixture *f)
{
    static char text[20 * 400];
    size_t len = 0;

    for (int i = 0; i < 20; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, EVENT("a", "s%02d", "2016-01-12T08:00:00Z") "\n", i);
    }
    return judge(f, text, 20);
}

static void judge__many_new_sources__eight_a_turn(void **state)
{
    struct fixture *f = *state;
    struct item *items;

    f->config.ingest.curve = false;
    items = judge_twenty_sources(f);
    for (int i = 0; i < 20; i++) {
        if (i < 8) {
            assert_item(&items[i], ITEM_QUEUED, ANSWER_PENDING, "");
        } else {
            assert_item(&items[i], ITEM_SETTLED, ANSWER_BUSY, "SOURCE_NEW");
        }
    }
    /* The others follow in the next turns, without being asked for again. */
    assert_true(sources_turn(f->sources));
    assert_int_equal(f->registered, 16);
    assert_false(sources_turn(f->sources));
    assert_int_equal(f->registered, 20);
    items = judge_twenty_sources(f);
    for (int i = 0; i < 20; i++) {
        assert_item(&items[i], ITEM_QUEUED, ANSWER_PENDING, "");
    }
    assert_int_equal(f->registered, 20);
}

static void sources__more_than_are_cached__the_oldest_makes_room(void **state)
{
    struct fixture *f = *state;
    char name[16];
    int32_t id;

    for (int i = 0; i <= SOURCES_CACHED; i++) {
        (void)sources_turn(f->sources);
        snprintf(name, sizeof name, "s%d", i);
        assert_int_equal(sources_id(f->sources, name, &id), CODE_NONE);
    }
    assert_int_equal(f->registered, SOURCES_CACHED + 1);
    assert_int_equal(sources_id(f->sources, "s1", &id), CODE_NONE);
    assert_int_equal(f->registered, SOURCES_CACHED + 1);
    assert_int_equal(sources_id(f->sources, "s0", &id), CODE_NONE);
    assert_int_equal(f->registered, SOURCES_CACHED + 2);
}

static void sources__database_away__what_waits_is_tried_once_a_turn(void **state)
{
    struct fixture *f = *state;

    f->config.ingest.curve = false;
    (void)judge_twenty_sources(f);
    f->registering = STATUS_RETRY;
    assert_false(sources_turn(f->sources));
    f->registering = STATUS_OK;
    assert_true(sources_turn(f->sources));
    assert_false(sources_turn(f->sources));
    assert_int_equal(f->registered, 8 + 11);
}

static void judge__same_bytes__have_the_same_digest(void **state)
{
    struct fixture *f = *state;
    struct item *items = judge(f, "abc\nabc\nabd", 3);
    /* SHA-256 of "abc", FIPS 180-2. */
    static const unsigned char abc[4] = {0xba, 0x78, 0x16, 0xbf};

    assert_memory_equal(items[0].digest, abc, sizeof abc);
    assert_memory_equal(items[0].digest, items[1].digest, PARCEL_DIGEST_SIZE);
    assert_memory_not_equal(items[0].digest, items[2].digest, PARCEL_DIGEST_SIZE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(judge__good_event__waits_with_its_members),
        TEST(judge__event_that_is_no_json__goes_to_quarantine_unproven),
        TEST(judge__too_large__is_kept_cut),
        TEST(judge__invalid_event_of_own_source__is_charged_to_it),
        TEST(judge__invalid_event_of_foreign_source__is_unproven),
        TEST(judge__time_ahead__is_refused_beyond_the_limit_only),
        TEST(judge__record_with_a_strange_status__is_refused_until_the_book_knows_it),
        TEST(judge__other_number_of_a_dossier__goes_to_it),
        TEST(judge__foreign_source__is_denied_at_once),
        TEST(judge__without_curve__every_source_is_permitted),
        TEST(judge__source_cannot_be_registered__is_busy),
        TEST(judge__many_new_sources__eight_a_turn),
        TEST(sources__more_than_are_cached__the_oldest_makes_room),
        TEST(sources__database_away__what_waits_is_tried_once_a_turn),
        TEST(judge__same_bytes__have_the_same_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
