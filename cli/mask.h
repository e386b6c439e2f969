/* SPDX-License-Identifier: MIT */
/*
 * mask.h - a person's data as they are shown to those who need to know only whether they are right.
 */
#ifndef CLI_MASK_H
#define CLI_MASK_H

#include <stddef.h>

/* All return out, cut at a character when it is too small. */

/* "N*** V** A." of "Nguyen Van An": initials, at most three stars for the rest, the last word as an initial. */
const char *mask_name(const char *name, char *out, size_t size);
/* "***678": the last three digits of seven or more, else stars alone. */
const char *mask_phone(const char *phone, char *out, size_t size);
/* "n***@example.org"; what is no address is stars alone. */
const char *mask_email(const char *email, char *out, size_t size);

#endif
