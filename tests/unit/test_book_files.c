/* SPDX-License-Identifier: MIT */
/* Rules, terms and codes as files: what is read, and every refusal with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/code_file.h"
#include "cli/procedure_file.h"
#include "cli/rule_file.h"
#include "cli/rule_words.h"
#include "common/utf8.h"

#define DAY_US (INT64_C(86400) * 1000000)
/* 2026-01-01, counted by hand: 56 years of which 14 are leap years. */
#define NEW_YEAR_2026 (56 * 365 + 14)

static char path[] = "/tmp/kipthoi-book-XXXXXX";

static void put(const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* wanted is what follows the file's name. */
static void expect_error(const char *error, const char *wanted)
{
    char whole[CSV_FILE_ERROR_SIZE];

    snprintf(whole, sizeof whole, "%s:%s", path, wanted);
    assert_string_equal(error, whole);
}

static struct rule_file *read_rules(const char *text)
{
    struct rule_file *file = NULL;
    char error[RULE_FILE_ERROR_SIZE];

    put(text);
    assert_int_equal(rule_file_read(&file, path, error), STATUS_OK);
    return file;
}

static void rules_refused(const char *text, const char *wanted)
{
    struct rule_file *file = NULL;
    char error[RULE_FILE_ERROR_SIZE];

    put(text);
    assert_int_equal(rule_file_read(&file, path, error), STATUS_INVALID);
    assert_null(file);
    expect_error(error, wanted);
}

static void rules__two_sections__changes_over_the_version_before(void **state)
{
    struct rule_file *file = read_rules("\xef\xbb\xbf# a comment\r\n"
                                        " [ promise ] \r\n"
                                        "from = 2026-01-01\r\n"
                                        "note = vì sao = thế\r\n"
                                        "precision=day\r\n"
                                        "\r\n"
                                        "; another\n"
                                        "[intake]\n"
                                        "term = 8 hours\n"
                                        "from = 2026-01-01T07:00:00+07:00");
    struct rule before = {.name = RULE_PROMISE, .version = 4, .due = RULE_DUE_CURRENT, .extension_limit = 5};
    struct rule after;

    (void)state;
    assert_int_equal(rule_file_count(file), 2);
    assert_int_equal(rule_file_change(file, 0)->line, 2);
    assert_int_equal(rule_file_change(file, 0)->from_line, 3);
    assert_string_equal(rule_file_change(file, 0)->note, "vì sao = thế");
    rule_change_apply(rule_file_change(file, 0), &before, &after);
    assert_int_equal(after.version, 5);
    assert_int_equal(after.effective_us, NEW_YEAR_2026 * DAY_US);
    assert_int_equal(after.precision, RULE_DAY);
    assert_int_equal(after.due, RULE_DUE_CURRENT);
    assert_int_equal(after.extension_limit, 5);
    before.name = RULE_INTAKE;
    rule_change_apply(rule_file_change(file, 1), &before, &after);
    assert_int_equal(after.effective_us, NEW_YEAR_2026 * DAY_US);
    assert_int_equal(after.precision, RULE_INSTANT);
    assert_int_equal(after.term.count, 8);
    assert_int_equal(after.term.unit, TERM_WORKING_HOURS);
    rule_file_destroy(&file);
}

static void rules__mistakes__are_named_with_their_line(void **state)
{
    char text[4096];

    (void)state;
    rules_refused("", "1: holds no version; begin one with [promise], [portal] or [intake]");
    rules_refused("[promises]\n", "1: [promises] is no rule; rules are promise, portal, intake");
    rules_refused("[promise\n", "1: neither [rule] nor key = value");
    rules_refused("\nfrom = 2026-01-01\n", "2: stands before the first [rule]");
    rules_refused("[promise]\nfrom 2026-01-01\n", "2: neither [rule] nor key = value");
    rules_refused("[promise]\nprecision = day\n[portal]\n",
                  "1: [promise] has no \"from\": from when on the version shall hold");
    rules_refused("[portal]\n", "1: [portal] has no \"from\": from when on the version shall hold");
    rules_refused("[promise]\nfrom = 2026-02-30\n",
                  "2: from: \"2026-02-30\" is neither a day (2026-01-01) nor RFC 3339");
    rules_refused("[promise]\nfrom = 2026-01-01\nfrom = 2026-01-01\n", "3: from is given twice");
    rules_refused("[promise]\nnote = a\nnote = b\n", "3: note is given twice");
    rules_refused("[promise]\nprecison = day\n", "2: precison is no switch; see: kipthoi rules show promise");
    rules_refused("[promise]\nprecision = days\n", "2: precision: \"days\" is none of: instant, day");
    rules_refused("[promise]\nprecision =\n", "2: precision: \"\" is none of: instant, day");
    rules_refused("[promise]\nextension_limit = 1001\n", "2: extension_limit: \"1001\" is none of: 0 .. 1000");
    rules_refused("[promise]\nprecision = day\nprecision = day\n", "3: precision is given twice");
    rules_refused("[promise]\nterm = 1 day\n", "2: [promise] does not look at term; see: kipthoi rules show promise");
    rules_refused("[intake]\nprecision = day\n",
                  "2: [intake] does not look at precision; see: kipthoi rules show intake");
    rules_refused("[intake]\nterm = 0 days\n",
                  "2: term: \"0 days\" is none of: 1 working day, 8 hours, 30 days, 2 months");
    rules_refused("[promise]\nnote = \xff\n", "2: is not UTF-8 text");
    memset(text, 'x', sizeof text);
    memcpy(text, "[promise]\nnote = ", 17);
    text[17 + 1025] = '\0';
    rules_refused(text, "2: note is longer than 1024 bytes");
    text[17 + 1025] = 'x';
    text[3000] = '\0';
    rules_refused(text, "2: is longer than 2047 bytes");
    text[0] = '\0';
    for (int i = 0; i < 65; i++) {
        strcat(text, "[promise]\nfrom=2026-01-01\n");
    }
    rules_refused(text, "129: more than 64 versions in one file");
}

static struct procedure_file *read_procedures(const char *text)
{
    struct procedure_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];

    put(text);
    if (procedure_file_read(&file, path, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return file;
}

static void procedures_refused(const char *text, const char *wanted)
{
    struct procedure_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];

    put(text);
    assert_int_equal(procedure_file_read(&file, path, error), STATUS_INVALID);
    assert_null(file);
    expect_error(error, wanted);
}

static void expect_procedure(const struct procedure_file *file, size_t index, const char *procedure,
                             int64_t effective_us, int32_t count, enum term_unit unit, bool restart)
{
    const struct procedure_line *line = procedure_file_line(file, index);

    assert_string_equal(line->procedure, procedure);
    assert_int_equal(line->effective_us, effective_us);
    assert_int_equal(line->has_term, count > 0);
    if (count > 0) {
        assert_int_equal(line->term.count, count);
        assert_int_equal(line->term.unit, unit);
    }
    assert_int_equal(line->restart, restart);
}

static void procedures__plain_file__in_order_by_national_part(void **state)
{
    struct procedure_file *file = read_procedures("note,pause_mode,term,effective_from,procedure\n"
                                                  ",restart,30 days,2026-01-01,2.002621.H56\n"
                                                  "\"a, b\",,5 ngày làm việc,,1.000656.000.00.00.H29\n"
                                                  ",pause,,2026-01-01T00:00:00Z,1.000656\n"
                                                  ",,1 hour,,LOCAL.7\n");

    (void)state;
    assert_int_equal(procedure_file_count(file), 4);
    assert_int_equal(procedure_file_ambiguous(file), 0);
    expect_procedure(file, 0, "1.000656", DB_MINUS_INFINITY_US, 5, TERM_WORKING_DAYS, false);
    assert_string_equal(procedure_file_line(file, 0)->note, "a, b");
    assert_int_equal(procedure_file_line(file, 0)->line, 3);
    expect_procedure(file, 1, "1.000656", NEW_YEAR_2026 * DAY_US, 0, TERM_WORKING_DAYS, false);
    expect_procedure(file, 2, "2.002621", NEW_YEAR_2026 * DAY_US, 30, TERM_CALENDAR_DAYS, true);
    expect_procedure(file, 3, "LOCAL.7", DB_MINUS_INFINITY_US, 1, TERM_WORKING_HOURS, false);
    procedure_file_destroy(&file);
}

static void procedures__what_the_list_prints__is_read(void **state)
{
    struct procedure_file *file =
        read_procedures("procedure,name,effective_from,term,pause_mode,note,loaded_at,loaded_by\n"
                        "1.000656,Tên,,5 working days,pause,,2026-01-01T00:00:00Z,me\n");

    (void)state;
    expect_procedure(file, 0, "1.000656", DB_MINUS_INFINITY_US, 5, TERM_WORKING_DAYS, false);
    procedure_file_destroy(&file);
}

static void procedures__catalogue__longest_term_of_each(void **state)
{
    struct procedure_file *file = read_procedures("ma_thu_tuc,hinh_thuc_nop,so,don_vi\n"
                                                  "1.000001,Trực tiếp,3,Ngày làm việc\n"
                                                  "1.000001,Trực tuyến,2,Ngày làm việc\n"
                                                  "1.000001,Bưu chính,3,Ngày làm việc\n"
                                                  "1.000002,Trực tiếp,02,Ngày làm việc\n"
                                                  "1.000002,Trực tuyến,2,Ngày làm việc\n"
                                                  "1.000003,Trực tiếp,18,Ngày làm việc\n"
                                                  "1.000003,Trực tuyến,25,Ngày\n"
                                                  "1.000004,Trực tiếp,7,Ngày làm việc\n"
                                                  "1.000004,Trực tuyến,10,Ngày\n"
                                                  "1.000004,Bưu chính,1,Tháng\n"
                                                  "1.000005,Trực tiếp,1.5,Ngày làm việc\n"
                                                  "1.000006,Trực tiếp,\"0,5\",Ngày làm việc\n"
                                                  "1.000007,Trực tiếp,4,Giờ\n");

    (void)state;
    assert_int_equal(procedure_file_count(file), 7);
    assert_int_equal(procedure_file_ambiguous(file), 3);
    expect_procedure(file, 0, "1.000001", DB_MINUS_INFINITY_US, 3, TERM_WORKING_DAYS, false);
    assert_true(procedure_file_line(file, 0)->several);
    expect_procedure(file, 1, "1.000002", DB_MINUS_INFINITY_US, 2, TERM_WORKING_DAYS, false);
    assert_false(procedure_file_line(file, 1)->several);
    expect_procedure(file, 2, "1.000003", DB_MINUS_INFINITY_US, 18, TERM_WORKING_DAYS, false);
    expect_procedure(file, 3, "1.000004", DB_MINUS_INFINITY_US, 1, TERM_MONTHS, false);
    expect_procedure(file, 4, "1.000005", DB_MINUS_INFINITY_US, 12, TERM_WORKING_HOURS, false);
    expect_procedure(file, 5, "1.000006", DB_MINUS_INFINITY_US, 4, TERM_WORKING_HOURS, false);
    expect_procedure(file, 6, "1.000007", DB_MINUS_INFINITY_US, 4, TERM_WORKING_HOURS, false);
    procedure_file_destroy(&file);
}

#define TERM_REFUSED(line, text)                                                                                       \
    line ": term: \"" text "\" is none; write \"5 working days\", \"8 working hours\", \"30 days\" or \"2 months\" "   \
         "(1 .. 3660), or leave it empty"
#define COUNT_REFUSED(line, count, unit)                                                                               \
    line ": \"" count "\" of \"" unit "\" is no term; a unit is working days, working hours, days or months"

static void procedures__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    procedures_refused("", "1: is empty: no header");
    procedures_refused("term\n", "1: the header has no column \"procedure\"");
    procedures_refused("procedure\n", "1: the header has no column \"term\"");
    procedures_refused("procedure,term,color\n",
                       "1: unknown column \"color\"; known are procedure, effective_from, term, "
                       "pause_mode, note, term_count, term_unit");
    procedures_refused("procedure,term,ma_thu_tuc\n", "1: the column \"procedure\" stands twice");
    procedures_refused("\n\nprocedure\n", "3: the header has no column \"term\"");
    procedures_refused("\n\nma_thu_tuc,so\n", "3: the header has no column \"term_unit\"");
    /* 62 bytes, and a letter of three of which the limit of 64 holds two. */
    procedures_refused(
        "procedure,term,12345678901234567890123456789012345678901234567890123456789012\u1ed5\n",
        "1: unknown column \"12345678901234567890123456789012345678901234567890123456789012\"; known are "
        "procedure, effective_from, term, pause_mode, note, term_count, term_unit");
    procedures_refused("ma_thu_tuc,so\n", "1: the header has no column \"term_unit\"");
    procedures_refused("ma_thu_tuc,don_vi\n", "1: the header has no column \"term_count\"");
    procedures_refused("ma_thu_tuc,so,don_vi,term\n",
                       "1: \"term\" stands beside \"term_count\"; one of them is too much");
    procedures_refused("procedure,term\n1,5 days\n,5 days\n", "3: has no procedure");
    procedures_refused("procedure,term\n1,0 days\n", TERM_REFUSED("2", "0 days"));
    procedures_refused("procedure,term\n1,3661 days\n", TERM_REFUSED("2", "3661 days"));
    procedures_refused("procedure,term\n1,5\n", TERM_REFUSED("2", "5"));
    procedures_refused("procedure,so,don_vi\n1,1.5,Ngày\n", COUNT_REFUSED("2", "1.5", "Ngày"));
    procedures_refused("procedure,so,don_vi\n1,-1.5,days\n", COUNT_REFUSED("2", "-1.5", "days"));
    procedures_refused("procedure,so,don_vi\n1,5,\n", COUNT_REFUSED("2", "5", ""));
    procedures_refused("procedure,so,don_vi\n1,,Ngày\n", COUNT_REFUSED("2", "", "Ngày"));
    procedures_refused("procedure,term,effective_from\n1,5 days,soon\n",
                       "2: effective_from: \"soon\" is neither a day (2026-01-01) nor RFC 3339, nor empty: always");
    procedures_refused("procedure,term,pause_mode\n1,5 days,stop\n",
                       "2: pause_mode: \"stop\" is neither pause nor restart");
    procedures_refused("procedure,term\n1.000656.H29,5 days\n2,3 days\n1.000656,5 days\n",
                       "4: procedure 1.000656 from the same moment stands in line 2 too");
    procedures_refused("procedure,term\n1,5 days,\n", "2: has 3 cells, the header 2; is a comma not quoted?");
    procedures_refused("procedure,term,note\n1,5 days,\"a\nb\"\n", "2: note is not UTF-8 text on one line");
    procedures_refused("procedure,term,note\n1,5 days,Th\xe0ng\n", "2: note is not UTF-8 text on one line");
    procedures_refused("procedure,term\n"
                       "1234567890123456789012345678901234567890123456789012345678901234567890"
                       "12345678901234567890123456789012345678901234567890123456789,5 days\n",
                       "2: procedure is longer than 128 bytes");
}

