/* SPDX-License-Identifier: MIT */
/* config.c - the table of keys, and reading the INI file by it. */
#include "common/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "common/timestamp.h"
#include "sql.h"

enum kind { TEXT, PATH, BELLS, BOOL, COUNT, SIZE, DURATION, CLOCK, LEVEL };

struct key {
    const char *name; /* section.key */
    enum kind kind;
    size_t offset;     /* of the target in struct config */
    const char *value; /* default */
    int64_t min;       /* bounds of COUNT, SIZE, DURATION (in events, bytes, ms) */
    int64_t max;
};

#define AT(member) offsetof(struct config, member)
#define HOUR INT64_C(3600000)
#define MIB INT64_C(1048576)

/* Sorted by name.  Values are as in deploy/kipthoi.conf.sample, which explains them. */
static const struct key keys[] = {
    {"database.admin_password_file", PATH, AT(database.admin.password_file), "secrets/admin.password", 0, 0},
    {"database.admin_user", TEXT, AT(database.admin.user), "postgres", 0, 0},
    {"database.connect_timeout", DURATION, AT(database.connect_timeout_ms), "5s", 100, HOUR},
    {"database.host", TEXT, AT(database.host), "/var/run/postgresql", 0, 0},
    {"database.name", TEXT, AT(database.name), "kipthoi", 0, 0},
    {"database.port", COUNT, AT(database.port), "5432", 1, 65535},
    {"database.sslmode", TEXT, AT(database.sslmode), "prefer", 0, 0},
    {"database.sslrootcert", TEXT, AT(database.sslrootcert), "", 0, 0},
    {"database.statement_timeout", DURATION, AT(database.statement_timeout_ms), "30s", 100, HOUR},
    {"database.unsafe_durability", BOOL, AT(database.unsafe_durability), "no", 0, 0},
    {"deployment.clock", CLOCK, AT(deployment.clock), "system", 0, 0},
    {"deployment.log_level", LEVEL, AT(deployment.log_level), "info", 0, 0},
    {"deployment.time_zone", TEXT, AT(deployment.time_zone), "Asia/Ho_Chi_Minh", 0, 0},
    {"ingest.batch_bytes", SIZE, AT(ingest.batch_bytes), "1M", 1024, 64 * MIB},
    {"ingest.batch_events", COUNT, AT(ingest.batch_events), "2000", 1, 100000},
    {"ingest.batch_wait", DURATION, AT(ingest.batch_wait_ms), "2ms", 0, 10000},
    {"ingest.bell", BELLS, AT(ingest.bell), "ipc://run/ingest.bell", 0, 0},
    {"ingest.busy_after", DURATION, AT(ingest.busy_after_ms), "3s", 100, HOUR},
    {"ingest.connections", COUNT, AT(ingest.connections), "3", 1, 16},
    {"ingest.curve", BOOL, AT(ingest.curve), "yes", 0, 0},
    {"ingest.endpoint", BELLS, AT(ingest.endpoint), "tcp://127.0.0.1:7700", 0, 0},
    {"ingest.event_bytes", SIZE, AT(ingest.event_bytes), "64k", 1024, MIB},
    {"ingest.future", DURATION, AT(ingest.future_ms), "24h", 0, 8784 * HOUR},
    {"ingest.heartbeat", DURATION, AT(ingest.heartbeat_ms), "5s", 100, HOUR},
    {"ingest.max_peers", COUNT, AT(ingest.max_peers), "1000", 1, 1000000},
    {"ingest.metrics_port", COUNT, AT(ingest.metrics_port), "7711", 0, 65535},
    {"ingest.password_file", PATH, AT(ingest.role.password_file), "secrets/ingest.password", 0, 0},
    {"ingest.public_key_file", PATH, AT(ingest.public_key_file), "secrets/ingest.pub", 0, 0},
    {"ingest.queue_bytes", SIZE, AT(ingest.queue_bytes), "16M", 65536, 1024 * MIB},
    {"ingest.secret_key_file", PATH, AT(ingest.secret_key_file), "secrets/ingest.key", 0, 0},
    {"ingest.user", TEXT, AT(ingest.role.user), "kipthoi_ingest", 0, 0},
    {"ingest.window_events", COUNT, AT(ingest.window_events), "8000", 1, 1000000},
    {"ingest.worker", TEXT, AT(ingest.worker), "ingest-1", 0, 0},
    {"letters.password_file", PATH, AT(letters.role.password_file), "secrets/letters.password", 0, 0},
    {"letters.user", TEXT, AT(letters.role.user), "kipthoi_letters", 0, 0},
    {"mail.attach_letters", BOOL, AT(mail.attach_letters), "yes", 0, 0},
    {"mail.ca_file", PATH, AT(mail.ca_file), "", 0, 0},
    {"mail.connections", COUNT, AT(mail.connections), "4", 1, 64},
    {"mail.from", TEXT, AT(mail.from), "", 0, 0},
    {"mail.from_name", TEXT, AT(mail.from_name), "Kịp Thời", 0, 0},
    {"mail.helo", TEXT, AT(mail.helo), "", 0, 0},
    {"mail.host", TEXT, AT(mail.host), "", 0, 0},
    {"mail.password_file", PATH, AT(mail.password_file), "", 0, 0},
    {"mail.port", COUNT, AT(mail.port), "587", 1, 65535},
    {"mail.reply_to", TEXT, AT(mail.reply_to), "", 0, 0},
    {"mail.security", TEXT, AT(mail.security), "starttls", 0, 0},
    {"mail.timeout", DURATION, AT(mail.timeout_ms), "10m", 1000, HOUR},
    {"mail.user", TEXT, AT(mail.user), "", 0, 0},
    {"notifier.batch", COUNT, AT(notifier.batch), "5000", 1, 1000000},
    {"notifier.bells", BELLS, AT(notifier.bells), "ipc://run/scorer.bell", 0, 0},
    {"notifier.curve", BOOL, AT(notifier.curve), "yes", 0, 0},
    {"notifier.deliveries", COUNT, AT(notifier.deliveries), "32", 1, 1024},
    {"notifier.digest_at", DURATION, AT(notifier.digest_at_ms), "8h", 0, 24 * HOUR - 1},
    {"notifier.feed", BELLS, AT(notifier.feed), "tcp://127.0.0.1:7701", 0, 0},
    {"notifier.group_interval", DURATION, AT(notifier.group_interval_ms), "15m", 0, 24 * HOUR},
    {"notifier.group_wait", DURATION, AT(notifier.group_wait_ms), "1m", 0, HOUR},
    {"notifier.keepalive", DURATION, AT(notifier.keepalive_ms), "10s", 10, HOUR},
    {"notifier.metrics_port", COUNT, AT(notifier.metrics_port), "7713", 0, 65535},
    {"notifier.password_file", PATH, AT(notifier.role.password_file), "secrets/notifier.password", 0, 0},
    {"notifier.poll", DURATION, AT(notifier.poll_ms), "200ms", 1, HOUR},
    {"notifier.public_key_file", PATH, AT(notifier.public_key_file), "secrets/notifier.pub", 0, 0},
    {"notifier.replay", BELLS, AT(notifier.replay), "tcp://127.0.0.1:7702", 0, 0},
    {"notifier.secret_key_file", PATH, AT(notifier.secret_key_file), "secrets/notifier.key", 0, 0},
    {"notifier.targets_every", DURATION, AT(notifier.targets_every_ms), "60s", 10, 24 * HOUR},
    {"notifier.targets_margin", COUNT, AT(notifier.targets_margin_bp), "50", 0, 10000},
    {"notifier.targets_roles", TEXT, AT(notifier.targets_roles), "head", 0, 0},
    {"notifier.targets_sample", COUNT, AT(notifier.targets_sample), "20", 0, 1000000},
    {"notifier.targets_superior_roles", TEXT, AT(notifier.targets_superior_roles), "oversight", 0, 0},
    {"notifier.user", TEXT, AT(notifier.role.user), "kipthoi_notifier", 0, 0},
    {"notifier.webhook_allow", TEXT, AT(notifier.webhook_allow), "", 0, 0},
    {"notifier.webhook_ca_file", PATH, AT(notifier.webhook_ca_file), "", 0, 0},
    {"notifier.webhook_secrets", PATH, AT(notifier.webhook_secrets), "secrets", 0, 0},
    {"notifier.webhook_timeout", DURATION, AT(notifier.webhook_timeout_ms), "20s", 1000, 60000},
    {"operator.password_file", PATH, AT(operator.role.password_file), "secrets/operator.password", 0, 0},
    {"operator.user", TEXT, AT(operator.role.user), "kipthoi_operator", 0, 0},
    {"scorer.bell", BELLS, AT(scorer.bell), "ipc://run/scorer.bell", 0, 0},
    {"scorer.bells", BELLS, AT(scorer.bells), "ipc://run/ingest.bell", 0, 0},
    {"scorer.metrics_port", COUNT, AT(scorer.metrics_port), "7712", 0, 65535},
    {"scorer.password_file", PATH, AT(scorer.role.password_file), "secrets/scorer.password", 0, 0},
    {"scorer.poll", DURATION, AT(scorer.poll_ms), "200ms", 1, HOUR},
    {"scorer.segment_events", COUNT, AT(scorer.segment_events), "16000000", 1000, INT64_C(1000000000)},
    {"scorer.slice_bytes", SIZE, AT(scorer.slice_bytes), "24M", 65536, 1024 * MIB},
    {"scorer.slice_events", COUNT, AT(scorer.slice_events), "30000", 1, 1000000},
    {"scorer.user", TEXT, AT(scorer.role.user), "kipthoi_scorer", 0, 0},
    {"sender.curve", BOOL, AT(sender.curve), "yes", 0, 0},
    {"sender.endpoint", BELLS, AT(sender.endpoint), "tcp://127.0.0.1:7700", 0, 0},
    {"sender.public_key_file", PATH, AT(sender.public_key_file), "secrets/sender.pub", 0, 0},
    {"sender.secret_key_file", PATH, AT(sender.secret_key_file), "secrets/sender.key", 0, 0},
    {"sender.server_key_file", PATH, AT(sender.server_key_file), "secrets/ingest.pub", 0, 0},
    {"sender.timeout", DURATION, AT(sender.timeout_ms), "60s", 1000, HOUR},
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

struct suffix {
    const char *text;
    int64_t factor;
};

static const struct suffix durations[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", HOUR}, {NULL, 0}};
static const struct suffix sizes[] = {{"", 1}, {"k", 1024}, {"M", MIB}, {NULL, 0}};
static const struct suffix counts[] = {{"", 1}, {NULL, 0}};

/* What one assignment needs to complain well. */
struct reader {
    struct config *config;
    const char *path;
    FILE *file;
    char *error;
    size_t used; /* of error */
    int line;
    int first_line; /* of the first complaint */
    bool failed;
};

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

/* Says "section.key: sentence", or with file and line when there is one. */
static enum status complain(struct reader *reader, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);
static enum status complain(struct reader *reader, const char *name, const char *fmt, ...)
{
    char sentence[512];
    va_list args;
    int len;

    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    if (!reader->failed) {
        reader->failed = true;
        reader->first_line = reader->line;
    }
    if (reader->path != NULL) {
        len = snprintf(reader->error + reader->used, CONFIG_ERROR_SIZE - reader->used, "%s%s:%d: %s: %s",
                       reader->used > 0 ? "\n" : "", reader->path, reader->line, name, sentence);
    } else {
        len = snprintf(reader->error + reader->used, CONFIG_ERROR_SIZE - reader->used, "%s: %s", name, sentence);
    }
    if (len > 0) {
        reader->used += (size_t)len;
    }
    if (reader->used >= CONFIG_ERROR_SIZE) {
        reader->used = CONFIG_ERROR_SIZE - 1;
    }
    return STATUS_INVALID;
}

static enum status set_number(struct reader *reader, const struct key *key, const struct suffix *suffixes,
                              const char *value, int64_t *target)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(value, &end, 10);
    if (end == value || errno != 0 || number < 0) {
        return complain(reader, key->name, "\"%s\" is not a number", value);
    }
    while (*end == ' ') {
        end++;
    }
    for (; suffixes->text != NULL; suffixes++) {
        if (strcmp(end, suffixes->text) == 0) {
            break;
        }
    }
    if (suffixes->text == NULL) {
        return complain(reader, key->name, "\"%s\" has a unit that is not known here", value);
    }
    if (number > key->max / suffixes->factor || number * suffixes->factor < key->min) {
        return complain(reader, key->name, "\"%s\" is out of bounds (%lld to %lld)", value, (long long)key->min,
                        (long long)key->max);
    }
    *target = number * suffixes->factor;
    return STATUS_OK;
}

static enum status set_bool(struct reader *reader, const struct key *key, const char *value, bool *target)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(value, yes[i]) == 0 || strcmp(value, no[i]) == 0) {
            *target = strcmp(value, yes[i]) == 0;
            return STATUS_OK;
        }
    }
    return complain(reader, key->name, "\"%s\" is neither yes nor no", value);
}

