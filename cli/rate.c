/* SPDX-License-Identifier: MIT */
/* rate.c - see rate.h. */
#include "cli/rate.h"

#include <stddef.h>
#include <stdio.h>

#define WHOLE_BP 10000

const char *rate_format(int64_t part, int64_t whole, char out[RATE_SIZE])
{
    int64_t bp;

    if (whole == 0) {
        return NULL;
    }
    bp = (part * WHOLE_BP * 2 + whole) / (whole * 2);
    snprintf(out, RATE_SIZE, "%lld.%02lld", (long long)(bp / 100), (long long)(bp % 100));
    return out;
}

enum status rate_read_target(const char *text, int64_t *target_bp)
{
    int64_t value = 0;
    int digits = 0;
    int decimals = 0;

    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) {
        value = value * 10 + (*text - '0');
    }
    if (digits > 0 && *text == '.' && text[1] != '\0') {
        text++;
        for (; *text >= '0' && *text <= '9' && decimals < 2; text++, decimals++) {
            value = value * 10 + (*text - '0');
        }
    }
    for (; decimals < 2; decimals++) {
        value *= 10;
    }
    if (digits == 0 || *text != '\0' || value > WHOLE_BP) {
        return STATUS_INVALID;
    }
    *target_bp = value;
    return STATUS_OK;
}

bool rate_meets(int64_t part, int64_t whole, int64_t target_bp)
{
    return part * WHOLE_BP >= target_bp * whole;
}
