/* SPDX-License-Identifier: MIT */
/* json.c - a typed reader over cJSON. */
#include "common/json.h"

#include <string.h>

enum json_found json_text(const cJSON *object, const char *name, size_t max_len, const char **text, size_t *len)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    size_t member_len;

    if (member == NULL || cJSON_IsNull(member)) {
        return JSON_ABSENT;
    }
    if (!cJSON_IsString(member)) {
        return JSON_WRONG;
    }
    member_len = strlen(member->valuestring);
    if (member_len < 1 || member_len > max_len) {
        return JSON_WRONG;
    }
    *text = member->valuestring;
    *len = member_len;
    return JSON_FOUND;
}

cJSON *json_parse(const char *text, size_t len)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, len, &end, 0);

    if (json == NULL) {
        return NULL;
    }
    while (end < text + len && (*end == ' ' || *end == '\n' || *end == '\r' || *end == '\t')) {
        end++;
    }
    if (end != text + len) {
        cJSON_Delete(json);
        json = NULL;
    }
    return json;
}
