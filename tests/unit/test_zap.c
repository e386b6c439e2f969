/* SPDX-License-Identifier: MIT */
/* test_zap.c - the authentication handler, asked over inproc as libzmq asks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zmq.h>

#include "common/zap.h"

#define KEY_BYTES 32
#define FRAME_SIZE 64
#define WAIT_MS 5000

struct fixture {
    void *context;
    struct allow *allow;
    struct zap *zap;
    void *asker;
    struct log log;
    uint8_t key[KEY_BYTES];
    char key_z85[41];
};

struct answer {
    char frames[6][FRAME_SIZE];
    int count;
};

static bool admit_all(const struct allow *allow, const char *public_key)
{
    (void)allow;
    (void)public_key;
    return true;
}

static int setup_with(void **state, zap_admit_cb admit)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    f.log = (struct log){.program = "test", .level = LOG_LEVEL_ERROR};
    for (int i = 0; i < KEY_BYTES; i++) {
        f.key[i] = (uint8_t)(i * 7);
    }
    assert_non_null(zmq_z85_encode(f.key_z85, f.key, KEY_BYTES));
    f.context = zmq_ctx_new();
    f.allow = allow_new();
    f.zap = zap_new(f.context, f.allow, admit, &f.log);
    assert_non_null(f.zap);
    f.asker = zmq_socket(f.context, ZMQ_REQ);
    assert_int_equal(zmq_connect(f.asker, "inproc://zeromq.zap.01"), 0);
    *state = &f;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, admit_all);
}

static int setup_feed(void **state)
{
    return setup_with(state, allow_feed);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    zmq_close(f->asker);
    zap_destroy(&f->zap);
    allow_destroy(&f->allow);
    zmq_ctx_term(f->context);
    return 0;
}

static void wait_readable(void *socket)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};

    assert_int_equal(zmq_poll(&item, 1, WAIT_MS), 1);
}

/* Sends the frames up to NULL and a key of key_len bytes unless it is -1. */
static struct answer ask(struct fixture *f, const char *const *texts, int key_len)
{
    struct answer answer = {0};
    int more = 1;
    size_t size = sizeof more;

    for (int i = 0; texts[i] != NULL; i++) {
        int flags = texts[i + 1] != NULL || key_len >= 0 ? ZMQ_SNDMORE : 0;

        assert_true(zmq_send(f->asker, texts[i], strlen(texts[i]), flags) >= 0);
    }
    if (key_len >= 0) {
        assert_int_equal(zmq_send(f->asker, f->key, (size_t)key_len, 0), key_len);
    }
    wait_readable(zap_socket(f->zap));
    zap_turn(f->zap);
    wait_readable(f->asker);
    while (more) {
        assert_true(answer.count < 6);
        assert_true(zmq_recv(f->asker, answer.frames[answer.count], FRAME_SIZE - 1, 0) >= 0);
        answer.count++;
        assert_int_equal(zmq_getsockopt(f->asker, ZMQ_RCVMORE, &more, &size), 0);
    }
    return answer;
}

/* Version, request, domain, address, identity, mechanism. */
static const char *const curve[] = {"1.0", "77", "kipthoi", "192.0.2.1", "", "CURVE", NULL};

static void zap__listed_key__is_admitted_under_its_name(void **state)
{
    struct fixture *f = *state;
    struct answer answer;

    assert_int_equal(allow_add(f->allow, f->key_z85, "s", false), STATUS_OK);
    answer = ask(f, curve, KEY_BYTES);
    assert_int_equal(answer.count, 6);
    assert_string_equal(answer.frames[0], "1.0");
    assert_string_equal(answer.frames[1], "77");
    assert_string_equal(answer.frames[2], "200");
    assert_string_equal(answer.frames[4], f->key_z85);
    assert_int_equal(zap_refused(f->zap), 0);
}

static void zap__unlisted_key__is_refused(void **state)
{
    struct fixture *f = *state;
    struct answer answer = ask(f, curve, KEY_BYTES);

    assert_int_equal(answer.count, 6);
    assert_string_equal(answer.frames[2], "400");
    assert_string_equal(answer.frames[4], "");
    assert_int_equal(zap_refused(f->zap), 1);
}

static void zap__listed_but_not_a_listener__is_refused_by_the_feed(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(allow_add(f->allow, f->key_z85, "s", false), STATUS_OK);
    assert_string_equal(ask(f, curve, KEY_BYTES).frames[2], "400");
    assert_int_equal(allow_add(f->allow, f->key_z85, NULL, true), STATUS_OK);
    assert_string_equal(ask(f, curve, KEY_BYTES).frames[2], "200");
}

static void zap__other_mechanism__is_refused(void **state)
{
    static const char *const null[] = {"1.0", "1", "kipthoi", "192.0.2.1", "", "NULL", NULL};
    static const char *const plain[] = {"1.0", "1", "kipthoi", "192.0.2.1", "", "PLAIN", "admin", "admin", NULL};
    struct fixture *f = *state;

    assert_int_equal(allow_add(f->allow, f->key_z85, "s", false), STATUS_OK);
    assert_string_equal(ask(f, null, -1).frames[2], "500"); /* a frame short of a CURVE request */
    assert_string_equal(ask(f, plain, -1).frames[2], "400");
    assert_string_equal(ask(f, null, KEY_BYTES).frames[2], "400");
    assert_int_equal(zap_refused(f->zap), 3);
}

static void zap__other_domain__is_refused(void **state)
{
    static const char *const domain[] = {"1.0", "1", "", "192.0.2.1", "", "CURVE", NULL};
    struct fixture *f = *state;

    assert_int_equal(allow_add(f->allow, f->key_z85, "s", false), STATUS_OK);
    assert_string_equal(ask(f, domain, KEY_BYTES).frames[2], "400");
}

static void zap__malformed__is_answered(void **state)
{
    static const char *const version[] = {"2.0", "1", "kipthoi", "192.0.2.1", "", "CURVE", NULL};
    static const char *const brief[] = {"1.0", NULL};
    struct fixture *f = *state;

    assert_int_equal(allow_add(f->allow, f->key_z85, "s", false), STATUS_OK);
    assert_string_equal(ask(f, version, KEY_BYTES).frames[2], "500");
    assert_string_equal(ask(f, brief, -1).frames[2], "500");
    assert_string_equal(ask(f, curve, KEY_BYTES - 1).frames[2], "400");
    assert_string_equal(ask(f, curve, 0).frames[2], "400");
    /* And it still works. */
    assert_string_equal(ask(f, curve, KEY_BYTES).frames[2], "200");
}

static void curve_server__bad_key__is_refused(void **state)
{
    struct fixture *f = *state;
    void *socket = zmq_socket(f->context, ZMQ_ROUTER);

    assert_int_equal(zap_curve_server(socket, f->key_z85), STATUS_OK);
    assert_int_equal(zap_curve_server(socket, "not a key of forty characters, by far...\"\"\""), STATUS_INVALID);
    zmq_close(socket);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(zap__listed_key__is_admitted_under_its_name),
        TEST(zap__unlisted_key__is_refused),
        cmocka_unit_test_setup_teardown(zap__listed_but_not_a_listener__is_refused_by_the_feed, setup_feed, teardown),
        TEST(zap__other_mechanism__is_refused),
        TEST(zap__other_domain__is_refused),
        TEST(zap__malformed__is_answered),
        TEST(curve_server__bad_key__is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