static struct code_file *read_codes(const char *text)
{
    struct code_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];

    put(text);
    if (code_file_read(&file, path, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return file;
}

static void codes_refused(const char *row, const char *wanted)
{
    struct code_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    char text[1024];

    snprintf(text, sizeof text, "source,list,code,means,from,to\n%s\n", row);
    put(text);
    assert_int_equal(code_file_read(&file, path, error), STATUS_INVALID);
    assert_null(file);
    expect_error(error, wanted);
}

/* The first bytes of a gzip header, and nothing behind them. */
static void files__that_cannot_be_read_on__are_named_once(void **state)
{
    struct procedure_file *procedures = NULL;
    struct rule_file *rules = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    char wanted[CSV_FILE_ERROR_SIZE];

    (void)state;
    put("\x1f\x8b\x08");
    snprintf(wanted, sizeof wanted, "%s: ends in the middle of its gzip data", path);
    assert_int_equal(procedure_file_read(&procedures, path, error), STATUS_INVALID);
    assert_string_equal(error, wanted);
    assert_int_equal(rule_file_read(&rules, path, error), STATUS_INVALID);
    assert_string_equal(error, wanted);
    assert_int_equal(procedure_file_read(&procedures, "/", error), STATUS_INVALID);
    assert_string_equal(error, "/: is a folder");
    assert_int_equal(rule_file_read(&rules, "/", error), STATUS_INVALID);
    assert_string_equal(error, "/: is a folder");
}

static void codes__every_list__is_read(void **state)
{
    struct code_file *file = read_codes("list,source,code,means,from,to,note\n"
                                        "status,/a,X,10,,,\n"
                                        "channel,*,W,online,2026-01-01,2026-01-02,n\n"
                                        "unit,*,H1,H2,,,\n"
                                        "field,*,F1,F2,,,\n"
                                        "procedure,*,1.000001,1.000002,,,\n"
                                        "dossier,/a,D1,D2,,,\n");
    static const enum code_list lists[] = {CODE_STATUS, CODE_CHANNEL,   CODE_UNIT,
                                           CODE_FIELD,  CODE_PROCEDURE, CODE_DOSSIER};
    char error[CSV_FILE_ERROR_SIZE];

    (void)state;
    assert_int_equal(code_file_count(file), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(code_file_line(file, i)->list, lists[i]);
        assert_int_equal(code_file_line(file, i)->line, i + 2);
    }
    assert_int_equal(code_file_line(file, 0)->from_day, CODE_FILE_EVER);
    assert_int_equal(code_file_line(file, 0)->to_day, CODE_FILE_FOR_EVER);
    assert_string_equal(code_file_line(file, 0)->source, "/a");
    assert_int_equal(code_file_line(file, 1)->from_day, NEW_YEAR_2026);
    assert_int_equal(code_file_line(file, 1)->to_day, NEW_YEAR_2026 + 1);
    assert_string_equal(code_file_line(file, 1)->note, "n");
    assert_int_equal(code_file_check(file, error), STATUS_OK);
    code_file_destroy(&file);
}

static void codes__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    codes_refused("/a,statuses,1,2,,",
                  "2: list: \"statuses\" is none of status, channel, unit, field, procedure, dossier");
    codes_refused("/a,status,1,11,,", "2: means: \"11\" is none of the statuses 1 .. 10");
    codes_refused("/a,status,1,0,,", "2: means: \"0\" is none of the statuses 1 .. 10");
    codes_refused("/a,status,1,01,,", "2: means: \"01\" is none of the statuses 1 .. 10");
    codes_refused(",unit,1,2,,", "2: has no source");
    codes_refused("/a,unit,,2,,", "2: has no code");
    codes_refused("/a,unit,1,,,", "2: has no means");
    codes_refused("/a/*,unit,1,2,,", "2: source: \"/a/*\" is neither one source nor * for all");
    codes_refused("*,dossier,1,2,,", "2: source: numbers of dossiers are each source's own; * makes no sense");
    codes_refused("/a,dossier,1,2,2026-01-01,", "2: a dossier's number holds for ever; leave from and to empty");
    codes_refused("/a,dossier,1,2,,2026-01-01", "2: a dossier's number holds for ever; leave from and to empty");
    codes_refused("/a,unit,1,2,2026-13-01,", "2: from: \"2026-13-01\" is no day like 2026-01-01");
    codes_refused("/a,unit,1,2,,x", "2: to: \"x\" is no day like 2026-01-01");
    codes_refused("/a,unit,1,2,2026-01-02,2026-01-01", "2: from is after to");
    codes_refused("*,unit,000.17.22.H56,H1,,",
                  "2: code: \"000.17.22.H56\" is read as \"H56.22.17\" before this list is asked; write that");
    codes_refused("*,procedure,1.000001,1.000656.000.00.00.H29,,",
                  "2: means: \"1.000656.000.00.00.H29\" is read as \"1.000656\" before this list is asked; write that");
}

