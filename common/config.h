/* SPDX-License-Identifier: MIT */
/*
 * config.h - the configuration of all programs: one INI file, one table of keys (config.c).
 *
 * Unknown keys and bad values are errors that name file, line and key.  Relative paths are taken from the folder of
 * the file.  The sample that --print-config prints is deploy/kipthoi.conf.sample, built in.
 */
#ifndef COMMON_CONFIG_H
#define COMMON_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/status.h"

#define CONFIG_TEXT_MAX 512
#define CONFIG_ERROR_SIZE 1024

/* What a program needs to act as its database role. */
struct config_role {
    char user[CONFIG_TEXT_MAX];
    char password_file[CONFIG_TEXT_MAX];
};

struct config {
    char path[CONFIG_TEXT_MAX]; /* the file it was read from */

    struct {
        char time_zone[CONFIG_TEXT_MAX];
        struct clock clock; /* key "clock": RFC 3339 moment, or "system" */
        enum log_level log_level;
    } deployment;

    struct {
        char host[CONFIG_TEXT_MAX]; /* name, address, or the folder of a Unix socket */
        char name[CONFIG_TEXT_MAX];
        char sslmode[CONFIG_TEXT_MAX];
        char sslrootcert[CONFIG_TEXT_MAX];
        int64_t port;
        int64_t connect_timeout_ms;
        int64_t statement_timeout_ms;
        struct config_role admin; /* for kipthoi init and migrate only */
        bool unsafe_durability;   /* tests: do not refuse fsync=off */
    } database;

    struct {
        char endpoint[CONFIG_TEXT_MAX];
        char bell[CONFIG_TEXT_MAX]; /* PUB, bound; empty: none */
        char secret_key_file[CONFIG_TEXT_MAX];
        char public_key_file[CONFIG_TEXT_MAX];
        char worker[CONFIG_TEXT_MAX]; /* name of this process among the ingest workers */
        struct config_role role;
        bool curve;
        int64_t metrics_port; /* 127.0.0.1; 0: none */
        int64_t connections;
        int64_t batch_events;
        int64_t batch_bytes;
        int64_t batch_wait_ms;
        int64_t queue_bytes; /* memory for events not yet committed */
        int64_t window_events;
        int64_t event_bytes;
        int64_t busy_after_ms;
        int64_t future_ms;
        int64_t heartbeat_ms;
        int64_t max_peers;
    } ingest;

    struct {
        char bell[CONFIG_TEXT_MAX];
        char bells[CONFIG_TEXT_MAX]; /* of ingest, separated by blanks: SUB, connected */
        struct config_role role;
        int64_t metrics_port;
        int64_t slice_events;
        int64_t slice_bytes;
        int64_t poll_ms;
        int64_t segment_events; /* a new ledger segment after so many */
    } scorer;

    struct {
        char bells[CONFIG_TEXT_MAX]; /* of scorers */
        char feed[CONFIG_TEXT_MAX];
        char replay[CONFIG_TEXT_MAX];
        char secret_key_file[CONFIG_TEXT_MAX];
        char public_key_file[CONFIG_TEXT_MAX];
        struct config_role role;
        bool curve;
        int64_t metrics_port;
        int64_t poll_ms;
        char webhook_allow[CONFIG_TEXT_MAX];   /* ranges of addresses that webhooks may lead to besides public ones */
        char webhook_secrets[CONFIG_TEXT_MAX]; /* folder of the keys that sign webhooks */
        char webhook_ca_file[CONFIG_TEXT_MAX];
        int64_t webhook_timeout_ms;
        int64_t deliveries; /* attempts at a time */
        int64_t keepalive_ms;
        int64_t batch;
        int64_t group_wait_ms;               /* a notice waits so long for others */
        int64_t group_interval_ms;           /* between two messages to one recipient */
        int64_t digest_at_ms;                /* of the daily digest, after local midnight */
        int64_t targets_every_ms;            /* least pause between two looks at the targets */
        int64_t targets_margin_bp;           /* beyond the bound, for an alert to be over: hundredths of a per cent */
        int64_t targets_sample;              /* no alert of fewer dossiers */
        char targets_roles[CONFIG_TEXT_MAX]; /* who hears of it at the unit, separated by blanks */
        char targets_superior_roles[CONFIG_TEXT_MAX]; /* and at the unit above */
    } notifier;

    struct {
        char host[CONFIG_TEXT_MAX]; /* of the submission server; empty: no mail is sent */
        char security[CONFIG_TEXT_MAX];
        char ca_file[CONFIG_TEXT_MAX];
        char user[CONFIG_TEXT_MAX];
        char password_file[CONFIG_TEXT_MAX];
        char from[CONFIG_TEXT_MAX];
        char from_name[CONFIG_TEXT_MAX];
        char reply_to[CONFIG_TEXT_MAX];
        char helo[CONFIG_TEXT_MAX];
        int64_t port;
        int64_t connections;
        int64_t timeout_ms;
        bool attach_letters; /* mails to officials bring the letters along that they tell of */
    } mail;

    struct {
        struct config_role role; /* who may read the names that letters need */
    } letters;

    struct {
        struct config_role role; /* kipthoi, the operator's program */
    } operator;

    struct {
        char endpoint[CONFIG_TEXT_MAX]; /* of ingest, for kipthoi send */
        char server_key_file[CONFIG_TEXT_MAX];
        char secret_key_file[CONFIG_TEXT_MAX];
        char public_key_file[CONFIG_TEXT_MAX];
        bool curve;
        int64_t timeout_ms; /* gives up after so long without any answer */
    } sender;
};

/* Sets every key to its default. */
void config_defaults(struct config *config);

/*
 * Reads the file over the defaults.  STATUS_INVALID with lines "FILE:LINE: section.key: sentence" in error.  A file
 * that does not exist is an error.
 */
enum status config_read(struct config *config, const char *path, char error[CONFIG_ERROR_SIZE]) MUST_CHECK;

/* Sets one key from "section.key=value" (the programs' --set). */
enum status config_set(struct config *config, const char *assignment, char error[CONFIG_ERROR_SIZE]) MUST_CHECK;

/* The commented sample, static text. */
const char *config_sample(void);

#endif
