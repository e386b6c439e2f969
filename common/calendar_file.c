/* SPDX-License-Identifier: MIT */
/* calendar_file.c - see calendar_file.h: the parts in which a calendar is kept, and reading its bytes. */
#include "common/calendar_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/calendar_reader.h"

const char *calendar_file_name(const struct calendar_file *self)
{
    return self->name;
}

int calendar_file_first_year(const struct calendar_file *self)
{
    return self->first_year;
}

int calendar_file_last_year(const struct calendar_file *self)
{
    return self->last_year;
}

const char *calendar_file_text(const struct calendar_file *self)
{
    return self->text;
}

const struct calendar_file_hours *calendar_file_hours(const struct calendar_file *self, size_t *count)
{
    *count = self->hours_count;
    return self->hours;
}

const struct calendar_file_day *calendar_file_days(const struct calendar_file *self, size_t *count)
{
    *count = self->day_count;
    return self->days;
}

void calendar_file_destroy(struct calendar_file **self_p)
{
    if (*self_p != NULL) {
        free((*self_p)->text);
        free((*self_p)->hours);
        free((*self_p)->days);
        free(*self_p);
        *self_p = NULL;
    }
}

/* Length of the UTF-8 character that text begins with, 0 when it is none (overlong, surrogate, cut off). */
static size_t character_len(const unsigned char *text, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = text[0] < 0x80   ? 1
                  : text[0] < 0xc2 ? 0
                  : text[0] < 0xe0 ? 2
                  : text[0] < 0xf0 ? 3
                  : text[0] < 0xf5 ? 4
                                   : 0;
    uint32_t point = size < 2 ? text[0] : text[0] & (0x7fU >> size);

    if (size > len) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0U) != 0x80U) {
            return 0;
        }
        point = point << 6 | (text[i] & 0x3fU);
    }
    return size == 0 || point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? 0 : size;
}

/* What is stored must be text to PostgreSQL, and what is shown must not paint the terminal. */
static enum status check_bytes(const char *called, const char *text, size_t len, char error[CALENDAR_FILE_ERROR_SIZE])
{
    const unsigned char *bytes = (const unsigned char *)text;
    int line = 1;

    for (size_t at = 0; at < len;) {
        size_t size = character_len(bytes + at, len - at);
        bool control = (bytes[at] < 0x20 && strchr("\t\r\n", bytes[at]) == NULL) || bytes[at] == 0x7f;

        if (size == 0 || control || bytes[at] == '\0') {
            snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s:%d: line: %s", called, line,
                     size == 0 ? "is not UTF-8" : "holds a control character");
            return STATUS_INVALID;
        }
        line += bytes[at] == '\n';
        at += size;
    }
    return STATUS_OK;
}

enum status calendar_file_parse(struct calendar_file **self_p, const char *called, const char *text, size_t len,
                                char error[CALENDAR_FILE_ERROR_SIZE])
{
    struct calendar_file *self;
    enum status st = check_bytes(called, text, len, error);

    *self_p = NULL;
    if (st != STATUS_OK) {
        return st;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL || (self->text = malloc(len + 1)) == NULL) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: memory is short", called);
        calendar_file_destroy(&self);
        return STATUS_RETRY;
    }
    memcpy(self->text, text, len);
    self->text[len] = '\0';
    st = calendar_reader_run(self, called, error);
    if (st != STATUS_OK) {
        calendar_file_destroy(&self);
    }
    *self_p = self;
    return st;
}

enum status calendar_file_read(struct calendar_file **self_p, const char *path, char error[CALENDAR_FILE_ERROR_SIZE])
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t len;
    enum status st = STATUS_INVALID;

    *self_p = NULL;
    if (file == NULL) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: %s", path, strerror(errno));
        return STATUS_INVALID;
    }
    text = malloc(CALENDAR_FILE_MAX_LEN + 1);
    if (text == NULL) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: memory is short", path);
        st = STATUS_RETRY;
        goto done;
    }
    len = fread(text, 1, CALENDAR_FILE_MAX_LEN + 1, file);
    if (ferror(file) != 0) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: %s", path, strerror(errno));
    } else if (len > CALENDAR_FILE_MAX_LEN) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: is longer than %d bytes", path, CALENDAR_FILE_MAX_LEN);
    } else {
        st = calendar_file_parse(self_p, path, text, len, error);
    }
done:
    free(text);
    fclose(file);
    return st;
}
