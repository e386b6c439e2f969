/* SPDX-License-Identifier: MIT */
/* rate.c - see rate.h. */
#include "targets/rate.h"

#include <stddef.h>
#include <stdio.h>

#define WHOLE_BP 10000

/* Sums of money times 20,000 do not fit 64 bits. */
__extension__ typedef __int128 wide;

const char *rate_format(int64_t part, int64_t whole, char point, char out[RATE_SIZE])
{
    wide bp;

    if (whole == 0) {
        return NULL;
    }
    bp = ((wide)part * WHOLE_BP * 2 + whole) / ((wide)whole * 2);
    snprintf(out, RATE_SIZE, "%lld%c%02d", (long long)(bp / 100), point, (int)(bp % 100));
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
