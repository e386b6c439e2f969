/* SPDX-License-Identifier: MIT */
/*
 * mail_header.h - header fields of a message in ASCII: RFC 2047 words for text, RFC 2231 for file names.  Pure.
 *
 * All text must be UTF-8 without control characters (utf8_is_text): that is what keeps a second header, or a body, out
 * of a name or subject.  Lines have at most 76 columns wherever the text allows; write errors show at the stream.
 */
#ifndef NOTIFIER_MAIL_HEADER_H
#define NOTIFIER_MAIL_HEADER_H

#include <stdint.h>
#include <stdio.h>

/* "Name: text", as it is when it is short ASCII, as encoded words otherwise, folded between characters. */
void mail_header_text(FILE *out, const char *name, const char *text);

/* "Name: Display Name <address>"; display NULL or empty: the address alone, which must be ASCII. */
void mail_header_person(FILE *out, const char *name, const char *display, const char *address);

/* "Date: ..." in the local time of this process (clock_use_zone), English names whatever the locale. */
void mail_header_date(FILE *out, int64_t moment_us);

/*
 * "Content-Disposition: attachment" with the name twice: in RFC 2231's form, split over lines, and with '_' for what is
 * not ASCII for readers that do not know it.
 */
void mail_header_attachment(FILE *out, const char *file_name);

#endif