static enum status set_text(struct reader *reader, const struct key *key, const char *value, char *target)
{
    if (strlen(value) >= CONFIG_TEXT_MAX) {
        return complain(reader, key->name, "is longer than %d bytes", CONFIG_TEXT_MAX - 1);
    }
    memcpy(target, value, strlen(value) + 1);
    return STATUS_OK;
}

static enum status set_clock(struct reader *reader, const struct key *key, const char *value, struct clock *target)
{
    target->frozen = strcmp(value, "system") != 0;
    target->frozen_us = 0;
    if (target->frozen && timestamp_parse(value, strlen(value), &target->frozen_us) != STATUS_OK) {
        return complain(reader, key->name, "\"%s\" is neither \"system\" nor a moment like 2016-01-13T03:00:00-05:00",
                        value);
    }
    return STATUS_OK;
}

static enum status assign(struct reader *reader, const struct key *key, const char *value)
{
    void *target = (char *)reader->config + key->offset;

    switch (key->kind) {
    case TEXT:
    case PATH:
    case BELLS:
        return set_text(reader, key, value, target);
    case BOOL:
        return set_bool(reader, key, value, target);
    case COUNT:
        return set_number(reader, key, counts, value, target);
    case SIZE:
        return set_number(reader, key, sizes, value, target);
    case DURATION:
        return set_number(reader, key, durations, value, target);
    case CLOCK:
        return set_clock(reader, key, value, target);
    case LEVEL:
        return log_level_parse(value, target) == STATUS_OK
                   ? STATUS_OK
                   : complain(reader, key->name, "\"%s\" is none of error, warn, stats, info, debug", value);
    }
    return STATUS_FATAL;
}

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
    struct reader *reader = user;
    char full[128];
    const struct key *key;
    enum status st;

    snprintf(full, sizeof full, "%s.%s", section, name);
    key = find_key(full);
    if (key == NULL) {
        st = complain(reader, full, "there is no such key; see --print-config");
    } else {
        st = assign(reader, key, value == NULL ? "" : value);
    }
    return st == STATUS_OK;
}

