# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# report.sh - what quickstart shows at the end.

kipthoi() {
    "$BIN/kipthoi" --config "$CONF" "$@"
}

# report_city: our verdict beside the city's own, case by case.  Called from the top of the tree.
report_city() {
    admin_psql kipthoi -A -t -F ' ' <<'SQL' |
CREATE TEMP TABLE city (
    code text PRIMARY KEY, opened text, target text, closed text, flag text, status text, subject text, reason text,
    type text, queue text, department text, channel text, neighborhood text, ward text, closure text);
\copy city FROM PROGRAM 'gzip -dc deploy/demo/boston311_2015.csv.gz' WITH (FORMAT csv, HEADER true)
SELECT
    count(*),
    count(*) FILTER (WHERE d.code IS NULL),
    count(*) FILTER (WHERE c.target <> '' AND c.flag <> ''),
    count(*) FILTER (WHERE c.target <> '' AND (
        (c.flag = 'ONTIME' AND d.promise NOT IN ('early', 'on_time', 'in_time'))
        OR (c.flag = 'OVERDUE' AND d.promise NOT IN ('late', 'overdue')))),
    count(*) FILTER (WHERE coalesce(c.flag, '') = ''),
    count(*) FILTER (WHERE coalesce(c.flag, '') = '' AND d.promise IN ('late', 'overdue')),
    count(*) FILTER (WHERE coalesce(c.target, '') = ''),
    count(*) FILTER (WHERE coalesce(c.target, '') = '' AND d.promise <> 'excluded')
FROM city c
LEFT JOIN (
    SELECT d.code, d.promise
    FROM kipthoi.dossier d
    JOIN kipthoi.source s USING (source_id)
    WHERE s.name LIKE 'urn:boston:%') d USING (code);
SQL
        {
            local cases missing judged contradictions blank blank_late no_due no_due_judged
            read -r cases missing judged contradictions blank blank_late no_due no_due_judged
            printf '  %7d cases in the file, %d of them not in the database\n' "$cases" "$missing"
            printf '  %7d with a due date and a verdict of the city: %d contradictions\n' "$judged" "$contradictions"
            printf '  %7d whose verdict the city left blank: %d of them late here\n' "$blank" "$blank_late"
            printf '  %7d without a due date: %d of them judged\n' "$no_due" "$no_due_judged"
        }
}

report_owed() {
    admin_psql kipthoi -A -t -F ' ' <<'SQL' |
SET search_path = kipthoi;
SELECT count(*) FILTER (WHERE promise = 'late'), count(*) FILTER (WHERE promise = 'overdue'),
    (SELECT count(*) FROM duty WHERE state IN ('owed', 'drafted', 'approved')),
    (SELECT count(*) FROM alert)
FROM dossier;
SQL
        {
            local late overdue owed alerts
            read -r late overdue owed alerts
            printf '  %7d finished late\n  %7d open and overdue\n' "$late" "$overdue"
            printf '  %7d letters owed\n  %7d alerts on the feed\n' "$owed" "$alerts"
        }
}

# per_second EVENTS MICROSECONDS
per_second() {
    awk -v n="$1" -v us="$2" 'BEGIN { printf "%d", (us > 0 ? n * 1000000 / us : 0) }'
}

# report_speed NEW: NEW is how many events of this run were new to the ledger.
report_speed() {
    local all_us=$((LOAD_DONE_US - LOAD_STARTED_US)) acked_us=$((LOAD_ACKED_US - LOAD_STARTED_US))
    if (($1 == 0)); then
        printf '  every event was known already: %s s to send and to be told so; reset first to measure anew\n' \
            "$(seconds 0 "$acked_us")"
        return
    fi
    printf '  %7d events new; acknowledged after %s s, scored and every duty opened after %s s\n' "$1" \
        "$(seconds 0 "$acked_us")" "$(seconds 0 "$all_us")"
    printf '  %7d events/s end to end (sent, acknowledged, scored, duty)\n' "$(per_second "$1" "$all_us")"
    printf '  %7d events/s by COPY of the same rows into the same table on the same server (median of three)\n' \
        "$(per_second "$COPY_ROWS" $((COPY_MS * 1000)))"
    awk -v n="$1" -v us="$all_us" -v rows="$COPY_ROWS" -v ms="$COPY_MS" \
        'BEGIN { if (us > 0 && rows > 0) printf "  %7.2f is the ratio of the two\n", (n / us) / (rows / (ms * 1000)) }'
}

report_memory() {
    local name pid
    for name in "${STAGES[@]}"; do
        pid="$(stage_pid "$name")"
        if [[ -n "$pid" ]]; then
            printf '  %7d MiB at most: kipthoi-%s\n' "$(stage_memory "$pid")" "$name"
        fi
    done
}

report_next() {
    cat <<NEXT
  export KIPTHOI_CONF=$CONF
  $BIN/kipthoi late --open            cases past their promise
  $BIN/kipthoi letters                letters owed
  $BIN/kipthoi explain 101001240736   every event and verdict of one case
  $BIN/kipthoi --help                 all there is
  README.md: send a file of your own     docs/operations.md: install it for good
  ./deploy/quickstart stop | status | reset
NEXT
}

# report_calendar ZONE: which calendar counts working time, or how to load one.
report_calendar() {
    local calendars
    calendars="$(kipthoi calendar list --csv 2>/dev/null | tail -n +2 | wc -l || true)"
    if [[ "$calendars" -gt 0 ]]; then
        printf "  calendar       loaded (kipthoi calendar list)\n"
    else
        printf '  calendar       none: nothing known of the days off of %s; dossiers that were paused are not counted until you\n' "$1"
        printf '                 load one: kipthoi calendar load FILE (docs/calendar.md)\n'
    fi
}

# report_empty ZONE
report_empty() {
    report_calendar "$1"
    cat <<NEXT
  configuration  $CONF (keys and passwords: $VAR/secrets)
  senders        $(conf_get ingest endpoint), server key var/secrets/ingest.pub; sender.key speaks for every source
  listeners      $(conf_get notifier feed), replay $(conf_get notifier replay), server key var/secrets/notifier.pub

  export KIPTHOI_CONF=$CONF PATH=$BIN:\$PATH
  kipthoi send deploy/demo/motcua.csv --map deploy/demo/motcua.map     a table; copy the map for your own
  kipthoi send events.ndjson                                           events, one JSON text per line
  kipthoi rates --by unit,field     kipthoi late --open     kipthoi letters     kipthoi --help
  README.md: a table, a client of your own     docs/operations.md: install it for good
  ./deploy/quickstart stop | status | reset
NEXT
}

# report NEW: REPORT_CODE becomes 1 when the audit found a difference.
# shellcheck disable=SC2034 # read in quickstart
report() {
    REPORT_CODE=0
    printf '\n'
    bold "On time per department, target 98 % (as of $(conf_get deployment clock))"
    kipthoi rates --by unit --window all --target 98 | sed 's/ *$//'
    printf '\n'
    bold "Late, and letters owed"
    report_owed
    printf '\n'
    bold "Beside the city's own verdicts"
    report_city
    printf '\n'
    bold "Speed"
    report_speed "$1"
    printf '\n'
    bold "Memory"
    report_memory
    printf '\n'
    bold "Audit: every figure counted again from the ledger by other code"
    kipthoi audit || REPORT_CODE=$?
    printf '\n'
    bold "Where to look next"
    report_next
}
