/* SPDX-License-Identifier: MIT */
/* keygen.c - kipthoi keygen: a pair of CURVE keys in two files. */
#include "cli/keygen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <zmq.h>

#include "cli/cli.h"
#include "common/secret.h"

static const char help[] =
    "kipthoi keygen PREFIX - makes a pair of CURVE keys: PREFIX.key (secret, mode 0600) and PREFIX.pub\n\n"
    "Files that exist are not touched.  Give PREFIX.pub to those who shall know the key; keep PREFIX.key.\n\n"
    "examples:\n"
    "  kipthoi keygen secrets/district-1\n"
    "  kipthoi allow secrets/district-1.pub --name \"District 1\" --source /hcm/q1\n";

enum status keygen_publish(const char *public_path, const char *public_key, char error[SECRET_ERROR_SIZE])
{
    enum status st = secret_write(public_path, public_key, error);

    if (st == STATUS_OK && chmod(public_path, 0644) != 0) {
        snprintf(error, SECRET_ERROR_SIZE, "%s: %s", public_path, strerror(errno));
        st = STATUS_INVALID;
    }
    return st;
}

enum status keygen_make(const char *secret_path, const char *public_path, char error[SECRET_ERROR_SIZE])
{
    char public_key[SECRET_KEY_SIZE];
    char secret_key[SECRET_KEY_SIZE];
    enum status st = STATUS_FATAL;

    if (zmq_curve_keypair(public_key, secret_key) != 0) {
        snprintf(error, SECRET_ERROR_SIZE, "libzmq has no CURVE: %s", zmq_strerror(zmq_errno()));
        return st;
    }
    st = secret_write(secret_path, secret_key, error);
    if (st == STATUS_OK) {
        st = keygen_publish(public_path, public_key, error);
    }
    secret_wipe(secret_key, sizeof secret_key);
    return st;
}

int cmd_keygen(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    char secret_path[CONFIG_TEXT_MAX];
    char public_path[CONFIG_TEXT_MAX];
    char public_key[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2 || strlen(argv[1]) + sizeof ".pub" > sizeof secret_path) {
        return cli_usage(cli, "usage: kipthoi keygen PREFIX");
    }
    snprintf(secret_path, sizeof secret_path, "%s.key", argv[1]);
    snprintf(public_path, sizeof public_path, "%s.pub", argv[1]);
    if (keygen_make(secret_path, public_path, error) != STATUS_OK ||
        secret_read_public(public_path, public_key, error) != STATUS_OK) {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    cli_say(cli, WORD_KEY_MADE, secret_path, public_path, public_key, NULL);
    return EXIT_FINE;
}
