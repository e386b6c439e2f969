/* SPDX-License-Identifier: MIT */
/* test_mail_message.c - headers in ASCII, addresses, and what no message is composed of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <cmocka.h>

#include "common/clock.h"
#include "common/utf8.h"
#include "notifier/mail_address.h"
#include "notifier/mail_header.h"
#include "notifier/mail_message.h"

static char written[4096];

static FILE *open_written(void)
{
    FILE *out;

    memset(written, 0, sizeof written);
    out = fmemopen(written, sizeof written - 1, "w");
    assert_non_null(out);
    return out;
}

static const char *text_header(const char *text)
{
    FILE *out = open_written();

    mail_header_text(out, "Subject", text);
    fclose(out);
    return written;
}

static const char *person_header(const char *display)
{
    FILE *out = open_written();

    mail_header_person(out, "From", display, "a@b.vn");
    fclose(out);
    return written;
}

static const char *attachment_header(const char *name)
{
    FILE *out = open_written();

    mail_header_attachment(out, name);
    fclose(out);
    return written;
}

static void header__short_ascii__stays_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(text_header("Late: 7 dossiers?"), "Subject: Late: 7 dossiers?\r\n");
    assert_string_equal(text_header(""), "Subject: \r\n");
    /* 9 + 67 columns. */
    assert_string_equal(text_header("1234567890123456789012345678901234567890123456789012345678901234567"),
                        "Subject: 1234567890123456789012345678901234567890123456789012345678901234567\r\n");
}

static void header__other_text__becomes_encoded_words(void **state)
{
    (void)state;
    /* 54 68 c6 b0. */
    assert_string_equal(text_header("Th\xc6\xb0"), "Subject: =?UTF-8?B?VGjGsA==?=\r\n");
    /* What looks like an encoded word is one only inside. */
    assert_string_equal(text_header("=?x"), "Subject: =?UTF-8?B?PT94?=\r\n");
    assert_string_equal(text_header("\t"), "Subject: =?UTF-8?B?CQ==?=\r\n");
}

