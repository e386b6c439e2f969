/* SPDX-License-Identifier: MIT */
/* map_file.c - reads a mapping file: sections, keys, and what they must not leave out. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "cli/map_reader.h"
#include "common/clock.h"
#include "common/envelope.h"

#define MAP_TYPE_DOSSIER "vn.kipthoi.dossier."
#define MAP_TYPE_ROOT "vn.kipthoi."
#define MAP_TYPE_END ".v1"
#define MAP_TYPES_SIZE 512
/* Records and indicators have members of their own, which a map cannot set. */
#define MAP_KIND_END EVENT_SYNCED

int map_refuse(struct map_file *self, int line, const char *key, const char *fmt, ...)
{
    char sentence[640];
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
    struct map *map = self->map;
    const struct {
        const char *key;
        char *target;
        int *line; /* NULL: what is wrong with it shows at once */
    } keys[] = {
        {"source", map->source, NULL},
        {"format", self->format, &self->format_line},
        {"match", self->match, &self->match_line},
        {"time_format", map->times[0].text, &map->times[0].line},
        {"time_zone", map->time_zone, &self->time_zone_line},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key) == 0) {
            if (keys[i].line != NULL) {
                *keys[i].line = self->line;
            }
            return map_copy(self, keys[i].target, key, value);
        }
    }
    return map_refuse(self, self->line, key,
                      "is not a key of [source] (source, format, match, time_format, time_zone)");
}

static const struct {
    const char *key;
    enum map_test plain; /* "COLUMN" */
    enum map_test equal; /* "COLUMN = text" */
} map_conditions[] = {
    {"when", MAP_FILLED, MAP_EQUAL},
    {"when_empty", MAP_EMPTY, MAP_EMPTY}, /* takes no text: " = " belongs to the column's name */
    {"when_not", MAP_UNEQUAL, MAP_UNEQUAL},
};
#define MAP_CONDITION_KEYS (sizeof map_conditions / sizeof *map_conditions)

/* Row of map_conditions; MAP_CONDITION_KEYS: the key is none of them. */
static size_t map_condition_of(const char *key)
{
    size_t i = 0;

    while (i < MAP_CONDITION_KEYS && strcmp(map_conditions[i].key, key) != 0) {
        i++;
    }
    return i;
}

/* "when = COLUMN", "when = COLUMN = text", "when_empty = COLUMN", "when_not = COLUMN = text". */
static int map_condition_key(struct map_file *self, struct map_rule *rule, size_t which, const char *value)
{
    const char *key = map_conditions[which].key;
    struct map_condition *condition = &rule->condition[rule->conditions];
    const char *equals = map_conditions[which].plain == MAP_EMPTY ? NULL : strstr(value, " = ");
    size_t column_len = equals == NULL ? strlen(value) : (size_t)(equals - value);

    if (rule->conditions == MAP_CONDITIONS) {
        return map_refuse(self, self->line, key, "a section has at most %d conditions", MAP_CONDITIONS);
    }
    if (column_len == 0) {
        return map_refuse(self, self->line, key, "names no column");
    }
    if (equals == NULL && map_conditions[which].plain == MAP_UNEQUAL) {
        return map_refuse(self, self->line, key, "has no text: write COLUMN = text");
    }
    rule->conditions++;
    condition->line = self->line;
    condition->test = equals == NULL ? map_conditions[which].plain : map_conditions[which].equal;
    snprintf(condition->column, sizeof condition->column, "%.*s", (int)column_len, value);
    if (equals != NULL) {
        snprintf(condition->equal, sizeof condition->equal, "%s", equals + strlen(" = "));
        condition->equal_len = strlen(condition->equal);
    }
    return 1;
}

static int map_each_key(struct map_file *self, struct map_rule *rule, const char *value)
{
    if (rule->each_line != 0) {
        return map_refuse(self, self->line, "each", "is given twice");
    }
    if (strcmp(value, "event") != 0 && strcmp(value, "trace") != 0) {
        return map_refuse(self, self->line, "each", "\"%.64s\" is neither event nor trace", value);
    }
    rule->each_line = self->line;
    rule->each = strcmp(value, "trace") == 0 ? MAP_EACH_TRACE : MAP_EACH_EVENT;
    return 1;
}

