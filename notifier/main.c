/* SPDX-License-Identifier: MIT */
/* main.c - kipthoi-notifier: boot sequence. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/secret.h"
#include "common/service.h"
#include "notifier/envoy.h"
#include "notifier/notifier.h"
#include "notifier/socket.h"

#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 5000

/* Without CURVE everybody who reaches the sockets may listen, so only this machine may reach them. */
static int check_endpoints(const struct service *service)
{
    const struct config *config = &service->config;
    const char *const endpoints[] = {config->notifier.feed, config->notifier.replay};

    for (size_t i = 0; i < 2 && !config->notifier.curve; i++) {
        if (!notifier_endpoint_is_local(endpoints[i])) {
            log_error(&service->log, "CURVE-OFF",
                      "notifier.curve = no is only for endpoints of this machine (tcp://127.0.0.1:..., ipc://...), "
                      "not for %s",
                      endpoints[i]);
            return EXIT_USAGE;
        }
    }
    return -1;
}

/* A setting of a channel that does not hold is told before anything else is done. */
static int check_channels(const struct service *service)
{
    char error[ENVOY_ERROR_SIZE];
    struct envoy *envoy = NULL;
    enum status st = envoy_new(&envoy, &service->config, NULL, error);

    envoy_destroy(&envoy);
    if (st == STATUS_OK) {
        return -1;
    }
    log_error(&service->log, "CHANNELS", "%s", error);
    return st == STATUS_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
}

static int read_key(const struct service *service, char key[SECRET_MAX])
{
    char error[SECRET_ERROR_SIZE];

    if (!service->config.notifier.curve) {
        return -1;
    }
    if (secret_read(service->config.notifier.secret_key_file, key, error) != STATUS_OK) {
        log_error(&service->log, "KEY", "%s", error);
        return EXIT_USAGE;
    }
    if (!secret_is_z85_key(key)) {
        log_error(&service->log, "KEY", "%s holds no CURVE key; run: kipthoi keygen",
                  service->config.notifier.secret_key_file);
        return EXIT_USAGE;
    }
    return -1;
}

static void pause_ms(int64_t wait_ms)
{
    struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = (wait_ms % 1000) * 1000000};

    nanosleep(&wait, NULL);
}

/* A database that is away is waited for; one that refuses, or is not fit, is told. */
static int open_database(const struct service *service, struct db **db_p)
{
    char error[DB_ERROR_SIZE];
    int64_t wait_ms = 0;
    enum status st;

    while (!service_stopping()) {
        st = db_open(db_p, &service->config, &service->config.notifier.role, "kipthoi-notifier", &service->log, error);
        if (st == STATUS_OK) {
            st = db_check_deployment(*db_p, &service->config, error);
        }
        if (st == STATUS_OK) {
            return -1;
        }
        db_close(db_p);
        if (st != STATUS_RETRY || service->check_only) {
            log_error(&service->log, "DATABASE", "%s", error);
            return st == STATUS_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
        }
        wait_ms = service_backoff_ms(wait_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
        log_warn(&service->log, "DB-RETRY", "connecting: %s wait_ms=%lld", error, (long long)wait_ms);
        service_tell_alive("waiting for the database");
        pause_ms(wait_ms);
    }
    return EXIT_FINE;
}

static int run(const struct service *service, const char *key, struct db **db_p)
{
    struct notifier *notifier =
        notifier_new(&service->config, service->config.notifier.curve ? key : NULL, db_p, &service->log);
    enum status st;

    if (notifier == NULL) {
        return EXIT_UNREACHABLE; /* notifier_new has said why */
    }
    service_tell_ready();
    log_info(&service->log, "READY", "version=%s", KIPTHOI_VERSION);
    st = notifier_run(notifier);
    service_tell_stopping();
    log_info(&service->log, "STOPPING", "the round in hand is finished");
    notifier_destroy(&notifier);
    return st == STATUS_OK ? EXIT_FINE : EXIT_UNREACHABLE;
}

int main(int argc, char **argv)
{
    struct service service;
    struct db *db = NULL;
    char key[SECRET_MAX] = "";
    int code = service_boot(&service, argc, argv, "notifier", "sees to it that every late dossier gets its letter");

    if (code < 0) {
        code = check_endpoints(&service);
    }
    if (code < 0) {
        code = check_channels(&service);
    }
    if (code < 0) {
        code = read_key(&service, key);
    }
    if (code < 0) {
        code = open_database(&service, &db);
    }
    if (code < 0 && service.check_only) {
        log_info(&service.log, "CHECK", "configuration, keys and database are fine");
        code = EXIT_FINE;
    }
    if (code < 0) {
        code = run(&service, key, &db);
    }
    db_close(&db);
    secret_wipe(key, sizeof key);
    return code;
}