/* fgets for inih, which does not tell line numbers itself and would take the rest of a long line for a line. */
static char *read_line(char *out, int size, void *user)
{
    struct reader *reader = user;

    if (fgets(out, size, reader->file) == NULL) {
        return NULL;
    }
    reader->line++;
    if (strchr(out, '\n') == NULL && !feof(reader->file)) {
        (void)complain(reader, "line", "is longer than %d bytes", size - 2);
        return NULL;
    }
    return out;
}

/* Puts the folder of the configuration before a relative path. */
static enum status anchor_path(struct reader *reader, const struct key *key, const char *folder, char *path)
{
    char whole[CONFIG_TEXT_MAX];
    int len;

    if (path[0] == '/' || path[0] == '\0') {
        return STATUS_OK;
    }
    len = snprintf(whole, sizeof whole, "%s/%s", folder, path);
    if (len < 0 || (size_t)len >= sizeof whole) {
        return complain(reader, key->name, "makes a path longer than %d bytes", CONFIG_TEXT_MAX - 1);
    }
    memcpy(path, whole, (size_t)len + 1);
    return STATUS_OK;
}

/* The same for each ipc:// address in a list that is separated by blanks. */
static enum status anchor_bells(struct reader *reader, const struct key *key, const char *folder, char *bells)
{
    char whole[CONFIG_TEXT_MAX] = "";
    char list[CONFIG_TEXT_MAX];
    char *rest = NULL;
    size_t used = 0;

