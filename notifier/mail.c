/* SPDX-License-Identifier: MIT */
/* mail.c - libcurl connects, encrypts and authenticates; smtp.c talks; this joins the two. */
#include "notifier/mail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "common/secret.h"
#include "notifier/address_check.h"
#include "notifier/mail_address.h"
#include "notifier/smtp.h"

#define URL_SIZE 600
#define PATH_SIZE 512
#define USER_SIZE 256
#define READ_SIZE 16384
#define CODE_AUTHENTICATED 235

struct mail {
    struct transfer *transfer; /* borrowed */
    char host[MAIL_ADDRESS_SIZE];
    char url[URL_SIZE];
    char ca_file[PATH_SIZE]; /* empty: the system's */
    char user[USER_SIZE];    /* empty: none */
    char password[SECRET_MAX];
    enum mail_security security;
    int64_t connect_ms;
    int64_t total_ms;
    int at_a_time;
};

/* An attempt. */
struct work {
    const struct mail *mail;
    struct smtp *smtp;
    char *message;
};

static const struct {
    const char *name;
    const char *scheme;
    long use_ssl;
} securities[] = {
    [MAIL_STARTTLS] = {"starttls", "smtp", CURLUSESSL_ALL},
    [MAIL_TLS] = {"tls", "smtps", CURLUSESSL_ALL},
    [MAIL_PLAIN] = {"none", "smtp", CURLUSESSL_NONE},
};

#define SET(option, value) wrong |= (int)curl_easy_setopt(easy, option, value)

static enum status prepare(void *context, CURL *easy)
{
    const struct mail *mail = ((struct work *)context)->mail;
    int wrong = 0;

    SET(CURLOPT_URL, mail->url);
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_USE_SSL, securities[mail->security].use_ssl);
    SET(CURLOPT_CONNECT_ONLY, 1L);
    if (mail->ca_file[0] != '\0') {
        SET(CURLOPT_CAINFO, mail->ca_file);
    }
    if (mail->user[0] != '\0') {
        SET(CURLOPT_USERNAME, mail->user);
        SET(CURLOPT_PASSWORD, mail->password);
        SET(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }
    return wrong == 0 ? STATUS_OK : STATUS_INVALID;
}

static bool admit(void *context, const struct sockaddr *address, const char **why)
{
    const struct mail *mail = ((struct work *)context)->mail;

    *why = "is no loopback address; mail without TLS does not leave this machine";
    return mail->security != MAIL_PLAIN || address_is_loopback(address);
}

static bool finished(void *context, CURL *easy, CURLcode code, const char *detail, struct outcome *outcome)
{
    static const char no_auth[] = "the server offers no AUTH PLAIN or LOGIN";
    const struct mail *mail = ((struct work *)context)->mail;
    long reply = 0;

    if (curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply) != CURLE_OK) {
        reply = 0;
    }
    if (code == CURLE_LOGIN_DENIED) {
        detail = reply >= 400 ? "user or password was refused" : no_auth;
    } else if (code == CURLE_OK && mail->user[0] != '\0' && reply != CODE_AUTHENTICATED) {
        detail = no_auth;
    } else if (code == CURLE_OK) {
        return false;
    }
    smtp_server_outcome(mail->host, (int)reply, detail, outcome);
    return true;
}

/* Everything that has come; a cut connection is told to the conversation. */
static void receive(struct work *work, CURL *easy)
{
    char bytes[READ_SIZE];
    struct outcome outcome;

    while (!smtp_ended(work->smtp, &outcome)) {
        size_t len = 0;
        CURLcode code = curl_easy_recv(easy, bytes, sizeof bytes, &len);

        if (code == CURLE_AGAIN) {
            return;
        }
        if (code != CURLE_OK || len == 0) {
            smtp_lost(work->smtp, "the connection was cut");
            return;
        }
        smtp_input(work->smtp, bytes, len);
    }
}

