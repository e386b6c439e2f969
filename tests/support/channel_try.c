/* SPDX-License-Identifier: MIT */
/*
 * channel_try.c - sends what a JSON document on standard input says, and prints a line of JSON for each outcome.
 *
 *   {"room": 4, "mail": SETTINGS, "messages": [MAIL, ...]}
 *   {"room": 4, "webhook": SETTINGS, "messages": [WEBHOOK, ...]}
 *
 * Members have the names of the structs' (mail.h, mail_message.h, webhook.h).  Messages are begun as room allows.  What
 * cannot be begun is printed as {"outcome": "invalid", "text": SENTENCE}.  SIGTERM ends what is in flight.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "common/json.h"
#include "notifier/mail.h"
#include "notifier/webhook.h"

#define INPUT_MAX ((size_t)64 << 20)
#define EXIT_USAGE 2
#define ERROR_SIZE 1024

static volatile sig_atomic_t stopped;

struct
try {
    struct transfer *transfer;
    struct mail *mail;
    struct webhook *webhook;
    const cJSON *message; /* the next to begin; NULL: none is left */
    int number;           /* of the message */
    size_t most_in_flight;
    int64_t longest_turn_us; /* a figure for people: the loop stood still so long */
};

/* What a callback has to know. */
struct waiting {
    int number;
};

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static void __attribute__((noreturn)) die(const char *what)
{
    fprintf(stderr, "channel_try: %s\n", what);
    exit(EXIT_USAGE);
}

static const char *text_of(const cJSON *object, const char *name, const char *otherwise)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? item->valuestring : otherwise;
}

static int64_t number_of(const cJSON *object, const char *name, int64_t otherwise)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : otherwise;
}

static void print(int number, const char *name, const struct outcome *outcome, const char *text)
{
    cJSON *line = cJSON_CreateObject();
    char *printed;

    cJSON_AddNumberToObject(line, "message", number);
    cJSON_AddStringToObject(line, "outcome", name);
    cJSON_AddNumberToObject(line, "code", outcome != NULL ? outcome->code : 0);
    cJSON_AddNumberToObject(line, "not_before_ms", outcome != NULL ? (double)outcome->not_before_ms : 0);
    cJSON_AddStringToObject(line, "text", text);
    printed = cJSON_PrintUnformatted(line);
    puts(printed);
    fflush(stdout);
    free(printed);
    cJSON_Delete(line);
}

static void done_cb(void *context, const struct outcome *outcome)
{
    struct waiting *waiting = context;

    print(waiting->number, outcome_name(outcome->kind), outcome, outcome->text);
    free(waiting);
}

static char *read_all(FILE *in, size_t *len)
{
    char *bytes = malloc(INPUT_MAX + 1);

    if (bytes == NULL) {
        die("memory is short");
    }
    *len = fread(bytes, 1, INPUT_MAX, in);
    bytes[*len] = '\0';
    return bytes;
}

static struct mail_person person_of(const cJSON *message, const char *name)
{
    const cJSON *person = cJSON_GetObjectItemCaseSensitive(message, name);

    return (struct mail_person){.address = text_of(person, "address", NULL), .name = text_of(person, "name", NULL)};
}

/* Attachments are given as files; the bytes are freed by the caller. */
static size_t attachments_of(const cJSON *message, struct mail_attachment *out)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(message, "attachments");
    const cJSON *item;
    size_t count = 0;

    cJSON_ArrayForEach(item, list)
    {
        FILE *in = fopen(text_of(item, "file", ""), "rb");

        if (in == NULL || count == MAIL_ATTACHMENTS_MAX) {
            die("an attachment cannot be read");
        }
        out[count].name = text_of(item, "name", "");
        out[count].type = text_of(item, "type", "application/pdf");
        out[count].bytes = read_all(in, &out[count].len);
        fclose(in);
        count++;
    }
    return count;
}

static enum status send_mail(struct try *self, struct waiting *waiting, char error[ERROR_SIZE])
{
    struct mail_attachment attachments[MAIL_ATTACHMENTS_MAX];
    struct mail_message message = {
        .id = text_of(self->message, "id", ""),
        .date_us = number_of(self->message, "date_us", 0),
        .from = person_of(self->message, "from"),
        .to = person_of(self->message, "to"),
        .reply_to = person_of(self->message, "reply_to"),
        .subject = text_of(self->message, "subject", ""),
        .text = text_of(self->message, "text", ""),
        .html = text_of(self->message, "html", NULL),
        .attachments = attachments,
        .attachments_len = attachments_of(self->message, attachments),
    };
    enum status st = mail_send(self->mail, &message, done_cb, waiting, error);

    for (size_t i = 0; i < message.attachments_len; i++) {
        free((void *)(uintptr_t)attachments[i].bytes);
    }
    return st;
}

static enum status send_webhook(struct try *self, struct waiting *waiting, char error[ERROR_SIZE])
{
    struct webhook_secret secrets[WEBHOOK_SECRETS_MAX];
    struct webhook_message message = {
        .url = text_of(self->message, "url", ""),
        .id = text_of(self->message, "id", ""),
        .payload = text_of(self->message, "payload", ""),
        .secrets = secrets,
    };
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(self->message, "secrets");
    const cJSON *item;
    enum status st = STATUS_OK;

