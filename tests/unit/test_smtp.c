/* SPDX-License-Identifier: MIT */
/* test_smtp.c - the conversation, byte by byte: what is said when, and what is certain at each point of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/smtp.h"

#define MESSAGE "Subject: x\r\n\r\nbody\r\n"

static struct smtp *start(void)
{
    struct smtp *smtp = smtp_new("from@example.vn", "to@example.vn", MESSAGE, strlen(MESSAGE));

    assert_non_null(smtp);
    return smtp;
}

/* Takes the output for sent, and compares it. */
static void takes(struct smtp *smtp, const char *expected)
{
    size_t len;
    const char *output = smtp_output(smtp, &len);

    assert_int_equal(len, strlen(expected));
    assert_memory_equal(output, expected, len);
    smtp_sent(smtp, len);
}

static void says(struct smtp *smtp, const char *reply)
{
    smtp_input(smtp, reply, strlen(reply));
}

/* Up to the dot, which is not sent yet. */
static struct smtp *before_dot(void)
{
    struct smtp *smtp = start();

    takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
    says(smtp, "250 ok\r\n");
    takes(smtp, "RCPT TO:<to@example.vn>\r\n");
    says(smtp, "250 ok\r\n");
    takes(smtp, "DATA\r\n");
    says(smtp, "354 go\r\n");
    takes(smtp, MESSAGE);
    return smtp;
}

static void ends(struct smtp *smtp, enum outcome_kind kind, int code, const char *words)
{
    struct outcome outcome;

    assert_true(smtp_ended(smtp, &outcome));
    if (outcome.kind != kind || outcome.code != code || strstr(outcome.text, words) == NULL) {
        fail_msg("%s %d %s", outcome_name(outcome.kind), outcome.code, outcome.text);
    }
    smtp_destroy(&smtp);
    assert_null(smtp);
}

static void smtp__all_goes_well__is_delivered(void **state)
{
    struct smtp *smtp = before_dot();
    struct outcome outcome;

    (void)state;
    takes(smtp, ".\r\n");
    assert_false(smtp_ended(smtp, &outcome));
    says(smtp, "250 2.0.0 queued as 7\r\n");
    takes(smtp, "QUIT\r\n");
    ends(smtp, OUTCOME_DELIVERED, 250, "to@example.vn: 250 2.0.0 queued as 7");
}

static void smtp__replies_byte_by_byte_and_of_many_lines__are_one(void **state)
{
    static const char reply[] = "250-one\r\n250-two\n250\r\n";
    struct smtp *smtp = start();
    size_t len;

    (void)state;
    takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
    for (size_t i = 0; i + 1 < sizeof reply; i++) {
        smtp_output(smtp, &len);
        assert_int_equal(len, 0);
        smtp_input(smtp, &reply[i], 1);
    }
    takes(smtp, "RCPT TO:<to@example.vn>\r\n");
    smtp_lost(smtp, "enough");
    ends(smtp, OUTCOME_RETRY, 0, "enough");
}

static void smtp__lost_before_the_last_byte_of_the_dot__was_not_sent(void **state)
{
    struct smtp *smtp;

    (void)state;
    for (size_t sent = 0; sent < 3; sent++) {
        smtp = before_dot();
        smtp_sent(smtp, sent);
        smtp_lost(smtp, "the connection was cut");
        ends(smtp, OUTCOME_RETRY, 0, "was not sent: the connection was cut");
    }
}

static void smtp__lost_behind_the_dot__is_uncertain(void **state)
{
    static const char *const heard[] = {"", "2", "250", "250 ok", "250 ok\r", "250-ok\r\n", "250-ok\r\n250 ok\r"};

    (void)state;
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        struct smtp *smtp = before_dot();

        takes(smtp, ".\r\n");
        says(smtp, heard[i]);
        smtp_lost(smtp, "the connection was cut");
        ends(smtp, OUTCOME_UNCERTAIN, 0, "not answered: the connection was cut");
    }
}

static void smtp__lost_after_the_end__changes_nothing(void **state)
{
    struct smtp *smtp = before_dot();

    (void)state;
    takes(smtp, ".\r\n");
    says(smtp, "250 ok\r\n554 no\r\n");
    smtp_lost(smtp, "the connection was cut");
    ends(smtp, OUTCOME_DELIVERED, 250, "ok");
}

static void smtp__message_in_pieces__comes_whole(void **state)
{
    struct smtp *smtp = start();
    const char *output;
    size_t len;

    (void)state;
    takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
    says(smtp, "250 ok\r\n");
    takes(smtp, "RCPT TO:<to@example.vn>\r\n");
    says(smtp, "250 ok\r\n");
    takes(smtp, "DATA\r\n");
    says(smtp, "354 go\r\n");
    for (size_t i = 0; i < strlen(MESSAGE ".\r\n"); i++) {
        output = smtp_output(smtp, &len);
        assert_true(len > 0);
        assert_int_equal(*output, (MESSAGE ".\r\n")[i]);
        smtp_sent(smtp, 1);
    }
    smtp_output(smtp, &len);
    assert_int_equal(len, 0);
    smtp_lost(smtp, "x");
    ends(smtp, OUTCOME_UNCERTAIN, 0, "x");
}

