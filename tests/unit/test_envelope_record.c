/* SPDX-License-Identifier: MIT */
/*
 * test_envelope_record.c - synced records taken apart: members, what is absent, and short memory.  Moments expected
 * were computed apart from this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/json.h"
#include "tests/support/event_case.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__full__is_taken_apart),
        cmocka_unit_test(record__progress__tells_its_moment_only),
        cmocka_unit_test(record__empty_and_null__are_absent),
        cmocka_unit_test(record__integers__are_taken_as_their_digits),
        cmocka_unit_test(record__long_name__is_cut_at_a_letter),
        cmocka_unit_test(record__due_without_time_of_day__lasts_the_day),
        cmocka_unit_test(record__memory_is_short__asks_to_try_again),
    };

    return cmocka_run_group_tests_name("envelope_record", tests, use_new_york, NULL);
}
