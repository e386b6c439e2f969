/* SPDX-License-Identifier: MIT */
/* smtp.c - four commands, a message, and what the answers mean. */
#include "notifier/smtp.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_SIZE (SMTP_ADDRESS_MAX + 32)
#define LINE_MAX_KEPT 200 /* of a reply's line, for the sentence */

enum state {
    STATE_MAIL, /* the sender is announced */
    STATE_RCPT, /* the recipient is */
    STATE_DATA, /* leave to send the message is asked for */
    STATE_BODY, /* the message is being sent */
    STATE_DOT,  /* message and final dot are sent: from here it may have been taken */
    STATE_END
};

struct smtp {
    enum state state;
    char sender[SMTP_ADDRESS_MAX + 1];
    char recipient[SMTP_ADDRESS_MAX + 1];
    const char *message; /* borrowed */
    size_t message_len;
    char command[COMMAND_SIZE];
    const char *output; /* what is left to send: of command, message or dot */
    size_t output_len;
    char line[LINE_MAX_KEPT + 1]; /* of the reply at hand, what came so far */
    size_t line_len;
    size_t reply_len; /* bytes of the reply at hand, all lines */
    struct outcome outcome;
};

/* What a reply of class 5 means there.  Before RCPT it is not about this message but about us: that can be mended. */
static const struct {
    const char *name;
    char wanted; /* first digit of a good reply */
    enum outcome_kind refused;
} steps[] = {
    [STATE_MAIL] = {"the sender", '2', OUTCOME_RETRY},    [STATE_RCPT] = {"the recipient", '2', OUTCOME_REFUSED},
    [STATE_DATA] = {"the message", '3', OUTCOME_REFUSED}, [STATE_BODY] = {"the message", '2', OUTCOME_REFUSED},
    [STATE_DOT] = {"the message", '2', OUTCOME_REFUSED},
};

static const char dot[] = ".\r\n";

static void send_text(struct smtp *self, const char *text, size_t len)
{
    self->output = text;
    self->output_len = len;
}

static void PRINTF_LIKE(2, 3) send_command(struct smtp *self, const char *fmt, ...)
{
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(self->command, sizeof self->command, fmt, args);
    va_end(args);
    assert(len > 0 && (size_t)len < sizeof self->command);
    send_text(self, self->command, (size_t)len);
}

/* Whose word it was: replies about the recipient name him. */
static const char *subject_of(const struct smtp *self)
{
    return self->state == STATE_MAIL ? self->sender : self->recipient;
}

static void end(struct smtp *self)
{
    self->state = STATE_END;
    send_command(self, "QUIT\r\n");
}

/* 421: no more of anything now; 450, 452: not so much now (greylisting, quotas).  Other 4xx are mishaps. */
static enum outcome_kind kind_of_passing(int code)
{
    return code == 421 || code == 450 || code == 452 ? OUTCOME_THROTTLED : OUTCOME_RETRY;
}

