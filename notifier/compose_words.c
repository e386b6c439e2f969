/* SPDX-License-Identifier: MIT */
/* compose_words.c - the words of messages to officials. */
#include "notifier/compose_words.h"

#include <string.h>

const struct compose_kind compose_kinds[] = {
    {"letter_late",
     COMPOSE_LETTERS,
     {"{1} apology letters past their deadline", "{1} thư xin lỗi quá thời hạn gửi"},
     {"Apology letters past their deadline", "Thư xin lỗi quá thời hạn gửi"},
     {"The deadline of these letters has passed and none was sent.", "Đã quá thời hạn gửi mà thư chưa được gửi."}},
    {"letter_owed",
     COMPOSE_LETTERS,
     {"{1} apology letters owed", "{1} thư xin lỗi phải gửi"},
     {"Apology letters owed", "Thư xin lỗi phải gửi"},
     {"The promise was missed, so the citizen is owed a letter.",
      "Hồ sơ đã trễ hẹn, người dân phải được gửi thư xin lỗi."}},
    {"due_now",
     COMPOSE_DOSSIERS,
     {"{1} due now", "{1} hồ sơ đến hạn"},
     {"Due now", "Đến hạn trả kết quả"},
     {"The appointment is reached and no result was reported.", "Đã đến ngày giờ hẹn trả mà chưa có kết quả."}},
    {"due_3_hours",
     COMPOSE_DOSSIERS,
     {"{1} due within hours", "{1} hồ sơ đến hạn trong vài giờ"},
     {"Due within hours", "Đến hạn trong vài giờ làm việc"},
     {"A last call: few working hours are left until the appointment.",
      "Nhắc lần cuối: chỉ còn vài giờ làm việc là đến hạn trả."}},
    {"due_1_day",
     COMPOSE_DOSSIERS,
     {"{1} due within a day", "{1} hồ sơ đến hạn trong một ngày"},
     {"Due within a working day", "Đến hạn trong một ngày làm việc"},
     {"The appointment is near. If it cannot be kept, write the letter now.",
      "Sắp đến ngày hẹn trả. Nếu không kịp, hãy soạn thư xin lỗi ngay từ bây giờ."}},
    {"due_3_days",
     COMPOSE_DOSSIERS,
     {"{1} due within days", "{1} hồ sơ sắp đến hạn"},
     {"Due within days", "Sắp đến hạn trong vài ngày làm việc"},
     {"A first call, while there is time to act.", "Nhắc lần đầu, khi còn thời gian để xử lý."}},
    {"overdue_daily",
     COMPOSE_DOSSIERS,
     {"{1} overdue", "{1} hồ sơ quá hạn"},
     {"Overdue", "Hồ sơ quá hạn"},
     {"Told each working day until they end.", "Thông báo mỗi ngày làm việc cho đến khi xử lý xong."}},
    {"target.fell",
     COMPOSE_TARGETS,
     {"{1} targets missed", "{1} chỉ tiêu không đạt"},
     {"Targets missed", "Chỉ tiêu không đạt"},
     {"The figure fell under its target.", "Không còn đạt chỉ tiêu."}},
    {"target.forecast",
     COMPOSE_TARGETS,
     {"{1} targets at risk", "{1} chỉ tiêu có nguy cơ không đạt"},
     {"Targets at risk", "Chỉ tiêu có nguy cơ không đạt"},
     {"At the present pace the target will be missed.", "Với tiến độ hiện nay, chỉ tiêu sẽ không đạt."}},
    {"target.recovered",
     COMPOSE_TARGETS,
     {"{1} targets met again", "{1} chỉ tiêu đạt trở lại"},
     {"Targets met again", "Chỉ tiêu đạt trở lại"},
     {"The figure is above its target again.", "Tỷ lệ đã đạt chỉ tiêu trở lại."}},
    {"test",
     COMPOSE_DOSSIERS,
     {"{1} test message", "{1} thông báo thử"},
     {"A test", "Thông báo thử"},
     {"An operator asked for it, to see that this address is reached.",
      "Người vận hành gửi để kiểm tra địa chỉ này có nhận được không."}},
};
const size_t compose_kind_count = sizeof compose_kinds / sizeof *compose_kinds;

const char *compose_role(enum compose_lang lang, const char *role)
{
    static const struct {
        const char *role;
        const char *shown[COMPOSE_LANGS];
    } roles[] = {
        {"officer", {"officer", "chuyên viên xử lý"}},
        {"head", {"head", "lãnh đạo"}},
        {"one_stop", {"one-stop shop", "bộ phận một cửa"}},
        {"oversight", {"oversight", "người theo dõi, giám sát"}},
    };

    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (strcmp(roles[i].role, role) == 0) {
            return roles[i].shown[lang];
        }
    }
    return role;
}

const char *compose_word(enum compose_lang lang, enum compose_word word)
{
    static const char *const words[COMPOSE_WORDS][COMPOSE_LANGS] = {
        [COMPOSE_DOSSIER] = {"dossier", "mã hồ sơ"},
        [COMPOSE_UNIT] = {"unit", "đơn vị"},
        [COMPOSE_FIELD] = {"field", "lĩnh vực"},
        [COMPOSE_DUE] = {"appointment", "hạn trả"},
        [COMPOSE_DEADLINE] = {"letter by", "hạn gửi thư"},
        [COMPOSE_LETTER_NO] = {"letter no.", "số thư"},
        [COMPOSE_MEASURE] = {"measure", "chỉ tiêu"},
        [COMPOSE_RATE] = {"now", "hiện tại"},
        [COMPOSE_TARGET] = {"target", "mức giao"},
        [COMPOSE_MISSING] = {"short by", "còn thiếu"},
        [COMPOSE_PERIOD] = {"period", "kỳ"},
        [COMPOSE_DIGEST] = {"Overdue on {1}", "Hồ sơ quá hạn ngày {1}"},
        [COMPOSE_LETTERS_LINE] = {"Apology letters to be sent: {1}, of these past their deadline: {2}.",
                                  "Thư xin lỗi còn phải gửi: {1}, trong đó quá thời hạn gửi: {2}."},
        [COMPOSE_MORE] = {"… and {1} more.", "… và {1} dòng nữa."},
        [COMPOSE_REASON] =
            {"You get this as {1} of {2}. Sent by Kịp Thời; replies are not read.",
             "Ông (bà) nhận thư này với vai trò {1} của {2}. Thư do Kịp Thời gửi tự động, xin không trả lời."},
    };

    return words[word][lang];
}
