/* SPDX-License-Identifier: MIT */
/* main.c - kipthoi, the operator's program: global options, configuration, and the table of subcommands. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/cli.h"

#define SETS_MAX 64
/* Where the configuration lies when nobody says it. */
#define CONFIG_HERE "./var/kipthoi.conf"
#define CONFIG_SYSTEM "/etc/kipthoi/kipthoi.conf"

struct command {
    const char *name;
    int (*run)(struct cli *cli, int argc, char **argv);
    bool configured; /* needs the configuration */
    const char *help[2];
};

static const struct command commands[] = {
    {"init",
     cmd_init,
     true,
     {"makes database objects, roles, keys; safe to repeat", "tạo cơ sở dữ liệu, vai trò, khóa; chạy lại được"}},
    {"migrate", cmd_migrate, true, {"brings the schema up to date", "nâng lược đồ cơ sở dữ liệu lên bản mới nhất"}},
    {"keygen", cmd_keygen, false, {"makes a pair of CURVE keys", "tạo một cặp khóa CURVE"}},
    {"allow",
     cmd_allow,
     true,
     {"lets a key speak for sources or listen to the feed", "cho phép một khóa gửi thay nguồn hoặc nghe cảnh báo"}},
    {"revoke", cmd_revoke, true, {"takes a key back", "thu hồi một khóa"}},
    {"send", cmd_send, true, {"sends events from a file", "gửi sự kiện từ tệp"}},
    {"rates", cmd_rates, true, {"on-time rates", "tỷ lệ đúng hạn"}},
    {"scoreboard",
     cmd_scoreboard,
     true,
     {"what every target comes to, and by how many", "kết quả từng chỉ tiêu, còn hay vượt bao nhiêu hồ sơ"}},
    {"targets", cmd_targets, true, {"what plans ask for, dated", "chỉ tiêu của các kế hoạch, theo thời hạn"}},
    {"late", cmd_late, true, {"late and overdue dossiers", "hồ sơ trễ hạn và quá hạn"}},
    {"letters",
     cmd_letters,
     true,
     {"apology letters: owed, drafted, printed, approved, sent", "thư xin lỗi: còn nợ, soạn, in, duyệt, gửi"}},
    {"contacts", cmd_contacts, true, {"whom letters go to; erasing names", "người nhận thư; xóa thông tin cá nhân"}},
    {"alerts",
     cmd_alerts,
     true,
     {"who is told before and when a promise is missed; ack, snooze, mute",
      "nhắc việc trước và sau hạn trả; nhận việc, hoãn, tắt nhắc"}},
    {"recipients", cmd_recipients, true, {"whom alerts go to", "người nhận cảnh báo"}},
    {"deliveries",
     cmd_deliveries,
     true,
     {"messages sent, waiting, given up; redrive them", "thông báo đã gửi, đang chờ, không gửi được; gửi lại"}},
    {"explain", cmd_explain, true, {"why a dossier is judged as it is", "vì sao hồ sơ được đánh giá như vậy"}},
    {"flags", cmd_flags, true, {"what looks wrong in the dates", "những điểm bất thường trong các mốc thời gian"}},
    {"calendar",
     cmd_calendar,
     true,
     {"working time: days off, make-up days, hours; when a term ends",
      "giờ làm việc, ngày nghỉ, ngày làm bù; thời hạn kết thúc khi nào"}},
    {"units", cmd_units, true, {"units, and which is above which", "đơn vị và đơn vị cấp trên"}},
    {"rules",
     cmd_rules,
     true,
     {"what the rules say, and new versions of them", "nội dung quy tắc và các phiên bản mới"}},
    {"procedures", cmd_procedures, true, {"how long procedures may take", "thời hạn giải quyết của thủ tục"}},
    {"codes", cmd_codes, true, {"what codes of upstreams mean", "ý nghĩa mã của các hệ thống nguồn"}},
    {"quarantine",
     cmd_quarantine,
     true,
     {"events refused and kept; redrive them", "sự kiện bị từ chối được giữ lại; nạp lại"}},
    {"audit", cmd_audit, true, {"proves every promise by recount", "đếm lại để chứng minh mọi cam kết"}},
    {"rebuild", cmd_rebuild, true, {"folds the whole ledger again", "tính lại từ đầu toàn bộ sổ cái"}},
    {"rebase", cmd_rebase, true, {"goes on after a dump was restored", "tiếp tục sau khi khôi phục bản sao lưu"}},
    {"doctor", cmd_doctor, true, {"looks for what is wrong and tells the way out", "tìm chỗ sai và chỉ cách sửa"}},
    {"status", cmd_status, true, {"one screen of figures", "số liệu chính trên một màn hình"}},
};

