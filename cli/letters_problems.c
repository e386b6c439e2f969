/* SPDX-License-Identifier: MIT */
/* letters_problems.c - why letters could not be drafted, told so that somebody can mend it. */
#include <stdio.h>
#include <string.h>

#include "cli/letters_parts.h"

/* More than that nobody reads; --json has them all. */
#define TOLD_MAX 50
#define SENTENCE_SIZE 2048

/* Where a field comes from, which is where it is mended. */
static enum word origin(enum letter_field field)
{
    switch (field) {
    case LETTER_ADDRESSEE:
    case LETTER_ADDRESS:
    case LETTER_PHONE:
    case LETTER_EMAIL:
    case LETTER_RECEIPT:
        return WORD_MEND_CONTACT;
    case LETTER_REASON:
        return WORD_MEND_REASON;
    case LETTER_NEW_DUE:
        return WORD_MEND_NEW_DUE;
    case LETTER_PROCEDURE_NAME:
    case LETTER_PROCEDURE:
    case LETTER_FIELD:
    case LETTER_RECEIVED:
    case LETTER_STATE:
        return WORD_MEND_UPSTREAM;
    default:
        return WORD_MEND_OFFICE;
    }
}

static void add(char out[SENTENCE_SIZE], const char *text)
{
    size_t used = strlen(out);

    snprintf(out + used, SENTENCE_SIZE - used, "%s%s", used > 0 ? "; " : "", text);
}

static void add_fields(const struct cli *cli, const struct draft_problem *problem, char out[SENTENCE_SIZE])
{
    char sentence[CLI_SENTENCE_SIZE];

    for (int field = 0; field < LETTER_FIELD_END; field++) {
        const struct letter_field_info *info = letter_field_info((enum letter_field)field);
        bool lacking = (problem->fields & LETTER_BIT(field)) != 0;
        bool counted = field == LETTER_NEW_DUE && (problem->lacks & (DRAFT_CALENDAR | DRAFT_DAY_OFF)) != 0;
        bool of_office = origin((enum letter_field)field) == WORD_MEND_OFFICE && (problem->lacks & DRAFT_OFFICE) != 0;

        if (lacking && field == LETTER_ADDRESSEE && problem->facts->erased) {
            add(out, cli_word(cli, WORD_MEND_ERASED));
        } else if (lacking && !counted && !of_office) {
            add(out, cli_sentence(cli, sentence, WORD_MEND_FIELD, cli->lang == LANG_VI ? info->vi : info->en,
                                  info->name, cli_word(cli, origin((enum letter_field)field)), NULL));
        }
    }
}

static void add_lacks(const struct cli *cli, const struct draft_problem *problem, char out[SENTENCE_SIZE])
{
    static const struct {
        enum draft_lack lack;
        enum word word;
    } lacks[] = {
        {DRAFT_OFFICE, WORD_LACK_OFFICE}, {DRAFT_CALENDAR, WORD_LACK_CALENDAR}, {DRAFT_NUMBER, WORD_LACK_NUMBER},
        {DRAFT_MISSED, WORD_LACK_MISSED}, {DRAFT_DAY_OFF, WORD_LACK_DAY_OFF},
    };
    char sentence[CLI_SENTENCE_SIZE];

    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
        if ((problem->lacks & lacks[i].lack) != 0) {
            add(out, cli_sentence(cli, sentence, lacks[i].word, problem->facts->unit, NULL));
        }
    }
    if ((problem->lacks & DRAFT_FORM) != 0) {
        add(out, *problem->sentence == '\0' ? cli_word(cli, WORD_LACK_FORM) : problem->sentence);
    }
    if ((problem->lacks & DRAFT_CONTENT) != 0) {
        add(out, problem->sentence);
    }
}

static cJSON *json_problem(const struct letter_facts *facts, uint32_t fields, const char *sentence)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *missing = cJSON_AddArrayToObject(json, "missing");

    cJSON_AddStringToObject(json, "source", facts->source);
    cJSON_AddStringToObject(json, "dossier", facts->key.code);
    cJSON_AddNumberToObject(json, "episode", facts->key.episode);
    for (int field = 0; field < LETTER_FIELD_END; field++) {
        if ((fields & LETTER_BIT(field)) != 0) {
            cJSON_AddItemToArray(missing, cJSON_CreateString(letter_field_info((enum letter_field)field)->name));
        }
    }
    cJSON_AddStringToObject(json, "sentence", sentence);
    return json;
}

static int64_t told_singly(const struct letters_problems *self)
{
    return self->count - self->no_form - self->no_office;
}

static void put(struct letters_problems *self, const struct letter_facts *facts, uint32_t fields, const char *sentence)
{
    self->count++;
    if (self->list != NULL) {
        cJSON_AddItemToArray(self->list, json_problem(facts, fields, sentence));
    }
    if (self->cli->format != CLI_JSON && told_singly(self) <= TOLD_MAX) {
        cli_tell(self->cli, WORD_LETTER_PROBLEM, facts->key.code, sentence, NULL);
    }
}

void letters_problems_begin(struct letters_problems *self, struct cli *cli, const struct letters_request *request)
{
    *self = (struct letters_problems){
        .cli = cli, .list = cli->format == CLI_JSON ? cJSON_CreateArray() : NULL, .bulk = request->word_count == 0};
}

/* In bulk, what is mended with one file for all is counted: before that nobody mends the rest, letter by letter. */
static bool count_common(struct letters_problems *self, const struct draft_problem *problem)
{
    if (!self->bulk || self->cli->format == CLI_JSON) {
        return false;
    }
    if ((problem->lacks & DRAFT_FORM) != 0 && *problem->sentence == '\0') {
        self->no_form++;
    } else if ((problem->lacks & DRAFT_OFFICE) != 0) {
        if (self->no_office++ == 0) {
            snprintf(self->unit, sizeof self->unit, "%s", problem->facts->unit);
        }
    } else {
        return false;
    }
    self->count++;
    return true;
}

void letters_problem_tell(void *arg, const struct draft_problem *problem)
{
    struct letters_problems *self = arg;
    char sentence[SENTENCE_SIZE] = "";

    if (count_common(self, problem)) {
        return;
    }
    add_lacks(self->cli, problem, sentence);
    add_fields(self->cli, problem, sentence);
    put(self, problem->facts, problem->fields, sentence);
}

void letters_problem_say(struct letters_problems *self, const struct letter_facts *facts, const char *sentence)
{
    put(self, facts, 0, sentence);
}

void letters_problems_end(struct letters_problems *self)
{
    int64_t told = told_singly(self);
    char number[CLI_NUMBER_SIZE];

    if (self->cli->format == CLI_JSON) {
        return;
    }
    if (told > TOLD_MAX) {
        cli_tell(self->cli, WORD_LETTER_PROBLEMS_MORE, cli_number(self->cli, told - TOLD_MAX, number), NULL);
    }
    if (self->no_form > 0) {
        cli_tell(self->cli, WORD_LACK_FORM_ALL, cli_number(self->cli, self->no_form, number), NULL);
    }
    if (self->no_office > 0) {
        cli_tell(self->cli, WORD_LACK_OFFICE_ALL, cli_number(self->cli, self->no_office, number), self->unit, NULL);
    }
}
