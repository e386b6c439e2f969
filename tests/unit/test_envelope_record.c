/* SPDX-License-Identifier: MIT */
/*
 * test_envelope_record.c - synced records and indicators taken apart: members, shapes of moments, and every refusal.
 *
 * The zone is New York's, whose clocks are changed: 2016-03-13 skips 02:00 to 03:00, 2016-11-06 shows 01:00 to 02:00
 * twice.  Moments expected were computed apart from this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/envelope.h"
#include "common/json.h"
#include "common/record_time.h"
#include "ingest/gate.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SECONDS(count) (INT64_C(count) * 1000000)
#define TIME_US SECONDS(1452672000) /* 2016-01-13T08:00:00Z */
#define MOMENT_SENTENCE " is no moment of 1990 to 2099 as RFC 3339, yyyy-MM-dd[ HH:mm:ss] or yyyyMMdd[HHmmss]"
#define EVENT_SIZE 65536

/* An event of the type with this data. */
static size_t event_of(char out[EVENT_SIZE], const char *type, const char *data)
{
    int len = snprintf(out, EVENT_SIZE,
                       "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:shop:1\",\"type\":\"vn.kipthoi.%s.v1\","
                       "\"time\":\"2016-01-13T15:00:00+07:00\",\"data\":%s}",
                       type, data);

    assert_true(len > 0 && len < EVENT_SIZE);
    return (size_t)len;
}

static enum status parse(const char *type, const char *data, struct envelope *env, struct refusal *refusal)
{
    static char text[EVENT_SIZE];
    size_t len = event_of(text, type, data);

    assert_int_equal(gate_check(text, len, refusal), STATUS_OK);
    return envelope_parse(text, len, env, refusal);
}

static enum status parse_record(const char *data, struct envelope *env, struct refusal *refusal)
{
    return parse("dossier.synced", data, env, refusal);
}

struct refused_case {
    const char *data;
    const char *code;
    const char *sentence;
};

static void assert_refused(const char *type, const struct refused_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct envelope env;
        struct refusal refusal = {0};
        enum status st = parse(type, cases[i].data, &env, &refusal);

        if (st != STATUS_INVALID || strcmp(refusal.code, cases[i].code) != 0 ||
            strcmp(refusal.sentence, cases[i].sentence) != 0) {
            fail_msg("%.200s: %d %s: %s", cases[i].data, st, refusal.code != NULL ? refusal.code : "-",
                     refusal.sentence);
        }
        assert_string_equal(env.source, "urn:shop:1");
        envelope_clear(&env);
    }
}

/* --- records --- */

static const char full[] =
    "{\"MaHoSo\":\"H56.14-240823-0001\",\"MaTTHC\":\"1.000656.000.00.00.H56\",\"TenTTHC\":\"Khai t\xe1\xbb\xad\","
    "\"MaLinhVuc\":\"G09-TP05\",\"TenLinhVuc\":\"H\xe1\xbb\x99 t\xe1\xbb\x8b\x63h\",\"KenhThucHien\":\"2\","
    "\"ChuHoSo\":\"A\",\"LoaiDoiTuong\":1,\"Email\":\"\",\"NgayTiepNhan\":\"20160111080000\","
    "\"NgayHenTra\":\"2016-01-13 17:00:00\",\"TrangThaiHoSo\":\"10\",\"NgayTra\":\"2016-01-14T08:30:00\","
    "\"NgayKetThucXuLy\":\"2016-01-13T14:59:59.5+07:00\",\"NgayNopHoSo\":\"2016-01-10\",\"NgayTuChoi\":\"20160115\","
    "\"DonViXuLy\":\"000.14.H56\",\"GhiChu\":\"x\",\"isUpdating\":true,\"DuocThanhToanTrucTuyen\":1,"
    "\"DanhSachHoSoBoSung\":["
    "{\"HoSoBoSungId\":\"1\",\"NgayBoSung\":\"2016-01-11 09:00:00\",\"NgayTiepNhanBoSung\":\"2016-01-12 10:00:00\","
    "\"TrangThaiBoSung\":1,\"NgayHenTraTruoc\":\"2016-01-12 17:00:00\",\"NgayHenTraMoi\":\"2016-01-13 17:00:00\"},"
    "{\"NgayBoSung\":\"2016-01-12 11:00:00\",\"NgayTiepNhanBoSung\":null,\"NgayHenTraTruoc\":\"\"}]}";

