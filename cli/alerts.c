/* SPDX-License-Identifier: MIT */
/* alerts.c - kipthoi alerts: the steps of the ladder, and what officials say about them. */
#include "cli/alerts.h"

#include "cli/calls.h"

static const char help[] =
    "kipthoi alerts [list] [--unit U] [--days N] [--limit N]\n"
    "kipthoi alerts due [--missed] [--unit U] [--limit N]\n"
    "kipthoi alerts ack DOSSIER --why TEXT [--source S] [--by WHO]\n"
    "kipthoi alerts snooze DOSSIER --until TIME --why TEXT [--source S] [--by WHO]\n"
    "kipthoi alerts mute [--unit U] [--field F] [--rung R] --until TIME --why TEXT [--by WHO]\n"
    "kipthoi alerts unmute ID --why TEXT [--by WHO]\n"
    "kipthoi alerts mutes [--all]\n"
    "kipthoi alerts ladder [show | load FILE.csv [--dry-run]]\n\n"
    "list     steps due in the next N days, of each promise the next one, and steps taken in the last N (default 7), "
    "by\n"
    "         unit, with what became of them.  told: in a message, or still gathered for one\n"
    "         (notifier.group_wait, notifier.group_interval), which kipthoi deliveries shows only then\n"
    "due      steps that wait, by when, of each promise the next one; --missed: those due that nobody took.  Leaves "
    "with\n"
    "         1 when any step was due longer ago than a turn of the notifier\n"
    "ack      the dossier is in hand: nothing more is told about its promise, but what concerns a letter owed\n"
    "snooze   what waits of the dossier is told at TIME, unless its date is moved; what concerns a letter not later\n"
    "         than the letter's deadline.  Says so when the promise falls due before TIME\n"
    "mute     nothing of a unit, a field or a rung, or what all of them name, until TIME, at most 90 days ahead\n"
    "unmute   takes back a mute, an ack or a snooze, by its number\n"
    "mutes    who muted what until when; --all: acks and snoozes too, and what is over\n"
    "ladder   who is told what and how long before; load changes it, also for dossiers that are open (columns\n"
    "         rung,active,before_days,before_hours,roles,superior)\n\n"
    "TIME: 2026-01-16, \"2026-01-16 08:30\" local, or RFC 3339.  WHO defaults to your login name.\n\n"
    "examples:\n"
    "  kipthoi alerts due --missed\n"
    "  kipthoi alerts ack H56.14-240823-0001 --why \"the map is being drawn again\"\n"
    "  kipthoi alerts mute --unit H56.14 --until 2026-02-01 --why \"the office moves\"\n"
    "  kipthoi alerts ladder load deploy/ladder.csv --dry-run\n";

static const struct call calls[] = {
    {"list", "--unit --days --limit", 0, 0, false, alerts_list},
    {"due", "--missed --unit --limit", 0, 0, false, alerts_due},
    {"ack", "--why --source --by", 1, 1, true, alerts_ack},
    {"snooze", "--until --why --source --by", 1, 1, true, alerts_snooze},
    {"mute", "--unit --field --rung --until --why --by", 0, 0, true, alerts_mute},
    {"unmute", "--why --by", 1, 1, true, alerts_unmute},
    {"mutes", "--all", 0, 0, false, alerts_mutes},
    {"ladder", "", 0, 0, false, alerts_ladder},
    {"ladder show", "", 0, 0, false, alerts_ladder},
    {"ladder load", "--dry-run", 1, 1, false, alerts_ladder_load},
};

int cmd_alerts(struct cli *cli, int argc, char **argv)
{
    struct alerts_request request = {0};
    const struct cli_option options[] = {
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--field", CLI_TEXT_VALUE, &request.field},
        {"--rung", CLI_TEXT_VALUE, &request.rung},
        {"--source", CLI_TEXT_VALUE, &request.source},
        {"--until", CLI_TEXT_VALUE, &request.until},
        {"--why", CLI_TEXT_VALUE, &request.why},
        {"--by", CLI_TEXT_VALUE, &request.by},
        {"--limit", CLI_TEXT_VALUE, &request.limit},
        {"--days", CLI_INT_VALUE, &request.days},
        {"--missed", CLI_FLAG, &request.missed},
        {"--all", CLI_FLAG, &request.all},
        {"--dry-run", CLI_FLAG, &request.dry_run},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);
    const struct calls_typed typed = {argc, argv, options, request.why, &request};

    return code >= 0 ? code : calls_run(cli, calls, sizeof calls / sizeof *calls, &typed);
}