/* CURLE_OK when everything went, CURLE_AGAIN when the rest has to wait. */
static CURLcode send_output(struct work *work, CURL *easy)
{
    CURLcode code = CURLE_OK;
    size_t len;
    const char *bytes;

    while (code == CURLE_OK && (bytes = smtp_output(work->smtp, &len), len > 0)) {
        size_t sent = 0;

        code = curl_easy_send(easy, bytes, len, &sent);
        if (code == CURLE_OK) {
            smtp_sent(work->smtp, sent);
        }
    }
    return code;
}

static bool talk(void *context, CURL *easy, bool *wants_write, struct outcome *outcome)
{
    struct work *work = context;
    CURLcode code;

    receive(work, easy);
    code = send_output(work, easy);
    *wants_write = code == CURLE_AGAIN;
    if (code != CURLE_OK && code != CURLE_AGAIN) {
        /* A server that hangs up in the middle has often said why. */
        receive(work, easy);
        smtp_lost(work->smtp, "the connection was cut");
    }
    return smtp_ended(work->smtp, outcome);
}

static void cut(void *context, const char *why, struct outcome *outcome)
{
    struct work *work = context;

    smtp_lost(work->smtp, why);
    if (!smtp_ended(work->smtp, outcome)) {
        outcome_set(outcome, OUTCOME_RETRY, 0, "%s", why);
    }
}

static void work_destroy(void *context)
{
    struct work *work = context;

    smtp_destroy(&work->smtp);
    free(work->message);
    free(work);
}

static const struct transfer_kind mail_kind = {
    .prepare = prepare,
    .admit = admit,
    .finished = finished,
    .talk = talk,
    .cut = cut,
    .destroy = work_destroy,
};

enum status mail_security_parse(const char *text, enum mail_security *security)
{
    for (size_t i = 0; i < sizeof securities / sizeof *securities; i++) {
        if (strcmp(text, securities[i].name) == 0) {
            *security = (enum mail_security)i;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

static enum status refuse(char error[MAIL_ERROR_SIZE], const char *what)
{
    snprintf(error, MAIL_ERROR_SIZE, "%s", what);
    return STATUS_INVALID;
}

/* Whether plain text may go to this host as it is written; the address is looked at again when it is connected to. */
static bool names_loopback(const char *host)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        return address_is_loopback((const struct sockaddr *)&v4);
    }
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
        return address_is_loopback((const struct sockaddr *)&v6);
    }
    return strcmp(host, "localhost") == 0;
}

static bool is_v6(const char *host)
{
    uint8_t bytes[16];

    return inet_pton(AF_INET6, host, bytes) == 1;
}

static enum status check(const struct mail_settings *settings, char error[MAIL_ERROR_SIZE])
{
    if (!is_v6(settings->host) && !mail_domain_is_valid(settings->host)) {
        return refuse(error, "the mail server's host is neither a name nor an address");
    }
    if (settings->port < 1 || settings->port > 65535) {
        return refuse(error, "the mail server's port must be 1 to 65535");
    }
    if (settings->helo != NULL && !mail_domain_is_valid(settings->helo)) {
        return refuse(error, "the name for HELO is no name of a machine");
    }
    if (settings->security == MAIL_PLAIN && !names_loopback(settings->host)) {
        return refuse(error, "mail without TLS is only for a server on this machine: localhost, 127.0.0.1 or ::1");
    }
    if (settings->security == MAIL_PLAIN && settings->user != NULL) {
        return refuse(error, "a password is sent over TLS only: set security to starttls or tls");
    }
    if (settings->user != NULL && (settings->user[0] == '\0' || settings->password_file == NULL)) {
        return refuse(error, "a user of the mail server needs a name and a password file");
    }
    if (settings->connect_ms < 1 || settings->total_ms < settings->connect_ms || settings->total_ms > 3600000) {
        return refuse(error, "the mail server's time limits must be at least 1 ms, at most an hour, connect <= total");
    }
    return settings->at_a_time >= 1 ? STATUS_OK : refuse(error, "at least one connection to the mail server is needed");
}

static enum status copy(char *out, size_t size, const char *text, char error[MAIL_ERROR_SIZE])
{
    int len = snprintf(out, size, "%s", text != NULL ? text : "");

