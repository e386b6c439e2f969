/* SPDX-License-Identifier: MIT */
/*
 * letter_moment.h - moments as official Vietnamese letters write them, in the zone of the process.
 *
 * Days below 10 and the months January and February get a leading zero, the other months do not (the convention of
 * Nghị định 30/2020/NĐ-CP): 05 tháng 8, 15 tháng 02.
 */
#ifndef NOTIFIER_LETTER_MOMENT_H
#define NOTIFIER_LETTER_MOMENT_H

#include <stdint.h>

#define LETTER_MOMENT_SIZE 128

/* "14 giờ 30 phút, ngày 05 tháng 8 năm 2025"; seconds are left out.  Returns out. */
const char *letter_moment_text(int64_t moment_us, char out[LETTER_MOMENT_SIZE]);

/* "ngày 05 tháng 8 năm 2025".  Returns out. */
const char *letter_moment_date(int64_t moment_us, char out[LETTER_MOMENT_SIZE]);

/* "TP. Hồ Chí Minh, ngày 05 tháng 8 năm 2025"; a place that is too long is cut at a character.  Returns out. */
const char *letter_moment_place_date(const char *place, int64_t moment_us, char out[LETTER_MOMENT_SIZE]);

/* The year of the local day, which is that of the register. */
int16_t letter_moment_year(int64_t moment_us);

#endif
