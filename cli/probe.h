/* SPDX-License-Identifier: MIT */
/*
 * probe.h - asks a stage on this machine whether it is ready.
 */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include <stdint.h>

enum probe_answer {
    PROBE_OFF, /* port 0: the stage does not tell */
    PROBE_READY,
    PROBE_NOT_READY, /* it runs, but cannot do its work now */
    PROBE_SILENT,    /* nothing answers there */
    PROBE_STRANGER   /* what answers is not this stage */
};

/*
 * GET /ready of http://127.0.0.1:port; /metrics tells whether it is the stage ("ingest") that answers.  Waits a second
 * at most for each.
 */
enum probe_answer probe_stage(const char *stage, int64_t port);

#endif
