/* SPDX-License-Identifier: MIT */
/*
 * envelope_parts.h - what the files that take events apart share: envelope.c, envelope_members.c, envelope_record.c,
 * envelope_indicator.c.  Not for others.
 *
 * Members are named in sentences with the prefix of the object they stand in: "" or "data.".
 */
#ifndef COMMON_ENVELOPE_PARTS_H
#define COMMON_ENVELOPE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/envelope.h"
#include "common/log.h"

/* Place of a member in struct envelope; NOT_KEPT: checked only. */
#define NOT_KEPT SIZE_MAX
#define KEPT(member) offsetof(struct envelope, member)

#define ENVELOPE_NUMBER_MAX 9007199254740992.0 /* 2^53 */

/* A code is a key somewhere: it holds no control characters.  A name may hold anything. */
enum text_use { TEXT_CODE, TEXT_NAME };

struct text_rule {
    const char *name;
    size_t max_len;
    size_t at;
    bool required;
    enum text_use use;
};

struct moment_rule {
    const char *name;
    size_t at;
    bool required;
};

/* Writes the refusal down; always STATUS_INVALID. */
enum status envelope_refuse(struct refusal *refusal, const char *code, const char *fmt, ...) PRINTF_LIKE(3, 4);

bool envelope_has_control(const char *text);
/* True when the number is an integer from 0 to 2^53. */
bool envelope_is_count(double number, int64_t *count);

/* Read members by rule into env; null counts as absent. */
enum status envelope_text(const cJSON *object, const char *prefix, const struct text_rule *rule, struct envelope *env,
                          struct refusal *refusal) MUST_CHECK;
enum status envelope_texts(const cJSON *object, const char *prefix, const struct text_rule *rules, size_t count,
                           struct envelope *env, struct refusal *refusal) MUST_CHECK;
enum status envelope_moment(const cJSON *object, const char *prefix, const struct moment_rule *rule,
                            struct envelope *env, struct refusal *refusal) MUST_CHECK;

/* The data of a `synced` event; data becomes part of what env borrows.  STATUS_RETRY: memory is short. */
enum status envelope_record_read(cJSON *data, struct envelope *env, struct refusal *refusal) MUST_CHECK;

/* The data of an `indicator.reported` event. */
enum status envelope_indicator_read(const cJSON *data, struct envelope *env, struct refusal *refusal) MUST_CHECK;

#endif
