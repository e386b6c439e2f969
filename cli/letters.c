/* SPDX-License-Identifier: MIT */
/* letters.c - kipthoi letters: the subcommands of an apology letter's life; see letters_parts.h. */
#include <stdio.h>
#include <string.h>

#include "cli/letters_parts.h"
#include "cli/letters_preview.h"

static const char help[] =
    "kipthoi letters [list] [--state owed|drafted|approved|sent|void] [--unit U] [--class none|late|in_time] "
    "[--ahead]\n"
    "                       [--limit N]\n"
    "kipthoi letters count  [--unit U]\n"
    "kipthoi letters draft    DOSSIER...|--unit U|--all [--reason TEXT] [--new-due TIME] [--template NAME]\n"
    "                         [--ahead [--until TIME]]\n"
    "kipthoi letters print    DOSSIER...|--unit U|--all --out FILE.pdf [--again]\n"
    "kipthoi letters approve  DOSSIER...|--unit U|--all [--send]\n"
    "kipthoi letters sent     DOSSIER...|--unit U|--all --why TEXT [--channel paper|email|sms|in_person|post]\n"
    "                         [--proof TEXT] [--at TIME]\n"
    "kipthoi letters sent     DOSSIER --no NUMBER --why TEXT [--channel ...] [--proof TEXT] [--at TIME]\n"
    "kipthoi letters void     DOSSIER --why TEXT [--undo]\n"
    "kipthoi letters templates [list | load FILE... | show NAME]\n"
    "kipthoi letters offices   [list | load FILE.csv | show UNIT]\n"
    "kipthoi letters rules     [list | load FILE.csv]\n"
    "kipthoi letters preview   FILE.template [--values FILE.json] [--register] --out FILE.pdf\n"
    "Actions also take --by WHO (default: your login), --why TEXT, --source S and --episode N (which promise, from "
    "1).\n\n"
    "list     letters by deadline; without --state those that are still to be sent (default 100 rows; --limit 0: "
    "all).\n"
    "         --class: not sent, sent late, sent in time; --ahead: written before the promise is missed\n"
    "count    what each unit owes, has sent in time and late; coverage and timeliness as the scoreboard has them\n"
    "draft    numbers owed letters by deadline and fixes number, reason, new due, form and extension; signer,\n"
    "         letterhead, addressee and state are read when it is printed or mailed.  What is missing is told and\n"
    "         nothing of that letter is stored.  Naming a drafted dossier writes it anew, under its number.  New due: "
    "--new-due, else\n"
    "         the next promise, else the office's term; none for a dossier that has ended.\n"
    "         --ahead: for promises that are not missed yet\n"
    "print    one PDF of the drafted letters and a register; those owed are drafted first.  Named: also approved and\n"
    "         sent ones.  Printed ones only with --again.  FILE -: standard output\n"
    "approve  the head agrees; --send has the notifier e-mail them, which needs mail.host\n"
    "sent     approved letters went out; with --no one that was written elsewhere.  TIME as 2015-01-16 or\n"
    "         \"2015-01-16 08:30\" local, or RFC 3339 (default: the clock), no day before the\n"
    "         draft's.  Of a dossier that is named an e-mail that waits is given up\n"
    "void     decides that no letter goes out although the promise was missed; rates go on counting it as owed.\n"
    "         --undo takes that back; the notifier then opens the letter again\n"
    "preview  checks a template (docs/letters.md) and makes a PDF with invented contents, or with those of a JSON\n"
    "         object: {\"addressee\": ...} or {\"letters\": [{...}, ...]}.  Needs no database, and no configuration: "
    "zone and\n"
    "         clock are those of one that is found, else Asia/Ho_Chi_Minh and the machine's\n\n"
    "examples:\n"
    "  kipthoi letters --unit H56.14\n"
    "  kipthoi letters draft --unit H56.14 --reason \"Chờ kết quả xác minh\"\n"
    "  kipthoi letters print --unit H56.14 --out letters.pdf\n"
    "  kipthoi letters approve --unit H56.14\n"
    "  kipthoi letters sent --unit H56.14 --channel post --why \"posted, list 12/BC\"\n"
    "  kipthoi letters sent H56.14-240823-0001 --no 12/TXL --why \"handed over at the counter\"\n";

static int preview(struct cli *cli, const struct letters_request *request)
{
    const struct letters_preview preview = {.template_path = request->words[0],
                                            .values_path = request->values,
                                            .out_path = request->out,
                                            .with_register = request->with_register};

    return request->out == NULL ? cli_usage(cli, "letters preview: --out FILE.pdf is needed")
                                : letters_preview(cli, &preview);
}

/* Rows of list when nobody said otherwise. */
#define LIST_LIMIT 100

struct subcommand {
    const char *name;
    int (*run)(struct cli *cli, const struct letters_request *request);
    int words_min;
    int words_max; /* -1: any number */
    const char *allowed;
};

#define SELECT "--unit --all --source --episode --by --why "

static const struct subcommand subcommands[] = {
    {"list", letters_list, 0, 0, "--state --unit --class --ahead --limit"},
    {"count", letters_count, 0, 0, "--unit"},
    {"draft", letters_draft, 0, -1, SELECT "--reason --new-due --template --ahead --until"},
    {"print", letters_print, 0, -1, SELECT "--out --again"},
    {"approve", letters_approve, 0, -1, SELECT "--send"},
    {"sent", letters_sent, 0, -1, SELECT "--no --at --channel --proof"},
    {"void", letters_void, 1, 1, "--source --episode --by --why --undo"},
    {"templates", letters_templates, 0, -1, "--by"},
    {"offices", letters_offices, 0, -1, "--by --dry-run"},
    {"rules", letters_rules, 0, -1, "--by --dry-run"},
    {"preview", preview, 1, 1, "--values --out --register"},
};