/* Commands and authentication: not the recipient's refusal, and mended by the operator. */
static bool is_about_us(int code)
{
    static const int codes[] = {500, 502, 503, 504, 530, 534, 535, 538};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static enum outcome_kind kind_of_lasting(const struct smtp *self, int code)
{
    return is_about_us(code) ? OUTCOME_RETRY : steps[self->state].refused;
}

static void next_step(struct smtp *self, int code)
{
    switch (self->state) {
    case STATE_MAIL:
        self->state = STATE_RCPT;
        send_command(self, "RCPT TO:<%s>\r\n", self->recipient);
        break;
    case STATE_RCPT:
        self->state = STATE_DATA;
        send_command(self, "DATA\r\n");
        break;
    case STATE_DATA:
        self->state = STATE_BODY;
        send_text(self, self->message, self->message_len);
        break;
    default:
        outcome_set(&self->outcome, OUTCOME_DELIVERED, code, "taken for %s: %s", self->recipient, self->line);
        end(self);
    }
}

/* A reply is complete; its last line is in line. */
static void take_reply(struct smtp *self)
{
    int code = (int)strtol(self->line, NULL, 10);
    const char *name = steps[self->state].name;
    bool early = self->output_len > 0;

    if (self->line[0] == '5') {
        outcome_set(&self->outcome, kind_of_lasting(self, code), code, "%s: %s was refused: %s", subject_of(self), name,
                    self->line);
        end(self);
    } else if (self->line[0] == '4') {
        outcome_set(&self->outcome, kind_of_passing(code), code, "%s: %s was not taken now: %s", subject_of(self), name,
                    self->line);
        end(self);
    } else if (self->line[0] == steps[self->state].wanted && !early) {
        next_step(self, code);
    } else {
        smtp_lost(self, "the server answers out of turn");
    }
}

static bool has_code(const char *line)
{
    return strspn(line, "0123456789") == 3 && strchr("2345", line[0]) != NULL && strchr(" -", line[3]) != NULL;
}

static void take_line(struct smtp *self)
{
    while (self->line_len > 0 && strchr(" \r", self->line[self->line_len - 1]) != NULL) {
        self->line_len--;
    }
    self->line[self->line_len] = '\0';
    self->line_len = 0;
    if (!has_code(self->line)) {
        smtp_lost(self, "the server answers in no words of SMTP");
        return;
    }
    /* "250-text" goes on, "250 text" and "250" are the last line of a reply. */
    if (self->line[3] != '-') {
        self->reply_len = 0;
        take_reply(self);
    }
}

struct smtp *smtp_new(const char *sender, const char *recipient, const char *message, size_t message_len)
{
    struct smtp *self = calloc(1, sizeof *self);

    assert(strlen(sender) <= SMTP_ADDRESS_MAX && strlen(recipient) <= SMTP_ADDRESS_MAX);
    if (self == NULL) {
        return NULL;
    }
    snprintf(self->sender, sizeof self->sender, "%s", sender);
    snprintf(self->recipient, sizeof self->recipient, "%s", recipient);
    self->message = message;
    self->message_len = message_len;
    self->state = STATE_MAIL;
    send_command(self, "MAIL FROM:<%s>\r\n", self->sender);
    return self;
}

void smtp_destroy(struct smtp **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

const char *smtp_output(const struct smtp *self, size_t *len)
{
    *len = self->output_len;
    return self->output;
}

void smtp_sent(struct smtp *self, size_t len)
{
    assert(len <= self->output_len);
    self->output += len;
    self->output_len -= len;
    if (self->output_len > 0 || self->state != STATE_BODY) {
        return;
    }
    /* The dot is the last of what is sent in this state; the message before it is not the end. */
    if (self->output != dot + sizeof dot - 1) {
        send_text(self, dot, sizeof dot - 1);
    } else {
        self->state = STATE_DOT;
    }
}

void smtp_input(struct smtp *self, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && self->state != STATE_END; i++) {
        if (++self->reply_len > SMTP_REPLY_MAX) {
            smtp_lost(self, "the server's answer has no end");
        } else if (bytes[i] == '\n') {
            take_line(self);
        } else if (self->line_len < LINE_MAX_KEPT) {
            /* Only ASCII is sure to be text; outcome_set deals with the rest of what is no letter. */
            self->line[self->line_len++] = (unsigned char)bytes[i] < 0x80 && bytes[i] != '\0' ? bytes[i] : '?';
        }
    }
}

void smtp_lost(struct smtp *self, const char *why)
{
    if (self->state == STATE_DOT) {
        outcome_set(&self->outcome, OUTCOME_UNCERTAIN, 0, "%s: the message was sent, but not answered: %s",
                    self->recipient, why);
    } else if (self->state != STATE_END) {
        outcome_set(&self->outcome, OUTCOME_RETRY, 0, "%s: the message was not sent: %s", self->recipient, why);
    }
    self->state = STATE_END;
    self->output_len = 0;
}

bool smtp_ended(const struct smtp *self, struct outcome *outcome)
{
    if (self->state != STATE_END) {
        return false;
    }
    *outcome = self->outcome;
    return true;
}

void smtp_server_outcome(const char *host, int code, const char *detail, struct outcome *outcome)
{
    outcome_set(outcome, code >= 400 && code < 500 ? kind_of_passing(code) : OUTCOME_RETRY, code, "%s: %s", host,
                detail);
}
