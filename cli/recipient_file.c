/* SPDX-License-Identifier: MIT */
/* recipient_file.c - see recipient_file.h. */
#include "cli/recipient_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ladder_file.h"
#include "notifier/mail_address.h"
#include "notifier/webhook_url.h"

#define CODE_MAX_LEN 128
#define WORD_MAX_LEN 64
#define ADDRESS_MAX_LEN 1024
#define FILES_MAX_LEN 2048
#define LINES_MAX 20000

enum {
    UNIT,
    ROLE,
    CHANNEL,
    ADDRESS,
    HOURS,
    LANG,
    SECRET_FILE,
    READ,
    ID = READ,
    SENT,
    WAITING,
    NOTICES,
    STUCK,
    LAST_SENT,
    PAUSED,
    DISABLED,
    COLUMNS
};
/* From "id" on: what the list prints besides. */
static const struct csv_column columns[COLUMNS] = {
    [UNIT] = {"unit", NULL, true, CODE_MAX_LEN},
    [ROLE] = {"role", NULL, true, WORD_MAX_LEN},
    [CHANNEL] = {"channel", NULL, true, WORD_MAX_LEN},
    [ADDRESS] = {"address", NULL, true, ADDRESS_MAX_LEN},
    [HOURS] = {"hours", NULL, false, WORD_MAX_LEN},
    [LANG] = {"lang", NULL, false, WORD_MAX_LEN},
    [SECRET_FILE] = {"secret_file", NULL, false, FILES_MAX_LEN},
    [ID] = {"id", NULL, false, 0},
    [SENT] = {"sent", NULL, false, 0},
    [WAITING] = {"waiting", NULL, false, 0},
    [NOTICES] = {"notices", NULL, false, 0},
    [STUCK] = {"stuck", NULL, false, 0},
    [LAST_SENT] = {"last_sent", NULL, false, 0},
    [PAUSED] = {"paused_until", NULL, false, 0},
    [DISABLED] = {"disabled", NULL, false, 0},
};

struct recipient_file {
    struct recipient_line *lines;
    char **cells; /* READ of each line; owned */
    size_t count;
    size_t room;
};