#define SUBCOMMANDS (sizeof subcommands / sizeof *subcommands)

int letters_at(struct cli *cli, const struct letters_request *request, int64_t *at_us)
{
    *at_us = cli_now_us(cli);
    if (request->at != NULL && cli_read_time(request->at, at_us) != STATUS_OK) {
        return cli_usage(cli, "--at: \"%s\" is no time like 2015-01-16 or \"2015-01-16 08:30\"", request->at);
    }
    if (*at_us > cli_now_us(cli)) {
        return cli_usage(cli, "--at: %s lies in the future", request->at);
    }
    return EXIT_FINE;
}

void letters_say_count(const struct cli *cli, enum word word, int64_t count)
{
    char text[CLI_NUMBER_SIZE];

    cli_say(cli, word, cli_number(cli, count, text), NULL);
}

/* -1, or EXIT_USAGE when value is none of the words. */
static int check_word(struct cli *cli, const char *option, const char *value, const char *words)
{
    size_t len = value == NULL ? 0 : strlen(value);

    if (value == NULL) {
        return -1;
    }
    for (const char *at = words; len > 0 && (at = strstr(at, value)) != NULL; at++) {
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0') && strchr(value, ' ') == NULL) {
            return -1;
        }
    }
    return cli_usage(cli, "%s: \"%s\" is none of %s", option, value, words);
}

static int check_values(struct cli *cli, const struct letters_request *request)
{
    int code = check_word(cli, "--state", request->state, "owed drafted approved sent void");

    if (code < 0) {
        code = check_word(cli, "--class", request->timely, "none late in_time");
    }
    if (code < 0) {
        code = check_word(cli, "--channel", request->channel, "paper email sms in_person post");
    }
    if (code < 0 && (request->episode < 0 || request->episode > INT16_MAX)) {
        code = cli_usage(cli, "--episode: %lld is no promise of a dossier", (long long)request->episode);
    }
    return code;
}

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        if (strcmp(subcommands[i].name, name) == 0) {
            return &subcommands[i];
        }
    }
    return NULL;
}

static int run(struct cli *cli, int argc, char **argv, const struct cli_option *options,
               struct letters_request *request)
{
    const struct subcommand *subcommand = find_subcommand(argc < 2 ? "list" : argv[1]);
    char call[32];
    int code;

    if (subcommand == NULL) {
        return cli_usage(cli, "letters: unknown action \"%s\"; see: kipthoi letters --help", argv[1]);
    }
    request->words = argv + (argc < 2 ? 1 : 2);
    request->word_count = argc < 2 ? 0 : argc - 2;
    if (request->word_count < subcommand->words_min ||
        (subcommand->words_max >= 0 && request->word_count > subcommand->words_max)) {
        return cli_usage(cli, "letters %s: wrong number of arguments; see: kipthoi letters --help", subcommand->name);
    }
    if (subcommand->run != letters_list && request->limit == LIST_LIMIT) {
        request->limit = 0; /* nobody asked for it */
    }
    snprintf(call, sizeof call, "letters %s", subcommand->name);
    code = cli_only(cli, options, call, subcommand->allowed);
    if (code < 0) {
        code = check_values(cli, request);
    }
    return code >= 0 ? code : subcommand->run(cli, request);
}

int cmd_letters(struct cli *cli, int argc, char **argv)
{
    struct letters_request request = {.limit = LIST_LIMIT};
    const struct cli_option options[] = {
        {"--state", CLI_TEXT_VALUE, &request.state},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--class", CLI_TEXT_VALUE, &request.timely},
        {"--source", CLI_TEXT_VALUE, &request.source},
        {"--no", CLI_TEXT_VALUE, &request.number},
        {"--at", CLI_TEXT_VALUE, &request.at},
        {"--by", CLI_TEXT_VALUE, &request.by},
        {"--why", CLI_TEXT_VALUE, &request.why},
        {"--reason", CLI_TEXT_VALUE, &request.reason},
        {"--new-due", CLI_TEXT_VALUE, &request.new_due},
        {"--template", CLI_TEXT_VALUE, &request.form},
        {"--channel", CLI_TEXT_VALUE, &request.channel},
        {"--proof", CLI_TEXT_VALUE, &request.proof},
        {"--out", CLI_TEXT_VALUE, &request.out},
        {"--values", CLI_TEXT_VALUE, &request.values},
        {"--register", CLI_FLAG, &request.with_register},
        {"--until", CLI_TEXT_VALUE, &request.until},
        {"--episode", CLI_INT_VALUE, &request.episode},
        {"--all", CLI_FLAG, &request.all},
        {"--ahead", CLI_FLAG, &request.ahead},
        {"--again", CLI_FLAG, &request.again},
        {"--send", CLI_FLAG, &request.send},
        {"--undo", CLI_FLAG, &request.undo},
        {"--dry-run", CLI_FLAG, &request.dry_run},
        {"--limit", CLI_INT_VALUE, &request.limit},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    return code >= 0 ? code : run(cli, argc, argv, options, &request);
}
