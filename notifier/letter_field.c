/* SPDX-License-Identifier: MIT */
/* letter_field.c - see letter_field.h. */
#include "notifier/letter_field.h"

#include <stdio.h>
#include <string.h>

/* The longest name of a procedure in the national catalogue has 1,094 characters. */
static const struct letter_field_info fields[LETTER_FIELD_END] = {
    [LETTER_NUMBER] = {"number", "Số, ký hiệu văn bản", "letter number", .max_chars = 60, .code = true},
    [LETTER_PLACE] = {"place", "Địa danh", "place of issue", .max_chars = 80},
    [LETTER_DATE] = {"date", "Ngày ban hành", "date of issue", .max_chars = 80},
    [LETTER_PARENT_UNIT] = {"parent_unit", "Cơ quan chủ quản", "parent unit", .max_chars = 250},
    [LETTER_UNIT] = {"unit", "Cơ quan ban hành", "issuing unit", .max_chars = 250},
    [LETTER_ADDRESSEE] = {"addressee", "Họ tên người nhận", "addressee", .max_chars = 250},
    [LETTER_ADDRESS] = {"address", "Địa chỉ", "address", .max_chars = 400},
    [LETTER_PHONE] = {"phone", "Số điện thoại", "phone", .max_chars = 40, .code = true},
    [LETTER_EMAIL] = {"email", "Thư điện tử", "e-mail", .max_chars = 254, .code = true},
    [LETTER_PROCEDURE_NAME] = {"procedure_name", "Tên thủ tục hành chính", "name of the procedure", .max_chars = 1500},
    [LETTER_PROCEDURE] = {"procedure", "Mã thủ tục hành chính", "code of the procedure", .max_chars = 60, .code = true},
    [LETTER_FIELD] = {"field", "Lĩnh vực", "field", .max_chars = 250},
    [LETTER_DOSSIER] = {"dossier", "Mã hồ sơ", "dossier code", .max_chars = 128, .code = true},
    [LETTER_RECEIPT] = {"receipt", "Số biên nhận", "receipt number", .max_chars = 128, .code = true},
    [LETTER_RECEIVED] = {"received", "Thời điểm tiếp nhận", "received at", .max_chars = 80},
    [LETTER_DUE] = {"due", "Thời hạn trả kết quả", "due", .max_chars = 80},
    [LETTER_STATE] = {"state", "Tình trạng hồ sơ", "state of the dossier", .max_chars = 400},
    [LETTER_REASON] = {"reason", "Lý do trễ hạn", "reason for the delay", .max_chars = 1500},
    [LETTER_UNIT_IN_CHARGE] = {"unit_in_charge", "Cơ quan, đơn vị chịu trách nhiệm", "unit in charge",
                               .max_chars = 250},
    [LETTER_NEW_DUE] = {"new_due", "Thời gian hẹn lại", "new appointment", .max_chars = 80},
    [LETTER_NEW_DUE_PLACE] = {"new_due_place", "Địa điểm trả kết quả", "place of the new appointment",
                              .max_chars = 400},
    [LETTER_EXTENSION_NUMBER] = {"extension_number", "Lần gia hạn", "number of the extension", .max_chars = 20,
                                 .code = true},
    [LETTER_ON_BEHALF] = {"on_behalf", "Ký thay, thừa lệnh", "signed on behalf of", .max_chars = 120},
    [LETTER_SIGNER_TITLE] = {"signer_title", "Chức vụ người ký", "title of the signer", .max_chars = 120},
    [LETTER_SIGNER] = {"signer", "Họ tên người ký", "signer", .max_chars = 120},
    [LETTER_RECIPIENTS] = {"recipients", "Nơi nhận", "recipients", .max_chars = 800, .lines = true},
    [LETTER_CHANNEL] = {"channel", "Hình thức gửi", "channel", .max_chars = 120},
};

const struct letter_field_info *letter_field_info(enum letter_field field)
{
    return &fields[field];
}

enum letter_field letter_field_find(const char *name, size_t len)
{
    enum letter_field field = 0;

    while (field < LETTER_FIELD_END &&
           (strlen(fields[field].name) != len || memcmp(fields[field].name, name, len) != 0)) {
        field++;
    }
    return field;
}

const char *letter_field_names(char out[LETTER_FIELD_NAMES_SIZE])
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < LETTER_FIELD_END && used < LETTER_FIELD_NAMES_SIZE; i++) {
        used += (size_t)snprintf(out + used, LETTER_FIELD_NAMES_SIZE - used, "%s%s", i == 0 ? "" : " ", fields[i].name);
    }
    return out;
}
