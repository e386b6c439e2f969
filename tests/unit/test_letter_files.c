/* SPDX-License-Identifier: MIT */
/* Offices, rules and contacts as files: what is read, and every refusal with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/letter_files.h"

#define OFFICE_HEAD "unit,name,superior,place,number_form,signer_title,signer_name,term_days\n"
#define RULE_HEAD "effective_from,days_before,clock,name,note\n"
#define CONTACT_HEAD "source,dossier,name,phone,email\n"

static char path[] = "/tmp/kipthoi-letter-XXXXXX";

static struct text_file *read_file(const struct text_file_form *form, const char *text, char *error)
{
    struct text_file *file = NULL;
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    if (text_file_read(&file, path, form, error) != STATUS_OK) {
        assert_null(file);
    }
    return file;
}

/* wanted is what follows the file's name. */
static void refused(const struct text_file_form *form, const char *text, const char *wanted)
{
    char error[CSV_FILE_ERROR_SIZE];
    char whole[CSV_FILE_ERROR_SIZE];

    assert_null(read_file(form, text, error));
    snprintf(whole, sizeof whole, "%s:%s", path, wanted);
    assert_string_equal(error, whole);
}

static void offices__cells__are_kept_in_their_order(void **state)
{
    char error[CSV_FILE_ERROR_SIZE];
    struct text_file *file =
        read_file(&letter_office_form,
                  "name,unit,superior,place,number_form,signer_title,signer_name,copies\n"
                  "\"Phường, Mẫu\",H1,,P,{number}/TXL,CT,An,Như trên | Lưu: VT\nB,H2,S,P,{number},CT,Bình,\n",
                  error);

    (void)state;
    assert_non_null(file);
    assert_int_equal(text_file_count(file), 2);
    assert_string_equal(text_file_cell(file, 0, OFFICE_UNIT), "H1");
    assert_string_equal(text_file_cell(file, 0, OFFICE_NAME), "Phường, Mẫu");
    assert_string_equal(text_file_cell(file, 0, OFFICE_COPIES), "Như trên | Lưu: VT");
    assert_string_equal(text_file_cell(file, 0, OFFICE_SUPERIOR), "");
    assert_string_equal(text_file_cell(file, 1, OFFICE_SUPERIOR), "S");
    assert_string_equal(text_file_cell(file, 1, OFFICE_TERM_DAYS), "");
    assert_int_equal(text_file_line(file, 1), 3);
    text_file_destroy(&file);
}

static void offices__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    refused(&letter_office_form, "", "1: is empty: no header");
    refused(&letter_office_form, OFFICE_HEAD, "1: holds no rows");
    refused(&letter_office_form, OFFICE_HEAD "H1,,S,P,{number},T,N,5\n", "2: name: is empty");
    refused(&letter_office_form, OFFICE_HEAD "H1,A,S,P,{number},T,N,5\nH2,A,S,P,{number},,N,5\n",
            "3: signer_title: is empty");
    refused(&letter_office_form, OFFICE_HEAD "H1,A,S,P,TXL,T,N,5\n",
            "2: number_form: has no {number}, as in {number}/TXL-UBND");
    refused(&letter_office_form,
            OFFICE_HEAD "H1,A,S,P,{number}0123456789012345678901234567890123456789012345678901234,T,N,5\n",
            "2: number_form: letter numbers would have more than 60 characters");
    refused(&letter_office_form, OFFICE_HEAD "H1,A,S,P,{number},T,N,0\n",
            "2: term_days: \"0\" is no whole number of 1 to 366");
    refused(&letter_office_form, OFFICE_HEAD "H1,A,S,P,{number},T,N,five\n",
            "2: term_days: \"five\" is no whole number of 1 to 366");
    refused(&letter_office_form,
            OFFICE_HEAD "H1,A,S,P,{number},T,N,5\nH2,A,S,P,{number},T,N,5\nH1,B,S,P,{number},T,N,5\n",
            "4: stands in line 2 already");
}

static void rules__mistakes__are_named_with_their_line(void **state)
{
    char error[CSV_FILE_ERROR_SIZE];
    struct text_file *file =
        read_file(&letter_rule_form, RULE_HEAD ",0,day,city,x\n2027-01-01,30,instant,a,x\n", error);

    (void)state;
    assert_non_null(file);
    text_file_destroy(&file);
    refused(&letter_rule_form, RULE_HEAD "2027-02-30,0,day,city,x\n",
            "2: effective_from: \"2027-02-30\" is no day like 2023-01-31");
    refused(&letter_rule_form, RULE_HEAD "2027-02-01,31,day,city,x\n",
            "2: days_before: \"31\" is no whole number of 0 to 30");
    refused(&letter_rule_form, RULE_HEAD "2027-02-01,1,noon,city,x\n", "2: clock: \"noon\" is neither day nor instant");
    refused(&letter_rule_form, RULE_HEAD "2027-02-01,1,day,city,\n", "2: note: is empty");
}

static void contacts__mistakes__are_named_with_their_line(void **state)
{
    static const char *const addresses[] = {"an",     "@example.org",     "an@",
                                            "an@b@c", "an b@example.org", "<an@example.org>"};
    char text[256];
    char error[CSV_FILE_ERROR_SIZE];
    struct text_file *file =
        read_file(&contact_form, CONTACT_HEAD "s,A,An,1,an@example.org\ns,B,An,1,\nt,A,An,1,\n", error);

    (void)state;
    assert_non_null(file); /* one code of two sources */
    text_file_destroy(&file);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        snprintf(text, sizeof text, CONTACT_HEAD "s,A,An,,%s\n", addresses[i]);
        refused(&contact_form, text, "2: email: is no address like name@example.org");
    }
    refused(&contact_form, CONTACT_HEAD "s,A,,1,\n", "2: name: is empty");
    refused(&contact_form, CONTACT_HEAD "s,A,An,123456789012345678901234567890123456789012345678901,\n",
            "2: phone: 51 characters, at most 50");
    refused(&contact_form, CONTACT_HEAD "s,B,An,,\ns,A,An,,\ns,B,Ba,,\n", "4: stands in line 2 already");
    refused(&contact_form, "source,dossier\ns,A\n", "1: the header has no column \"name\"");
}

static int make_path(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offices__cells__are_kept_in_their_order),
        cmocka_unit_test(offices__mistakes__are_named_with_their_line),
        cmocka_unit_test(rules__mistakes__are_named_with_their_line),
        cmocka_unit_test(contacts__mistakes__are_named_with_their_line),
    };

    return cmocka_run_group_tests(tests, make_path, remove_path);
}
