/* SPDX-License-Identifier: MIT */
/* map_file.c - reads a mapping file: sections, keys, templates, and what they must not leave out. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "cli/map_parts.h"
#include "common/clock.h"
#include "common/envelope.h"

#define MAP_TYPE_DOSSIER "vn.kipthoi.dossier."
#define MAP_TYPE_ROOT "vn.kipthoi."
#define MAP_TYPE_END ".v1"
#define MAP_TYPES_SIZE 256

struct map_file {
    struct map *map;
    FILE *file;
    int line; /* of the line inih was given last */
    int format_line;
    int time_format_line;
    int time_zone_line;
    bool failed;
    char *error; /* MAP_ERROR_SIZE */
};

/* Keeps the first error; returns 0, inih's "no". */
static int PRINTF_LIKE(4, 5) map_refuse(struct map_file *self, int line, const char *key, const char *fmt, ...)
{
    char sentence[384];
    va_list args;

    if (self->failed) {
        return 0;
    }
    self->failed = true;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    snprintf(self->error, MAP_ERROR_SIZE, "%s:%d: %s: %s", self->map->path, line, key, sentence);
    return 0;
}

/* Gives inih one line and counts it; inih itself would cut a long one in two. */
static char *map_next_line(char *buffer, int size, void *context)
{
    struct map_file *self = context;
    char *line = fgets(buffer, size, self->file);
    size_t len = line == NULL ? 0 : strlen(line);

    self->line += line != NULL;
    if (len + 1 == (size_t)size && line[len - 1] != '\n') {
        map_refuse(self, self->line, "line", "is longer than %d bytes", size - 2);
        return NULL;
    }
    return line;
}

static int map_copy(struct map_file *self, char out[MAP_TEXT], const char *key, const char *value)
{
    if (out[0] != '\0') {
        return map_refuse(self, self->line, key, "is given twice");
    }
    if (value[0] == '\0') {
        return map_refuse(self, self->line, key, "is empty");
    }
    snprintf(out, MAP_TEXT, "%s", value);
    return 1;
}

static int map_source_key(struct map_file *self, const char *key, const char *value)
{
    const struct {
        const char *key;
        char *target;
        int *line; /* NULL: what is wrong with it shows at once */
    } keys[] = {
        {"source", self->map->source, NULL},
        {"format", self->map->format, &self->format_line},
        {"time_format", self->map->time_format, &self->time_format_line},
        {"time_zone", self->map->time_zone, &self->time_zone_line},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key) == 0) {
            if (keys[i].line != NULL) {
                *keys[i].line = self->line;
            }
            return map_copy(self, keys[i].target, key, value);
        }
    }
    return map_refuse(self, self->line, key, "is not a key of [source] (source, format, time_format, time_zone)");
}

/* "when = COLUMN", "when = COLUMN = text", "when_empty = COLUMN". */
static int map_condition_key(struct map_file *self, struct map_rule *rule, const char *value, bool empty)
{
    struct map_condition *condition = &rule->condition[rule->conditions];
    const char *equals = empty ? NULL : strstr(value, " = ");
    size_t column_len = equals == NULL ? strlen(value) : (size_t)(equals - value);

    if (rule->conditions == MAP_CONDITIONS) {
        return map_refuse(self, self->line, "when", "a section has at most %d conditions", MAP_CONDITIONS);
    }
    if (column_len == 0) {
        return map_refuse(self, self->line, empty ? "when_empty" : "when", "names no column");
    }
    rule->conditions++;
    condition->line = self->line;
    condition->test = empty ? MAP_EMPTY : equals != NULL ? MAP_EQUAL : MAP_FILLED;
    snprintf(condition->column, sizeof condition->column, "%.*s", (int)column_len, value);
    if (equals != NULL) {
        snprintf(condition->equal, sizeof condition->equal, "%s", equals + strlen(" = "));
        condition->equal_len = strlen(condition->equal);
    }
    return 1;
}

