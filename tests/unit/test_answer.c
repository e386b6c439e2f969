/* SPDX-License-Identifier: MIT */
/* test_answer.c - the vocabulary of answers and how a line of it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/answer.h"

static void assert_line(enum answer_word word, enum answer_code code, const char *sentence, const char *wanted)
{
    char line[ANSWER_LINE_MAX];
    size_t len = answer_line(line, word, code, sentence);

    assert_int_equal(len, strlen(wanted));
    assert_memory_equal(line, wanted, len);
}

static void line__stored__is_the_word_alone(void **state)
{
    (void)state;
    assert_line(ANSWER_ACCEPTED, CODE_NONE, NULL, "accepted\n");
    assert_line(ANSWER_DUPLICATE, CODE_NONE, NULL, "duplicate\n");
}

static void line__refused__has_code_fault_and_sentence(void **state)
{
    (void)state;
    assert_line(ANSWER_REJECTED, CODE_TOO_LARGE, "event is 70000 bytes, limit 65536",
                "rejected TOO_LARGE sender event is 70000 bytes, limit 65536\n");
    assert_line(ANSWER_DENIED, CODE_SOURCE_DENIED, NULL,
                "denied SOURCE_DENIED sender this key may not speak for the event's source\n");
    assert_line(ANSWER_BUSY, CODE_DATABASE_AWAY, NULL,
                "busy DATABASE_AWAY server the database cannot be reached; send again after 1000 ms\n");
    assert_line(ANSWER_REJECTED, CODE_STORE_REFUSED, NULL,
                "rejected STORE_REFUSED server the database refused this event; it is kept in quarantine\n");
}

static void line__control_characters__do_not_break_it(void **state)
{
    (void)state;
    assert_line(ANSWER_REJECTED, CODE_TYPE_UNKNOWN, "a\nb\x7f", "rejected TYPE_UNKNOWN sender a?b?\n");
}

static void line__too_long__is_cut_at_a_character(void **state)
{
    char sentence[ANSWER_LINE_MAX * 2];
    char line[ANSWER_LINE_MAX];
    size_t len;

    (void)state;
    /* "rejected NOT_JSON sender " is 25 bytes; room for 318 - 25 = 293 of the sentence, an odd number. */
    for (size_t i = 0; i + 2 < sizeof sentence; i += 2) {
        memcpy(sentence + i, "\xc3\xa9", 2);
    }
    sentence[sizeof sentence - 2] = '\0';
    len = answer_line(line, ANSWER_REJECTED, CODE_NOT_JSON, sentence);
    assert_int_equal(len, 25 + 292 + 1);
    assert_int_equal(line[len - 1], '\n');
    assert_memory_equal(line + len - 3, "\xc3\xa9", 2);
}

static void codes__every_name__is_found_again_and_has_a_fault(void **state)
{
    (void)state;
    for (int code = CODE_NONE + 1; code < CODE_END; code++) {
        const char *name = answer_code_name((enum answer_code)code);
        const char *fault = answer_code_fault((enum answer_code)code);

        assert_non_null(name);
        assert_true(strlen(name) > 0);
        assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"), strlen(name));
        assert_int_equal(answer_code_find(name), code);
        assert_true(strcmp(fault, "sender") == 0 || strcmp(fault, "server") == 0);
    }
    assert_int_equal(answer_code_find("NEVER_HEARD_OF"), CODE_INVALID);
}

static void codes__gate_and_envelope__are_in_the_table(void **state)
{
    static const char *const names[] = {"NOT_JSON",       "NOT_UTF8",         "TOO_DEEP",       "DUPLICATE_KEY",
                                        "NUMBER_INVALID", "STRING_INVALID",   "TOO_MANY_KEYS",  "NOT_OBJECT",
                                        "SPECVERSION",    "MEMBER_MISSING",   "MEMBER_INVALID", "TYPE_UNKNOWN",
                                        "TIME_INVALID",   "SEQUENCE_INVALID", "TIME_FUTURE",    "STATUS_UNKNOWN"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_not_equal(answer_code_find(names[i]), CODE_INVALID);
    }
}

static void tidy__cut_sentence__ends_with_a_whole_character(void **state)
{
    char cut[] = "gi\xe1\xba";
    char whole[] = "gi\xe1\xba\xa3";
    char controls[] = "a\tb";
    char stray[] = "\xba\xba";

    (void)state;
    answer_tidy(cut);
    assert_string_equal(cut, "gi");
    answer_tidy(whole);
    assert_string_equal(whole, "gi\xe1\xba\xa3");
    answer_tidy(controls);
    assert_string_equal(controls, "a?b");
    answer_tidy(stray); /* nothing to cut: no character begins there */
    assert_string_equal(stray, "\xba\xba");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line__stored__is_the_word_alone),
        cmocka_unit_test(line__refused__has_code_fault_and_sentence),
        cmocka_unit_test(line__control_characters__do_not_break_it),
        cmocka_unit_test(line__too_long__is_cut_at_a_character),
        cmocka_unit_test(codes__every_name__is_found_again_and_has_a_fault),
        cmocka_unit_test(codes__gate_and_envelope__are_in_the_table),
        cmocka_unit_test(tidy__cut_sentence__ends_with_a_whole_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