/* Checks a file beside one loaded row; wanted NULL: it is fine. */
static void expect_checked(const char *rows, const struct code_line *loaded, const char *wanted)
{
    char text[1024];
    char error[CSV_FILE_ERROR_SIZE] = "";
    struct code_file *file;
    enum status st;

    snprintf(text, sizeof text, "source,list,code,means,from,to\n%s", rows);
    file = read_codes(text);
    if (loaded != NULL) {
        assert_int_equal(code_file_add_loaded(file, loaded), STATUS_OK);
    }
    st = code_file_check(file, error);
    if (wanted == NULL) {
        assert_string_equal(error, "");
    } else {
        expect_error(error, wanted);
    }
    assert_int_equal(st, wanted == NULL ? STATUS_OK : STATUS_INVALID);
    code_file_destroy(&file);
}

#define OVERLAP(at, list, code, source)                                                                                \
    at ": " list " \"" code "\" of " source " has a meaning on some of these days already: "
#define LOADED "what is loaded (kipthoi codes list)"

static void check__meanings_on_the_same_day__are_refused(void **state)
{
    struct code_line loaded = {.list = CODE_UNIT,
                               .source = (char[]){"*"},
                               .code = (char[]){"A"},
                               .means = (char[]){"B"},
                               .note = (char[]){""},
                               .from_day = NEW_YEAR_2026,
                               .to_day = CODE_FILE_FOR_EVER};

    (void)state;
    expect_checked("*,unit,A,B,,2026-01-01\n*,unit,A,C,2026-01-01,\n", NULL, OVERLAP("3", "unit", "A", "*") "line 2");
    expect_checked("*,unit,A,B,,2025-12-31\n*,unit,A,C,2026-01-01,\n", NULL, NULL);
    expect_checked("*,unit,A,C,2026-01-01,\n*,unit,A,B,,2026-01-01\n", NULL, OVERLAP("3", "unit", "A", "*") "line 2");
    expect_checked("*,unit,A,C,2026-01-02,\n*,unit,A,B,,2026-01-01\n", NULL, NULL);
    expect_checked("*,unit,A,B,,\n/a,unit,A,C,,\n*,field,A,B,,\n", NULL, NULL);
    expect_checked("*,unit,A,B,,\n*,unit,A,B,,\n", NULL, OVERLAP("3", "unit", "A", "*") "line 2");
    expect_checked("*,unit,A,C,,\n", &loaded, OVERLAP("2", "unit", "A", "*") LOADED);
    expect_checked("*,unit,A,C,,2025-12-31\n", &loaded, NULL);
    /* With the same first day it takes the loaded one's place, and what is behind its end is free. */
    expect_checked("*,unit,A,C,2026-01-01,2026-06-30\n*,unit,A,D,2026-07-01,\n", &loaded, NULL);
}