static void record__full__is_taken_apart(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse_record(full, &env, &refusal), STATUS_OK);
    assert_int_equal(env.kind, EVENT_SYNCED);
    assert_int_equal(env.record, ENVELOPE_FULL);
    assert_string_equal(env.dossier, "H56.14-240823-0001");
    assert_int_equal(env.slot, 28); /* of urn:shop:1 as in test_envelope.c */
    assert_string_equal(env.procedure, "1.000656.000.00.00.H56");
    assert_string_equal(env.procedure_name, "Khai t\xe1\xbb\xad");
    assert_string_equal(env.field, "G09-TP05");
    assert_string_equal(env.field_name, "H\xe1\xbb\x99 t\xe1\xbb\x8b\x63h");
    assert_string_equal(env.channel, "2");
    assert_string_equal(env.unit, "000.14.H56");
    assert_null(env.reason);
    assert_string_equal(env.status_code, "10");
    assert_int_equal(env.status, ENVELOPE_NO_STATUS); /* the code book's */
    assert_true(env.happened_us == TIME_US);
    assert_true(env.at_us == TIME_US);
    assert_true(env.received_us == SECONDS(1452517200));
    assert_true(env.due_us == SECONDS(1452722400));
    assert_true(env.returned_us == SECONDS(1452778200));
    assert_true(env.finished_us == SECONDS(1452671999) + 500000);
    assert_true(env.submitted_us == SECONDS(1452402000));
    assert_true(env.refused_us == SECONDS(1452834000));
    assert_int_equal(env.supplement_count, 2);
    assert_true(env.supplements[0].requested_us == SECONDS(1452520800));
    assert_true(env.supplements[0].completed_us == SECONDS(1452610800));
    assert_true(env.supplements[0].due_before_us == SECONDS(1452636000));
    assert_true(env.supplements[0].due_after_us == SECONDS(1452722400));
    assert_true(env.supplements[1].requested_us == SECONDS(1452614400));
    assert_true(env.supplements[1].completed_us == ENVELOPE_NONE_US);
    assert_true(env.supplements[1].due_before_us == ENVELOPE_NONE_US);
    assert_true(env.supplements[1].due_after_us == ENVELOPE_NONE_US);
    envelope_clear(&env);
    assert_null(env.supplements);
}

static void record__progress__tells_its_moment_only(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse_record("{\"MaHoSo\":\"D\",\"NguoiXuLy\":\"A\",\"ThoiDiemXuLy\":\"20160112093000\","
                                  "\"TrangThai\":4,\"NgayBatDau\":\"?\",\"NgayKetThucTheoQuyDinh\":\"20160120\","
                                  "\"NgayTiepNhan\":\"20160101\",\"DonViXuLy\":\"U\"}",
                                  &env, &refusal),
                     STATUS_OK);
    assert_int_equal(env.record, ENVELOPE_PROGRESS);
    assert_string_equal(env.status_code, "4");
    assert_true(env.at_us == SECONDS(1452609000));
    assert_true(env.happened_us == TIME_US);
    assert_true(env.received_us == ENVELOPE_NONE_US);
    assert_true(env.due_us == ENVELOPE_NONE_US);
    assert_null(env.unit);
    envelope_clear(&env);
    assert_int_equal(parse_record("{\"MaHoSo\":\"D\",\"TrangThai\":\"4\",\"ThoiDiemXuLy\":\"\"}", &env, &refusal),
                     STATUS_OK);
    assert_true(env.at_us == TIME_US);
    envelope_clear(&env);
}

static void record__empty_and_null__are_absent(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse_record("{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"TrangThai\":\"\",\"MaTTHC\":\"\","
                                  "\"TenTTHC\":null,\"DonViXuLy\":\"\",\"NgayTra\":\"\",\"NgayHenTra\":null,"
                                  "\"DanhSachHoSoBoSung\":[]}",
                                  &env, &refusal),
                     STATUS_OK);
    assert_null(env.procedure);
    assert_null(env.procedure_name);
    assert_null(env.unit);
    assert_null(env.channel);
    assert_true(env.returned_us == ENVELOPE_NONE_US);
    assert_true(env.due_us == ENVELOPE_NONE_US);
    assert_int_equal(env.supplement_count, 0);
    envelope_clear(&env);
    assert_int_equal(parse_record("{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":null}", &env, &refusal),
                     STATUS_OK);
    envelope_clear(&env);
}

