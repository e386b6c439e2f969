/* SPDX-License-Identifier: MIT */
/*
 * mail_off.h - tells those who count on mail that none is sent: without mail.host it waits for ever.
 */
#ifndef CLI_MAIL_OFF_H
#define CLI_MAIL_OFF_H

#include "cli/cli.h"

/* Whether the configuration names no mail server. */
bool mail_is_off(const struct cli *cli);

/* Says so on standard error when it is; else nothing. */
void mail_off_tell(const struct cli *cli);

#endif
