/* SPDX-License-Identifier: MIT */
/* test_letter_template.c - templates of letters: what is taken from one, every reason to refuse one, and the choice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/timestamp.h"
#include "notifier/letter_block.h"
#include "notifier/letter_template.h"

/* Lines 1-6, 7, 8-11 and 12-13 of most texts below. */
#define HEAD                                                                                                           \
    "[letter]\nname = test\ntitle = Thư\neffective_from = 2025-07-01\nfonts = Liberation Serif\n"                     \
    "mandatory = addressee reason\n"
#define BODY "[body]\n"
#define HEADING "@unit {unit}\n@nation N\n@motto M\n\n"
#define TEXT "@to {addressee}\n{reason}\n"
#define TAIL "@signer S\n"

static enum status parse(struct letter_template **form, const char *text, char error[LETTER_ERROR_SIZE])
{
    return letter_template_parse(form, "x.template", text, strlen(text), error);
}

static struct letter_template *parsed(const char *text)
{
    char error[LETTER_ERROR_SIZE] = "";
    struct letter_template *form = NULL;

    if (parse(&form, text, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return form;
}

static void assert_bytes_refused(const char *text, size_t len, const char *wanted)
{
    char error[LETTER_ERROR_SIZE] = "";
    struct letter_template *form = NULL;

    assert_int_equal(letter_template_parse(&form, "x.template", text, len, error), STATUS_INVALID);
    assert_null(form);
    if (strncmp(error, "x.template:", 11) != 0 || strcmp(error + 11, wanted) != 0) {
        fail_msg("refused with:\n  %s\nnot with:\n  x.template:%s", error, wanted);
    }
}

static void assert_refused(const char *text, const char *wanted)
{
    assert_bytes_refused(text, strlen(text), wanted);
}

/* The text of a block with {field} for fields. */
static void block_text(const struct letter_template *form, size_t number, char *out, size_t size)
{
    const struct letter_block *block = &form->block[number];
    size_t used = 0;

    assert_true(number < form->block_count);
    out[0] = '\0';
    for (size_t i = block->first; i < block->first + block->count; i++) {
        const struct letter_piece *piece = &form->piece[i];

        if (piece->field == LETTER_FIELD_END) {
            used += (size_t)snprintf(out + used, size - used, "%.*s", (int)piece->len, piece->text);
        } else {
            used += (size_t)snprintf(out + used, size - used, "{%s}", letter_field_info(piece->field)->name);
        }
        assert_true(used < size);
    }
}

static void assert_block(const struct letter_template *form, size_t number, enum letter_block_kind kind,
                         const char *wanted)
{
    char text[512];

    block_text(form, number, text, sizeof text);
    assert_int_equal(form->block[number].kind, kind);
    assert_string_equal(text, wanted);
}

static void parse__whole_template__every_key_and_block(void **state)
{
    struct letter_template *form =
        parsed("\xef\xbb\xbf# a comment\r\n[letter]\r\nname = mau-1\r\n  title = Thư xin lỗi  \r\n"
               "effective_from = 2018-11-23\r\nform = Mẫu 04\r\nnote = cần đối chiếu\r\n"
               "fonts = Liberation Serif, DejaVu Serif\r\nmandatory = addressee, reason\r\nwords = XIN lỗi\r\n"
               "[body]\r\n@parent? {parent_unit}\r\n@unit {unit}\r\n@nation Cộng hòa\r\n@motto Độc lập\r\n"
               "@title\r\nMột\r\nHai\r\n@to Kính gửi: {addressee}\r\n\r\n"
               "\tChúng tôi xin\r\nlỗi {{thật}}: {reason}{place}.\r\n# between\r\nĐoạn hai\r\n"
               "@text? Ở {address}\r\n@signer {signer}\r\n@recipients\r\nNơi nhận:\r\n{recipients}\r\n");

    (void)state;
    assert_string_equal(letter_template_name(form), "mau-1");
    assert_string_equal(letter_template_title(form), "Thư xin lỗi");
    assert_string_equal(letter_template_form(form), "Mẫu 04");
    assert_string_equal(letter_template_note(form), "cần đối chiếu");
    assert_string_equal(letter_template_fonts(form), "Liberation Serif, DejaVu Serif");
    assert_int_equal(letter_template_effective_from(form), timestamp_civil_day(2018, 11, 23));
    assert_int_equal(letter_template_mandatory(form), LETTER_BIT(LETTER_ADDRESSEE) | LETTER_BIT(LETTER_REASON));
    assert_int_equal(letter_template_needed(form), LETTER_BIT(LETTER_ADDRESSEE) | LETTER_BIT(LETTER_REASON) |
                                                       LETTER_BIT(LETTER_UNIT) | LETTER_BIT(LETTER_PLACE) |
                                                       LETTER_BIT(LETTER_SIGNER) | LETTER_BIT(LETTER_RECIPIENTS));
    assert_int_equal(letter_template_used(form),
                     letter_template_needed(form) | LETTER_BIT(LETTER_PARENT_UNIT) | LETTER_BIT(LETTER_ADDRESS));
    assert_int_equal(form->block_count, 11);
    assert_block(form, 0, LETTER_BLOCK_PARENT, "{parent_unit}");
    assert_true(form->block[0].optional);
    assert_block(form, 4, LETTER_BLOCK_TITLE, "Một\nHai");
    assert_false(form->block[4].optional);
    assert_block(form, 6, LETTER_BLOCK_TEXT, "Chúng tôi xin lỗi {thật}: {reason}{place}.");
    assert_block(form, 7, LETTER_BLOCK_TEXT, "Đoạn hai");
    assert_block(form, 8, LETTER_BLOCK_TEXT, "Ở {address}");
    assert_block(form, 10, LETTER_BLOCK_RECIPIENTS, "Nơi nhận:\n{recipients}");
    letter_template_destroy(&form);
    assert_null(form);
}

static void parse__letter_and_accent_apart__are_composed(void **state)
{
    /* "ế" as e, circumflex and acute: three characters. */
    struct letter_template *form = parsed(HEAD BODY HEADING "@to Ke\xcc\x82\xcc\x81 {addressee}\n{reason}\n" TAIL);

    (void)state;
    assert_block(form, 3, LETTER_BLOCK_TO, "Kế {addressee}");
    letter_template_destroy(&form);
}

static void parse__left_out_keys__are_empty(void **state)
{
    struct letter_template *form = parsed(HEAD BODY HEADING TEXT "\nx"
                                                                 "\n" TAIL);

    (void)state;
    assert_string_equal(letter_template_form(form), "");
    assert_string_equal(letter_template_note(form), "");
    letter_template_destroy(&form);
}

#define FIELDS                                                                                                         \
    "number place date parent_unit unit addressee address phone email procedure_name procedure field dossier receipt " \
    "received due state reason unit_in_charge new_due new_due_place extension_number on_behalf signer_title signer "   \
    "recipients channel"
#define KEYS "name title title_ended effective_from form note fonts mandatory words"

static void parse__bad_heads__are_named_with_file_and_line(void **state)
{
    (void)state;
    assert_refused("", "1: the template ends without [letter]");
    assert_refused("name = x\n", "1: the line stands before [letter]");
    assert_refused("[leter]\n", "1: [leter] does not belong here; a template is [letter] and then [body]");
    assert_refused("\n[body]\n", "2: [body] does not belong here; a template is [letter] and then [body]");
    assert_refused("[letter]\nname\n", "2: \"name\" is neither key = value nor [body]");
    assert_refused("[letter]\ntitel = x\n", "2: no key is called \"titel\"; there are: " KEYS);
    assert_refused("[letter]\ntitle = x\ntitle = y\n", "3: title: stands there twice");
    assert_refused("[letter]\ntitle =\n", "2: title: has no value");
    assert_refused("[letter]\nname = Thư 1\n", "2: name: only a-z, 0-9 and - are taken, as in hcmc-2016-thu-xin-loi");
    assert_refused("[letter]\neffective_from = 30/09/2016\n",
                   "2: effective_from: \"30/09/2016\" is no day like 2025-07-01");
    assert_refused("[letter]\neffective_from = 2025-02-29\n",
                   "2: effective_from: \"2025-02-29\" is no day like 2025-07-01");
    assert_refused("[letter]\nmandatory = addressee adressee\n",
                   "2: mandatory: no field is called \"adressee\"; there are: " FIELDS);
    assert_refused("[letter]\nmandatory = reason unit reason\n", "2: mandatory: reason stands there twice");
    assert_refused("[letter]\nname = x\ntitle = y\nfonts = z\nmandatory = reason\n[body]\n",
                   "6: the head lacks the key effective_from (effective_from = ...)");
    assert_refused(HEAD, "7: the template ends without [body]");
}

static void parse__bad_bodies__are_named_with_file_and_line(void **state)
{
    (void)state;
    assert_refused(HEAD BODY HEADING "@to {addressee}\nvì {lý do}\n",
                   "13: no field is called {lý do}; there are: " FIELDS);
    assert_refused(HEAD BODY HEADING "@to {addressee}\nmột\nhai {reason\nba}\n",
                   "14: the brace of \"{reason\" is not closed; a brace itself is written {{");
    assert_refused(HEAD BODY HEADING "@to {addressee {reason}\n",
                   "12: the brace of \"{addressee \" is not closed; a brace itself is written {{");
    assert_refused(HEAD BODY HEADING "@to addressee}\n",
                   "12: there is a } without its {; a brace itself is written }}");
    assert_refused(HEAD BODY "@tittle x\n",
                   "8: no block is called \"@tittle\"; there are: @parent @unit @nation @motto @number @subject "
                   "@place_date @title @subtitle @to @text @on_behalf @signer_title @signer @recipients");
    assert_refused(HEAD BODY "@unit {unit}\n@unit {unit}\n", "9: @unit: stands there twice");
    assert_refused(HEAD BODY "@unit\n\n", "8: @unit: has no text");
    assert_refused(HEAD BODY "@unit? U\n", "8: @unit? has no field: there is nothing to leave it out for");
    assert_refused(HEAD BODY HEADING TEXT "@nation N\n",
                   "14: @nation cannot stand after @text: first the heading, then title and text, then signature and "
                   "recipients");
    assert_refused(HEAD BODY HEADING TEXT TAIL "\nThêm một đoạn\n",
                   "16: @text cannot stand after @signer: first the heading, then title and text, then signature and "
                   "recipients");
    assert_refused(HEAD BODY HEADING TEXT, "14: the body lacks the block @signer");
    assert_refused(HEAD BODY "@unit U\n@nation N\n@text {addressee} {reason}\n" TAIL,
                   "12: the body lacks the block @motto");
}

static void parse__mandatory_content_missing_in_the_body__is_refused(void **state)
{
    (void)state;
    assert_refused(HEAD BODY HEADING "@to {addressee}\n@text x\n" TAIL,
                   "6: mandatory: the body lacks {reason} (Lý do trễ hạn); put it where the letter shall say it");
    assert_refused(HEAD "words = hẹn lại, xin lỗi\n" BODY HEADING TEXT "\nHẸN LẠI\n" TAIL,
                   "7: words: the body does not say \"xin lỗi\"");
}

static void parse__bytes_that_are_no_text__are_refused(void **state)
{
    (void)state;
    assert_refused("[letter]\ntitle = \xc3\n", "2: the line is not UTF-8; save the file with the encoding UTF-8");
    assert_refused("[letter]\n\ntitle = \xed\xa0\x80\n",
                   "3: the line is not UTF-8; save the file with the encoding UTF-8");
    assert_refused("[letter]\ntitle = \x1b[2J\n", "2: the line holds a control character; save the file as plain text");
    assert_bytes_refused("[letter]\n\0", 10, "2: the line holds a control character; save the file as plain text");
}

static void parse__too_large__is_refused(void **state)
{
    char *text = calloc(1, LETTER_TEMPLATE_MAX_LEN + 2);
    size_t used;

    (void)state;
    memset(text, '\n', LETTER_TEMPLATE_MAX_LEN + 1);
    assert_refused(text, "1: the template is longer than 65536 bytes");
    used = (size_t)sprintf(text, "%s", HEAD BODY HEADING);
    for (int i = 0; i < 100; i++) {
        used += (size_t)sprintf(text + used, "@text x\n");
    }
    assert_refused(text, "109: the template is too large: more than 100 blocks");
    used = (size_t)sprintf(text, "%s", HEAD BODY HEADING);
    for (int i = 0; i < 2; i++) {
        memset(text + used, 'x', 2500);
        used += 2500;
        text[used++] = '\n';
    }
    text[used] = '\0';
    assert_refused(text, "13: the block is longer than 4000 bytes");
    used = (size_t)sprintf(text, "%s", HEAD BODY HEADING);
    for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 60; k++) {
            used += (size_t)sprintf(text + used, "{reason}");
        }
        used += (size_t)sprintf(text + used, "\n\n");
    }
    assert_refused(text, "44: the template is too large: more than 1000 pieces of text");
    used = (size_t)sprintf(text, "[letter]\ntitle = ");
    memset(text + used, 'x', 600);
    text[used + 600] = '\0';
    assert_refused(text, "2: title: is longer than 511 bytes");
    free(text);
}