static void record__integers__are_taken_as_their_digits(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse_record("{\"MaHoSo\":9007199254740992,\"TrangThaiHoSo\":-7,\"MaLinhVuc\":12,"
                                  "\"KenhThucHien\":2,\"DonViXuLy\":1e3,\"NgayTiepNhan\":20160111080000}",
                                  &env, &refusal),
                     STATUS_OK);
    assert_string_equal(env.dossier, "9007199254740992");
    assert_string_equal(env.status_code, "-7");
    assert_string_equal(env.field, "12");
    assert_string_equal(env.channel, "2");
    assert_string_equal(env.unit, "1000");
    assert_true(env.received_us == SECONDS(1452517200));
    envelope_clear(&env);
}

/* Procedures have names of any length; a letter is not cut in two. */
static void record__long_name__is_cut_at_a_letter(void **state)
{
    char data[2048];
    char name[1024] = "";
    struct envelope env;
    struct refusal refusal;

    (void)state;
    for (int i = 0; i < 300; i++) {
        strcat(name, "\xe1\xbb\xad"); /* 3 bytes */
    }
    snprintf(data, sizeof data, "{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"TenTTHC\":\"%s\"}", name);
    assert_int_equal(parse_record(data, &env, &refusal), STATUS_OK);
    assert_int_equal(strlen(env.procedure_name), 510);
    assert_memory_equal(env.procedure_name, name, 510);
    envelope_clear(&env);
}

/* An appointment for a day is kept until its last microsecond, also on a day of 23 hours; other dates are midnights. */
static void record__due_without_time_of_day__lasts_the_day(void **state)
{
    static const char data[] =
        "{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":4,\"NgayTiepNhan\":\"2016-01-10\",\"NgayHenTra\":\"20160313\","
        "\"DanhSachHoSoBoSung\":[{\"NgayBoSung\":\"2016-01-10\",\"NgayHenTraTruoc\":\"2016-01-13\"}]}";
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse_record(data, &env, &refusal), STATUS_OK);
    assert_true(env.received_us == SECONDS(1452402000));
    assert_true(env.due_us == SECONDS(1457928000) - 1);                       /* 2016-03-14T00:00-04:00 */
    assert_true(env.supplements[0].due_before_us == SECONDS(1452747600) - 1); /* 2016-01-14T00:00-05:00 */
    assert_true(env.supplements[0].requested_us == SECONDS(1452402000));
    envelope_clear(&env);
}

/* A pause that ends in years to come would put off the promise until then. */
static void record__supplement_ahead_of_the_clock__is_refused(void **state)
{
    static const char *const lists[] = {"[{\"NgayBoSung\":\"20160101\"},{\"NgayBoSung\":\"20990102\"}]",
                                        "[{\"NgayBoSung\":\"20160101\",\"NgayTiepNhanBoSung\":\"20990102\"}]"};
    const int64_t now_us = INT64_C(1452672000000000); /* 2016-01-13 */

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char data[512];
        struct envelope env;
        struct refusal refusal;

        snprintf(data, sizeof data, "{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":4,\"DanhSachHoSoBoSung\":%s}", lists[i]);
        assert_int_equal(parse_record(data, &env, &refusal), STATUS_OK);
        env.happened_us = env.at_us = now_us;
        assert_int_equal(envelope_check_future(&env, now_us, 0, &refusal), STATUS_INVALID);
        assert_string_equal(refusal.code, "TIME_FUTURE");
        assert_non_null(strstr(refusal.sentence, "DanhSachHoSoBoSung 2099-01-0"));
        env.supplements[i == 0 ? 1 : 0].requested_us = now_us;
        env.supplements[0].completed_us = now_us;
        assert_int_equal(envelope_check_future(&env, now_us, 0, &refusal), STATUS_OK);
        envelope_clear(&env);
    }
}

