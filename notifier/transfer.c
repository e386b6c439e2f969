/* SPDX-License-Identifier: MIT */
/* transfer.c - libcurl's multi interface behind one epoll descriptor. */
#include "notifier/transfer.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "notifier/address_check.h"

#define EVENTS_A_TURN 8 /* so that the rest of the loop has its turn between many handshakes */
#define HOST_SIZE 256
#define NEVER INT64_MAX

/* An attempt in flight. */
struct attempt {
    struct transfer_job job; /* host points to host below */
    char host[HOST_SIZE];
    CURL *easy;
    int64_t deadline_ms; /* of the conversation; libcurl keeps its own part of the time itself */
    int talk_fd;         /* -1: libcurl has the connection */
    int admitted;        /* addresses that were tried */
    int turned_away;     /* addresses that were not allowed */
    char unsafe[ADDRESS_TEXT_SIZE + 64];
    char detail[CURL_ERROR_SIZE];
};

struct transfer {
    CURLM *multi;
    int epoll_fd;
    int64_t timer_ms; /* when libcurl wants a turn; NEVER */
    struct attempt **attempts;
    size_t len;
    size_t room;
    bool cancelling; /* nothing begins */
};

/* Watches a socket for what events says, 0: no longer.  It may be known already, or closed. */
static void watch(const struct transfer *self, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    if (events == 0) {
        epoll_ctl(self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
    } else if (epoll_ctl(self->epoll_fd, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT) {
        /* Memory may be short here: then the time limit ends the attempt. */
        epoll_ctl(self->epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

static int socket_cb(CURL *easy, curl_socket_t fd, int what, void *context, void *socket_context)
{
    static const uint32_t events[] = {
        [CURL_POLL_NONE] = 0,       [CURL_POLL_IN] = EPOLLIN,
        [CURL_POLL_OUT] = EPOLLOUT, [CURL_POLL_INOUT] = EPOLLIN | EPOLLOUT,
        [CURL_POLL_REMOVE] = 0,
    };

    (void)easy;
    (void)socket_context;
    watch(context, fd, events[what]);
    return 0;
}

static int timer_cb(CURLM *multi, long wait_ms, void *context)
{
    struct transfer *self = context;

    (void)multi;
    self->timer_ms = wait_ms < 0 ? NEVER : clock_monotonic_ms() + wait_ms;
    return 0;
}

/* The one place where a connection of ours begins: what is checked here is what is connected to. */
static curl_socket_t open_cb(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct attempt *attempt = context;
    char text[ADDRESS_TEXT_SIZE];
    const char *why = "";

    (void)purpose;
    if (!attempt->job.kind->admit(attempt->job.work, &address->addr, &why)) {
        attempt->turned_away++;
        snprintf(attempt->unsafe, sizeof attempt->unsafe, "%s %s", address_text(&address->addr, text), why);
        return CURL_SOCKET_BAD;
    }
    attempt->admitted++;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t ignore_cb(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

/* Adds up: 0 when all went well. */
#define SET(option, value) wrong |= (int)curl_easy_setopt(easy, option, value)

static enum status set_common(struct attempt *attempt)
{
    CURL *easy = attempt->easy;
    int wrong = 0;

    SET(CURLOPT_PRIVATE, attempt);
    SET(CURLOPT_ERRORBUFFER, attempt->detail);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_cb);
    SET(CURLOPT_OPENSOCKETDATA, attempt);
    SET(CURLOPT_WRITEFUNCTION, ignore_cb);
    SET(CURLOPT_HEADERFUNCTION, ignore_cb);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)attempt->job.connect_ms);
    SET(CURLOPT_TIMEOUT_MS, (long)attempt->job.total_ms);
    /* A name server that is silent must not hold the loop when an attempt is given up: do not wait for its thread. */
    SET(CURLOPT_QUICK_EXIT, 1L);
    /* No proxy, whatever the environment says: it would connect in our place, unchecked. */
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    /* Authorities from one file only: it is then read once a day, and not for every connection (0.1 s each). */
    SET(CURLOPT_CAPATH, NULL);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    return wrong == 0 ? STATUS_OK : STATUS_RETRY;
}

static void attempt_free(struct attempt *attempt)
{
    curl_easy_cleanup(attempt->easy);
    free(attempt);
}

static size_t place_of(const struct transfer *self, const struct attempt *attempt)
{
    for (size_t i = 0; i < self->len; i++) {
        if (self->attempts[i] == attempt) {
            return i;
        }
    }
    assert(false);
    return 0;
}

/* The attempt leaves the list before its callback runs, which may start another one. */
static void end(struct transfer *self, struct attempt *attempt, const struct outcome *outcome)
{
    struct transfer_job job = attempt->job;

    self->attempts[place_of(self, attempt)] = self->attempts[self->len - 1];
    self->len--;
    if (attempt->talk_fd >= 0) {
        watch(self, attempt->talk_fd, 0);
    }
    curl_multi_remove_handle(self->multi, attempt->easy);
    attempt_free(attempt);
    job.kind->destroy(job.work);
    job.done(job.context, outcome);
}

static void talk(struct transfer *self, struct attempt *attempt)
{
    struct outcome outcome;
    bool wants_write = false;

    if (attempt->job.kind->talk(attempt->job.work, attempt->easy, &wants_write, &outcome)) {
        end(self, attempt, &outcome);
        return;
    }
    watch(self, attempt->talk_fd, wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void begin_talk(struct transfer *self, struct attempt *attempt)
{
    struct outcome outcome;
    curl_socket_t fd = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(attempt->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD) {
        attempt->job.kind->cut(attempt->job.work, "the connection was lost", &outcome);
        end(self, attempt, &outcome);
        return;
    }
    attempt->talk_fd = fd;
    talk(self, attempt);
}

static void finish(struct transfer *self, struct attempt *attempt, CURLcode code)
{
    const struct transfer_job *job = &attempt->job;
    const char *detail = attempt->detail[0] != '\0' ? attempt->detail : curl_easy_strerror(code);
    struct outcome outcome;

    if (code != CURLE_OK && attempt->turned_away > 0 && attempt->admitted == 0) {
        outcome_set(&outcome, OUTCOME_UNSAFE, 0, "%s: %s", job->host, attempt->unsafe);
    } else if (code == CURLE_PEER_FAILED_VERIFICATION) {
        outcome_set(&outcome, OUTCOME_CERTIFICATE, 0, "%s: %s", job->host, detail);
    } else if (!job->kind->finished(job->work, attempt->easy, code, detail, &outcome)) {
        begin_talk(self, attempt);
        return;
    }
    end(self, attempt, &outcome);
}

static struct attempt *talking_on(const struct transfer *self, int fd)
{
    for (size_t i = 0; i < self->len; i++) {
        if (self->attempts[i]->talk_fd == fd) {
            return self->attempts[i];
        }
    }
    return NULL;
}

static void serve_socket(struct transfer *self, int fd, uint32_t events)
{
    struct attempt *attempt = talking_on(self, fd);
    int mask = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    int running;

    if (attempt != NULL) {
        talk(self, attempt);
    } else {
        curl_multi_socket_action(self->multi, fd, mask, &running);
    }
}

static void serve_sockets(struct transfer *self)
{
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(self->epoll_fd, events, EVENTS_A_TURN, 0);

    for (int i = 0; i < count; i++) {
        serve_socket(self, events[i].data.fd, events[i].events);
    }
}

static void serve_timer(struct transfer *self)
{
    int running;

    if (self->timer_ms <= clock_monotonic_ms()) {
        self->timer_ms = NEVER;
        curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

static void reap(struct transfer *self)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(self->multi, &left)) != NULL) {
        CURLcode code = message->data.result;
        char *attempt = NULL;

        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &attempt) == CURLE_OK) {
            finish(self, (struct attempt *)(void *)attempt, code);
        }
    }
}

static struct attempt *overdue(const struct transfer *self, int64_t now_ms)
{
    for (size_t i = 0; i < self->len; i++) {
        if (self->attempts[i]->talk_fd >= 0 && self->attempts[i]->deadline_ms <= now_ms) {
            return self->attempts[i];
        }
    }
    return NULL;
}

static void expire(struct transfer *self)
{
    int64_t now_ms = clock_monotonic_ms();
    struct attempt *attempt;
    struct outcome outcome;
    char why[64];

    while ((attempt = overdue(self, now_ms)) != NULL) {
        snprintf(why, sizeof why, "the time limit of %lld ms is over", (long long)attempt->job.total_ms);
        attempt->job.kind->cut(attempt->job.work, why, &outcome);
        end(self, attempt, &outcome);
    }
}

static bool set_multi(struct transfer *self)
{
    int wrong = 0;

    wrong |= (int)curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, socket_cb);
    wrong |= (int)curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    wrong |= (int)curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, timer_cb);
    wrong |= (int)curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    /* A connection in conversation counts as idle to libcurl: there must be a place for each. */
    wrong |= (int)curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)self->room + 1);
    return wrong == 0;
}