    return len >= 0 && (size_t)len < size ? STATUS_OK : refuse(error, "a setting of the mail server is too long");
}

static enum status fill(struct mail *self, const struct mail_settings *settings, char error[MAIL_ERROR_SIZE])
{
    bool v6 = is_v6(settings->host);
    enum status st = copy(self->host, sizeof self->host, settings->host, error);
    char password_error[SECRET_ERROR_SIZE];

    if (st == STATUS_OK) {
        st = copy(self->ca_file, sizeof self->ca_file, settings->ca_file, error);
    }
    if (st == STATUS_OK) {
        st = copy(self->user, sizeof self->user, settings->user, error);
    }
    if (st == STATUS_OK && settings->user != NULL) {
        st = secret_read(settings->password_file, self->password, password_error);
        if (st != STATUS_OK) {
            snprintf(error, MAIL_ERROR_SIZE, "%s", password_error);
        }
    }
    /* The checks leave nothing in host and helo that would mean something else in a URL. */
    snprintf(self->url, sizeof self->url, "%s://%s%s%s:%d/%s", securities[settings->security].scheme, v6 ? "[" : "",
             settings->host, v6 ? "]" : "", settings->port, settings->helo != NULL ? settings->helo : "");
    self->security = settings->security;
    self->connect_ms = settings->connect_ms;
    self->total_ms = settings->total_ms;
    self->at_a_time = settings->at_a_time;
    return st;
}

enum status mail_new(struct mail **self_p, const struct mail_settings *settings, struct transfer *transfer,
                     char error[MAIL_ERROR_SIZE])
{
    enum status st = check(settings, error);

    *self_p = NULL;
    if (st != STATUS_OK) {
        return st;
    }
    *self_p = calloc(1, sizeof **self_p);
    if (*self_p == NULL) {
        snprintf(error, MAIL_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    (*self_p)->transfer = transfer;
    st = fill(*self_p, settings, error);
    if (st != STATUS_OK) {
        mail_destroy(self_p);
    }
    return st;
}

void mail_destroy(struct mail **self_p)
{
    if (*self_p != NULL) {
        secret_wipe((*self_p)->password, sizeof(*self_p)->password);
    }
    free(*self_p);
    *self_p = NULL;
}

bool mail_has_room(const struct mail *self)
{
    return transfer_has_room(self->transfer, self->host, self->at_a_time);
}

/* The envelope's addresses are those of the headers; mail_compose has found them good. */
static enum status open_conversation(struct work *work, const struct mail_message *message, size_t message_len,
                                     char error[MAIL_ERROR_SIZE])
{
    char sender[MAIL_ADDRESS_SIZE];
    char recipient[MAIL_ADDRESS_SIZE];

    if (mail_address_parse(message->from.address, sender, error) != STATUS_OK ||
        mail_address_parse(message->to.address, recipient, error) != STATUS_OK) {
        return STATUS_INVALID;
    }
    work->smtp = smtp_new(sender, recipient, work->message, message_len);
    return work->smtp != NULL ? STATUS_OK : STATUS_RETRY;
}

enum status mail_send(struct mail *self, const struct mail_message *message, transfer_done_cb done, void *context,
                      char error[MAIL_ERROR_SIZE])
{
    struct work *work = calloc(1, sizeof *work);
    struct transfer_job job = {
        .kind = &mail_kind,
        .work = work,
        .host = self->host,
        .per_host = self->at_a_time,
        .connect_ms = self->connect_ms,
        .total_ms = self->total_ms,
        .done = done,
        .context = context,
    };
    size_t len;
    enum status st;

    snprintf(error, MAIL_ERROR_SIZE, "no room for another message now");
    if (work == NULL || !mail_has_room(self)) {
        free(work);
        return STATUS_RETRY;
    }
    work->mail = self;
    st = mail_compose(message, &work->message, &len, error);
    if (st == STATUS_OK) {
        st = open_conversation(work, message, len, error);
    }
    if (st == STATUS_OK) {
        st = transfer_start(self->transfer, &job);
    }
    if (st != STATUS_OK) {
        work_destroy(work);
    }
    return st;
}