    memcpy(list, bells, sizeof list);
    for (char *bell = strtok_r(list, " \t", &rest); bell != NULL; bell = strtok_r(NULL, " \t", &rest)) {
        bool relative = strncmp(bell, "ipc://", 6) == 0 && bell[6] != '/' && bell[6] != '@';
        int len =
            snprintf(whole + used, sizeof whole - used, "%s%s%s%s%s", used > 0 ? " " : "", relative ? "ipc://" : "",
                     relative ? folder : "", relative ? "/" : "", relative ? bell + 6 : bell);
        if (len < 0 || (size_t)len >= sizeof whole - used) {
            return complain(reader, key->name, "makes addresses longer than %d bytes", CONFIG_TEXT_MAX - 1);
        }
        used += (size_t)len;
    }
    memcpy(bells, whole, sizeof whole);
    return STATUS_OK;
}

static enum status anchor(struct reader *reader, const struct key *key)
{
    char folder[CONFIG_TEXT_MAX];
    char *slash;
    char *target = (char *)reader->config + key->offset;

    memcpy(folder, reader->config->path, sizeof folder);
    slash = strrchr(folder, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    if (key->kind == PATH) {
        return anchor_path(reader, key, folder, target);
    }
    return key->kind == BELLS ? anchor_bells(reader, key, folder, target) : STATUS_OK;
}

void config_defaults(struct config *config)
{
    char error[CONFIG_ERROR_SIZE];
    struct reader reader = {.config = config, .error = error};

    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (assign(&reader, &keys[i], keys[i].value) != STATUS_OK) {
            abort(); /* a default of ours is wrong */
        }
    }
}

