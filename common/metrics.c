/* SPDX-License-Identifier: MIT */
/* metrics.c - see metrics.h: libmicrohttpd without threads, run from the caller's loop. */
#include "common/metrics.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#define METRICS_CONNECTIONS 16
#define METRICS_TIMEOUT_S 5
#define METRICS_PAGE_MAX (4u << 20)

struct metrics {
    struct MHD_Daemon *daemon;
    metrics_write_cb write;
    metrics_ready_cb ready;
    void *context;
    const struct log *log;
};

struct metrics_page {
    char *text;
    size_t len;
    size_t room;
    bool failed;           /* memory was short or the page too long */
    const char *last_name; /* whose help has been written */
};

typedef unsigned int (*page_cb)(struct metrics *self, struct metrics_page *page);

static bool page_grow(struct metrics_page *page, size_t more)
{
    size_t room = page->room ? page->room : 4096;
    char *text;

    while (room < page->len + more) {
        room *= 2;
    }
    if (room == page->room) {
        return true;
    }
    text = room > METRICS_PAGE_MAX ? NULL : realloc(page->text, room);
    if (!text) {
        page->failed = true;
        return false;
    }
    page->text = text;
    page->room = room;
    return true;
}

static void page_print(struct metrics_page *page, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void page_print(struct metrics_page *page, const char *fmt, ...)
{
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0 || page->failed || !page_grow(page, (size_t)len + 1)) {
        return;
    }
    va_start(args, fmt);
    vsnprintf(page->text + page->len, (size_t)len + 1, fmt, args);
    va_end(args);
    page->len += (size_t)len;
}

static void page_head(struct metrics_page *page, const char *name, const char *help, const char *type)
{
    if (page->last_name && strcmp(page->last_name, name) == 0) {
        return;
    }
    page->last_name = name;
    page_print(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *brace_open(const char *labels)
{
    return *labels ? "{" : "";
}

static const char *brace_close(const char *labels)
{
    return *labels ? "}" : "";
}

static unsigned int page_metrics(struct metrics *self, struct metrics_page *page)
{
    self->write(page, self->context);
    return MHD_HTTP_OK;
}

static unsigned int page_live(struct metrics *self, struct metrics_page *page)
{
    (void)self;
    page_print(page, "live\n");
    return MHD_HTTP_OK;
}

static unsigned int page_ready(struct metrics *self, struct metrics_page *page)
{
    bool ready = self->ready(self->context);

    page_print(page, ready ? "ready\n" : "not ready\n");
    return ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static unsigned int page_unknown(struct metrics *self, struct metrics_page *page)
{
    (void)self;
    page_print(page, "here are /metrics, /live and /ready\n");
    return MHD_HTTP_NOT_FOUND;
}

static const struct {
    const char *path;
    page_cb write;
} pages[] = {{"/metrics", page_metrics}, {"/live", page_live}, {"/ready", page_ready}};

static page_cb page_find(const char *path)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(pages[i].path, path) == 0) {
            return pages[i].write;
        }
    }
    return page_unknown;
}

static enum MHD_Result send_page(struct MHD_Connection *connection, unsigned int code, struct metrics_page *page)
{
    struct MHD_Response *response;
    enum MHD_Result queued;

    if (page->failed) {
        free(page->text);
        return MHD_NO;
    }
    response = MHD_create_response_from_buffer(page->len, page->text, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(page->text);
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    queued = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result request_cb(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload_data, size_t *upload_data_size,
                                  void **con_cls)
{
    struct metrics *self = context;
    struct metrics_page page = {0};
    unsigned int code;

    (void)version;
    (void)upload_data;
    (void)upload_data_size;
    (void)con_cls;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        return MHD_NO; /* closes the connection: nothing here takes input */
    }
    code = page_find(url)(self, &page);
    return send_page(connection, code, &page);
}

enum status metrics_new(struct metrics **self_p, int64_t port, metrics_write_cb write, metrics_ready_cb ready,
                        void *context, const struct log *log)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct metrics *self;

    *self_p = NULL;
    if (port == 0) {
        return STATUS_OK;
    }
    self = calloc(1, sizeof *self);
    if (!self) {
        return STATUS_FATAL;
    }
    *self = (struct metrics){.write = write, .ready = ready, .context = context, .log = log};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    self->daemon =
        MHD_start_daemon(MHD_USE_EPOLL, (uint16_t)port, NULL, NULL, request_cb, self, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, (unsigned int)METRICS_CONNECTIONS,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)METRICS_TIMEOUT_S, MHD_OPTION_END);
    if (!self->daemon) {
        log_error(log, "METRICS-PORT", "cannot listen on 127.0.0.1:%lld; set another metrics_port or 0 for none",
                  (long long)port);
        metrics_destroy(&self);
        return STATUS_FATAL;
    }
    *self_p = self;
    return STATUS_OK;
}

void metrics_destroy(struct metrics **self_p)
{
    if (!*self_p) {
        return;
    }
    if ((*self_p)->daemon) {
        MHD_stop_daemon((*self_p)->daemon);
    }
    free(*self_p);
    *self_p = NULL;
}

int metrics_fd(const struct metrics *self)
{
    const union MHD_DaemonInfo *info;

    if (!self) {
        return -1;
    }
    info = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

void metrics_turn(struct metrics *self)
{
    if (self && MHD_run(self->daemon) != MHD_YES) {
        log_warn(self->log, "METRICS-RUN", "the metrics page could not be served");
    }
}

void metrics_counter(struct metrics_page *page, const char *name, const char *help, const char *labels, int64_t value)
{
    page_head(page, name, help, "counter");
    page_print(page, "%s%s%s%s %lld\n", name, brace_open(labels), labels, brace_close(labels), (long long)value);
}

void metrics_gauge(struct metrics_page *page, const char *name, const char *help, const char *labels, double value)
{
    page_head(page, name, help, "gauge");
    page_print(page, "%s%s%s%s %.15g\n", name, brace_open(labels), labels, brace_close(labels), value);
}
