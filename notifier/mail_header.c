/* SPDX-License-Identifier: MIT */
/* mail_header.c - encoded words, persons, dates, file names. */
#include "notifier/mail_header.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "common/clock.h"
#include "common/utf8.h"

#define COLUMNS 76
#define WORD_MAX 75 /* of an encoded word, RFC 2047 section 2 */
#define WORD_OPEN "=?UTF-8?B?"
#define WORD_CLOSE "?="
#define WORD_FRAME (sizeof WORD_OPEN - 1 + sizeof WORD_CLOSE - 1)
#define NAME_PIECE 48 /* bytes of a percent-encoded file name per line */
/* Characters of a long file name that its ASCII form keeps, from the beginning and (with ".pdf") from the end. */
#define FALLBACK_HEAD 48
#define FALLBACK_TAIL 12

static bool is_printable_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f) {
            return false;
        }
    }
    return true;
}

/* As many bytes as fit an encoded word of `columns`, whole characters, at least one. */
static size_t word_bytes(const char *text, size_t len, size_t columns)
{
    size_t room = (columns - WORD_FRAME) / 4 * 3;

    return utf8_cut(text, len, room);
}

/* Encoded words from column `used` of the first line on; *used becomes the column of the last line. */
static void put_words(FILE *out, const char *text, size_t *used)
{
    size_t len = strlen(text);
    char base64[WORD_MAX + 1];

    while (len > 0) {
        size_t columns = COLUMNS - *used < WORD_MAX ? COLUMNS - *used : WORD_MAX;
        size_t bytes = word_bytes(text, len, columns);

        sodium_bin2base64(base64, sizeof base64, (const unsigned char *)text, bytes, sodium_base64_VARIANT_ORIGINAL);
        *used += (size_t)fprintf(out, "%s%s%s", WORD_OPEN, base64, WORD_CLOSE);
        text += bytes;
        len -= bytes;
        if (len > 0) {
            fputs("\r\n ", out);
            *used = 1;
        }
    }
}

void mail_header_text(FILE *out, const char *name, const char *text)
{
    size_t used = strlen(name) + 2;

    fprintf(out, "%s: ", name);
    /* What looks like an encoded word would be decoded by the reader, so it is encoded itself. */
    if (is_printable_ascii(text) && strstr(text, "=?") == NULL && used + strlen(text) <= COLUMNS) {
        fputs(text, out);
    } else {
        put_words(out, text, &used);
    }
    fputs("\r\n", out);
}

static size_t put_quoted(FILE *out, const char *text)
{
    size_t written = 2;

    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
            written++;
        }
        fputc(*text, out);
        written++;
    }
    fputc('"', out);
    return written;
}

void mail_header_person(FILE *out, const char *name, const char *display, const char *address)
{
    size_t used = strlen(name) + 2;

    fprintf(out, "%s: ", name);
    if (display == NULL || display[0] == '\0') {
        fprintf(out, "%s\r\n", address);
        return;
    }
    /* Escapes may double a name: this one is sure to fit. */
    if (is_printable_ascii(display) && used + 2 * strlen(display) + 2 <= COLUMNS) {
        used += put_quoted(out, display);
    } else {
        put_words(out, display, &used);
    }
    fprintf(out, "%s<%s>\r\n", used + strlen(address) + 3 <= COLUMNS ? " " : "\r\n ", address);
}

void mail_header_date(FILE *out, int64_t moment_us)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t moment = (time_t)(moment_us / CLOCK_SECOND_US);
    struct tm local;
    long offset_min;

    if (localtime_r(&moment, &local) == NULL) {
        gmtime_r(&(time_t){0}, &local);
    }
    offset_min = labs(local.tm_gmtoff) / 60;
    fprintf(out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02ld%02ld\r\n", days[local.tm_wday], local.tm_mday,
            months[local.tm_mon], local.tm_year + 1900, local.tm_hour, local.tm_min, local.tm_sec,
            local.tm_gmtoff < 0 ? '-' : '+', offset_min / 60, offset_min % 60);
}

/* The characters of RFC 2231's attribute-char that file names have; all others are percent-encoded. */
static bool is_plain(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("-._~", c) != NULL);
}

static void put_percent(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        fprintf(out, is_plain(text[i]) ? "%c" : "%%%02X", (unsigned char)text[i]);
    }
}

/* Whole characters of at most NAME_PIECE bytes when percent-encoded. */
static size_t name_piece(const char *text, size_t len)
{
    size_t taken = 0;
    size_t columns = 0;

    while (taken < len) {
        size_t bytes = 1;
        size_t width = 0;

        while (taken + bytes < len && ((unsigned char)text[taken + bytes] & 0xc0) == 0x80) {
            bytes++;
        }
        for (size_t i = 0; i < bytes; i++) {
            width += is_plain(text[taken + i]) ? 1 : 3;
        }
        if (columns + width > NAME_PIECE) {
            break;
        }
        columns += width;
        taken += bytes;
    }
    return taken;
}

static void put_extended_name(FILE *out, const char *name)
{
    size_t len = strlen(name);
    size_t bytes = name_piece(name, len);

    if (bytes == len) {
        fputs(";\r\n filename*=UTF-8''", out);
        put_percent(out, name, len);
        return;
    }
    for (int part = 0; len > 0; part++) {
        bytes = name_piece(name, len);
        fprintf(out, ";\r\n filename*%d*=%s", part, part == 0 ? "UTF-8''" : "");
        put_percent(out, name, bytes);
        name += bytes;
        len -= bytes;
    }
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

/* One '_' for each character beyond ASCII, and for what quotes would have to protect; the middle of a long one left
 * out. */
static void put_fallback_name(FILE *out, const char *name)
{
    size_t left = characters(name);
    size_t written = 0;

    fputs(";\r\n filename=\"", out);
    for (; *name != '\0'; name++) {
        unsigned char c = (unsigned char)*name;

        if ((c & 0xc0) == 0x80) {
            continue;
        }
        if (written < FALLBACK_HEAD || left <= FALLBACK_TAIL) {
            fputc(c < 0x20 || c >= 0x7f || c == '"' || c == '\\' ? '_' : c, out);
            written++;
        }
        left--;
    }
    fputc('"', out);
}

void mail_header_attachment(FILE *out, const char *file_name)
{
    fputs("Content-Disposition: attachment", out);
    /* The full name first: of two names readers take the first that they understand. */
    put_extended_name(out, file_name);
    put_fallback_name(out, file_name);
    fputs("\r\n", out);
}
