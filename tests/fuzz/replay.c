/* SPDX-License-Identifier: MIT */
/*
 * replay.c - feeds every file of a folder to the fuzz target it is linked with, so that each input ever found runs in
 * every build, whatever the compiler.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define FILE_SIZE_MAX ((size_t)1 << 20)

/* The input lies in a block of just its size: a sanitizer then sees each byte read too many. */
static int file_replay(const char *path)
{
    int result = -1;
    FILE *file = fopen(path, "rb");
    char *buffer = malloc(FILE_SIZE_MAX);
    uint8_t *input = NULL;
    size_t size;

    if (file == NULL || buffer == NULL) {
        goto done;
    }
    size = fread(buffer, 1, FILE_SIZE_MAX, file);
    input = malloc(size > 0 ? size : 1);
    if (ferror(file) || input == NULL) {
        goto done;
    }
    memcpy(input, buffer, size);
    printf("%s\n", path); /* the last one told is the one that failed */
    fflush(stdout);
    result = LLVMFuzzerTestOneInput(input, size);
done:
    free(input);
    free(buffer);
    if (file != NULL) {
        fclose(file);
    }
    return result;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    struct dirent *entry;
    int count = 0;
    int failed = 0;

    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    while ((entry = readdir(folder)) != NULL) {
        char path[4096];
        int len = snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);

        if (entry->d_name[0] == '.') {
            continue;
        }
        count++;
        failed += len >= (int)sizeof path || file_replay(path) != 0;
    }
    closedir(folder);
    printf("%d files, %d failed\n", count, failed);
    return count == 0 || failed > 0;
}
