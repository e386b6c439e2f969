/* SPDX-License-Identifier: MIT */
/*
 * gate_try.c - for gate_differential.py: reads texts, each behind its length in four bytes (little end first), and
 * writes a line for each: the word it is refused with, or what cJSON reads of it.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "common/json.h"
#include "ingest/gate.h"

/* cJSON rounds numbers when it prints them: they are to be seen as it has read them. */
static void show_numbers(cJSON *item)
{
    char text[32];

    if (cJSON_IsNumber(item)) {
        snprintf(text, sizeof text, "%.17g", item->valuedouble);
        item->valuestring = strdup(text);
        item->type = item->valuestring != NULL ? cJSON_Raw : cJSON_Invalid;
    }
    for (cJSON *child = item->child; child != NULL; child = child->next) {
        show_numbers(child);
    }
}

static int try(const char *text, size_t len)
{
    struct refusal refusal = {0};
    cJSON *json;
    char *read;

    if (gate_check(text, len, &refusal) != STATUS_OK) {
        return puts(refusal.code) >= 0;
    }
    json = json_parse(text, len);
    if (json != NULL) {
        show_numbers(json);
    }
    read = json != NULL ? cJSON_PrintUnformatted(json) : NULL;
    puts(read != NULL ? read : "cJSON reads nothing");
    cJSON_free(read);
    cJSON_Delete(json);
    return 1;
}

int main(void)
{
    uint32_t mark;

    while (fread(&mark, sizeof mark, 1, stdin) == 1) {
        size_t len = le32toh(mark);
        char *text = malloc(len > 0 ? len : 1); /* of its own size, for the sanitizers */

        if (text == NULL || fread(text, 1, len, stdin) != len || !try(text, len)) {
            return EXIT_FAILURE;
        }
        free(text);
    }
    return EXIT_SUCCESS;
}
