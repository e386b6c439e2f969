/* SPDX-License-Identifier: MIT */
/* moment.c - moments, days and spans as people read and write them (cli.h). */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/timestamp.h"

#define DASH "–"

static bool is_moment(int64_t moment_us)
{
    return moment_us != DB_NULL_US && moment_us != DB_INFINITY_US && moment_us != DB_MINUS_INFINITY_US;
}

int64_t cli_now_us(const struct cli *cli)
{
    return clock_now_us(&cli->config.deployment.clock);
}

int32_t cli_today(const struct cli *cli)
{
    return clock_local_day(cli_now_us(cli));
}

const char *cli_time(int64_t moment_us, char out[CLI_TIME_SIZE])
{
    struct tm local;
    time_t seconds;

    if (!is_moment(moment_us)) {
        snprintf(out, CLI_TIME_SIZE, DASH);
        return out;
    }
    seconds =
        (time_t)((moment_us - (moment_us % CLOCK_SECOND_US + CLOCK_SECOND_US) % CLOCK_SECOND_US) / CLOCK_SECOND_US);
    if (localtime_r(&seconds, &local) == NULL ||
        strftime(out, CLI_TIME_SIZE, local.tm_sec == 0 ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", &local) == 0) {
        snprintf(out, CLI_TIME_SIZE, "?");
    }
    return out;
}

const char *cli_date(int32_t day, char out[CLI_TIME_SIZE])
{
    struct tm date;
    time_t seconds = (time_t)day * (time_t)CLOCK_DAY_S;

    if (gmtime_r(&seconds, &date) == NULL || strftime(out, CLI_TIME_SIZE, "%Y-%m-%d", &date) == 0) {
        snprintf(out, CLI_TIME_SIZE, "?");
    }
    return out;
}

const char *cli_span(const struct cli *cli, int64_t span_us, char out[CLI_TIME_SIZE])
{
    int64_t s = (span_us < 0 ? -span_us : span_us) / CLOCK_SECOND_US;
    long long days = (long long)(s / CLOCK_DAY_S);
    long long hours = (long long)(s / 3600 % 24);
    long long minutes = (long long)(s / 60 % 60);

    if (days > 0) {
        snprintf(out, CLI_TIME_SIZE, "%lld %s %lld %s", days, cli_word(cli, WORD_DAY_SHORT), hours,
                 cli_word(cli, WORD_HOUR_SHORT));
    } else if (hours > 0) {
        snprintf(out, CLI_TIME_SIZE, "%lld %s %lld %s", hours, cli_word(cli, WORD_HOUR_SHORT), minutes,
                 cli_word(cli, WORD_MINUTE_SHORT));
    } else if (minutes > 0) {
        snprintf(out, CLI_TIME_SIZE, "%lld %s", minutes, cli_word(cli, WORD_MINUTE_SHORT));
    } else {
        snprintf(out, CLI_TIME_SIZE, "%lld %s", (long long)(s % 60), cli_word(cli, WORD_SECOND_SHORT));
    }
    return out;
}

cJSON *cli_json_time(int64_t moment_us)
{
    char text[TIMESTAMP_SIZE];

    return is_moment(moment_us) ? cJSON_CreateString(timestamp_format(moment_us, text)) : cJSON_CreateNull();
}

void cli_cell_time(struct table *table, int64_t moment_us)
{
    char text[TIMESTAMP_SIZE];
    char shown[CLI_TIME_SIZE];

    if (!is_moment(moment_us)) {
        table_null(table);
        return;
    }
    table_text(table, timestamp_format(moment_us, text));
    table_show(table, cli_time(moment_us, shown));
}

enum status cli_read_date(const char *text, int32_t *day)
{
    char shown[CLI_TIME_SIZE];
    char *end = NULL;
    struct tm date = {0};

    end = strptime(text, "%Y-%m-%d", &date);
    if (end == NULL || *end != '\0' || date.tm_year < 1990 - 1900 || date.tm_year > 2100 - 1900) {
        return STATUS_INVALID;
    }
    *day = (int32_t)timestamp_civil_day(date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
    /* 30 February is a date to strptime. */
    return strcmp(cli_date(*day, shown), text) == 0 ? STATUS_OK : STATUS_INVALID;
}

enum status cli_read_time(const char *text, int64_t *moment_us)
{
    char date[11];
    struct tm clock = {0};
    const char *end = text + strlen(text);
    time_t seconds;
    int32_t day;

    if (timestamp_parse(text, strlen(text), moment_us) == STATUS_OK) {
        return STATUS_OK;
    }
    snprintf(date, sizeof date, "%s", text);
    if (cli_read_date(date, &day) != STATUS_OK) {
        return STATUS_INVALID;
    }
    if (strlen(text) > 10) {
        if (text[10] != ' ' && text[10] != 'T') {
            return STATUS_INVALID;
        }
        end = strptime(text + 11, strlen(text) > 16 ? "%H:%M:%S" : "%H:%M", &clock);
    }
    if (end == NULL || *end != '\0') {
        return STATUS_INVALID;
    }
    (void)strptime(date, "%Y-%m-%d", &clock);
    clock.tm_isdst = -1;
    seconds = mktime(&clock);
    *moment_us = (int64_t)seconds * CLOCK_SECOND_US;
    return seconds == (time_t)-1 ? STATUS_INVALID : STATUS_OK;
}
