/* SPDX-License-Identifier: MIT */
/*
 * service.h - what the three stages share: options, configuration, signals, and talking to systemd.
 */
#ifndef COMMON_SERVICE_H
#define COMMON_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/log.h"

/* Exit codes of all programs. */
enum exit_code { EXIT_FINE = 0, EXIT_ANSWER_NO = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3 };

struct service {
    struct config config;
    struct log log;
    bool check_only; /* --check: look at everything, then leave */
};

/*
 * Reads --config FILE, --set section.key=value (repeatable), --check, --print-config, --version, --help; sets the zone
 * and the log level, blocks nothing, installs SIGTERM, SIGINT, SIGHUP handlers and ignores SIGPIPE.
 * Returns -1 when the program shall go on, else the exit code to leave with.
 * name: "ingest"; purpose: one sentence for --help.
 */
int service_boot(struct service *self, int argc, char **argv, const char *name, const char *purpose);

/* Set by signals.  A second SIGTERM or SIGINT leaves at once. */
bool service_stopping(void);
/* True once per SIGHUP. */
bool service_take_reload(void);

/* sd_notify: nothing happens without systemd. */
void service_tell_ready(void);
void service_tell_stopping(void);
/* Tells systemd one status line and that the main loop goes on (watchdog); cheap, call each turn. */
void service_tell_alive(const char *status);

/* A delay that doubles from min_ms to max_ms with jitter; 0 starts anew: pass the last value, get the next. */
int64_t service_backoff_ms(int64_t last_ms, int64_t min_ms, int64_t max_ms);

#endif