/* The short names of all types, with commas. */
static void map_list_types(char list[MAP_TYPES_SIZE])
{
    size_t used = 0;

    list[0] = '\0';
    for (enum event_kind kind = EVENT_RECEIVED; kind < MAP_KIND_END && used < MAP_TYPES_SIZE; kind++) {
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
    for (enum event_kind kind = EVENT_RECEIVED; kind < MAP_KIND_END; kind++) {
        const char *type = event_kind_type(kind);

        if (strcmp(type, value) == 0 || strcmp(type, dossier) == 0 || strcmp(type, root) == 0) {
            return map_copy(self, rule->type, "type", type);
        }
    }
    map_list_types(types);
    return map_refuse(self, self->line, "type", "\"%.64s\" is no type of event (%s)", value, types);
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
        return map_value_read(self, value, &map_members[m], text);
    }
    return map_refuse(self, self->line, key, "is not a key of [event] (see docs/mapping.md)");
}

static int map_event_key(struct map_file *self, const char *name, const char *key, const char *value)
{
    struct map_rule *rule = NULL;
    size_t condition = map_condition_of(key);

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
    if (condition < MAP_CONDITION_KEYS) {
        return map_condition_key(self, rule, condition, value);
    }
    if (strcmp(key, "each") == 0) {
        return map_each_key(self, rule, value);
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
    if (rule->each_line != 0 && self->map->format != MAP_XES) {
        map_refuse(self, rule->each_line, "each", "is for format = xes: a table has no traces");
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

/* What format and match say. */
static void map_check_source(struct map_file *self)
{
    struct map *map = self->map;

    if (map->source[0] == '\0') {
        map_refuse(self, self->line, "source", "is missing from [source]");
    }
    map->format = strcmp(self->format, "xes") == 0 ? MAP_XES : MAP_CSV;
    if (map->format == MAP_CSV && self->format[0] != '\0' && strcmp(self->format, "csv") != 0) {
        map_refuse(self, self->format_line, "format", "\"%s\" is not known (csv, xes)", self->format);
    }
    map->all = self->match[0] == '\0' ? map->format == MAP_XES : strcmp(self->match, "all") == 0;
    if (self->match[0] != '\0' && !map->all && strcmp(self->match, "first") != 0) {
        map_refuse(self, self->match_line, "match", "\"%s\" is neither first nor all", self->match);
    }
}

static void map_check_times(struct map_file *self)
{
    struct map *map = self->map;
    bool zone = false;

    for (size_t i = 0; i < map->times_count; i++) {
        struct map_times *times = &map->times[i];

        if (wall_time_new(&times->times, times->text) != STATUS_OK) {
            map_refuse(self, map_line(self, times->line), i == 0 ? "time_format" : "time",
                       "\"%s\" is not one of %%Y %%m %%d %%H %%I %%M %%S %%p, or rfc3339", times->text);
        }
        zone = zone || strcmp(times->text, "rfc3339") != 0;
    }
    if (zone && clock_use_zone(map->time_zone) != STATUS_OK) {
        map_refuse(self, map_line(self, self->time_zone_line), "time_zone", "\"%s\" is no time zone of this machine",
                   map->time_zone);
    }
}

static void map_check(struct map_file *self)
{
    struct map *map = self->map;

    map_check_source(self);
    if (map->rules == 0) {
        map_refuse(self, self->line, "event", "a map needs at least one section [event NAME]");
    }
    for (size_t i = 0; i < map->rules; i++) {
        map_check_rule(self, &map->rule[i]);
    }
    map_check_times(self);
}

enum status map_file_read(struct map *map, const char *path, char error[MAP_ERROR_SIZE])
{
    struct map_file self = {.map = map, .error = error};
    int line;

    snprintf(map->path, sizeof map->path, "%s", path);
    map->times_count = 1;
    self.file = fopen(path, "re");
    if (self.file == NULL) {
        snprintf(error, MAP_ERROR_SIZE, "%s: %s", path, strerror(errno));
        return STATUS_INVALID;
    }
    line = ini_parse_stream(map_next_line, &self, map_key_cb, &self);
    if (ferror(self.file) != 0) {
        map_refuse(&self, self.line, "line", "cannot be read further");
    }
    fclose(self.file);
    if (line > 0) {
        map_refuse(&self, line, "line", "is neither \"key = value\" nor \"[section]\"");
    }
    if (!self.failed) {
        map_check(&self);
    }
    return self.failed ? STATUS_INVALID : STATUS_OK;
}