static enum status refuse(char error[CSV_FILE_ERROR_SIZE], const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static enum status refuse(char error[CSV_FILE_ERROR_SIZE], const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    vsnprintf(error, CSV_FILE_ERROR_SIZE, fmt, list);
    va_end(list);
    return STATUS_INVALID;
}

static enum status check_email(const struct recipient_line *line, char *error)
{
    char ascii[MAIL_ADDRESS_SIZE];
    char why[MAIL_ADDRESS_ERROR_SIZE];

    if (mail_address_parse(line->address, ascii, why) != STATUS_OK) {
        return refuse(error, "address: %s", why);
    }
    if (line->secret_file[0] != '\0') {
        return refuse(error, "secret_file: keys are for webhooks; mail has none");
    }
    return STATUS_OK;
}

static enum status check_webhook(const struct recipient_line *line, const char *allow, char *error)
{
    static struct webhook_url url; /* large */
    struct address_allow ranges;
    char why[ADDRESS_ERROR_SIZE];
    char url_why[WEBHOOK_URL_ERROR_SIZE];
    const char *host_why;
    enum status st;

    if (strlen(line->address) > ADDRESS_MAX_LEN) {
        return refuse(error, "address: the URL is longer than %d bytes", ADDRESS_MAX_LEN);
    }
    if (address_allow_parse(allow, &ranges, why) != STATUS_OK) {
        return refuse(error, "notifier.webhook_allow: %s", why);
    }
    st = webhook_url_parse(line->address, &ranges, &url, url_why);
    if (st != STATUS_OK) {
        return st == STATUS_INVALID ? refuse(error, "address: %s", url_why) : st;
    }
    if (!webhook_url_admits_host(&url, &ranges, &host_why)) {
        return refuse(error, "address: %s %s; notifier.webhook_allow opens it", url.host, host_why);
    }
    return STATUS_OK;
}

static bool is_either(const char *text, const char *one, const char *other)
{
    return strcmp(text, one) == 0 || strcmp(text, other) == 0;
}

enum status recipient_check(struct recipient_line *line, const char *allow, char error[CSV_FILE_ERROR_SIZE])
{
    bool webhook = strcmp(line->channel, "webhook") == 0;

    if (!ladder_is_role(line->role, strlen(line->role))) {
        return refuse(error,
                      line->role[0] == '\0'
                          ? "role: is empty%s"
                          : "role: \"%s\" is no role like officer, head or one_stop: lower-case letters and _ only",
                      line->role);
    }
    if (!is_either(line->channel, "email", "webhook")) {
        return refuse(error,
                      line->channel[0] == '\0' ? "channel: is empty%s" : "channel: \"%s\" is neither email nor webhook",
                      line->channel);
    }
    if (line->address[0] == '\0') {
        return refuse(error, "address: is empty");
    }
    if (line->hours[0] == '\0') {
        line->hours = webhook ? "always" : "work";
    }
    if (line->lang[0] == '\0') {
        line->lang = "vi";
    }
    if (!is_either(line->hours, "work", "always")) {
        return refuse(error, "hours: \"%s\" is neither work nor always", line->hours);
    }
    if (!is_either(line->lang, "vi", "en")) {
        return refuse(error, "lang: \"%s\" is neither vi nor en", line->lang);
    }
    return webhook ? check_webhook(line, allow, error) : check_email(line, error);
}

static enum status make_room(struct recipient_file *self)
{
    size_t room = self->room == 0 ? 64 : self->room * 2;
    struct recipient_line *lines;
    char **cells;

    if (self->count < self->room) {
        return STATUS_OK;
    }
    lines = reallocarray(self->lines, room, sizeof *lines);
    if (lines == NULL) {
        return STATUS_RETRY;
    }
    self->lines = lines;
    cells = reallocarray(self->cells, room * READ, sizeof *cells);
    if (cells == NULL) {
        return STATUS_RETRY;
    }
    self->cells = cells;
    self->room = room;
    return STATUS_OK;
}

static enum status copy_cells(struct recipient_file *self, const char **cells)
{
    char **own = self->cells + self->count * READ;
    enum status st = STATUS_OK;

    for (int i = 0; i < READ; i++) {
        own[i] = strdup(cells[i]);
        st = own[i] == NULL ? STATUS_RETRY : st;
    }
    self->count++;
    return st;
}

static void drop_last(struct recipient_file *self)
{
    self->count--;
    for (int i = 0; i < READ; i++) {
        free(self->cells[self->count * READ + (size_t)i]);
    }
}

/* The line before this one that names the same recipient; NULL when there is none. */
static const struct recipient_line *find_same(const struct recipient_file *self, const struct recipient_line *line)
{
    for (const struct recipient_line *other = self->lines; other != line; other++) {
        if (strcmp(other->address, line->address) == 0 && strcmp(other->unit, line->unit) == 0 &&
            strcmp(other->role, line->role) == 0 && strcmp(other->channel, line->channel) == 0) {
            return other;
        }
    }
    return NULL;
}

static enum status read_line(struct recipient_file *self, const struct csv_file *csv, const char **cells, int64_t at,
                             const char *allow, char *error)
{
    const struct recipient_line *same;
    struct recipient_line *line;
    char why[CSV_FILE_ERROR_SIZE];
    char **own;
    enum status st = make_room(self);

    if (st == STATUS_OK) {
        st = copy_cells(self, cells);
    }
    if (st != STATUS_OK) {
        return st;
    }
    line = &self->lines[self->count - 1];
    own = self->cells + (self->count - 1) * READ;
    *line = (struct recipient_line){.line = at,
                                    .unit = own[UNIT],
                                    .role = own[ROLE],
                                    .channel = own[CHANNEL],
                                    .address = own[ADDRESS],
                                    .hours = own[HOURS],
                                    .lang = own[LANG],
                                    .secret_file = own[SECRET_FILE]};
    st = recipient_check(line, allow, why);
    if (st == STATUS_INVALID) {
        return csv_file_refuse(csv, at, error, "%s", why);
    }
    same = st == STATUS_OK ? find_same(self, line) : NULL;
    if (same != NULL) {
        return csv_file_refuse(csv, at, error, "says the same as line %lld", (long long)same->line);
    }
    return st;
}

/* The next line, good or bad.  STATUS_INVALID: error says why; *line is 0 when nothing can be read behind it. */
static enum status take_line(struct recipient_file *self, struct csv_file *csv, const char *allow,
                             const struct mistakes *mistakes, int64_t *line, char *error)
{
    const char *cells[COLUMNS];
    enum status st = csv_file_next(csv, cells, line, error);

    if (st != STATUS_OK || *line == 0) {
        return st;
    }
    if (self->count + mistakes->count >= LINES_MAX) {
        st = csv_file_refuse(csv, *line, error, "too many lines: more than %d", LINES_MAX);
        *line = 0;
        return st;
    }
    st = read_line(self, csv, cells, *line, allow, error);
    if (st == STATUS_INVALID) {
        drop_last(self);
    }
    return st;
}

/* To the end of the file, whatever is wrong in a line. */
static enum status read_lines(struct recipient_file *self, struct csv_file *csv, const char *allow,
                              struct mistakes *mistakes)
{
    char error[CSV_FILE_ERROR_SIZE];
    int64_t line = 1;
    enum status st = STATUS_OK;

    while (st == STATUS_OK && line != 0) {
        st = take_line(self, csv, allow, mistakes, &line, error);
        if (st == STATUS_INVALID) {
            st = mistakes_add(mistakes, line == 0 ? INT64_MAX : line, error);
        }
    }
    return st;
}

enum status recipient_file_read(struct recipient_file **self_p, const char *path, const char *allow,
                                struct mistakes *mistakes)
{
    struct csv_file *csv = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    enum status st = STATUS_RETRY;

    *self_p = calloc(1, sizeof **self_p);
    if (*self_p != NULL) {
        st = csv_file_open(&csv, path, columns, COLUMNS, error);
    }
    if (st == STATUS_OK) {
        st = read_lines(*self_p, csv, allow, mistakes);
    } else if (st == STATUS_INVALID) {
        st = mistakes_add(mistakes, 0, error);
    }
    csv_file_close(&csv);
    if (st != STATUS_OK) {
        recipient_file_destroy(self_p);
        return st;
    }
    return mistakes->count > 0 ? STATUS_INVALID : STATUS_OK;
}

void recipient_file_destroy(struct recipient_file **self_p)
{
    struct recipient_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count * READ; i++) {
        free(self->cells[i]);
    }
    free(self->cells);
    free(self->lines);
    free(self);
    *self_p = NULL;
}

size_t recipient_file_count(const struct recipient_file *self)
{
    return self->count;
}

const struct recipient_line *recipient_file_line(const struct recipient_file *self, size_t index)
{
    return &self->lines[index];
}
