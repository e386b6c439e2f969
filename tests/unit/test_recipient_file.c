/* SPDX-License-Identifier: MIT */
/* test_recipient_file.c - whom alerts go to, as a CSV file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/recipient_file.h"

#define HEADER "unit,role,channel,address,hours,lang,secret_file\n"

static char path[] = "/tmp/kipthoi-recipients-XXXXXX";

static enum status read_text(const char *text, struct recipient_file **file, struct mistakes *mistakes)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return recipient_file_read(file, path, "127.0.0.1/32", mistakes);
}

/* The only mistake; line 0: of the header. */
static void assert_refused(const char *text, int64_t line, const char *wanted)
{
    struct recipient_file *file = NULL;
    struct mistakes mistakes = {0};
    char whole[CSV_FILE_ERROR_SIZE];

    assert_int_equal(read_text(text, &file, &mistakes), STATUS_INVALID);
    assert_int_equal(mistakes.count, 1);
    assert_int_equal(mistakes.list[0].line, line);
    snprintf(whole, sizeof whole, "%s:%s", path, wanted);
    assert_memory_equal(mistakes.list[0].text, whole, strlen(whole));
    mistakes_clear(&mistakes);
    recipient_file_destroy(&file);
}

static void read__whole_lines__every_column(void **state)
{
    struct recipient_file *file = NULL;
    struct mistakes mistakes = {0};
    const struct recipient_line *line;

    (void)state;
    assert_int_equal(read_text("\xef\xbb\xbf"
                               "address,unit,role,channel,secret_file,lang,hours\n"
                               "https://x.example.vn/in,H56,one_stop,webhook,/a /b,en,work\n"
                               "http://127.0.0.1:8080/,H56,head,webhook,,,\n",
                               &file, &mistakes),
                     STATUS_OK);
    assert_int_equal(recipient_file_count(file), 2);
    line = recipient_file_line(file, 0);
    assert_int_equal(line->line, 2);
    assert_string_equal(line->unit, "H56");
    assert_string_equal(line->role, "one_stop");
    assert_string_equal(line->channel, "webhook");
    assert_string_equal(line->address, "https://x.example.vn/in");
    assert_string_equal(line->hours, "work");
    assert_string_equal(line->lang, "en");
    assert_string_equal(line->secret_file, "/a /b");
    recipient_file_destroy(&file);
    assert_null(file);
}

static void read__empty_cells__are_as_the_channel_has_it(void **state)
{
    struct recipient_file *file = NULL;
    struct mistakes mistakes = {0};

    (void)state;
    assert_int_equal(read_text("unit,role,channel,address\nH56,head,email,a@b.vn\nH56,head,webhook,https://x.vn/\n",
                               &file, &mistakes),
                     STATUS_OK);
    assert_string_equal(recipient_file_line(file, 0)->hours, "work");
    assert_string_equal(recipient_file_line(file, 0)->lang, "vi");
    assert_string_equal(recipient_file_line(file, 0)->secret_file, "");
    assert_string_equal(recipient_file_line(file, 1)->hours, "always");
    recipient_file_destroy(&file);
}

static void read__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    assert_refused("", 0, "1: is empty: no header");
    assert_refused("unit,role,channel\n", 0, "1: the header has no column \"address\"");
    assert_refused(HEADER "H56,,email,a@b.vn,,,\n", 2, "2: role: is empty");
    assert_refused(HEADER "H56,The Head,email,a@b.vn,,,\n", 2, "2: role: \"The Head\" is no role");
    assert_refused(HEADER "H56,head,,a@b.vn,,,\n", 2, "2: channel: is empty");
    assert_refused(HEADER "H56,head,sms,0901,,,\n", 2, "2: channel: \"sms\" is neither email nor webhook");
    assert_refused(HEADER "H56,head,email,,,,\n", 2, "2: address: is empty");
    assert_refused(HEADER "\n\nH56,head,email,b.vn,,,\n", 4, "4: address: \"b.vn\"");
    assert_refused(HEADER "H56,head,webhook,ftp://x.vn/,,,\n", 2, "2: address: the URL does not begin with https://");
    assert_refused(HEADER "H56,head,email,a@b.vn,night,,\n", 2, "2: hours: \"night\" is neither work nor always");
    assert_refused(HEADER "H56,head,email,a@b.vn,,fr,\n", 2, "2: lang: \"fr\" is neither vi nor en");
    assert_refused(HEADER "H56,head,email,a@b.vn,,,/key\n", 2, "2: secret_file: keys are for webhooks");
    assert_refused(HEADER "H56,head,email,a@b.vn,,,\nH57,head,email,a@b.vn,,,\nH56,head,email,a@b.vn,always,,\n", 4,
                   "4: says the same as line 2");
}

static void read__several_mistakes__are_all_told_and_good_lines_kept(void **state)
{
    static const int64_t lines[] = {2, 4, 5, 6, 7, 9};
    struct recipient_file *file = NULL;
    struct mistakes mistakes = {0};

    (void)state;
    assert_int_equal(read_text(HEADER "H56,head,sms,0901,,,\n"
                                      "H56,head,email,a@b.vn,,,\n"
                                      "H56,head,email,b.vn,,,\n"
                                      "H56,head,email,a@b.vn,,,\n"
                                      "H56,head,email,c@b.vn,,,,too,many\n"
                                      "H56,head,email,\xff@b.vn,,,\n"
                                      "H57,head,email,a@b.vn,,,\n"
                                      "H58,\"head,email,a@b.vn,,,\n",
                               &file, &mistakes),
                     STATUS_INVALID);
    assert_int_equal(mistakes.count, sizeof lines / sizeof *lines);
    for (size_t i = 0; i < mistakes.count; i++) {
        assert_int_equal(mistakes.list[i].line, lines[i]);
    }
    assert_int_equal(recipient_file_count(file), 2);
    assert_int_equal(recipient_file_line(file, 0)->line, 3);
    assert_int_equal(recipient_file_line(file, 1)->line, 8);
    mistakes_clear(&mistakes);
    recipient_file_destroy(&file);
}

static void check__bad_configuration__is_told_apart(void **state)
{
    struct recipient_line line = {.unit = "U",
                                  .role = "head",
                                  .channel = "webhook",
                                  .address = "https://x.vn/",
                                  .hours = "",
                                  .lang = "",
                                  .secret_file = ""};
    char error[CSV_FILE_ERROR_SIZE];

    (void)state;
    assert_int_equal(recipient_check(&line, "10.0.0.0/99", error), STATUS_INVALID);
    assert_memory_equal(error, "notifier.webhook_allow: ", strlen("notifier.webhook_allow: "));
}

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__whole_lines__every_column),
        cmocka_unit_test(read__empty_cells__are_as_the_channel_has_it),
        cmocka_unit_test(read__mistakes__are_named_with_their_line),
        cmocka_unit_test(read__several_mistakes__are_all_told_and_good_lines_kept),
        cmocka_unit_test(check__bad_configuration__is_told_apart),
    };

    return cmocka_run_group_tests(tests, make_file, drop_file);
}
