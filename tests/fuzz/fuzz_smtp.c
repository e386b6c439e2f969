/* SPDX-License-Identifier: MIT */
/*
 * fuzz_smtp.c - any bytes as what a mail server says, in any pieces, while what we say goes out in any pieces.
 *
 * The input is a list of turns: a byte with how much of our output leaves (0..63), a byte with how much the server
 * says, and what it says.  At the end the connection is lost.
 */
#include <stdbool.h>
#include <string.h>

#include "notifier/smtp.h"
#include "tests/fuzz/fuzz.h"

#define MESSAGE "Subject: x\r\n\r\nbody\r\n"
#define CONVERSATION "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" MESSAGE ".\r\n"

/* All that has left, as far as it is the conversation of a message that is taken. */
struct sent {
    size_t len;
    bool quit;
};

static void take_output(struct smtp *smtp, size_t most, struct sent *sent)
{
    struct outcome outcome;
    size_t len;
    const char *output = smtp_output(smtp, &len);

    len = len < most ? len : most;
    sent->quit = sent->quit || smtp_ended(smtp, &outcome);
    if (!sent->quit) {
        fuzz_claim(sent->len + len <= strlen(CONVERSATION), "no more is said than the conversation");
        fuzz_claim(memcmp(output, &CONVERSATION[sent->len], len) == 0, "the conversation is said in its order");
        sent->len += len;
    }
    smtp_sent(smtp, len);
}

static void claim_outcome(const struct outcome *outcome, bool all)
{
    fuzz_claim(outcome->kind != OUTCOME_DELIVERED || all, "what is delivered was sent");
    fuzz_claim(outcome->kind != OUTCOME_UNCERTAIN || all, "what is uncertain was sent");
    fuzz_claim(outcome->kind != OUTCOME_UNCERTAIN || outcome->code == 0, "what was answered is not uncertain");
    fuzz_claim(outcome->code != 0 || outcome->kind == OUTCOME_UNCERTAIN || !all, "without an answer it is uncertain");
    fuzz_claim(outcome->text[0] != '\0', "an outcome has a sentence");
    for (const char *at = outcome->text; *at != '\0'; at++) {
        fuzz_claim((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f, "a sentence is one line of ASCII");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct smtp *smtp = smtp_new("a@b", "c@d", MESSAGE, strlen(MESSAGE));
    struct sent sent = {0};
    struct outcome outcome;
    size_t at = 0;

    fuzz_claim(smtp != NULL, "there is memory");
    while (at + 2 <= size) {
        size_t most = data[at] % 64;
        size_t len = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;

        take_output(smtp, most, &sent);
        smtp_input(smtp, (const char *)data + at + 2, len);
        at += 2 + len;
    }
    smtp_lost(smtp, "the end");
    fuzz_claim(smtp_ended(smtp, &outcome), "a lost conversation is over");
    claim_outcome(&outcome, sent.len == strlen(CONVERSATION));
    smtp_destroy(&smtp);
    return 0;
}