/* The short names of all types, with commas. */
static void map_list_types(char list[MAP_TYPES_SIZE])
{
    size_t used = 0;

    list[0] = '\0';
    for (enum event_kind kind = EVENT_RECEIVED; kind < EVENT_KIND_END && used < MAP_TYPES_SIZE; kind++) {
        const char *type = event_kind_type(kind);
        bool dossier = strncmp(type, MAP_TYPE_DOSSIER, strlen(MAP_TYPE_DOSSIER)) == 0;
        const char *name = type + strlen(dossier ? MAP_TYPE_DOSSIER : MAP_TYPE_ROOT);

        used += (size_t)snprintf(list + used, MAP_TYPES_SIZE - used, "%s%.*s", used == 0 ? "" : ", ",
                                 (int)(strlen(name) - strlen(MAP_TYPE_END)), name);
    }
}

/* A type by its short name ("finished", "apology.sent") or in full. */
static int map_type_key(struct map_file *self, struct map_rule *rule, const char *value)
{
    char dossier[MAP_TEXT], root[MAP_TEXT], types[MAP_TYPES_SIZE];

    snprintf(dossier, sizeof dossier, MAP_TYPE_DOSSIER "%.64s" MAP_TYPE_END, value);
    snprintf(root, sizeof root, MAP_TYPE_ROOT "%.64s" MAP_TYPE_END, value);
    for (enum event_kind kind = EVENT_RECEIVED; kind < EVENT_KIND_END; kind++) {
        const char *type = event_kind_type(kind);

        if (strcmp(type, value) == 0 || strcmp(type, dossier) == 0 || strcmp(type, root) == 0) {
            return map_copy(self, rule->type, "type", type);
        }
    }
    map_list_types(types);
    return map_refuse(self, self->line, "type", "\"%.64s\" is no type of event (%s)", value, types);
}

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

/* "time(COLUMN)"; for the key "time" the column alone will do. */
static int map_moment(struct map_file *self, struct map_value *value, const char *key, const char *text)
{
    size_t len = strlen(text);

    if (len > strlen("time()") && strncmp(text, "time(", 5) == 0 && text[len - 1] == ')') {
        return map_add_column(self, value, key, text + 5, len - 6);
    }
    if (strcmp(key, "time") != 0) {
        return map_refuse(self, self->line, key, "is a moment: write time(COLUMN)");
    }
    return map_add_column(self, value, key, text, len);
}

static int map_member_key(struct map_file *self, struct map_rule *rule, const char *key, const char *text)
{
    for (size_t m = 0; m < MAP_MEMBERS; m++) {
        struct map_value *value = &rule->value[m];

        if (strcmp(map_members[m].key, key) != 0) {
            continue;
        }
        if (value->line != 0) {
            return map_refuse(self, self->line, key, "is given twice");
        }
        value->line = self->line;
        return map_members[m].moment ? map_moment(self, value, key, text) : map_template(self, value, key, text);
    }
    return map_refuse(self, self->line, key, "is not a key of [event] (see docs/mapping.md)");
}

static int map_event_key(struct map_file *self, const char *name, const char *key, const char *value)
{
    struct map_rule *rule = NULL;

    for (size_t i = 0; rule == NULL && i < self->map->rules; i++) {
        rule = strcmp(self->map->rule[i].name, name) == 0 ? &self->map->rule[i] : NULL;
    }
    if (rule == NULL && self->map->rules == MAP_RULES) {
        return map_refuse(self, self->line, name, "is one section too many (at most %d)", MAP_RULES);
    }
    if (rule == NULL) {
        rule = &self->map->rule[self->map->rules++];
        snprintf(rule->name, sizeof rule->name, "%s", name);
        rule->line = self->line;
    }
    if (strcmp(key, "when") == 0 || strcmp(key, "when_empty") == 0) {
        return map_condition_key(self, rule, value, key[4] != '\0');
    }
    return strcmp(key, "type") == 0 ? map_type_key(self, rule, value) : map_member_key(self, rule, key, value);
}

