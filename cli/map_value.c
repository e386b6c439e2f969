/* SPDX-License-Identifier: MIT */
/* map_value.c - values of a mapping file: text with columns in it, and moments. */
#include <string.h>

#include "cli/map_reader.h"

/* Adds text[0..len) as a constant, escaped for JSON. */
static int map_add_constant(struct map_file *self, struct map_value *value, const char *key, const char *text,
                            size_t len)
{
    struct map_part *part = &value->part[value->parts];
    struct json_out escaped = {0};
    int good = 0;

    if (len == 0) {
        return 1;
    }
    if (value->parts == MAP_PARTS) {
        return map_refuse(self, self->line, key, "has more than %d parts", MAP_PARTS);
    }
    if (json_out_text(&escaped, text, len) != STATUS_OK || escaped.len >= sizeof part->text) {
        map_refuse(self, self->line, key, "is not UTF-8, or too long");
        goto done;
    }
    memcpy(part->text, escaped.bytes, escaped.len);
    part->text[escaped.len] = '\0';
    part->len = escaped.len;
    value->parts++;
    good = 1;
done:
    json_out_clear(&escaped);
    return good;
}

static int map_add_column(struct map_file *self, struct map_value *value, const char *key, const char *name, size_t len)
{
    struct map_part *part = &value->part[value->parts];

    if (value->parts == MAP_PARTS) {
        return map_refuse(self, self->line, key, "has more than %d parts", MAP_PARTS);
    }
    if (len == 0 || len >= sizeof part->text) {
        return map_refuse(self, self->line, key, "names no column");
    }
    memcpy(part->text, name, len);
    part->text[len] = '\0';
    part->column = true;
    value->parts++;
    return 1;
}

/* Text with {COLUMN} in it. */
static int map_template(struct map_file *self, struct map_value *value, const char *key, const char *text)
{
    const char *at = text;

    while (*at != '\0') {
        size_t plain = strcspn(at, "{}");
        const char *close;

        if (map_add_constant(self, value, key, at, plain) == 0) {
            return 0;
        }
        at += plain;
        if (*at == '\0') {
            break;
        }
        close = *at == '{' ? strchr(at, '}') : NULL;
        if (close == NULL) {
            return map_refuse(self, self->line, key, "has a brace without its partner");
        }
        if (map_add_column(self, value, key, at + 1, (size_t)(close - at - 1)) == 0) {
            return 0;
        }
        at = close + 1;
    }
    return value->parts > 0 ? 1 : map_refuse(self, self->line, key, "is empty");
}

/* Gives the value a format of its own; equal ones are kept once.  The first place is that of [source]. */
static int map_use_times(struct map_file *self, struct map_value *value, const char *key, const char *text, size_t len)
{
    struct map *map = self->map;
    size_t at = 1;

    while (at < map->times_count && (strlen(map->times[at].text) != len || memcmp(map->times[at].text, text, len))) {
        at++;
    }
    if (at == MAP_TIMES) {
        return map_refuse(self, self->line, key, "is one format too many (at most %d)", MAP_TIMES - 1);
    }
    if (at == map->times_count) {
        snprintf(map->times[at].text, sizeof map->times[at].text, "%.*s", (int)len, text);
        map->times[at].line = self->line;
        map->times_count++;
    }
    value->times = at;
    return 1;
}

/* Where the format of "COLUMN, FORMAT" begins, NULL when there is none: a column's name may hold commas itself. */
static const char *map_find_times(const char *text)
{
    for (const char *comma = strstr(text, ", "); comma != NULL; comma = strstr(comma + 2, ", ")) {
        if (comma[2] == '%' || strcmp(comma + 2, "rfc3339)") == 0) {
            return comma + 2;
        }
    }
    return NULL;
}

/* "time(COLUMN)", "time(COLUMN, FORMAT)"; for the key "time" the column alone will do. */
static int map_moment(struct map_file *self, struct map_value *value, const char *key, const char *text)
{
    size_t len = strlen(text);
    const char *column, *end, *times;

    if (len <= strlen("time()") || strncmp(text, "time(", strlen("time(")) != 0 || text[len - 1] != ')') {
        return strcmp(key, "time") == 0 ? map_add_column(self, value, key, text, len)
                                        : map_refuse(self, self->line, key, "is a moment: write time(COLUMN)");
    }
    column = text + strlen("time(");
    end = text + len - 1;
    times = map_find_times(column);
    if (times == NULL) {
        return map_add_column(self, value, key, column, (size_t)(end - column));
    }
    return map_add_column(self, value, key, column, (size_t)(times - strlen(", ") - column)) == 1
               ? map_use_times(self, value, key, times, (size_t)(end - times))
               : 0;
}

int map_value_read(struct map_file *self, struct map_value *value, const struct map_member_row *member,
                   const char *text)
{
    return member->moment ? map_moment(self, value, member->key, text) : map_template(self, value, member->key, text);
}
