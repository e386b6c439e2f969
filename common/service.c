/* SPDX-License-Identifier: MIT */
/* service.c - options, signals and systemd, the same for the three stages. */
#include "common/service.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>
#include <systemd/sd-daemon.h>
#include <zmq.h>

#define SETS_MAX 64

static volatile sig_atomic_t stop_signals;
static volatile sig_atomic_t reload_signals;

static void on_stop(int number)
{
    (void)number;
    stop_signals++;
    if (stop_signals > 1) {
        _exit(EXIT_ANSWER_NO);
    }
}

static void on_reload(int number)
{
    (void)number;
    reload_signals = 1;
}

bool service_stopping(void)
{
    return stop_signals > 0;
}

bool service_take_reload(void)
{
    bool asked = reload_signals != 0;

    reload_signals = 0;
    return asked;
}

static void install_signals(void)
{
    struct sigaction stop = {.sa_handler = on_stop};
    struct sigaction reload = {.sa_handler = on_reload};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGHUP, &reload, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static void help(const char *name, const char *purpose)
{
    printf("kipthoi-%s - %s\n\n"
           "usage: kipthoi-%s --config FILE [--set SECTION.KEY=VALUE]... [--check]\n\n"
           "  --config FILE       configuration (or KIPTHOI_CONF in the environment)\n"
           "  --set S.K=V         overrides one key; may be repeated\n"
           "  --check             checks configuration, keys and database, then leaves: 0 fine, 2 configuration,\n"
           "                      3 cannot reach what it needs\n"
           "  --print-config      prints a commented sample configuration\n"
           "  --version, --help\n\n"
           "examples:\n"
           "  kipthoi-%s --config var/kipthoi.conf\n"
           "  kipthoi-%s --config var/kipthoi.conf --check\n"
           "  kipthoi-%s --print-config > kipthoi.conf\n",
           name, purpose, name, name, name, name);
}

static void version(const char *name)
{
    int major;
    int minor;
    int patch;

    zmq_version(&major, &minor, &patch);
    printf("kipthoi-%s %s (libzmq %d.%d.%d)\n", name, KIPTHOI_VERSION, major, minor, patch);
}

/* Debian 12 has 4.3.4; older ones can be starved or crashed by strangers (SECURITY.md). */
static bool zmq_is_safe(void)
{
    int major;
    int minor;
    int patch;

    zmq_version(&major, &minor, &patch);
    return major * 10000 + minor * 100 + patch >= 40303;
}

static int configure(struct service *self, const char *path, char *const *sets, int set_count)
{
    char error[CONFIG_ERROR_SIZE];

    config_defaults(&self->config);
    if (path == NULL) {
        fprintf(stderr, "kipthoi-%s: no configuration; give --config FILE or set KIPTHOI_CONF\n", self->log.program);
        return EXIT_USAGE;
    }
    if (config_read(&self->config, path, error) != STATUS_OK) {
        fprintf(stderr, "%s\n", error);
        return EXIT_USAGE;
    }
    for (int i = 0; i < set_count; i++) {
        if (config_set(&self->config, sets[i], error) != STATUS_OK) {
            fprintf(stderr, "--set %s\n", error);
            return EXIT_USAGE;
        }
    }
    if (clock_use_zone(self->config.deployment.time_zone) != STATUS_OK) {
        fprintf(stderr, "%s: deployment.time_zone: this machine does not know the zone \"%s\" (package tzdata)\n", path,
                self->config.deployment.time_zone);
        return EXIT_USAGE;
    }
    self->log.level = self->config.deployment.log_level;
    return -1;
}

int service_boot(struct service *self, int argc, char **argv, const char *name, const char *purpose)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"set", required_argument, NULL, 's'},
        {"check", no_argument, NULL, 'k'},
        {"print-config", no_argument, NULL, 'p'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const char *path = getenv("KIPTHOI_CONF");
    char *sets[SETS_MAX];
    int set_count = 0;
    int option;

    memset(self, 0, sizeof *self);
    self->log.program = name;
    self->log.level = LOG_LEVEL_INFO;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c') {
            path = optarg;
        } else if (option == 's') {
            if (set_count == SETS_MAX) {
                fprintf(stderr, "kipthoi-%s: more than %d times --set; write a configuration file\n", name, SETS_MAX);
                return EXIT_USAGE;
            }
            sets[set_count++] = optarg;
        } else if (option == 'k') {
            self->check_only = true;
        } else if (option == 'p') {
            fputs(config_sample(), stdout);
            return EXIT_FINE;
        } else if (option == 'v') {
            version(name);
            return EXIT_FINE;
        } else if (option == 'h') {
            help(name, purpose);
            return EXIT_FINE;
        } else {
            return EXIT_USAGE; /* getopt has said why */
        }
    }
    if (optind < argc) {
        fprintf(stderr, "kipthoi-%s: unexpected \"%s\"; see --help\n", name, argv[optind]);
        return EXIT_USAGE;
    }
    if (!zmq_is_safe() || sodium_init() < 0) {
        fprintf(stderr, "kipthoi-%s: needs libzmq 4.3.3 or newer and a working libsodium\n", name);
        return EXIT_UNREACHABLE;
    }
    install_signals();
    return configure(self, path, sets, set_count);
}

void service_tell_ready(void)
{
    sd_notify(0, "READY=1");
}

void service_tell_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}

void service_tell_alive(const char *status)
{
    static int64_t told_ms; /* once a second is enough for any watchdog */
    int64_t now_ms = clock_monotonic_ms();

    if (now_ms - told_ms >= 1000) {
        told_ms = now_ms;
        sd_notifyf(0, "WATCHDOG=1\nSTATUS=%s", status);
    }
}

int64_t service_backoff_ms(int64_t last_ms, int64_t min_ms, int64_t max_ms)
{
    int64_t next = last_ms <= 0 ? min_ms : last_ms * 2;

    if (next > max_ms) {
        next = max_ms;
    }
    /* Between half and whole, so that many do not come back in step. */
    return next / 2 + (int64_t)randombytes_uniform((uint32_t)(next / 2 + 1)) + 1;
}