static struct letter_template *dated(const char *name, const char *day)
{
    char text[1024];

    snprintf(text, sizeof text,
             "[letter]\nname = %s\ntitle = T\neffective_from = %s\nfonts = F\nmandatory = reason\n" BODY HEADING
             "{reason}\n" TAIL,
             name, day);
    return parsed(text);
}

static const char *chosen(const struct letter_template *const *list, size_t count, int year, int month, int day)
{
    const struct letter_template *form =
        letter_template_choose(list, count, (int32_t)timestamp_civil_day(year, month, day));

    return form == NULL ? "none" : letter_template_name(form);
}

static void choose__by_day__the_latest_in_force(void **state)
{
    struct letter_template *forms[] = {dated("c", "2025-09-15"), dated("a", "2016-09-30"), dated("b", "2018-11-23"),
                                       dated("d", "2025-09-15")};
    const struct letter_template *const list[] = {forms[0], forms[1], forms[2], forms[3]};

    (void)state;
    assert_string_equal(chosen(list, 4, 2016, 9, 29), "none");
    assert_string_equal(chosen(list, 4, 2016, 9, 30), "a");
    assert_string_equal(chosen(list, 4, 2018, 11, 22), "a");
    assert_string_equal(chosen(list, 4, 2018, 11, 23), "b");
    assert_string_equal(chosen(list, 4, 2025, 9, 14), "b");
    assert_string_equal(chosen(list, 4, 2025, 9, 15), "d"); /* of two the later in the list */
    assert_string_equal(chosen(list, 3, 2026, 1, 1), "c");
    assert_string_equal(chosen(list, 0, 2026, 1, 1), "none");
    for (size_t i = 0; i < 4; i++) {
        letter_template_destroy(&forms[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse__whole_template__every_key_and_block),
        cmocka_unit_test(parse__letter_and_accent_apart__are_composed),
        cmocka_unit_test(parse__left_out_keys__are_empty),
        cmocka_unit_test(parse__bad_heads__are_named_with_file_and_line),
        cmocka_unit_test(parse__bad_bodies__are_named_with_file_and_line),
        cmocka_unit_test(parse__mandatory_content_missing_in_the_body__is_refused),
        cmocka_unit_test(parse__bytes_that_are_no_text__are_refused),
        cmocka_unit_test(parse__too_large__is_refused),
        cmocka_unit_test(choose__by_day__the_latest_in_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
