/* SPDX-License-Identifier: MIT */
/*
 * recipient_file.h - whom alerts go to, as a CSV file: unit,role,channel,address,hours,lang,secret_file
 * (docs/alerts.md), and the checks of one recipient.
 */
#ifndef CLI_RECIPIENT_FILE_H
#define CLI_RECIPIENT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/csv_file.h"
#include "cli/mistakes.h"
#include "common/status.h"

struct recipient_line {
    int64_t line; /* of the file, from 1 */
    const char *unit;
    const char *role;
    const char *channel;     /* "email" or "webhook" */
    const char *address;     /* of mail, or a URL */
    const char *hours;       /* "work" or "always"; "": as the channel has it */
    const char *lang;        /* "vi" or "en"; "": vi */
    const char *secret_file; /* files of a webhook's keys, separated by blanks; "": one is made */
};

/*
 * Checks everything but the unit, and fills in what is "".  allow: ranges of addresses that webhooks may lead to
 * besides public ones (webhook_url.h).  STATUS_INVALID: error is a sentence that names the column.
 */
enum status recipient_check(struct recipient_line *line, const char *allow, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;

struct recipient_file;

/*
 * Every line is checked by recipient_check; none may stand twice.  STATUS_INVALID: what is wrong is added to mistakes,
 * and *self_p holds the other lines, so that they can be looked at further.  STATUS_RETRY: memory is short, *self_p is
 * NULL.
 */
enum status recipient_file_read(struct recipient_file **self_p, const char *path, const char *allow,
                                struct mistakes *mistakes) MUST_CHECK;
void recipient_file_destroy(struct recipient_file **self_p);

/* In the order of the file. */
size_t recipient_file_count(const struct recipient_file *self);
const struct recipient_line *recipient_file_line(const struct recipient_file *self, size_t index);

#endif
