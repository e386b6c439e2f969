/* SPDX-License-Identifier: MIT */
/*
 * envelope.h - a CloudEvents 1.0 event of this project, checked and taken apart.  Pure: bytes in, struct out.
 *
 * Sources of the rules: docs/protocol.md 6, docs/event.schema.json.
 */
#ifndef COMMON_ENVELOPE_H
#define COMMON_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "common/status.h"

#define ENVELOPE_ID_MAX 256
#define ENVELOPE_SOURCE_MAX 256
#define ENVELOPE_DOSSIER_MAX 128
#define ENVELOPE_CODE_MAX 128
#define ENVELOPE_NAME_MAX 512
#define ENVELOPE_SLOTS 64

/* Numbers as in the table event_kind. */
enum event_kind {
    EVENT_RECEIVED = 1,
    EVENT_ACCEPTED,
    EVENT_SUPPLEMENT_REQUESTED,
    EVENT_SUPPLEMENTED,
    EVENT_PAYMENT_REQUESTED,
    EVENT_PAID,
    EVENT_RESCHEDULED,
    EVENT_FINISHED,
    EVENT_RETURNED,
    EVENT_REFUSED,
    EVENT_STOPPED,
    EVENT_WITHDRAWN,
    EVENT_APOLOGY_SENT,
    EVENT_SYNCED,
    EVENT_INDICATOR,
    EVENT_KIND_END
};

/* What the data of a `synced` event is (docs/rules.md 4). */
enum envelope_record {
    ENVELOPE_NO_RECORD,
    ENVELOPE_FULL,    /* DongBoHoSoMC */
    ENVELOPE_PROGRESS /* CapNhatTienDoHoSoMC */
};

/* What the national status codes mean; numbers as in the records. */
enum envelope_status {
    ENVELOPE_NO_STATUS = 0,
    ENVELOPE_NEW = 1,
    ENVELOPE_ACCEPTED = 2,
    ENVELOPE_NOT_ACCEPTED = 3,
    ENVELOPE_IN_PROCESS = 4,
    ENVELOPE_SUPPLEMENT_REQUESTED = 5,
    ENVELOPE_PAYMENT_DUE = 6,
    ENVELOPE_WITHDRAWN = 7,
    ENVELOPE_STOPPED = 8,
    ENVELOPE_FINISHED = 9,
    ENVELOPE_RETURNED = 10
};

/* An entry of DanhSachHoSoBoSung; moments may be ENVELOPE_NONE_US. */
struct envelope_supplement {
    int64_t requested_us;  /* NgayBoSung */
    int64_t completed_us;  /* NgayTiepNhanBoSung */
    int64_t due_before_us; /* NgayHenTraTruoc */
    int64_t due_after_us;  /* NgayHenTraMoi */
};
#define ENVELOPE_SUPPLEMENTS_MAX 256
#define ENVELOPE_STATUS_SIZE 32
#define ENVELOPE_PERIOD_MAX 16
#define ENVELOPE_MEASURE_MAX 64

/* No moment: a member that was not sent. */
#define ENVELOPE_NONE_US INT64_MIN

/* Texts are borrowed from json; NULL when absent. */
struct envelope {
    cJSON *json; /* owned; the whole event */
    const char *id;
    const char *source;
    enum event_kind kind;
    int64_t happened_us; /* "time" */
    int64_t sequence;    /* 0 when absent */
    const char *dossier; /* data.dossier */
    const char *unit;    /* data.unit, data.unit_name, ... */
    const char *unit_name;
    const char *unit_parent;
    const char *field;
    const char *field_name;
    const char *procedure;
    const char *procedure_name;
    int64_t received_us; /* data.received; ENVELOPE_NONE_US when absent, as below */
    int64_t due_us;
    int64_t finished_us;
    int64_t submitted_us;
    const char *channel; /* data.channel, KenhThucHien: as sent */
    const char *reason;

    /* Of `synced` events; else ENVELOPE_NO_RECORD and nothing known. */
    enum envelope_record record;
    char status_code[ENVELOPE_STATUS_SIZE]; /* TrangThaiHoSo or TrangThai as sent, a number as its text */
    int64_t at_us;                          /* ThoiDiemXuLy, else happened_us */
    int64_t returned_us;
    int64_t refused_us;
    struct envelope_supplement *supplements; /* owned */
    size_t supplement_count;

    /* Of `indicator.reported` events; else NULL. */
    const char *measure;
    const char *period; /* 2025, 2025-Q3, 2025-07 */
    int64_t numerator;
    int64_t denominator;
    char key[ENVELOPE_DOSSIER_MAX + 1]; /* measure|period|unit|field; dossier points here */

    /* Set by code_book_apply (common/code_book.h). */
    enum envelope_status status;
    int online; /* 1 yes, 0 no, -1 no channel was told */

    int slot; /* stable hash of (source, dossier), 0..ENVELOPE_SLOTS-1 */
};

/* Why an event is refused: a word of docs/protocol.md 7 and a sentence for people. */
struct refusal {
    const char *code; /* static text */
    char sentence[200];
};

/*
 * Takes the event in text[0..len) apart.  STATUS_INVALID: *refusal says why; env->source is then still set when it
 * could be read.  STATUS_RETRY: memory is short.  The caller frees env by envelope_clear in every case. The bytes must
 * have passed gate_check (ingest/gate.h).
 */
enum status envelope_parse(const char *text, size_t len, struct envelope *env, struct refusal *refusal) MUST_CHECK;

/* Frees what env owns. */
void envelope_clear(struct envelope *env);

/*
 * Refuses an event of any kind that tells of something done later than now_us + ahead_us (TIME_FUTURE): time, received,
 * finished, submitted, and of records returned, refused and ThoiDiemXuLy; a due date may lie ahead.  Apart from
 * envelope_parse, which knows no clock.
 */
enum status envelope_check_future(const struct envelope *env, int64_t now_us, int64_t ahead_us,
                                  struct refusal *refusal) MUST_CHECK;

/* The slot of a dossier of a source, 0 .. ENVELOPE_SLOTS-1. */
int envelope_slot(const char *source, const char *dossier);

/* The CloudEvents type of a kind, e.g. "vn.kipthoi.dossier.finished.v1". */
const char *event_kind_type(enum event_kind kind);

#endif
