/* SPDX-License-Identifier: MIT */
/*
 * input.h - the bytes of a file or of standard input ("-"), unpacked on the way when they are gzip.
 *
 * Reading takes what is there and does not wait for a full buffer, so that `tail -f … | kipthoi send -` goes on as
 * lines come.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define INPUT_ERROR_SIZE 512

struct input;

/* STATUS_INVALID: *self_p is NULL and error says why. */
enum status input_open(struct input **self_p, const char *path, char error[INPUT_ERROR_SIZE]) MUST_CHECK;
void input_close(struct input **self_p);

/* The path given, "standard input" for "-". */
const char *input_name(const struct input *self);

/* Reads 1..size bytes; *len 0 is the end.  STATUS_INVALID: damaged or unreadable, input_error says how. */
enum status input_read(struct input *self, void *buffer, size_t size, size_t *len) MUST_CHECK;
const char *input_error(const struct input *self);

/* True when input_read would not wait: a file, or bytes are there. */
bool input_ready(const struct input *self);
/* To poll for reading when input_ready is false. */
int input_fd(const struct input *self);

/* Size of the file as stored (-1: unknown), and how much of it was used. */
int64_t input_size(const struct input *self);
int64_t input_position(const struct input *self);

#endif
