/* SPDX-License-Identifier: MIT */
/*
 * mail_address.h - which e-mail addresses are taken.  Pure.
 */
#ifndef NOTIFIER_MAIL_ADDRESS_H
#define NOTIFIER_MAIL_ADDRESS_H

#include <stdbool.h>

#include "common/status.h"

#define MAIL_ADDRESS_SIZE 255 /* 254 bytes, RFC 5321 with its erratum 1690 */
#define MAIL_ADDRESS_ERROR_SIZE 512

/*
 * Reads "local@domain" and writes it in ASCII: a domain with letters beyond ASCII becomes its xn-- form (IDNA).
 * STATUS_INVALID with a sentence naming the address: not exactly one '@', quoted or non-ASCII local part (SMTPUTF8 is
 * not spoken), an address literal, labels that are no names, or too long.
 */
enum status mail_address_parse(const char *text, char ascii[MAIL_ADDRESS_SIZE],
                               char error[MAIL_ADDRESS_ERROR_SIZE]) MUST_CHECK;

/* True for a name of letters, digits and hyphens in labels of 1..63, 253 in all, as DNS and SMTP take it. */
bool mail_domain_is_valid(const char *domain);

#endif
