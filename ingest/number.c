/* SPDX-License-Identifier: MIT */
/* number.c - checks one JSON number. */
#include "ingest/number.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Far beyond a double; keeps an exponent behind a zero (0e-99999) inside what PostgreSQL's numeric takes. */
#define EXPONENT_MAX 400
#define INTEGER_MAX INT64_C(9007199254740992)
#define INTEGER_DIGITS_MAX 16

static bool digits_take(const char **at)
{
    const char *start = *at;

    while (isdigit((unsigned char)**at)) {
        (*at)++;
    }
    return *at > start;
}

/*
 * Whether a double holds the number: finite, and not 0 unless it is written so.  The point is taken out and the
 * exponent set right for it, so that the locale's decimal point plays no part.
 */
static bool double_holds(const char *mantissa, const char *exponent_mark)
{
    char digits[NUMBER_LEN_MAX + 16];
    long exponent = strtol(exponent_mark + 1, NULL, 10);
    size_t used = 0;
    bool fraction = false;
    bool zero = true;
    double value;

    if (exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX) {
        return false;
    }
    for (const char *c = mantissa; c < exponent_mark; c++) {
        if (*c == '.') {
            fraction = true;
            continue;
        }
        digits[used++] = *c;
        exponent -= fraction;
        zero = zero && *c == '0';
    }
    snprintf(digits + used, sizeof digits - used, "e%ld", exponent);
    value = strtod(digits, NULL);
    return isfinite(value) && (zero || value > 0);
}

const char *number_fault(const char *text)
{
    const char *mantissa = text + (*text == '-');
    const char *at = mantissa;

    if (!digits_take(&at) || (*mantissa == '0' && at - mantissa > 1)) {
        return "a number begins with one digit, or with several of which the first is not 0";
    }
    if (*at == '\0') {
        bool small = at - mantissa <= INTEGER_DIGITS_MAX && strtoll(mantissa, NULL, 10) <= INTEGER_MAX;
        return small ? NULL : "an integer beyond 2^53 (send it as a string)";
    }
    if (*at == '.') {
        at++;
        if (!digits_take(&at)) {
            return "digits must follow the decimal point";
        }
    }
    if (*at == 'e' || *at == 'E') {
        const char *mark = at++;
        at += *at == '+' || *at == '-';
        if (!digits_take(&at)) {
            return "digits must follow the exponent's mark";
        }
        if (!double_holds(mantissa, mark)) {
            return "a number that a double cannot hold";
        }
    }
    return *at == '\0' ? NULL : "not a number";
}