#define COMMANDS (sizeof commands / sizeof *commands)

/* The arguments as they came, sorted into global ones and the subcommand's. */
struct arguments {
    const char *config;
    const char *sets[SETS_MAX];
    int set_count;
    bool json;
    bool csv;
    bool help;
    bool version;
    bool print_config;
    int argc;
    char **argv; /* subcommand first, NULL-terminated */
};

static void help(const struct cli *cli)
{
    printf("kipthoi - %s\n\n", cli_word(cli, WORD_PURPOSE));
    printf("%s: kipthoi [--config FILE] [--set SECTION.KEY=VALUE]... [--json|--csv] [--lang en|vi] [--yes] %s\n"
           "%*s  kipthoi --print-config | --version | --help\n\n",
           cli_word(cli, WORD_USAGE), cli_word(cli, WORD_COMMAND_SLOT), (int)table_width(cli_word(cli, WORD_USAGE)),
           "");
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("  %-12s %s\n", commands[i].name, commands[i].help[cli->lang]);
    }
    printf("\n%s\n\n"
           "  kipthoi init\n"
           "  kipthoi rates --by unit,field --window 30d,ytd --target 98\n"
           "  kipthoi late --open --unit H56.14\n"
           "  kipthoi explain H56.14-240823-0001\n"
           "  kipthoi letters sent H56.14-240823-0001 --no 12/TXL --why \"handed over\"\n",
           cli_word(cli, WORD_HELP_TAIL));
}

/* True for "--name"; *value is what follows it, as "--name=value" or the next argument. */
static bool valued(const char *name, int argc, char **argv, int *at, const char **value)
{
    size_t len = strlen(name);

    if (strncmp(argv[*at], name, len) != 0) {
        return false;
    }
    if (argv[*at][len] == '=') {
        *value = argv[*at] + len + 1;
        return true;
    }
    if (argv[*at][len] != '\0' || *at + 1 >= argc) {
        return false;
    }
    *value = argv[++*at];
    return true;
}

/* One that valued did not take, as nothing stands behind it. */
static bool wants_value(const char *arg)
{
    return strcmp(arg, "--config") == 0 || strcmp(arg, "--set") == 0 || strcmp(arg, "--lang") == 0;
}

static bool take_flag(struct cli *cli, struct arguments *args, const char *arg)
{
    if (strcmp(arg, "--json") == 0) {
        args->json = true;
        cli->format = CLI_JSON;
    } else if (strcmp(arg, "--csv") == 0) {
        args->csv = true;
        cli->format = CLI_CSV;
    } else if (strcmp(arg, "--yes") == 0) {
        cli->yes = true;
    } else if (args->argc == 0 && strcmp(arg, "--version") == 0) {
        args->version = true;
    } else if (args->argc == 0 && strcmp(arg, "--print-config") == 0) {
        args->print_config = true;
    } else if (args->argc == 0 && (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)) {
        args->help = true;
    } else {
        return false;
    }
    return true;
}

/* -1 to go on.  After the subcommand "--help" is the subcommand's; after "--" everything is. */
static int sort_arguments(struct cli *cli, struct arguments *args, int argc, char **argv)
{
    const char *value;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            while (i < argc) {
                args->argv[args->argc++] = argv[i++];
            }
        } else if (valued("--config", argc, argv, &i, &value)) {
            args->config = value;
        } else if (valued("--set", argc, argv, &i, &value)) {
            if (args->set_count == SETS_MAX) {
                return cli_usage(cli, "--set is given too often");
            }
            args->sets[args->set_count++] = value;
        } else if (valued("--lang", argc, argv, &i, &value)) {
            if (lang_parse(value, &cli->lang) != STATUS_OK) {
                return cli_usage(cli, "--lang: \"%s\" is neither en nor vi", value);
            }
            cli->lang_given = true;
        } else if (wants_value(argv[i])) {
            return cli_usage(cli, "%s needs a value; see: kipthoi --help", argv[i]);
        } else if (!take_flag(cli, args, argv[i])) {
            args->argv[args->argc++] = argv[i];
        }
    }
    args->argv[args->argc] = NULL;
    return args->json && args->csv ? cli_usage(cli, "--json and --csv exclude each other") : -1;
}

static const char *config_path(const struct arguments *args)
{
    const char *path = args->config != NULL ? args->config : getenv("KIPTHOI_CONF");

    if (path != NULL && *path != '\0') {
        return path;
    }
    return access(CONFIG_HERE, F_OK) == 0 ? CONFIG_HERE : CONFIG_SYSTEM;
}

