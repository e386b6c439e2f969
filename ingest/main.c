/* SPDX-License-Identifier: MIT */
/*
 * main.c - kipthoi-ingest: takes events from one-stop systems into the ledger.
 *
 * A boot sequence.  The order matters: nothing is bound before keys, database, schema, allow-list and codes were looked
 * at, so that a service that cannot know its senders lets nobody in.
 */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "common/secret.h"
#include "ingest/loop.h"
#include "ingest/report.h"

#define CONNECT_BACKOFF_MIN_MS 200
#define CONNECT_BACKOFF_MAX_MS 5000
/* Connections that may shake hands at once; with a dozen KiB each. */
#define SHAKING_MAX 500
/* A tenth more than ingest.max_peers are told that they are too many, the others are cut. */
#define PEERS_TOLD 10

/* Each step returns -1 to go on, else the exit code. */
enum { GO_ON = -1 };

static int refuse_config(const struct loop *loop, const char *sentence)
{
    log_error(&loop->service.log, "CONFIG", "%s: %s", loop->service.config.path, sentence);
    return EXIT_USAGE;
}

/* The public key is what senders are given: it must belong to the secret one. */
static int read_keys(struct loop *loop, char secret[SECRET_MAX])
{
    const struct config *config = &loop->service.config;
    char error[SECRET_ERROR_SIZE];
    char public_key[SECRET_MAX];
    char derived[SECRET_KEY_SIZE];

    if (!config->ingest.curve) {
        return router_endpoint_is_local(config->ingest.endpoint)
                   ? GO_ON
                   : refuse_config(loop,
                                   "ingest.curve = no is for endpoints of this machine only (tcp://127.…, ipc://)");
    }
    if (secret_read(config->ingest.secret_key_file, secret, error) != STATUS_OK ||
        secret_read_public(config->ingest.public_key_file, public_key, error) != STATUS_OK) {
        return refuse_config(loop, error);
    }
    if (!secret_is_z85_key(secret) || !secret_is_z85_key(public_key)) {
        return refuse_config(loop, "ingest.secret_key_file or ingest.public_key_file holds no key; make a pair by: "
                                   "kipthoi keygen");
    }
    if (zmq_curve_public(derived, secret) != 0 || strcmp(derived, public_key) != 0) {
        return refuse_config(loop, "ingest.public_key_file does not belong to ingest.secret_key_file");
    }
    return GO_ON;
}

static int open_metrics(struct loop *loop)
{
    const struct config *config = &loop->service.config;

    if (loop->service.check_only) {
        return GO_ON; /* the running service holds the port */
    }
    return metrics_new(&loop->metrics, config->ingest.metrics_port, report_metrics_cb, report_ready_cb, loop,
                       &loop->service.log) == STATUS_OK
               ? GO_ON
               : EXIT_UNREACHABLE;
}

/* Waits and serves /live meanwhile. */
static void pause_ms(struct loop *loop, int64_t delay_ms)
{
    int64_t end_ms = clock_monotonic_ms() + delay_ms;
    int64_t left_ms = delay_ms;

    while (left_ms > 0 && !service_stopping()) {
        struct pollfd fd = {.fd = metrics_fd(loop->metrics), .events = POLLIN};

        (void)poll(&fd, 1, (int)left_ms);
        metrics_turn(loop->metrics);
        service_tell_alive("waiting for the database");
        left_ms = end_ms - clock_monotonic_ms();
    }
}

/* A database that cannot be reached may come; one that refuses us needs a person. */
static int open_control(struct loop *loop)
{
    const struct service *service = &loop->service;
    char error[DB_ERROR_SIZE];
    int64_t backoff_ms = 0;
    enum status st;

    while ((st = control_open(&loop->control, &service->config, loop->allow, loop->book, &service->log,
                              service->check_only, error)) != STATUS_OK) {
        if (st != STATUS_RETRY || service->check_only) {
            log_error(&service->log, "DATABASE", "%s", error);
            return st == STATUS_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
        }
        backoff_ms = service_backoff_ms(backoff_ms, CONNECT_BACKOFF_MIN_MS, CONNECT_BACKOFF_MAX_MS);
        log_warn(&service->log, "DATABASE", "%s retry_ms=%lld", error, (long long)backoff_ms);
        pause_ms(loop, backoff_ms);
        if (service_stopping()) {
            return EXIT_FINE;
        }
    }
    if (service->check_only) {
        printf("kipthoi-ingest: configuration, keys, database and schema are fine\n");
        return EXIT_FINE;
    }
    return GO_ON;
}

