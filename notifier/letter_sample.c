/* SPDX-License-Identifier: MIT */
/* letter_sample.c - see letter_sample.h. */
#include "notifier/letter_sample.h"

static const struct letter sample = {
    .text = {
        [LETTER_NUMBER] = "123/VD-TXL",
        [LETTER_PLACE] = "Ví Dụ",
        [LETTER_DATE] = "ngày 05 tháng 8 năm 2025",
        [LETTER_PARENT_UNIT] = "Ủy ban nhân dân thành phố Ví Dụ",
        [LETTER_UNIT] = "Ủy ban nhân dân phường Ví Dụ",
        [LETTER_ADDRESSEE] = "Nguyễn Văn A",
        [LETTER_ADDRESS] = "số 1, đường Ví Dụ, phường Ví Dụ, thành phố Ví Dụ",
        [LETTER_PHONE] = "0000 000 000",
        [LETTER_EMAIL] = "nguyenvana@example.com",
        [LETTER_PROCEDURE_NAME] = "Thủ tục ví dụ về đăng ký biến động quyền sử dụng đất",
        [LETTER_PROCEDURE] = "0.000000",
        [LETTER_FIELD] = "Đất đai",
        [LETTER_DOSSIER] = "VD00-250715-0001",
        [LETTER_RECEIPT] = "VD-0001/BN",
        [LETTER_RECEIVED] = "08 giờ 15 phút, ngày 15 tháng 7 năm 2025",
        [LETTER_DUE] = "17 giờ 00 phút, ngày 05 tháng 8 năm 2025",
        [LETTER_STATE] = "đang lấy ý kiến của cơ quan phối hợp",
        [LETTER_REASON] = "cần thêm thời gian xác minh nguồn gốc sử dụng đất",
        [LETTER_UNIT_IN_CHARGE] = "Phòng chuyên môn Ví Dụ",
        [LETTER_NEW_DUE] = "16 giờ 30 phút, ngày 12 tháng 8 năm 2025",
        [LETTER_NEW_DUE_PLACE] = "Trung tâm Phục vụ hành chính công phường Ví Dụ",
        [LETTER_EXTENSION_NUMBER] = "01",
        [LETTER_ON_BEHALF] = "KT. Chủ tịch",
        [LETTER_SIGNER_TITLE] = "Phó Chủ tịch",
        [LETTER_SIGNER] = "Trần Thị B",
        [LETTER_RECIPIENTS] = "- Như trên;\n- Trung tâm Phục vụ hành chính công;\n- Lưu: VT.",
        [LETTER_CHANNEL] = "gửi qua thư điện tử",
    }};

void letter_sample(struct letter *letter)
{
    *letter = sample;
}