#define CHAIN(at, a, b, c, other)                                                                                      \
    at ": \"" a "\" means \"" b "\", which itself means \"" c "\": give the last meaning at once (see " other ")"

static void check__chains__are_refused(void **state)
{
    struct code_line loaded = {.list = CODE_FIELD,
                               .source = (char[]){"/a"},
                               .code = (char[]){"B"},
                               .means = (char[]){"C"},
                               .note = (char[]){""},
                               .from_day = CODE_FILE_EVER,
                               .to_day = CODE_FILE_FOR_EVER};

    (void)state;
    expect_checked("*,unit,A,B,,\n*,unit,B,C,,\n", NULL, CHAIN("3", "A", "B", "C", "line 2"));
    expect_checked("*,unit,B,C,,\n*,unit,A,B,,\n", NULL, CHAIN("3", "A", "B", "C", "line 2"));
    expect_checked("*,unit,A,B,,\n*,unit,B,A,,\n", NULL, CHAIN("3", "A", "B", "A", "line 2"));
    expect_checked("/a,dossier,A,B,,\n/a,dossier,B,C,,\n", NULL, CHAIN("3", "A", "B", "C", "line 2"));
    expect_checked("/a,dossier,A,B,,\n/b,dossier,B,C,,\n", NULL, NULL);
    expect_checked("*,unit,A,B,,2025-12-31\n*,unit,B,C,2026-01-01,\n", NULL, NULL);
    expect_checked("*,unit,A,B,,\n*,field,B,C,,\n", NULL, NULL);
    expect_checked("*,unit,A,B,,\n*,unit,B,B,,\n", NULL, NULL);
    expect_checked("*,field,A,B,,\n", &loaded, CHAIN("2", "A", "B", "C", LOADED));
    expect_checked("/b,field,A,B,,\n", &loaded, NULL);
    expect_checked("*,field,C,D,,\n", &loaded, CHAIN("2", "B", "C", "D", LOADED));
    /* Meanings of statuses and channels are no codes of the upstream. */
    expect_checked("/a,status,1,2,,\n/a,status,2,1,,\n/a,channel,1,2,,\n/a,channel,2,1,,\n", NULL, NULL);
}

