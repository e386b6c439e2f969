/* SPDX-License-Identifier: MIT */
/* letter_source.c - see letter_source.h. */
#include "notifier/letter_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "notifier/letter_forms.h"

struct letter_source {
    struct db *db; /* borrowed */
    struct letter_forms *forms;
    struct letter_facts_set set;
    struct letter_texts texts; /* of the letter given last */
};

struct letter_source *letter_source_new(struct db *db)
{
    struct letter_source *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->db = db;
        self->forms = letter_forms_new(db);
        if (self->forms == NULL) {
            letter_source_destroy(&self);
        }
    }
    return self;
}

void letter_source_destroy(struct letter_source **self_p)
{
    struct letter_source *self = *self_p;

    if (self == NULL) {
        return;
    }
    letter_forms_destroy(&self->forms);
    letter_facts_clear(&self->set);
    free(self);
    *self_p = NULL;
}

enum status letter_source_read(struct letter_source *self, const struct letter_key *keys, size_t count)
{
    letter_facts_clear(&self->set);
    /* The day chooses forms for letters that have none; these have theirs. */
    return letter_facts_read(&self->set, self->db, keys, count, NULL, 0);
}

size_t letter_source_count(const struct letter_source *self)
{
    return self->set.count;
}

const struct letter_facts *letter_source_facts(const struct letter_source *self, size_t index)
{
    return &self->set.facts[index];
}

enum status letter_source_letter(struct letter_source *self, size_t index, struct letter *letter,
                                 const struct letter_template **form, char error[LETTER_ERROR_SIZE])
{
    const struct letter_facts *facts = &self->set.facts[index];

    if (*facts->state == '\0') {
        snprintf(error, LETTER_ERROR_SIZE, "dossier %s: no letter was drafted", facts->key.code);
        return STATUS_INVALID;
    }
    if (facts->template_id == 0) {
        snprintf(error, LETTER_ERROR_SIZE, "dossier %s: letter %s was written elsewhere", facts->key.code,
                 facts->letter_no);
        return STATUS_INVALID;
    }
    letter_facts_letter(facts, &self->texts, letter);
    return letter_forms_get(self->forms, facts->template_id, form, error);
}