/* Libraries that resolve names in the calling thread, or verify nothing, would break what transfer.h promises. */
static bool curl_is_fit(void)
{
    const int needed = CURL_VERSION_ASYNCHDNS | CURL_VERSION_SSL | CURL_VERSION_IPV6;

    return (curl_version_info(CURLVERSION_NOW)->features & needed) == needed;
}

enum status transfer_new(struct transfer **self_p, int room, char error[TRANSFER_ERROR_SIZE])
{
    struct transfer *self = NULL;

    *self_p = NULL;
    if (room < 1 || room > TRANSFER_ROOM_MAX) {
        snprintf(error, TRANSFER_ERROR_SIZE, "attempts at a time must be 1 to %d", TRANSFER_ROOM_MAX);
        return STATUS_INVALID;
    }
    if (!curl_is_fit()) {
        snprintf(error, TRANSFER_ERROR_SIZE, "libcurl lacks TLS, IPv6 or a resolver that does not block");
        return STATUS_INVALID;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(error, TRANSFER_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        curl_global_cleanup();
        snprintf(error, TRANSFER_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    self->timer_ms = NEVER;
    self->room = (size_t)room;
    self->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    self->multi = curl_multi_init();
    self->attempts = calloc(self->room, sizeof(struct attempt *));
    if (self->epoll_fd < 0 || self->multi == NULL || self->attempts == NULL || !set_multi(self)) {
        snprintf(error, TRANSFER_ERROR_SIZE, "memory or file descriptors are short");
        transfer_destroy(&self);
        return STATUS_RETRY;
    }
    *self_p = self;
    return STATUS_OK;
}

void transfer_destroy(struct transfer **self_p)
{
    struct transfer *self = *self_p;

    if (self == NULL) {
        return;
    }
    transfer_cancel(self);
    free(self->attempts);
    curl_multi_cleanup(self->multi);
    if (self->epoll_fd >= 0) {
        close(self->epoll_fd);
    }
    free(self);
    curl_global_cleanup();
    *self_p = NULL;
}

int transfer_fd(const struct transfer *self)
{
    return self->epoll_fd;
}

int64_t transfer_wait_ms(const struct transfer *self)
{
    int64_t due_ms = self->timer_ms;
    int64_t now_ms;

    for (size_t i = 0; i < self->len; i++) {
        if (self->attempts[i]->talk_fd >= 0 && self->attempts[i]->deadline_ms < due_ms) {
            due_ms = self->attempts[i]->deadline_ms;
        }
    }
    if (due_ms == NEVER) {
        return -1;
    }
    now_ms = clock_monotonic_ms();
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

void transfer_turn(struct transfer *self)
{
    serve_sockets(self);
    serve_timer(self);
    reap(self);
    expire(self);
}

bool transfer_has_room(const struct transfer *self, const char *host, int per_host)
{
    int same = 0;

    for (size_t i = 0; i < self->len; i++) {
        same += strcasecmp(self->attempts[i]->host, host) == 0;
    }
    return self->len < self->room && same < per_host;
}

size_t transfer_in_flight(const struct transfer *self)
{
    return self->len;
}

static enum status prepare(struct transfer *self, struct attempt *attempt)
{
    enum status st;

    attempt->easy = curl_easy_init();
    if (attempt->easy == NULL) {
        return STATUS_RETRY;
    }
    st = set_common(attempt);
    if (st == STATUS_OK) {
        st = attempt->job.kind->prepare(attempt->job.work, attempt->easy);
    }
    if (st == STATUS_OK && curl_multi_add_handle(self->multi, attempt->easy) != CURLM_OK) {
        st = STATUS_RETRY;
    }
    return st;
}

enum status transfer_start(struct transfer *self, const struct transfer_job *job)
{
    struct attempt *attempt;
    enum status st;

    if (strlen(job->host) >= HOST_SIZE) {
        return STATUS_INVALID;
    }
    if (self->cancelling || !transfer_has_room(self, job->host, job->per_host)) {
        return STATUS_RETRY;
    }
    attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL) {
        return STATUS_RETRY;
    }
    attempt->job = *job;
    snprintf(attempt->host, sizeof attempt->host, "%s", job->host);
    attempt->job.host = attempt->host;
    attempt->talk_fd = -1;
    attempt->deadline_ms = clock_monotonic_ms() + job->total_ms;
    st = prepare(self, attempt);
    if (st != STATUS_OK) {
        attempt_free(attempt);
        return st;
    }
    self->attempts[self->len++] = attempt;
    return STATUS_OK;
}

void transfer_cancel(struct transfer *self)
{
    struct outcome outcome;

    /* A callback that starts the next attempt would never let this come to an end. */
    self->cancelling = true;
    while (self->len > 0) {
        struct attempt *attempt = self->attempts[self->len - 1];

        attempt->job.kind->cut(attempt->job.work, "the notifier was stopped", &outcome);
        end(self, attempt, &outcome);
    }
    self->cancelling = false;
}
