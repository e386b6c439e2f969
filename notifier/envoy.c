/* SPDX-License-Identifier: MIT */
/* envoy.c - one delivery on its way. */
#include "notifier/envoy.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "common/secret.h"
#include "notifier/compose.h"
#include "notifier/mail.h"
#include "notifier/mail_address.h"
#include "notifier/webhook.h"

#define MAIL_CONNECT_LIMIT_MS 30000
#define WEBHOOKS_PER_HOST 4
/* Letters that a mail to officials brings along; more are printed (kipthoi letters print). */
#define LETTERS_ATTACHED 50

struct envoy {
    const struct config *config;
    struct letter_desk *desk;
    struct transfer *transfers[DELIVERY_CHANNELS]; /* one each: their files of authorities may differ */
    struct mail *mail;                             /* NULL: no mail server is configured */
    struct webhook *webhook;
};

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

static enum status check_address(const char *key, const char *text, char error[ENVOY_ERROR_SIZE])
{
    char ascii[MAIL_ADDRESS_SIZE];
    char why[MAIL_ADDRESS_ERROR_SIZE];
    enum status st = mail_address_parse(text, ascii, why);

    if (st != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "%s: %s", key, why);
    }
    return st;
}

static enum status open_mail(struct envoy *self, char error[ENVOY_ERROR_SIZE])
{
    const struct config *config = self->config;
    struct mail_settings settings = {
        .host = config->mail.host,
        .port = (int)config->mail.port,
        .ca_file = or_null(config->mail.ca_file),
        .user = or_null(config->mail.user),
        .password_file = or_null(config->mail.password_file),
        .helo = or_null(config->mail.helo),
        .connect_ms = MAIL_CONNECT_LIMIT_MS,
        .total_ms = config->mail.timeout_ms,
        .at_a_time = (int)config->mail.connections,
    };
    char why[MAIL_ERROR_SIZE];
    enum status st;

    if (*config->mail.host == '\0') {
        return STATUS_OK;
    }
    st = check_address("mail.from", config->mail.from, error);
    if (st == STATUS_OK && *config->mail.reply_to != '\0') {
        st = check_address("mail.reply_to", config->mail.reply_to, error);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (mail_security_parse(config->mail.security, &settings.security) != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "mail.security: \"%s\" is none of starttls, tls, none",
                 config->mail.security);
        return STATUS_INVALID;
    }
    st = mail_new(&self->mail, &settings, self->transfers[DELIVERY_EMAIL], why);
    if (st != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "[mail] %s", why);
    }
    return st;
}

static enum status open_webhook(struct envoy *self, char error[ENVOY_ERROR_SIZE])
{
    const struct config *config = self->config;
    struct webhook_settings settings = {
        .ca_file = or_null(config->notifier.webhook_ca_file),
        .connect_ms = WEBHOOK_CONNECT_MS,
        .total_ms = config->notifier.webhook_timeout_ms,
        .per_host = WEBHOOKS_PER_HOST,
    };
    char why[WEBHOOK_ERROR_SIZE];
    char range[ADDRESS_ERROR_SIZE];
    enum status st = address_allow_parse(config->notifier.webhook_allow, &settings.allow, range);

    if (st != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "notifier.webhook_allow: %s", range);
        return st;
    }
    st = webhook_new(&self->webhook, &settings, self->transfers[DELIVERY_WEBHOOK], why);
    if (st != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "webhooks: %s", why);
    }
    return st;
}