/* Of the configuration this takes zone and clock only: on a desk without one those of the defaults will do. */
static bool goes_without(const struct arguments *args)
{
    return args->argc > 1 && strcmp(args->argv[0], "letters") == 0 && strcmp(args->argv[1], "preview") == 0;
}

/* A configuration's mistakes stand on a line each. */
static void complain_of_each(const struct cli *cli, char *mistakes)
{
    const char *mistake;

    while ((mistake = strsep(&mistakes, "\n")) != NULL) {
        cli_complain(cli, "%s", mistake);
    }
}

static int configure(struct cli *cli, const struct arguments *args)
{
    char error[CONFIG_ERROR_SIZE];
    const char *path = config_path(args);
    bool none = strcmp(path, CONFIG_SYSTEM) == 0 && access(path, F_OK) != 0 && errno == ENOENT;

    if (none && !goes_without(args)) {
        return cli_usage(cli, "no configuration (%s, %s); give --config FILE or set KIPTHOI_CONF", CONFIG_HERE,
                         CONFIG_SYSTEM);
    }
    if (!none && config_read(&cli->config, path, error) != STATUS_OK) {
        complain_of_each(cli, error);
        return EXIT_USAGE;
    }
    for (int i = 0; i < args->set_count; i++) {
        if (config_set(&cli->config, args->sets[i], error) != STATUS_OK) {
            cli_complain(cli, "--set %s", error);
            return EXIT_USAGE;
        }
    }
    if (clock_use_zone(cli->config.deployment.time_zone) != STATUS_OK) {
        cli_complain(cli, "deployment.time_zone: this machine does not know the zone \"%s\" (package tzdata)",
                     cli->config.deployment.time_zone);
        return EXIT_USAGE;
    }
    cli->log.level = cli->config.deployment.log_level;
    return -1;
}

/* What is printed is UTF-8 whatever the environment says, so widths must be measured as UTF-8. */
static void use_utf8(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    }
}

static void look_around(struct cli *cli)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    use_utf8();
    cli->lang = lang_from_environment();
    cli->terminal = isatty(STDERR_FILENO) == 1;
    cli->color = isatty(STDOUT_FILENO) == 1 && (no_color == NULL || *no_color == '\0') &&
                 (term == NULL || strcmp(term, "dumb") != 0);
    cli->log.program = "kipthoi";
    cli->log.level = LOG_LEVEL_WARN;
}

static int run_command(struct cli *cli, const struct arguments *args)
{
    const struct command *command = NULL;

    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, args->argv[0]) == 0) {
            command = &commands[i];
        }
    }
    if (command == NULL) {
        return cli_usage(cli, "unknown command \"%s\"; see: kipthoi --help", args->argv[0]);
    }
    for (int i = 1; i < args->argc; i++) {
        /* Help must not need a configuration. */
        if (strcmp(args->argv[i], "--help") == 0 || strcmp(args->argv[i], "-h") == 0) {
            return command->run(cli, args->argc, args->argv);
        }
    }
    if (command->configured) {
        int code = configure(cli, args);

        if (code >= 0) {
            return code;
        }
    }
    return command->run(cli, args->argc, args->argv);
}

/* True when nobody reads standard output any more. */
static bool reader_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int main(int argc, char **argv)
{
    static struct cli cli; /* zeroed; too large for some stacks */
    struct arguments args = {0};
    int code;

    signal(SIGPIPE, SIG_IGN);
    look_around(&cli);
    config_defaults(&cli.config);
    args.argv = calloc((size_t)argc + 1, sizeof *args.argv);
    if (args.argv == NULL || sodium_init() < 0) {
        cli_complain(&cli, "memory is short, or libsodium does not start");
        free(args.argv);
        return EXIT_UNREACHABLE;
    }
    code = sort_arguments(&cli, &args, argc, argv);
    if (code < 0 && args.version) {
        printf("kipthoi %s\n", KIPTHOI_VERSION);
        code = EXIT_FINE;
    } else if (code < 0 && args.print_config) {
        fputs(config_sample(), stdout);
        code = EXIT_FINE;
    } else if (code < 0 && (args.help || args.argc == 0)) {
        help(&cli);
        code = args.help ? EXIT_FINE : EXIT_USAGE;
    } else if (code < 0) {
        code = run_command(&cli, &args);
    }
    db_close(&cli.db);
    db_close(&cli.letters_db);
    free(args.argv);
    /* An answer that could not be written is no answer; who has read enough of it (head) is told what others tell. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == EXIT_FINE) {
        if (reader_left()) {
            signal(SIGPIPE, SIG_DFL);
            raise(SIGPIPE);
        }
        code = EXIT_UNREACHABLE;
    }
    return code;
}
