/* SPDX-License-Identifier: MIT */
/* options.c - reads the options of a subcommand (cli.h). */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"

/* A public key may begin with a dash, as Z85 has it among its digits. */
static bool is_option(const char *arg)
{
    return arg[0] == '-' && arg[1] != '\0' && !secret_is_z85_key(arg);
}

/* The row of "--name" or "--name=value"; *value is set to what follows '='. */
static const struct cli_option *find(const struct cli_option *options, const char *arg, const char **value)
{
    size_t len = strcspn(arg, "=");

    *value = arg[len] == '=' ? arg + len + 1 : NULL;
    for (; options->name != NULL; options++) {
        if (strlen(options->name) == len && memcmp(options->name, arg, len) == 0) {
            return options;
        }
    }
    return NULL;
}

static bool read_int(const char *text, int64_t *number)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0) {
        return false;
    }
    *number = value;
    return true;
}

static int store(struct cli *cli, const struct cli_option *option, const char *value)
{
    struct cli_list *list = option->target;

    switch (option->type) {
    case CLI_FLAG:
        *(bool *)option->target = true;
        return -1;
    case CLI_TEXT_VALUE:
        *(const char **)option->target = value;
        return -1;
    case CLI_INT_VALUE:
        return read_int(value, option->target)
                   ? -1
                   : cli_usage(cli, "%s: \"%s\" is no whole number of 0 or more", option->name, value);
    case CLI_LIST_VALUE:
        if (list->count == (int)(sizeof list->items / sizeof *list->items)) {
            return cli_usage(cli, "%s is given too often", option->name);
        }
        list->items[list->count++] = value;
        return -1;
    }
    return EXIT_USAGE;
}

/* Takes the option at argv[*at] and its value; moves *at to the last argument used. */
static int take(struct cli *cli, const struct cli_option *options, int argc, char **argv, int *at)
{
    const char *value;
    const struct cli_option *option = find(options, argv[*at], &value);

    if (option == NULL) {
        return cli_usage(cli, "%s: unknown option \"%s\"; see: kipthoi %s --help", argv[0], argv[*at], argv[0]);
    }
    if (option->type == CLI_FLAG && value != NULL) {
        return cli_usage(cli, "%s takes no value", option->name);
    }
    if (option->type != CLI_FLAG && value == NULL) {
        if (*at + 1 >= argc) {
            return cli_usage(cli, "%s needs a value; see: kipthoi %s --help", option->name, argv[0]);
        }
        value = argv[++*at];
    }
    /* A variable of a script that was never set, most likely; no code is empty. */
    if (value != NULL && *value == '\0') {
        return cli_usage(cli, "%s: its value is empty; see: kipthoi %s --help", option->name, argv[0]);
    }
    return store(cli, option, value);
}

int cli_options(struct cli *cli, int *argc, char **argv, const struct cli_option *options, const char *help)
{
    bool only_positional = false;
    int kept = 1;

    for (int i = 1; i < *argc; i++) {
        int code = -1;

        if (only_positional || !is_option(argv[i])) {
            argv[kept++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_positional = true;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return EXIT_FINE;
        } else {
            code = take(cli, options, *argc, argv, &i);
        }
        if (code >= 0) {
            return code;
        }
    }
    argv[kept] = NULL;
    *argc = kept;
    return -1;
}

static bool is_given(const struct cli_option *option)
{
    switch (option->type) {
    case CLI_FLAG:
        return *(const bool *)option->target;
    case CLI_TEXT_VALUE:
        return *(const char *const *)option->target != NULL;
    case CLI_INT_VALUE:
        return *(const int64_t *)option->target != 0;
    case CLI_LIST_VALUE:
        return ((const struct cli_list *)option->target)->count > 0;
    }
    return false;
}

static bool is_among(const char *name, const char *names)
{
    size_t len = strlen(name);

    while (*names != '\0') {
        size_t word = strcspn(names, " ");

        if (word == len && memcmp(names, name, len) == 0) {
            return true;
        }
        names += word;
        names += strspn(names, " ");
    }
    return false;
}

int cli_only(struct cli *cli, const struct cli_option *options, const char *call, const char *allowed)
{
    for (; options->name != NULL; options++) {
        if (is_given(options) && !is_among(options->name, allowed)) {
            return cli_usage(cli, "kipthoi %s takes no %s; see: kipthoi %.*s --help", call, options->name,
                             (int)strcspn(call, " "), call);
        }
    }
    return -1;
}
