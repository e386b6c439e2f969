/* SPDX-License-Identifier: MIT */
/* calls.c - see calls.h. */
#include "cli/calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 100

/* How many words of argv[1..] the name of the call takes; 0: it is not this one. */
static int words_of(const struct call *call, int argc, char **argv)
{
    size_t first = strcspn(call->name, " ");

    if (argc < 2 || strlen(argv[1]) != first || strncmp(argv[1], call->name, first) != 0) {
        return 0;
    }
    if (call->name[first] == '\0') {
        return 1;
    }
    return argc > 2 && strcmp(argv[2], call->name + first + 1) == 0 ? 2 : 0;
}

/* The call with the longest name that fits; NULL when there is none. */
static const struct call *find(const struct call *calls, size_t count, int argc, char **argv, int *words)
{
    const struct call *found = argc == 1 ? &calls[0] : NULL;

    *words = 0;
    for (size_t i = 0; i < count; i++) {
        int taken = words_of(&calls[i], argc, argv);

        if (taken > *words) {
            *words = taken;
            found = &calls[i];
        }
    }
    return found;
}

int calls_run(struct cli *cli, const struct call *calls, size_t count, const struct calls_typed *typed)
{
    const char *name = typed->argv[0];
    int words;
    const struct call *call = find(calls, count, typed->argc, typed->argv, &words);
    char whole[64];
    int given = typed->argc - 1 - words;
    int code;

    if (call == NULL) {
        return cli_usage(cli, "%s: unknown \"%s\"; see: kipthoi %s --help", name, typed->argv[1], name);
    }
    snprintf(whole, sizeof whole, "%s %s", name, call->name);
    if (given < call->least || given > call->most) {
        return cli_usage(cli, "%s: %s; see: kipthoi %s --help", whole,
                         given < call->least ? "something is missing behind it" : "takes less than that", name);
    }
    code = cli_only(cli, typed->options, whole, call->allowed);
    if (code >= 0) {
        return code;
    }
    if (call->why && (typed->why == NULL || *typed->why == '\0')) {
        return cli_usage(cli, "%s: --why TEXT is needed", whole);
    }
    return call->run(cli, given, typed->argv + 1 + words, typed->request);
}

static bool read_number(const char *text, int64_t *number)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    *number = value;
    return errno == 0 && end != text && *end == '\0' && value >= 0 && text[0] >= '0' && text[0] <= '9';
}

int calls_read_id(const struct cli *cli, const char *text, int64_t *id)
{
    if (!read_number(text, id) || *id > INT32_MAX) {
        return cli_usage(cli, "\"%s\" is no number of a row", text);
    }
    return -1;
}

int calls_read_limit(const struct cli *cli, const char *text, int64_t *limit)
{
    *limit = LIMIT_DEFAULT;
    if (text != NULL && !read_number(text, limit)) {
        return cli_usage(cli, "--limit: \"%s\" is no whole number of 0 or more", text);
    }
    return -1;
}
