/* SPDX-License-Identifier: MIT */
/* mail_off.c - see mail_off.h. */
#include "cli/mail_off.h"

bool mail_is_off(const struct cli *cli)
{
    return cli->config.mail.host[0] == '\0';
}

void mail_off_tell(const struct cli *cli)
{
    if (mail_is_off(cli)) {
        cli_tell(cli, WORD_MAIL_OFF, cli->config.path, NULL);
    }
}