enum status envoy_new(struct envoy **self_p, const struct config *config, struct letter_desk *desk,
                      char error[ENVOY_ERROR_SIZE])
{
    struct envoy *self = calloc(1, sizeof *self);
    char why[TRANSFER_ERROR_SIZE];
    enum status st = STATUS_OK;

    *self_p = NULL;
    if (self == NULL) {
        snprintf(error, ENVOY_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    self->config = config;
    self->desk = desk;
    for (int channel = 0; channel < DELIVERY_CHANNELS && st == STATUS_OK; channel++) {
        st = transfer_new(&self->transfers[channel], (int)config->notifier.deliveries, why);
    }
    if (st != STATUS_OK) {
        snprintf(error, ENVOY_ERROR_SIZE, "deliveries: %s", why);
    } else {
        st = open_mail(self, error);
    }
    if (st == STATUS_OK) {
        st = open_webhook(self, error);
    }
    if (st != STATUS_OK) {
        envoy_destroy(&self);
    }
    *self_p = self;
    return st;
}

/* The attempts use their channels, so they end first. */
void envoy_destroy(struct envoy **self_p)
{
    if (*self_p != NULL) {
        for (int channel = 0; channel < DELIVERY_CHANNELS; channel++) {
            transfer_destroy(&(*self_p)->transfers[channel]);
        }
        mail_destroy(&(*self_p)->mail);
        webhook_destroy(&(*self_p)->webhook);
        free(*self_p);
        *self_p = NULL;
    }
}

int envoy_fd(const struct envoy *self, enum delivery_channel channel)
{
    return transfer_fd(self->transfers[channel]);
}

int64_t envoy_wait_ms(const struct envoy *self)
{
    int64_t least_ms = -1;

    for (int channel = 0; channel < DELIVERY_CHANNELS; channel++) {
        int64_t wait_ms = transfer_wait_ms(self->transfers[channel]);

        least_ms = wait_ms >= 0 && (least_ms < 0 || wait_ms < least_ms) ? wait_ms : least_ms;
    }
    return least_ms;
}

void envoy_turn(struct envoy *self)
{
    for (int channel = 0; channel < DELIVERY_CHANNELS; channel++) {
        transfer_turn(self->transfers[channel]);
    }
}

bool envoy_has(const struct envoy *self, enum delivery_channel channel)
{
    return channel == DELIVERY_EMAIL ? self->mail != NULL : self->webhook != NULL;
}

bool envoy_has_room(const struct envoy *self, enum delivery_channel channel, const struct outbox_item *item)
{
    if (channel == DELIVERY_EMAIL) {
        return mail_has_room(self->mail);
    }
    /* An address that is no URL takes no room: it is refused when it is started. */
    return webhook_has_room(self->webhook, item->address) || transfer_in_flight(self->transfers[DELIVERY_WEBHOOK]) == 0;
}

static struct compose_request request_of(const struct outbox_item *item)
{
    return (struct compose_request){
        .kind = item->kind,
        .facts = item->facts,
        .at_us = item->at_us,
        .vietnamese = item->vietnamese,
        .unit = item->unit == NULL ? "" : item->unit,
        .unit_name = item->unit_name,
        .role = item->role == NULL ? "" : item->role,
    };
}

/* --- webhooks --- */

/* The keys that sign: a file each, separated by blanks. */
static enum status read_secrets(const char *files, struct webhook_secret *secrets, size_t *count, char *error,
                                size_t error_size)
{
    char list[CONFIG_TEXT_MAX * WEBHOOK_SECRETS_MAX];
    char why[SECRET_ERROR_SIZE];
    char parse_error[WEBHOOK_ERROR_SIZE];
    char text[SECRET_MAX];
    char *rest = NULL;
    enum status st = STATUS_OK;

    *count = 0;
    snprintf(list, sizeof list, "%s", files == NULL ? "" : files);
    for (char *file = strtok_r(list, " ", &rest); file != NULL && st == STATUS_OK && *count < WEBHOOK_SECRETS_MAX;
         file = strtok_r(NULL, " ", &rest)) {
        st = secret_read(file, text, why);
        if (st != STATUS_OK) {
            snprintf(error, error_size, "%s", why);
            break;
        }
        st = webhook_secret_parse(text, &secrets[*count], parse_error);
        if (st != STATUS_OK) {
            snprintf(error, error_size, "%s: %s", file, parse_error);
        }
        *count += st == STATUS_OK;
    }
    secret_wipe(text, sizeof text);
    if (st == STATUS_OK && *count == 0) {
        snprintf(error, error_size, "the recipient has no key to sign with; run: kipthoi recipients rotate");
        st = STATUS_INVALID;
    }
    return st;
}

static enum status start_webhook(struct envoy *self, const struct outbox_item *item, transfer_done_cb done,
                                 void *context, char *error, size_t error_size)
{
    struct compose_request request = request_of(item);
    struct webhook_secret secrets[WEBHOOK_SECRETS_MAX];
    struct webhook_message message = {.url = item->address, .id = item->wire_id, .secrets = secrets};
    char why[WEBHOOK_ERROR_SIZE] = "";
    char *payload = NULL;
    enum status st = read_secrets(item->secret_files, secrets, &message.secrets_len, error, error_size);

    if (st != STATUS_OK) {
        st = STATUS_RETRY; /* an operator can mend it */
        goto done;
    }
    st = compose_webhook(&request, WEBHOOK_PAYLOAD_MAX - 1, &payload);
    if (st != STATUS_OK) {
        snprintf(error, error_size, "the message cannot be put into a payload");
        goto done;
    }
    message.payload = payload;
    message.payload_len = strlen(payload);
    st = webhook_send(self->webhook, &message, done, context, why);
    if (st != STATUS_OK) {
        snprintf(error, error_size, "%s", why);
    }
done:
    for (size_t i = 0; i < message.secrets_len; i++) {
        webhook_secret_wipe(&secrets[i]);
    }
    free(payload);
    return st;
}

/* --- mail --- */

void envoy_message_id(const struct envoy *self, const struct outbox_item *item, char id[OUTBOX_MESSAGE_ID_SIZE])
{
    const char *domain = strchr(self->config->mail.from, '@');

    assert(domain != NULL); /* what open_mail lets pass has one */
    snprintf(id, OUTBOX_MESSAGE_ID_SIZE, "%s%s", item->wire_id, domain);
}

static struct mail_message message_of(const struct envoy *self, const struct outbox_item *item,
                                      char id[OUTBOX_MESSAGE_ID_SIZE])
{
    envoy_message_id(self, item, id);
    return (struct mail_message){
        .id = id,
        .date_us = item->at_us,
        .from = {self->config->mail.from, or_null(self->config->mail.from_name)},
        .reply_to = {or_null(self->config->mail.reply_to), NULL},
    };
}

static size_t letters_of(const cJSON *facts, struct letter_key keys[LETTERS_ATTACHED])
{
    const cJSON *row;
    size_t count = 0;

    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(facts, "rows"))
    {
        const cJSON *kind = cJSON_GetObjectItemCaseSensitive(row, "kind");
        const cJSON *source = cJSON_GetObjectItemCaseSensitive(row, "source_id");
        const cJSON *code = cJSON_GetObjectItemCaseSensitive(row, "dossier");
        const cJSON *episode = cJSON_GetObjectItemCaseSensitive(row, "episode");

        if (count < LETTERS_ATTACHED && cJSON_IsString(kind) && strcmp(kind->valuestring, "letter_owed") == 0 &&
            cJSON_IsNumber(source) && cJSON_IsString(code) && cJSON_IsNumber(episode)) {
            keys[count++] = (struct letter_key){
                .source_id = source->valueint, .code = code->valuestring, .episode = (int16_t)episode->valueint};
        }
    }
    return count;
}

/* The letters that the message tells of and that are written already.  Where they cannot be read the mail goes without:
 * what it tells of matters more. */
static void attach_letters(struct envoy *self, const struct outbox_item *item, struct letter_bytes *pdf)
{
    struct letter_key keys[LETTERS_ATTACHED];
    cJSON *facts;
    size_t count;

    if (!self->config->mail.attach_letters) {
        return;
    }
    facts = cJSON_Parse(item->facts);
    count = letters_of(facts, keys);
    if (count > 0 && letter_desk_batch(self->desk, keys, count, pdf) != STATUS_OK) {
        letter_bytes_clear(pdf);
    }
    cJSON_Delete(facts);
}

static enum status hand_over(struct envoy *self, const struct mail_message *message, transfer_done_cb done,
                             void *context, char *error, size_t error_size)
{
    char why[MAIL_ERROR_SIZE] = "";
    enum status st = mail_send(self->mail, message, done, context, why);

    if (st != STATUS_OK) {
        snprintf(error, error_size, "%s", why);
    }
    return st;
}

static enum status mail_officials(struct envoy *self, const struct outbox_item *item, transfer_done_cb done,
                                  void *context, char *error, size_t error_size)
{
    char id[OUTBOX_MESSAGE_ID_SIZE];
    struct mail_message message = message_of(self, item, id);
    struct compose_request request = request_of(item);
    struct letter_bytes pdf = {0};
    struct mail_attachment attachment = {.name = "thu-xin-loi.pdf", .type = "application/pdf"};
    struct composed composed;
    enum status st = compose_mail(&request, &composed);

    if (st != STATUS_OK) {
        snprintf(error, error_size, "the message cannot be put into words");
        goto done;
    }
    attach_letters(self, item, &pdf);
    attachment.bytes = pdf.data;
    attachment.len = pdf.len;
    message.to.address = item->address;
    message.subject = composed.subject;
    message.text = composed.text;
    message.html = composed.html;
    message.attachments = &attachment;
    message.attachments_len = pdf.len > 0;
    st = hand_over(self, &message, done, context, error, error_size);
done:
    letter_bytes_clear(&pdf);
    compose_clear(&composed);
    return st;
}

static enum status mail_letter(struct envoy *self, const struct outbox_item *item, transfer_done_cb done, void *context,
                               char *error, size_t error_size)
{
    char id[OUTBOX_MESSAGE_ID_SIZE];
    char why[LETTER_DESK_ERROR_SIZE] = "";
    struct mail_message message = message_of(self, item, id);
    struct letter_key key = {.source_id = item->source_id, .episode = item->episode, .code = item->code};
    struct mail_attachment attachment = {.type = "application/pdf"};
    struct letter_mail letter;
    enum status st = letter_desk_mail(self->desk, &key, &letter, why);

    if (st != STATUS_OK) {
        snprintf(error, error_size, "%s", why);
        goto done;
    }
    attachment.name = letter.file_name;
    attachment.bytes = letter.pdf.data;
    attachment.len = letter.pdf.len;
    message.to = (struct mail_person){letter.address, or_null(letter.name)};
    message.subject = letter.subject;
    message.text = letter.text;
    message.attachments = &attachment;
    message.attachments_len = 1;
    st = hand_over(self, &message, done, context, error, error_size);
done:
    letter_mail_clear(&letter);
    return st;
}

enum status envoy_start(struct envoy *self, enum delivery_channel channel, const struct outbox_item *item,
                        transfer_done_cb done, void *context, struct outcome *outcome)
{
    char error[ENVOY_ERROR_SIZE] = "memory is short";
    enum status st;

    if (channel == DELIVERY_WEBHOOK) {
        st = start_webhook(self, item, done, context, error, sizeof error);
    } else if (strcmp(item->kind, "letter") == 0) {
        st = mail_letter(self, item, done, context, error, sizeof error);
    } else {
        st = mail_officials(self, item, done, context, error, sizeof error);
    }
    if (st != STATUS_OK) {
        outcome_set(outcome, st == STATUS_INVALID ? OUTCOME_REFUSED : OUTCOME_RETRY, 0, "%s", error);
    }
    return st;
}