static void smtp__classes_of_codes__are_told_apart(void **state)
{
    static const struct {
        const char *reply;
        enum outcome_kind to_mail, to_rcpt, to_dot;
    } rows[] = {
        {"421 x\r\n", OUTCOME_THROTTLED, OUTCOME_THROTTLED, OUTCOME_THROTTLED},
        {"450 x\r\n", OUTCOME_THROTTLED, OUTCOME_THROTTLED, OUTCOME_THROTTLED},
        {"451 x\r\n", OUTCOME_RETRY, OUTCOME_RETRY, OUTCOME_RETRY},
        {"452 x\r\n", OUTCOME_THROTTLED, OUTCOME_THROTTLED, OUTCOME_THROTTLED},
        {"499 x\r\n", OUTCOME_RETRY, OUTCOME_RETRY, OUTCOME_RETRY},
        {"500 x\r\n", OUTCOME_RETRY, OUTCOME_RETRY, OUTCOME_RETRY},
        {"503 x\r\n", OUTCOME_RETRY, OUTCOME_RETRY, OUTCOME_RETRY},
        {"530 x\r\n", OUTCOME_RETRY, OUTCOME_RETRY, OUTCOME_RETRY},
        {"501 x\r\n", OUTCOME_RETRY, OUTCOME_REFUSED, OUTCOME_REFUSED},
        {"550 x\r\n", OUTCOME_RETRY, OUTCOME_REFUSED, OUTCOME_REFUSED},
        {"552 x\r\n", OUTCOME_RETRY, OUTCOME_REFUSED, OUTCOME_REFUSED},
        {"554 x\r\n", OUTCOME_RETRY, OUTCOME_REFUSED, OUTCOME_REFUSED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int code = (rows[i].reply[0] - '0') * 100 + (rows[i].reply[1] - '0') * 10 + rows[i].reply[2] - '0';
        struct smtp *smtp = start();

        takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
        says(smtp, rows[i].reply);
        takes(smtp, "QUIT\r\n");
        ends(smtp, rows[i].to_mail, code, "from@example.vn");
        smtp = start();
        takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
        says(smtp, "250 ok\r\n");
        takes(smtp, "RCPT TO:<to@example.vn>\r\n");
        says(smtp, rows[i].reply);
        ends(smtp, rows[i].to_rcpt, code, "to@example.vn");
        smtp = before_dot();
        takes(smtp, ".\r\n");
        says(smtp, rows[i].reply);
        ends(smtp, rows[i].to_dot, code, "to@example.vn");
    }
}

static void smtp__no_smtp__is_lost(void **state)
{
    static const char *const replies[] = {"\r\n",      "25\r\n",     "2500 x\r\n", "150 x\r\n",
                                          "650 x\r\n", "25x ok\r\n", "250_ok\r\n", "HTTP/1.1 400 Bad\r\n",
                                          "-250\r\n",  " 250 ok\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct smtp *smtp = start();

        takes(smtp, "MAIL FROM:<from@example.vn>\r\n");
        says(smtp, replies[i]);
        ends(smtp, OUTCOME_RETRY, 0, "no words of SMTP");
    }
}

static void smtp__answers_out_of_turn__are_no_consent(void **state)
{
    struct smtp *smtp = start();

    (void)state;
    /* Consent to what was not said yet. */
    says(smtp, "250 ok\r\n");
    ends(smtp, OUTCOME_RETRY, 0, "out of turn");
    smtp = before_dot();
    says(smtp, "250 ok\r\n");
    ends(smtp, OUTCOME_RETRY, 0, "out of turn");
    smtp = before_dot();
    says(smtp, "552 too large\r\n");
    ends(smtp, OUTCOME_REFUSED, 552, "too large");
}

static void smtp__reply_without_end__is_bounded(void **state)
{
    struct smtp *smtp = before_dot();
    struct outcome outcome;
    char piece[1000];

    (void)state;
    memset(piece, 'x', sizeof piece);
    takes(smtp, ".\r\n");
    says(smtp, "250 ");
    for (int i = 0; i < 65; i++) {
        smtp_input(smtp, piece, sizeof piece);
        assert_false(smtp_ended(smtp, &outcome));
    }
    smtp_input(smtp, piece, sizeof piece);
    ends(smtp, OUTCOME_UNCERTAIN, 0, "no end");
}

static void smtp__longest_addresses__fit(void **state)
{
    char address[SMTP_ADDRESS_MAX + 1];
    struct smtp *smtp;
    size_t len;

    (void)state;
    memset(address, 'a', SMTP_ADDRESS_MAX);
    address[SMTP_ADDRESS_MAX] = '\0';
    smtp = smtp_new(address, address, MESSAGE, strlen(MESSAGE));
    assert_non_null(smtp);
    smtp_output(smtp, &len);
    assert_int_equal(len, SMTP_ADDRESS_MAX + strlen("MAIL FROM:<>\r\n"));
    smtp_destroy(&smtp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smtp__all_goes_well__is_delivered),
        cmocka_unit_test(smtp__replies_byte_by_byte_and_of_many_lines__are_one),
        cmocka_unit_test(smtp__lost_before_the_last_byte_of_the_dot__was_not_sent),
        cmocka_unit_test(smtp__lost_behind_the_dot__is_uncertain),
        cmocka_unit_test(smtp__lost_after_the_end__changes_nothing),
        cmocka_unit_test(smtp__message_in_pieces__comes_whole),
        cmocka_unit_test(smtp__classes_of_codes__are_told_apart),
        cmocka_unit_test(smtp__no_smtp__is_lost),
        cmocka_unit_test(smtp__answers_out_of_turn__are_no_consent),
        cmocka_unit_test(smtp__reply_without_end__is_bounded),
        cmocka_unit_test(smtp__longest_addresses__fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
