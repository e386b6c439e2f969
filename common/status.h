/* SPDX-License-Identifier: MIT */
/*
 * status.h - what every function that can fail returns: what the caller should do about it.
 */
#ifndef COMMON_STATUS_H
#define COMMON_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))

enum status {
    STATUS_OK = 0,
    STATUS_INVALID,   /* the input's fault: answer it, do not retry */
    STATUS_DUPLICATE, /* already done: acknowledge again */
    STATUS_RETRY,     /* ours or the database's fault, may pass: back off */
    STATUS_FATAL      /* cannot go on: log and exit */
};

#endif