enum status config_read(struct config *config, const char *path, char error[CONFIG_ERROR_SIZE])
{
    struct reader reader = {.config = config, .path = path, .error = error};
    char *real = realpath(path, NULL);
    int bad_line;

    error[0] = '\0';
    reader.file = real == NULL ? NULL : fopen(real, "re");
    if (reader.file == NULL || strlen(real) >= sizeof config->path) {
        snprintf(error, CONFIG_ERROR_SIZE, "%s: %s; give the configuration by --config FILE or KIPTHOI_CONF", path,
                 reader.file == NULL ? strerror(errno) : "path too long");
        reader.failed = true;
        goto done;
    }
    memcpy(config->path, real, strlen(real) + 1);
    bad_line = ini_parse_stream(read_line, &reader, on_pair, &reader);
    /* A broken section line makes nonsense of the keys below it, so the first mistake is the one to tell. */
    if (ferror(reader.file) != 0) {
        snprintf(error, CONFIG_ERROR_SIZE, "%s: %s", path, strerror(errno));
        reader.failed = true;
    } else if (bad_line != 0 && (!reader.failed || bad_line < reader.first_line)) {
        snprintf(error, CONFIG_ERROR_SIZE, "%s:%d: neither [section] nor key = value", path, bad_line);
        reader.failed = true;
    }
    for (size_t i = 0; i < KEY_COUNT && !reader.failed; i++) {
        if (anchor(&reader, &keys[i]) != STATUS_OK) {
            break;
        }
    }
done:
    if (reader.file != NULL) {
        fclose(reader.file);
    }
    free(real);
    return reader.failed ? STATUS_INVALID : STATUS_OK;
}

enum status config_set(struct config *config, const char *assignment, char error[CONFIG_ERROR_SIZE])
{
    struct reader reader = {.config = config, .error = error};
    const char *equals = strchr(assignment, '=');
    const struct key *key;
    char name[128];

    error[0] = '\0';
    if (equals == NULL || (size_t)(equals - assignment) >= sizeof name) {
        return complain(&reader, assignment, "is not SECTION.KEY=VALUE");
    }
    memcpy(name, assignment, (size_t)(equals - assignment));
    name[equals - assignment] = '\0';
    key = find_key(name);
    if (key == NULL) {
        return complain(&reader, name, "there is no such key; see --print-config");
    }
    if (assign(&reader, key, equals + 1) != STATUS_OK) {
        return STATUS_INVALID;
    }
    return anchor(&reader, key);
}

const char *config_sample(void)
{
    return sql_config_sample();
}
