/* SPDX-License-Identifier: MIT */
/*
 * letters_preview.h - kipthoi letters preview: a template tried out, without a database.
 */
#ifndef CLI_LETTERS_PREVIEW_H
#define CLI_LETTERS_PREVIEW_H

#include "cli/cli.h"

struct letters_preview {
    const char *template_path;
    const char *values_path; /* a JSON object of texts, or an array of such; NULL: invented values */
    const char *out_path;    /* of the PDF */
    bool with_register;
};

/* Makes the PDF and says so.  EXIT_USAGE: the template or the values are refused, the sentence names the place. */
int letters_preview(struct cli *cli, const struct letters_preview *preview);

#endif