static int map_key_cb(void *context, const char *section, const char *key, const char *value)
{
    struct map_file *self = context;

    if (strcmp(section, "source") == 0) {
        return map_source_key(self, key, value);
    }
    if (strncmp(section, "event ", 6) == 0) {
        return map_event_key(self, section + 6, key, value);
    }
    return map_refuse(self, self->line, section[0] == '\0' ? key : section,
                      "stands in no section that a map has ([source], [event NAME])");
}

/* What every rule needs, and whether it reads a moment. */
static void map_check_rule(struct map_file *self, struct map_rule *rule)
{
    static const char begin[] = "{\"specversion\":\"1.0\",\"source\":\"";
    static const char middle[] = "\",\"type\":\"";

    if (rule->type[0] == '\0') {
        map_refuse(self, rule->line, rule->name, "has no type");
    }
    for (size_t m = 0; m < MAP_MEMBERS; m++) {
        if (map_members[m].required && rule->value[m].line == 0) {
            map_refuse(self, rule->line, rule->name, "has no %s", map_members[m].key);
        }
    }
    json_out_put(&rule->head, begin, strlen(begin));
    if (json_out_text(&rule->head, self->map->source, strlen(self->map->source)) != STATUS_OK) {
        map_refuse(self, rule->line, "source", "is not UTF-8");
    }
    json_out_put(&rule->head, middle, strlen(middle));
    json_out_put(&rule->head, rule->type, strlen(rule->type));
    json_out_put(&rule->head, "\"", 1);
}

/* Of a key that is not given, the end of the file. */
static int map_line(const struct map_file *self, int line)
{
    return line != 0 ? line : self->line;
}

static void map_check(struct map_file *self)
{
    struct map *map = self->map;

    if (map->source[0] == '\0') {
        map_refuse(self, self->line, "source", "is missing from [source]");
    }
    if (map->format[0] != '\0' && strcmp(map->format, "csv") != 0) {
        map_refuse(self, map_line(self, self->format_line), "format", "\"%s\" is not known (csv)", map->format);
    }
    if (map->rules == 0) {
        map_refuse(self, self->line, "event", "a map needs at least one section [event NAME]");
    }
    for (size_t i = 0; i < map->rules; i++) {
        map_check_rule(self, &map->rule[i]);
    }
    if (wall_time_new(&map->times, map->time_format) != STATUS_OK) {
        map_refuse(self, map_line(self, self->time_format_line), "time_format",
                   "\"%s\" is not one of %%Y %%m %%d %%H %%I %%M %%S %%p, or rfc3339", map->time_format);
    }
    if (strcmp(map->time_format, "rfc3339") != 0 && clock_use_zone(map->time_zone) != STATUS_OK) {
        map_refuse(self, map_line(self, self->time_zone_line), "time_zone", "\"%s\" is no time zone of this machine",
                   map->time_zone);
    }
}

enum status map_file_read(struct map *map, const char *path, char error[MAP_ERROR_SIZE])
{
    struct map_file self = {.map = map, .error = error};
    int line;

    snprintf(map->path, sizeof map->path, "%s", path);
    self.file = fopen(path, "re");
    if (self.file == NULL) {
        snprintf(error, MAP_ERROR_SIZE, "%s: %s", path, strerror(errno));
        return STATUS_INVALID;
    }
    line = ini_parse_stream(map_next_line, &self, map_key_cb, &self);
    fclose(self.file);
    if (line > 0) {
        map_refuse(&self, line, "line", "is neither \"key = value\" nor \"[section]\"");
    }
    if (!self.failed) {
        map_check(&self);
    }
    return self.failed ? STATUS_INVALID : STATUS_OK;
}