    message.payload_len = strlen(message.payload);
    cJSON_ArrayForEach(item, list)
    {
        if (st == STATUS_OK && message.secrets_len < WEBHOOK_SECRETS_MAX) {
            st = webhook_secret_parse(item->valuestring, &secrets[message.secrets_len++], error);
        }
    }
    return st == STATUS_OK ? webhook_send(self->webhook, &message, done_cb, waiting, error) : st;
}

static bool has_room(const struct try *self)
{
    return self->mail != NULL ? mail_has_room(self->mail)
                              : webhook_has_room(self->webhook, text_of(self->message, "url", "")) ||
                                    transfer_in_flight(self->transfer) == 0;
}

static void begin(struct try *self)
{
    while (self->message != NULL && has_room(self)) {
        struct waiting *waiting = malloc(sizeof *waiting);
        char error[ERROR_SIZE];
        enum status st;

        if (waiting == NULL) {
            die("memory is short");
        }
        waiting->number = self->number++;
        st = self->mail != NULL ? send_mail(self, waiting, error) : send_webhook(self, waiting, error);
        if (st != STATUS_OK) {
            print(waiting->number, st == STATUS_INVALID ? "invalid" : "full", NULL, error);
            free(waiting);
        }
        self->message = self->message->next;
        if (transfer_in_flight(self->transfer) > self->most_in_flight) {
            self->most_in_flight = transfer_in_flight(self->transfer);
        }
    }
}

static int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* As the notifier's loop does, but with the signal let in only while waiting. */
static void run(struct try *self, const sigset_t *while_waiting)
{
    begin(self);
    while (!stopped && transfer_in_flight(self->transfer) > 0) {
        struct pollfd polled = {.fd = transfer_fd(self->transfer), .events = POLLIN};
        int64_t wait_ms = transfer_wait_ms(self->transfer);
        int64_t from_us;
        struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};

        if (ppoll(&polled, 1, wait_ms < 0 ? NULL : &wait, while_waiting) < 0 && errno != EINTR) {
            die("ppoll failed");
        }
        from_us = monotonic_us();
        transfer_turn(self->transfer);
        if (monotonic_us() - from_us > self->longest_turn_us) {
            self->longest_turn_us = monotonic_us() - from_us;
        }
        begin(self);
    }
}

static void open_mail(struct try *self, const cJSON *settings)
{
    struct mail_settings mail = {
        .host = text_of(settings, "host", "127.0.0.1"),
        .port = (int)number_of(settings, "port", 0),
        .ca_file = text_of(settings, "ca_file", NULL),
        .user = text_of(settings, "user", NULL),
        .password_file = text_of(settings, "password_file", NULL),
        .helo = text_of(settings, "helo", NULL),
        .connect_ms = number_of(settings, "connect_ms", MAIL_CONNECT_MS),
        .total_ms = number_of(settings, "total_ms", MAIL_TOTAL_MS),
        .at_a_time = (int)number_of(settings, "at_a_time", 2),
    };
    char error[MAIL_ERROR_SIZE];

    if (mail_security_parse(text_of(settings, "security", "none"), &mail.security) != STATUS_OK) {
        die("security must be none, starttls or tls");
    }
    if (mail_new(&self->mail, &mail, self->transfer, error) != STATUS_OK) {
        print(0, "invalid", NULL, error);
    }
}

static void open_webhook(struct try *self, const cJSON *settings)
{
    struct webhook_settings webhook = {
        .ca_file = text_of(settings, "ca_file", NULL),
        .connect_ms = number_of(settings, "connect_ms", WEBHOOK_CONNECT_MS),
        .total_ms = number_of(settings, "total_ms", WEBHOOK_TOTAL_MS),
        .per_host = (int)number_of(settings, "per_host", 4),
    };
    char error[ADDRESS_ERROR_SIZE];

    if (address_allow_parse(text_of(settings, "allow", ""), &webhook.allow, error) != STATUS_OK ||
        webhook_new(&self->webhook, &webhook, self->transfer, error) != STATUS_OK) {
        print(0, "invalid", NULL, error);
    }
}

int main(void)
{
    struct try self = {0};
    struct sigaction action = {.sa_handler = stop};
    char error[TRANSFER_ERROR_SIZE];
    sigset_t term;
    sigset_t before;
    size_t len;
    char *input = read_all(stdin, &len);
    cJSON *document = json_parse(input, len);
    const cJSON *mail = cJSON_GetObjectItemCaseSensitive(document, "mail");

    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    if (document == NULL || sodium_init() < 0 || sigprocmask(SIG_BLOCK, &term, &before) != 0 ||
        sigaction(SIGTERM, &action, NULL) != 0) {
        die("no JSON, or no start");
    }
    if (transfer_new(&self.transfer, (int)number_of(document, "room", 8), error) != STATUS_OK) {
        die(error);
    }
    self.message = cJSON_GetObjectItemCaseSensitive(document, "messages");
    self.message = self.message != NULL ? self.message->child : NULL;
    if (mail != NULL) {
        open_mail(&self, mail);
    } else {
        open_webhook(&self, cJSON_GetObjectItemCaseSensitive(document, "webhook"));
    }
    if (self.mail != NULL || self.webhook != NULL) {
        run(&self, &before);
    }
    fprintf(stderr, "most in flight: %zu\nlongest turn: %lld us\n", self.most_in_flight,
            (long long)self.longest_turn_us);
    transfer_destroy(&self.transfer);
    mail_destroy(&self.mail);
    webhook_destroy(&self.webhook);
    cJSON_Delete(document);
    free(input);
    return 0;
}