/* Checks every line of the written header and decodes its words into decoded. */
static void decode_words(char *decoded, size_t size)
{
    size_t used = 0;

    for (char *line = strtok(written, "\r\n"); line != NULL; line = strtok(NULL, "\r\n")) {
        char *word = strstr(line, "=?UTF-8?B?");
        size_t len;

        assert_true(strlen(line) <= 76);
        assert_non_null(word);
        assert_true(strlen(word) <= 75 && strcmp(word + strlen(word) - 2, "?=") == 0);
        assert_int_equal(sodium_base642bin((unsigned char *)decoded + used, size - used, word + 10, strlen(word) - 12,
                                           NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
        assert_true(utf8_is_text(decoded + used, len));
        used += len;
    }
    decoded[used] = '\0';
}

static void header__long_text__is_folded_between_characters(void **state)
{
    char text[400] = "";
    char decoded[400];

    (void)state;
    /* Characters of one to four bytes, at every offset. */
    for (size_t lead = 0; lead < 4; lead++) {
        memset(text, 'x', lead);
        text[lead] = '\0';
        for (int i = 0; i < 12; i++) {
            strcat(text, "\xc4\x91\xe1\xbb\x99 \xf0\x9f\x93\x84\xe1\xba\xbf");
        }
        text_header(text);
        decode_words(decoded, sizeof decoded);
        assert_string_equal(decoded, text);
    }
}

static void header__sixty_letters_of_two_bytes__fold_as_counted_by_hand(void **state)
{
    char text[121] = "";
    size_t lengths[4];
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 60; i++) {
        strcat(text, "\xc4\x91");
    }
    text_header(text);
    for (char *line = strtok(written, "\r\n"); line != NULL && count < 4; line = strtok(NULL, "\r\n")) {
        lengths[count++] = strlen(line);
    }
    /*
     * First line: 76 - 9 columns leave 55 for base64, 13 groups, 39 bytes, so 19 letters: 52 characters in 9 + 12.
     * Then 63 leave 15 groups, 45 bytes, 22 letters: 60 characters in 1 + 12.  19 letters are left: 52 in 1 + 12.
     */
    assert_int_equal(count, 3);
    assert_int_equal(lengths[0], 9 + 12 + 52);
    assert_int_equal(lengths[1], 1 + 12 + 60);
    assert_int_equal(lengths[2], 1 + 12 + 52);
}

static void header__person__is_quoted_or_encoded(void **state)
{
    (void)state;
    assert_string_equal(person_header(NULL), "From: a@b.vn\r\n");
    assert_string_equal(person_header(""), "From: a@b.vn\r\n");
    assert_string_equal(person_header("Kip Thoi, \"late\" \\ o'clock"),
                        "From: \"Kip Thoi, \\\"late\\\" \\\\ o'clock\" <a@b.vn>\r\n");
    assert_string_equal(person_header("Th\xc6\xb0"), "From: =?UTF-8?B?VGjGsA==?= <a@b.vn>\r\n");
    /* 34 letters fit a line with the 6 + 2 columns around them even if each had to be escaped; 35 might not. */
    assert_string_equal(person_header("1234567890123456789012345678901234"),
                        "From: \"1234567890123456789012345678901234\" <a@b.vn>\r\n");
    assert_string_equal(person_header("12345678901234567890123456789012345"),
                        "From: =?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU=?= <a@b.vn>\r\n");
    /* 6 + 12 + 52 columns leave no room for the 9 of the address. */
    assert_string_equal(person_header("1234567890123456789012345678901234567"),
                        "From: =?UTF-8?B?MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nw==?=\r\n <a@b.vn>\r\n");
}

static void header__date__is_english_in_local_time(void **state)
{
    FILE *out;

    (void)state;
    assert_int_equal(clock_use_zone("Asia/Ho_Chi_Minh"), STATUS_OK);
    out = open_written();
    /* 784111777 is the date of RFC 9110's examples, Sun, 06 Nov 1994 08:49:37 GMT. */
    mail_header_date(out, INT64_C(784111777) * 1000000 + 999999);
    fclose(out);
    assert_string_equal(written, "Date: Sun, 6 Nov 1994 15:49:37 +0700\r\n");
    assert_int_equal(clock_use_zone("America/St_Johns"), STATUS_OK);
    out = open_written();
    mail_header_date(out, INT64_C(784111777) * 1000000);
    fclose(out);
    assert_string_equal(written, "Date: Sun, 6 Nov 1994 05:19:37 -0330\r\n");
    assert_int_equal(clock_use_zone("UTC"), STATUS_OK);
}

static void header__file_name__stands_in_both_forms(void **state)
{
    (void)state;
    assert_string_equal(attachment_header("letter-7.pdf"), "Content-Disposition: attachment;\r\n"
                                                           " filename*=UTF-8''letter-7.pdf;\r\n"
                                                           " filename=\"letter-7.pdf\"\r\n");
    assert_string_equal(attachment_header("Th\xc6\xb0 \"x\\\".pdf"), "Content-Disposition: attachment;\r\n"
                                                                     " filename*=UTF-8''Th%C6%B0%20%22x%5C%22.pdf;\r\n"
                                                                     " filename=\"Th_ _x__.pdf\"\r\n");
}

static void header__long_file_name__is_split_between_characters(void **state)
{
    (void)state;
    /* Nine characters of one byte and seven of two: 9 + 7 * 6 = 51 columns, of which 48 hold all but the last one. */
    assert_string_equal(attachment_header("123456789\xc4\x91\xc4\x91\xc4\x91\xc4\x91\xc4\x91\xc4\x91\xc4\x91"),
                        "Content-Disposition: attachment;\r\n"
                        " filename*0*=UTF-8''123456789%C4%91%C4%91%C4%91%C4%91%C4%91%C4%91;\r\n"
                        " filename*1*=%C4%91;\r\n"
                        " filename=\"123456789_______\"\r\n");
    /* 71 characters: the first 48 and the last 12 make the ASCII form. */
    assert_non_null(strstr(attachment_header("1234567890123456789012345678901234567890123456789012345678901234567.pdf"),
                           " filename=\"123456789012345678901234567890123456789012345678"
                           "01234567.pdf\"\r\n"));
}

static void address__good__is_taken(void **state)
{
    static const char *const rows[][2] = {
        {"a@b", "a@b"},
        {"duc.nguyen+x@mot-cua.haiphong.gov.vn", "duc.nguyen+x@mot-cua.haiphong.gov.vn"},
        {"!#$%&'*+-/=?^_`{|}~@example.vn", "!#$%&'*+-/=?^_`{|}~@example.vn"},
        /* Names that many texts about IDNA use. */
        {"a@b\xc3\xbc"
         "cher.example",
         "a@xn--bcher-kva.example"},
        {"a@m\xc3\xbcnchen.example", "a@xn--mnchen-3ya.example"},
    };
    char ascii[MAIL_ADDRESS_SIZE];
    char error[MAIL_ADDRESS_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(mail_address_parse(rows[i][0], ascii, error), STATUS_OK);
        assert_string_equal(ascii, rows[i][1]);
    }
}

static void address__bad__is_refused_by_name(void **state)
{
    static const char *const rows[][2] = {
        {"", "exactly one @"},
        {"a", "exactly one @"},
        {"a@b@c", "exactly one @"},
        {"@b", "before the @"},
        {".a@b", "before the @"},
        {"a.@b", "before the @"},
        {"a..b@c", "before the @"},
        {"\"a b\"@c", "before the @"},
        {"a b@c", "before the @"},
        {"a\n@c", "before the @"},
        {"a<b>@c", "before the @"},
        {"\xc4\x91@c", "beyond ASCII"},
        {"a@", "domain"},
        {"a@b\r\nX: y", "domain"},
        {"a@b c", "domain"},
        {"a@-b", "domain"},
        {"a@b-", "domain"},
        {"a@b..c", "domain"},
        {"a@b.", "domain"},
        {"a@[127.0.0.1]", "domain"},
        {"a@b>", "domain"},
        {"a@b\xff", "domain"},
        {"a@0123456789012345678901234567890123456789012345678901234567890123", "domain"},
        {"01234567890123456789012345678901234567890123456789012345678901234@b", "1 to 64"},
    };
    char ascii[MAIL_ADDRESS_SIZE];
    char error[MAIL_ADDRESS_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (mail_address_parse(rows[i][0], ascii, error) != STATUS_INVALID || strstr(error, rows[i][1]) == NULL) {
            fail_msg("%s: %s", rows[i][0], error);
        }
        assert_null(strpbrk(error, "\r\n"));
    }
}

static void address__longest__is_254_bytes(void **state)
{
    char text[300] = "1234567890123456789012345678901234567890123456789012345678901234@";
    char ascii[MAIL_ADDRESS_SIZE];
    char error[MAIL_ADDRESS_ERROR_SIZE];

    (void)state;
    /* 65 + 3 * 62 + 3 = 254. */
    for (int i = 0; i < 3; i++) {
        strcat(text, "1234567890123456789012345678901234567890123456789012345678901.");
    }
    strcat(text, "abc");
    assert_int_equal(strlen(text), 254);
    assert_int_equal(mail_address_parse(text, ascii, error), STATUS_OK);
    strcat(text, "d");
    assert_int_equal(mail_address_parse(text, ascii, error), STATUS_INVALID);
}

static const struct mail_message good = {
    .id = "letter-7@kipthoi.example.vn",
    .from = {.address = "a@example.vn"},
    .to = {.address = "b@example.vn"},
    .subject = "Late",
    .text = "one\ntwo\n",
};

static void compose__plain_text__is_what_was_written_by_hand(void **state)
{
    char *bytes;
    size_t len;
    char error[MAIL_ERROR_SIZE];

    (void)state;
    assert_int_equal(clock_use_zone("UTC"), STATUS_OK);
    assert_int_equal(mail_compose(&good, &bytes, &len, error), STATUS_OK);
    assert_int_equal(len, strlen(bytes));
    /* base64 of "one\r\ntwo\r\n" */
    assert_string_equal(bytes, "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"
                               "From: a@example.vn\r\n"
                               "To: b@example.vn\r\n"
                               "Subject: Late\r\n"
                               "Message-ID: <letter-7@kipthoi.example.vn>\r\n"
                               "Auto-Submitted: auto-generated\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n"
                               "\r\n"
                               "b25lDQp0d28NCg==\r\n");
    free(bytes);
}

static void refused(struct mail_message message, const char *words)
{
    char *bytes;
    size_t len;
    char error[MAIL_ERROR_SIZE];

    assert_int_equal(mail_compose(&message, &bytes, &len, error), STATUS_INVALID);
    assert_null(bytes);
    if (strstr(error, words) == NULL) {
        fail_msg("\"%s\" expected: %s", words, error);
    }
}

static void compose__bad_attachment__is_refused(void **state)
{
    static const struct {
        struct mail_attachment attachment;
        const char *words;
    } rows[] = {
        {{"", "application/pdf", "x", 1}, "name of an attachment"},
        {{"../x.pdf", "application/pdf", "x", 1}, "name of an attachment"},
        {{"a\\b", "application/pdf", "x", 1}, "name of an attachment"},
        {{"a\r\nX: y", "application/pdf", "x", 1}, "name of an attachment"},
        {{"a.pdf", "application/pdf\r\nX: y", "x", 1}, "type of an attachment"},
        {{"a.pdf", "pdf", "x", 1}, "type of an attachment"},
        {{"a.pdf", "a/b/c", "x", 1}, "type of an attachment"},
        {{"a.pdf", "application/", "x", 1}, "type of an attachment"},
        {{"a.pdf", "application/pdf", "x", MAIL_BODY_MAX + 1}, "8 MiB"},
        {{"a.pdf", "application/pdf", "x", MAIL_BODY_MAX}, "8 MiB together"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mail_message message = good;

        message.attachments = &rows[i].attachment;
        message.attachments_len = 1;
        refused(message, rows[i].words);
    }
}

static void compose__bad_part__is_refused(void **state)
{
    struct mail_message message = good;

    (void)state;
    message.subject = "a\nBcc: c@example.vn";
    refused(message, "subject");
    message = good;
    message.subject = "\xff";
    refused(message, "subject");
    message = good;
    message.text = "a\xff";
    refused(message, "text");
    message = good;
    message.html = "a\x01";
    refused(message, "text");
    message = good;
    message.to.name = "a\rb";
    refused(message, "name");
    message = good;
    message.reply_to.address = "no address";
    refused(message, "no address");
    message = good;
    message.id = "<a@b>";
    refused(message, "Message-ID");
    message = good;
    message.attachments_len = MAIL_ATTACHMENTS_MAX + 1;
    refused(message, "16 attachments");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header__short_ascii__stays_as_it_is),
        cmocka_unit_test(header__other_text__becomes_encoded_words),
        cmocka_unit_test(header__long_text__is_folded_between_characters),
        cmocka_unit_test(header__sixty_letters_of_two_bytes__fold_as_counted_by_hand),
        cmocka_unit_test(header__person__is_quoted_or_encoded),
        cmocka_unit_test(header__date__is_english_in_local_time),
        cmocka_unit_test(header__file_name__stands_in_both_forms),
        cmocka_unit_test(header__long_file_name__is_split_between_characters),
        cmocka_unit_test(address__good__is_taken),
        cmocka_unit_test(address__bad__is_refused_by_name),
        cmocka_unit_test(address__longest__is_254_bytes),
        cmocka_unit_test(compose__plain_text__is_what_was_written_by_hand),
        cmocka_unit_test(compose__bad_attachment__is_refused),
        cmocka_unit_test(compose__bad_part__is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