static void record__bad_members__are_refused_by_name(void **state)
{
    static const char which[] = "data.TrangThaiHoSo is not an integer or a text of at most 31 bytes";
    static const struct refused_case cases[] = {
        {"{\"TrangThaiHoSo\":1}", "MEMBER_MISSING", "data.MaHoSo is missing"},
        {"{\"MaHoSo\":\"\",\"TrangThaiHoSo\":1}", "MEMBER_MISSING", "data.MaHoSo is missing"},
        {"{\"MaHoSo\":true,\"TrangThaiHoSo\":1}", "MEMBER_INVALID", "data.MaHoSo is not a text of at most 128 bytes"},
        {"{\"MaHoSo\":\"a\\nb\",\"TrangThaiHoSo\":1}", "MEMBER_INVALID", "data.MaHoSo holds a control character"},
        {"{\"MaHoSo\":\"D\"}", "MEMBER_MISSING", "data.TrangThaiHoSo or data.TrangThai is missing"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":null,\"TrangThai\":\"\"}", "MEMBER_MISSING",
         "data.TrangThaiHoSo or data.TrangThai is missing"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"TrangThai\":1}", "MEMBER_INVALID",
         "data has both TrangThaiHoSo and TrangThai: it is one record or the other"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1.5}", "MEMBER_INVALID", which},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1e30}", "MEMBER_INVALID", which},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":{}}", "MEMBER_INVALID", which},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":\"a\\tb\"}", "MEMBER_INVALID", which},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":\"12345678901234567890123456789012\"}", "MEMBER_INVALID", which},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"MaLinhVuc\":1.5}", "MEMBER_INVALID",
         "data.MaLinhVuc is not a text of at most 128 bytes"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"TenTTHC\":[]}", "MEMBER_INVALID",
         "data.TenTTHC is not a text of at most 512 bytes"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"KenhThucHien\":false}", "MEMBER_INVALID",
         "data.KenhThucHien is not a text of at most 128 bytes"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTra\":false}", "MEMBER_INVALID", "data.NgayTra is not a text"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTra\":\"31/12/2015\"}", "TIME_INVALID",
         "data.NgayTra" MOMENT_SENTENCE},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTiepNhan\":17}", "TIME_INVALID",
         "data.NgayTiepNhan" MOMENT_SENTENCE},
        {"{\"MaHoSo\":\"D\",\"TrangThai\":1,\"ThoiDiemXuLy\":\"now\"}", "TIME_INVALID",
         "data.ThoiDiemXuLy" MOMENT_SENTENCE},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":{}}", "MEMBER_INVALID",
         "data.DanhSachHoSoBoSung is not a list"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":[{},null]}", "MEMBER_INVALID",
         "data.DanhSachHoSoBoSung[1] is not an object"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":[{},{},{\"NgayBoSung\":true}]}",
         "MEMBER_INVALID", "data.DanhSachHoSoBoSung[2].NgayBoSung is not a text"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":[{\"NgayHenTraMoi\":\"2016-02-30\"}]}",
         "TIME_INVALID", "data.DanhSachHoSoBoSung[0].NgayHenTraMoi" MOMENT_SENTENCE},
        {"[]", "MEMBER_INVALID", "data is not an object"},
    };
    static char long_code[400];
    const struct refused_case too_long = {long_code, "MEMBER_INVALID",
                                          "data.MaHoSo is not a text of at most 128 bytes"};

    (void)state;
    assert_refused("dossier.synced", cases, COUNT(cases));
    snprintf(long_code, sizeof long_code, "{\"MaHoSo\":\"%0129d\",\"TrangThaiHoSo\":1}", 0);
    assert_refused("dossier.synced", &too_long, 1);
}

static void record__supplement_list__ends_at_its_limit(void **state)
{
    static char data[EVENT_SIZE - 1024];
    const struct refused_case too_many = {data, "MEMBER_INVALID", "data.DanhSachHoSoBoSung has 257 entries, limit 256"};

    (void)state;
    for (int count = 256; count <= 257; count++) {
        size_t len =
            (size_t)snprintf(data, sizeof data, "{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"DanhSachHoSoBoSung\":[");
        struct envelope env;
        struct refusal refusal;

        for (int i = 0; i < count; i++) {
            len += (size_t)snprintf(data + len, sizeof data - len, "%s{\"NgayBoSung\":\"2016-01-11 09:00:00\"}",
                                    i > 0 ? "," : "");
        }
        snprintf(data + len, sizeof data - len, "]}");
        if (count == 256) {
            assert_int_equal(parse_record(data, &env, &refusal), STATUS_OK);
            assert_int_equal(env.supplement_count, 256);
            assert_true(env.supplements[255].requested_us == SECONDS(1452520800));
            envelope_clear(&env);
        }
    }
    assert_refused("dossier.synced", &too_many, 1);
}