static int bind_bell(struct loop *loop)
{
    const char *endpoint = loop->service.config.ingest.bell;
    int linger = 0;

    if (endpoint[0] == '\0') {
        return GO_ON;
    }
    loop->bell = zmq_socket(loop->zmq, ZMQ_PUB);
    if (loop->bell == NULL || zmq_setsockopt(loop->bell, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_bind(loop->bell, endpoint) != 0) {
        log_error(&loop->service.log, "BELL-BIND", "cannot bind ingest.bell %s: %s; does its folder exist?", endpoint,
                  zmq_strerror(errno));
        return EXIT_UNREACHABLE;
    }
    return GO_ON;
}

/* The ZAP handler comes before the socket that asks it. */
static int open_doors(struct loop *loop, const char *secret)
{
    const struct config *config = &loop->service.config;

    loop->zmq = zmq_ctx_new();
    if (loop->zmq != NULL && config->ingest.curve) {
        loop->zap = zap_new(loop->zmq, loop->allow, allow_knows, &loop->service.log);
    }
    if (loop->zmq == NULL || (config->ingest.curve && loop->zap == NULL)) {
        log_error(&loop->service.log, "ZMQ", "no socket can be made: %s", zmq_strerror(errno));
        return EXIT_UNREACHABLE;
    }
    if (bind_bell(loop) != GO_ON) {
        return EXIT_UNREACHABLE;
    }
    loop->router = router_new(loop->zmq, config, secret, &loop->service.log);
    return loop->router != NULL ? GO_ON : EXIT_UNREACHABLE;
}

/* What waits for its request to be whole may take as much as the requests in hand, and two of the longest. */
static struct guard *make_guard(const struct loop *loop)
{
    static const struct guard_kernel kernel = {wire_look, wire_port, wire_cut};
    const struct config *config = &loop->service.config;
    const char *port = strrchr(router_endpoint(loop->router), ':');
    struct guard_limits limits = {.bytes = config->ingest.queue_bytes + 2 * router_frame_max(config),
                                  .heartbeat_ms = config->ingest.heartbeat_ms,
                                  .connections = config->ingest.max_peers + config->ingest.max_peers / PEERS_TOLD,
                                  .shaking = SHAKING_MAX,
                                  .port = port != NULL ? atoi(port + 1) : 0};

    /* Without CURVE there is no handshake to tell strangers by, and only this machine's own programs come. */
    if (!config->ingest.curve) {
        limits.port = -1;
    }
    return guard_new(&limits, &kernel, &loop->service.log);
}

static enum status register_cb(void *context, const char *name, int32_t *source_id)
{
    struct loop *loop = context;

    return control_register(loop->control, name, source_id);
}

static void parcel_done_cb(void *context, struct parcel *parcel)
{
    struct loop *loop = context;

    reception_parcel_done(loop->reception, parcel);
}

static void stored_cb(void *context)
{
    loop_ring(context);
}

static int make_parts(struct loop *loop)
{
    const struct config *config = &loop->service.config;
    const struct commit_listener listener = {.parcel_done = parcel_done_cb, .stored = stored_cb, .context = loop};
    struct reception_parts parts = {.config = config,
                                    .allow = loop->allow,
                                    .book = loop->book,
                                    .intake = &loop->intake,
                                    .stats = &loop->stats,
                                    .router = loop->router};

    parts.guard = loop->guard = make_guard(loop);
    parts.sources = loop->sources = sources_new(register_cb, loop);
    parts.commit = loop->commit = commit_new(config, &loop->service.log, &loop->intake, &loop->stats, &listener);
    parts.ledger = loop->ledger = ledger_new(config, &loop->service.log, commit_ledger_cb, loop->commit);
    loop->reception = reception_new(&parts);
    if (loop->guard == NULL || loop->sources == NULL || loop->commit == NULL || loop->ledger == NULL ||
        loop->reception == NULL) {
        log_error(&loop->service.log, "MEMORY", "memory is short");
        return EXIT_UNREACHABLE;
    }
    commit_use_ledger(loop->commit, loop->ledger);
    return GO_ON;
}

static int boot(struct loop *loop)
{
    char secret[SECRET_MAX] = "";
    int code = read_keys(loop, secret);

    loop->allow = allow_new();
    loop->book = code_book_new();
    if (code == GO_ON && (loop->allow == NULL || loop->book == NULL)) {
        code = EXIT_UNREACHABLE;
    }
    if (code == GO_ON) {
        code = open_metrics(loop);
    }
    if (code == GO_ON) {
        code = open_control(loop);
    }
    if (code == GO_ON) {
        code = open_doors(loop, secret);
    }
    secret_wipe(secret, sizeof secret);
    return code == GO_ON ? make_parts(loop) : code;
}

/* In the reverse order: parcels go back to the reception, replies leave by the router, sockets before their context. */
static void shut(struct loop *loop)
{
    commit_destroy(&loop->commit);
    reception_destroy(&loop->reception);
    guard_destroy(&loop->guard);
    ledger_destroy(&loop->ledger);
    sources_destroy(&loop->sources);
    intake_clear(&loop->intake);
    router_destroy(&loop->router);
    if (loop->bell != NULL) {
        zmq_close(loop->bell);
    }
    zap_destroy(&loop->zap);
    if (loop->zmq != NULL) {
        zmq_ctx_term(loop->zmq);
    }
    control_close(&loop->control);
    metrics_destroy(&loop->metrics);
    code_book_destroy(&loop->book);
    allow_destroy(&loop->allow);
}

int main(int argc, char **argv)
{
    static struct loop loop;
    int code;

    /* What libzmq's thread has freed after an attack shall serve our own: with an arena each, memory adds up. */
    (void)mallopt(M_ARENA_MAX, 1);
    code = service_boot(&loop.service, argc, argv, "ingest",
                        "takes events from one-stop systems, stores them and acknowledges what is stored");
    if (code >= 0) {
        return code;
    }
    code = boot(&loop);
    if (code == GO_ON) {
        log_info(&loop.service.log, "READY", "endpoint=%s curve=%s keys=%zu", router_endpoint(loop.router),
                 loop.service.config.ingest.curve ? "yes" : "no", allow_keys(loop.allow));
        service_tell_ready();
        loop_run(&loop);
        code = EXIT_FINE;
    }
    shut(&loop);
    return code;
}
