/* SPDX-License-Identifier: MIT */
/*
 * fuzz_xes.c - any bytes as an XES log (or its gzip): rows have the cells asked for, in valid UTF-8, in the order of
 * the file; an event's row is numbered and holds its trace's cells; what is refused is named with file and line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/json_out.h"
#include "cli/xes_rows.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {"trace:concept:name", "event:concept:name", "event:time:timestamp", XES_INDEX};
#define COLUMNS (sizeof names / sizeof *names)

/* What was told of the trace that the rows belong to. */
struct trace {
    char name[64]; /* as far as it fits */
    size_t events;
    int64_t line;
};

static void claim_text(const struct csv_cell *cell)
{
    struct json_out out = {0};

    fuzz_claim(json_out_text(&out, cell->text, cell->len) == STATUS_OK, "a cell is UTF-8 without NUL");
    json_out_clear(&out);
}

static void claim_row(const struct csv_row *row, bool is_trace, struct trace *trace)
{
    char name[sizeof trace->name], index[24];

    fuzz_claim(row->cells == COLUMNS, "a row has a cell for each column");
    fuzz_claim(row->line >= trace->line, "rows come in the order of the file");
    trace->line = row->line;
    for (size_t i = 0; i < row->cells; i++) {
        claim_text(&row->cell[i]);
    }
    snprintf(name, sizeof name, "%.*s", (int)(row->cell[0].len < 60 ? row->cell[0].len : 60), row->cell[0].text);
    if (is_trace) {
        memcpy(trace->name, name, sizeof name);
        trace->events = 0;
        fuzz_claim(row->cell[1].len + row->cell[2].len + row->cell[3].len == 0, "a trace has no cells of an event");
        return;
    }
    snprintf(index, sizeof index, "%zu", ++trace->events);
    fuzz_claim(strcmp(trace->name, name) == 0, "an event has the cells of its trace");
    fuzz_claim(strlen(index) == row->cell[3].len && memcmp(index, row->cell[3].text, row->cell[3].len) == 0,
               "events are numbered");
}

static void claim_rows(struct input *input, const char *path)
{
    struct csv_cell cells[COLUMNS];
    const struct csv_row columns = {.cells = COLUMNS, .cell = cells};
    struct trace trace = {.line = 1};
    struct xes_rows *rows;
    struct csv_row row;
    bool is_trace = false;
    enum status st;

    for (size_t i = 0; i < COLUMNS; i++) {
        cells[i] = (struct csv_cell){.text = names[i], .len = strlen(names[i])};
    }
    rows = xes_rows_new(input, &columns);
    fuzz_claim(rows != NULL, "there is memory");
    for (;;) {
        st = xes_rows_next(rows, &row, &is_trace);
        if (st != STATUS_OK || row.cells == 0) {
            break;
        }
        claim_row(&row, is_trace, &trace);
    }
    fuzz_claim(st == STATUS_OK || strncmp(xes_rows_error(rows), path, strlen(path)) == 0, "an error names the file");
    xes_rows_destroy(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], error[INPUT_ERROR_SIZE];
    int fd = memfd_create("log", 0);
    struct input *input;

    fuzz_claim(fd >= 0 && write(fd, data, size) == (ssize_t)size, "there is memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    fuzz_claim(input_open(&input, path, error) == STATUS_OK, "a file opens");
    claim_rows(input, path);
    input_close(&input);
    close(fd);
    return 0;
}