static void record__moments_beyond_the_clock__are_refused_but_for_dues(void **state)
{
    static const struct {
        const char *data;
        const char *sentence; /* NULL: passes */
    } cases[] = {
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayHenTra\":\"20200101\",\"DanhSachHoSoBoSung\":"
         "[{\"NgayHenTraMoi\":\"20200101\"}]}",
         NULL},
        {"{\"MaHoSo\":\"D\",\"TrangThai\":1,\"NgayKetThucTheoQuyDinh\":\"20200101\"}", NULL},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTiepNhan\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayTiepNhan 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayNopHoSo\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayNopHoSo 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayKetThucXuLy\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayKetThucXuLy 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTra\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayTra 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTuChoi\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayTuChoi 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
        {"{\"MaHoSo\":\"D\",\"TrangThai\":1,\"ThoiDiemXuLy\":\"2016-01-13T08:00:01Z\"}",
         "data.ThoiDiemXuLy 2016-01-13T08:00:01Z is more than 0 s ahead of the clock"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct envelope env;
        struct refusal refusal = {0};

        assert_int_equal(parse_record(cases[i].data, &env, &refusal), STATUS_OK);
        if (cases[i].sentence == NULL) {
            assert_int_equal(envelope_check_future(&env, TIME_US, 0, &refusal), STATUS_OK);
        } else {
            assert_int_equal(envelope_check_future(&env, TIME_US, 0, &refusal), STATUS_INVALID);
            assert_string_equal(refusal.code, "TIME_FUTURE");
            assert_string_equal(refusal.sentence, cases[i].sentence);
        }
        envelope_clear(&env);
    }
}

/* --- moments --- */

static void record_time__every_shape__is_read_in_the_zone(void **state)
{
    static const struct {
        const char *text;
        int64_t moment_us; /* -1: refused */
    } cases[] = {
        {"2016-01-13T08:00:00Z", TIME_US},
        {"2016-01-13 15:00:00.25+07:00", TIME_US + 250000},
        {"2016-01-13T03:00:00", TIME_US},
        {"2016-01-13 03:00:00", TIME_US},
        {"20160113030000", TIME_US},
        {"2016-01-13", TIME_US - SECONDS(10800)},
        {"20160113", TIME_US - SECONDS(10800)},
        {"2016-07-01 00:00:00", SECONDS(1467345600)},
        {"2016-02-29", SECONDS(1456722000)},
        {"2016-12-31 23:59:59", SECONDS(1483246799)},
        /* Skipped: as much later as the clock skips. */
        {"2016-03-13 01:59:59", SECONDS(1457852399)},
        {"2016-03-13 02:30:00", SECONDS(1457854200)},
        {"2016-03-13 03:30:00", SECONDS(1457854200)},
        /* Shown twice: the first time. */
        {"2016-11-06 00:59:59", SECONDS(1478408399)},
        {"2016-11-06 01:30:00", SECONDS(1478410200)},
        {"2016-11-06 02:00:00", SECONDS(1478415600)},
        /* The bounds are of UTC: New York is five hours behind. */
        {"1989-12-31 19:00:00", SECONDS(631152000)},
        {"1989-12-31 18:59:59", -1},
        {"2099-12-31 18:59:59", SECONDS(4102444799)},
        {"2099-12-31 19:00:00", -1},
        {"2015-02-29", -1},
        {"2100-02-29", -1},
        {"2016-04-31", -1},
        {"2016-00-10", -1},
        {"2016-13-10", -1},
        {"2016-01-00", -1},
        {"2016-01-32", -1},
        {"2016-01-13 24:00:00", -1},
        {"2016-01-13 03:60:00", -1},
        {"2016-01-13 03:00:60", -1},
        {"2016-01-13T03:00", -1},
        {"2016-01-13T03:00:00.5", -1},
        {"2016-01-13t03:00:00", -1},
        {"2016/01/13", -1},
        {"13/01/2016", -1},
        {"201601130300", -1},
        {"2016011303000x", -1},
        {" 20160113", -1},
        {"", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t moment_us = -1;
        enum status st = record_time_parse(cases[i].text, strlen(cases[i].text), &moment_us);

        if (moment_us != cases[i].moment_us || (st == STATUS_OK) != (cases[i].moment_us != -1)) {
            fail_msg("'%s': %d, %lld", cases[i].text, st, (long long)moment_us);
        }
    }
}

/* --- indicators --- */

static void indicator__whole__has_its_key(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse("indicator.reported",
                           "{\"measure\":\"satisfaction\",\"period\":\"2025-Q3\",\"unit\":\"H29.1\",\"field\":\"G09\","
                           "\"numerator\":9007199254740992,\"denominator\":0,\"dossier\":7,\"note\":1}",
                           &env, &refusal),
                     STATUS_OK);
    assert_int_equal(env.kind, EVENT_INDICATOR);
    assert_int_equal(env.record, ENVELOPE_NO_RECORD);
    assert_string_equal(env.measure, "satisfaction");
    assert_string_equal(env.period, "2025-Q3");
    assert_string_equal(env.unit, "H29.1");
    assert_string_equal(env.field, "G09");
    assert_true(env.numerator == INT64_C(9007199254740992));
    assert_true(env.denominator == 0);
    assert_string_equal(env.key, "satisfaction|2025-Q3|H29.1|G09");
    assert_ptr_equal(env.dossier, env.key);
    assert_int_equal(env.slot, envelope_slot("urn:shop:1", "satisfaction|2025-Q3|H29.1|G09"));
    envelope_clear(&env);
    assert_int_equal(parse("indicator.reported",
                           "{\"measure\":\"m\",\"period\":\"2025\",\"unit\":\"u\",\"field\":null,\"numerator\":1,"
                           "\"denominator\":3}",
                           &env, &refusal),
                     STATUS_OK);
    assert_null(env.field);
    assert_string_equal(env.key, "m|2025|u|");
    envelope_clear(&env);
}

