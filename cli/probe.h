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
    PROBE_SILENT     /* nothing answers there */
};

/* GET http://127.0.0.1:port/ready; waits a second at most. */
enum probe_answer probe_ready(int64_t port);

#endif
