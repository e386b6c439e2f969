/* SPDX-License-Identifier: MIT */
/*
 * test_envelope_record_refused.c - synced records that are refused, by the name of the member, and what just passes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/event_case.h"

#define MOMENT_SENTENCE " is no moment of 1990 to 2099 as RFC 3339, yyyy-MM-dd[ HH:mm:ss] or yyyyMMdd[HHmmss]"

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
         "data.NgayTiepNhan 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says 2016-01-13T08:00:00Z"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayNopHoSo\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayNopHoSo 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says 2016-01-13T08:00:00Z"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayKetThucXuLy\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayKetThucXuLy 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says "
         "2016-01-13T08:00:00Z"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTra\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayTra 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says 2016-01-13T08:00:00Z"},
        {"{\"MaHoSo\":\"D\",\"TrangThaiHoSo\":1,\"NgayTuChoi\":\"2016-01-13T08:00:01Z\"}",
         "data.NgayTuChoi 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says 2016-01-13T08:00:00Z"},
        {"{\"MaHoSo\":\"D\",\"TrangThai\":1,\"ThoiDiemXuLy\":\"2016-01-13T08:00:01Z\"}",
         "data.ThoiDiemXuLy 2016-01-13T08:00:01Z is more than 0 s ahead of the clock, which says 2016-01-13T08:00:00Z"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__supplement_ahead_of_the_clock__is_refused),
        cmocka_unit_test(record__bad_members__are_refused_by_name),
        cmocka_unit_test(record__supplement_list__ends_at_its_limit),
        cmocka_unit_test(record__moments_beyond_the_clock__are_refused_but_for_dues),
    };

    return cmocka_run_group_tests_name("envelope_record_refused", tests, use_new_york, NULL);
}