static void indicator__period__is_a_year_a_quarter_or_a_month(void **state)
{
    static const struct {
        const char *period;
        enum status status;
    } cases[] = {
        {"1990", STATUS_OK},          {"2099", STATUS_OK},         {"2025-Q1", STATUS_OK},
        {"2025-Q4", STATUS_OK},       {"2025-01", STATUS_OK},      {"2025-09", STATUS_OK},
        {"2025-10", STATUS_OK},       {"2025-12", STATUS_OK},      {"1989", STATUS_INVALID},
        {"2100", STATUS_INVALID},     {"202", STATUS_INVALID},     {"20255", STATUS_INVALID},
        {"2025-", STATUS_INVALID},    {"2025-Q", STATUS_INVALID},  {"2025-Q0", STATUS_INVALID},
        {"2025-Q5", STATUS_INVALID},  {"2025-q1", STATUS_INVALID}, {"2025-00", STATUS_INVALID},
        {"2025-13", STATUS_INVALID},  {"2025-7", STATUS_INVALID},  {"2025/07", STATUS_INVALID},
        {"2025-071", STATUS_INVALID}, {"2025-20", STATUS_INVALID}, {"x025", STATUS_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char data[200];
        struct envelope env;
        struct refusal refusal = {0};

        snprintf(data, sizeof data,
                 "{\"measure\":\"m\",\"period\":\"%s\",\"unit\":\"u\",\"numerator\":1,\"denominator\":3}",
                 cases[i].period);
        if (parse("indicator.reported", data, &env, &refusal) != cases[i].status) {
            fail_msg("%s", cases[i].period);
        }
        if (cases[i].status == STATUS_INVALID) {
            assert_string_equal(refusal.sentence,
                                "data.period is no year, quarter or month like 2025, 2025-Q3, 2025-07");
        }
        envelope_clear(&env);
    }
}

#define INDICATOR(members) "{\"measure\":\"m\",\"period\":\"2025\"," members "}"

static void indicator__bad_members__are_refused_by_name(void **state)
{
    static const char top[] = "data.numerator is not an integer from 0 to 2^53";
    static const struct refused_case cases[] = {
        {"{\"period\":\"2025\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_MISSING",
         "data.measure is missing"},
        {"{\"measure\":\"m\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_MISSING",
         "data.period is missing"},
        {INDICATOR("\"numerator\":1,\"denominator\":2"), "MEMBER_MISSING", "data.unit is missing"},
        {INDICATOR("\"unit\":\"u\",\"denominator\":2"), "MEMBER_MISSING", "data.numerator is missing"},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1,\"denominator\":null"), "MEMBER_MISSING",
         "data.denominator is missing"},
        {INDICATOR("\"unit\":\"u\",\"numerator\":\"1\",\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":-1,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":0.5,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1e17,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1,\"denominator\":-1"), "MEMBER_INVALID",
         "data.denominator is not an integer from 0 to 2^53"},
        {INDICATOR("\"unit\":1,\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID",
         "data.unit is not a text of 1 to 128 bytes"},
        {INDICATOR("\"unit\":\"a|b\",\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID", "data.unit holds a '|'"},
        {INDICATOR("\"unit\":\"u\",\"field\":\"|\",\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID",
         "data.field holds a '|'"},
        {"{\"measure\":\"m|\",\"period\":\"2025\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_INVALID",
         "data.measure holds a '|'"},
        {"{\"measure\":\"123456789-123456789-123456789-123456789-123456789-123456789-12345\",\"period\":\"2025\","
         "\"unit\":\"u\",\"numerator\":1,\"denominator\":2}",
         "MEMBER_INVALID", "data.measure is not a text of 1 to 64 bytes"},
    };
    char data[400];
    const struct refused_case too_long = {
        data, "MEMBER_INVALID", "data.measure, period, unit and field with bars between them are 129 bytes, limit 128"};
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_refused("indicator.reported", cases, COUNT(cases));
    /* m|2025|, the unit, | */
    snprintf(data, sizeof data, INDICATOR("\"unit\":\"%0120d\",\"numerator\":1,\"denominator\":2"), 0);
    assert_int_equal(parse("indicator.reported", data, &env, &refusal), STATUS_OK);
    assert_int_equal(strlen(env.key), 128);
    envelope_clear(&env);
    snprintf(data, sizeof data, INDICATOR("\"unit\":\"%0121d\",\"numerator\":1,\"denominator\":2"), 0);
    assert_refused("indicator.reported", &too_long, 1);
}

/* --- memory --- */

static int allocations_left;

static void *scarce_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void record__memory_is_short__asks_to_try_again(void **state)
{
    static const char *const records[] = {
        full, "{\"MaHoSo\":1,\"TrangThaiHoSo\":2,\"MaLinhVuc\":3,\"NgayTra\":20160101,\"DanhSachHoSoBoSung\":[{}]}",
        "{\"MaHoSo\":1,\"TrangThai\":2,\"ThoiDiemXuLy\":20160101}"};
    cJSON_Hooks hooks = {.malloc_fn = scarce_malloc, .free_fn = free};

    (void)state;
    cJSON_InitHooks(&hooks);
    for (size_t i = 0; i < COUNT(records); i++) {
        enum status st = STATUS_RETRY;
        int allowed;

        for (allowed = 0; allowed < 1000 && st != STATUS_OK; allowed++) {
            struct envelope env;
            struct refusal refusal;

            allocations_left = allowed;
            st = parse_record(records[i], &env, &refusal);
            assert_true(st == STATUS_OK || st == STATUS_RETRY);
            envelope_clear(&env);
        }
        assert_int_equal(st, STATUS_OK);
        assert_true(allowed > 10);
    }
    cJSON_InitHooks(NULL);
}

static int use_zone(void **state)
{
    (void)state;
    return clock_use_zone("America/New_York") == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__full__is_taken_apart),
        cmocka_unit_test(record__progress__tells_its_moment_only),
        cmocka_unit_test(record__empty_and_null__are_absent),
        cmocka_unit_test(record__integers__are_taken_as_their_digits),
        cmocka_unit_test(record__long_name__is_cut_at_a_letter),
        cmocka_unit_test(record__due_without_time_of_day__lasts_the_day),
        cmocka_unit_test(record__supplement_ahead_of_the_clock__is_refused),
        cmocka_unit_test(record__bad_members__are_refused_by_name),
        cmocka_unit_test(record__supplement_list__ends_at_its_limit),
        cmocka_unit_test(record__moments_beyond_the_clock__are_refused_but_for_dues),
        cmocka_unit_test(record_time__every_shape__is_read_in_the_zone),
        cmocka_unit_test(indicator__whole__has_its_key),
        cmocka_unit_test(indicator__period__is_a_year_a_quarter_or_a_month),
        cmocka_unit_test(indicator__bad_members__are_refused_by_name),
        cmocka_unit_test(record__memory_is_short__asks_to_try_again),
    };

    return cmocka_run_group_tests_name("envelope_record", tests, use_zone, NULL);
}