static void utf8__text_or_not(void **state)
{
    static const char *const texts[] = {"", "a\tb", "Kịp Thời", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "\xe0\xa0\x80"};
    static const char *const others[] = {"\n",
                                         "\x7f",
                                         "\x80",
                                         "\xc1\x81",
                                         "\xc3",
                                         "\xed\xa0\x80",
                                         "\xe0\x9f\xbf",
                                         "\xf4\x90\x80\x80",
                                         "\xf5\x80\x80\x80",
                                         "\xe1\xba",
                                         "\xf0\x8f\xbf\xbf"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_true(utf8_is_text(texts[i], strlen(texts[i])));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(utf8_is_text(others[i], strlen(others[i])));
    }
    assert_false(utf8_is_text("a\0b", 3));
}

/* Every value has words of its own, in both languages. */
static void cut__between_characters__never_inside(void **state)
{
    static const char text[] = "a\u1ed5\u1ed5"; /* of 1, 3 and 3 bytes */

    (void)state;
    assert_int_equal(utf8_cut(text, 7, 9), 7);
    assert_int_equal(utf8_cut(text, 7, 7), 7);
    assert_int_equal(utf8_cut(text, 7, 6), 4);
    assert_int_equal(utf8_cut(text, 7, 5), 4);
    assert_int_equal(utf8_cut(text, 7, 4), 4);
    assert_int_equal(utf8_cut(text, 7, 3), 1);
    assert_int_equal(utf8_cut(text, 7, 0), 0);
}

static void words__values_of_a_switch__read_differently(void **state)
{
    static const char *const values[] = {"instant", "day",  "first",   "current", "latest", "move_due",
                                         "deduct",  "none", "working", "elapsed", "pauses", "runs",
                                         "paused",  "ends", "exclude", "term",    "end",    "exclude_kept",
                                         "count",   "0",    "2"};
    struct cli cli = {.lang = LANG_EN};

    (void)state;
    for (int lang = 0; lang < 2; lang++) {
        cli.lang = lang == 0 ? LANG_EN : LANG_VI;
        for (int which = 0; which < RULE_SWITCH_TERM; which++) {
            char last[CLI_SENTENCE_SIZE] = "";
            char words[CLI_SENTENCE_SIZE];

            for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
                struct rule rule = {0};

                if (rule_switch_set(&rule, (enum rule_switch)which, values[i]) == STATUS_OK) {
                    rule_words_meaning(&cli, &rule, (enum rule_switch)which, words);
                    assert_string_not_equal(words, "");
                    assert_string_not_equal(words, last);
                    assert_null(strchr(words, '{'));
                    strcpy(last, words);
                }
            }
            assert_string_not_equal(last, "");
        }
    }
}

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules__two_sections__changes_over_the_version_before),
        cmocka_unit_test(rules__mistakes__are_named_with_their_line),
        cmocka_unit_test(procedures__plain_file__in_order_by_national_part),
        cmocka_unit_test(procedures__what_the_list_prints__is_read),
        cmocka_unit_test(procedures__catalogue__longest_term_of_each),
        cmocka_unit_test(procedures__mistakes__are_named_with_their_line),
        cmocka_unit_test(files__that_cannot_be_read_on__are_named_once),
        cmocka_unit_test(codes__every_list__is_read),
        cmocka_unit_test(codes__mistakes__are_named_with_their_line),
        cmocka_unit_test(check__meanings_on_the_same_day__are_refused),
        cmocka_unit_test(check__chains__are_refused),
        cmocka_unit_test(utf8__text_or_not),
        cmocka_unit_test(cut__between_characters__never_inside),
        cmocka_unit_test(words__values_of_a_switch__read_differently),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
