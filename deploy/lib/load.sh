# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# load.sh - sends the demonstration's data, waits until all of it is scored and each duty opened, and times both; then
# times a plain COPY of the same rows for comparison.
# shellcheck disable=SC2034 # the times are read in report.sh

SCORED_SECONDS=600
LOAD_STARTED_US=0
LOAD_ACKED_US=0
LOAD_DONE_US=0
COPY_ROWS=0
COPY_MS=0

# True when every ledger row has been folded and every change of a verdict been seen by the notifier.
SETTLED="(SELECT sum(accepted) FROM intake) + (SELECT count(*) FROM quarantine WHERE redriven_outcome = 0)
    = (SELECT sum(folded) FROM scorer_cursor)
    AND NOT (SELECT bool_or(behind) FROM scorer_cursor)
    AND NOT EXISTS (
        SELECT FROM verdict_change v, notifier_cursor n
        WHERE NOT pg_visible_in_snapshot(v.xid, n.snapshot))"

# load_settled: waits for it at most a second, in the server, so that looking costs the stages next to nothing.
load_settled() {
    [[ "$(admin_psql kipthoi -A -t <<SQL
SET search_path = kipthoi;
DO \$\$
DECLARE
    deadline timestamptz := clock_timestamp() + interval '1 s';
BEGIN
    WHILE NOT ($SETTLED) AND clock_timestamp() < deadline LOOP
        PERFORM pg_sleep(0.02);
    END LOOP;
END
\$\$;
SELECT $SETTLED;
SQL
    )" == t ]]
}

load_wait_settled() {
    local deadline=$((SECONDS + SCORED_SECONDS)) name
    until load_settled; do
        for name in scorer notifier; do
            [[ -n "$(stage_pid "$name")" ]] || die "kipthoi-$name has ended; see $VAR/log/$name.log"
        done
        ((SECONDS < deadline)) ||
            die "Not all is scored after $SCORED_SECONDS s; see $VAR/log/scorer.log and $VAR/log/notifier.log"
    done
}

# load_send: runs in the foreground with its own progress bar.
load_send() {
    LOAD_STARTED_US="$(now_us)"
    "$BIN/kipthoi" --config "$CONF" send --map "$DEMO_MAP" "$DEMO_FILE" ||
        die "Sending failed (exit code $?).  Call again to go on: what was accepted is not sent twice."
    LOAD_ACKED_US="$(now_us)"
    load_wait_settled
    LOAD_DONE_US="$(now_us)"
}

# load_copy: the ledger's rows out, and by one COPY into a table of the same shape with the same indexes.  The median
# of three.
load_copy() {
    local file="$VAR/run/bench.copy" ms=()
    admin_psql kipthoi -c 'DROP SCHEMA IF EXISTS bench CASCADE' -c 'CREATE SCHEMA bench' \
        -c 'CREATE TABLE bench.event (LIKE kipthoi.event INCLUDING ALL)'
    COPY_ROWS="$(admin_psql kipthoi -A -t -c 'SELECT count(*) FROM kipthoi.event_1')"
    admin_psql kipthoi -c "\\copy kipthoi.event_1 TO '$file'"
    for _ in 1 2 3; do
        ms+=("$(admin_psql kipthoi -c 'TRUNCATE bench.event' -c '\timing on' -c "\\copy bench.event FROM '$file'" |
            awk '/^Time:/ {printf "%d", $2}')")
    done
    COPY_MS="$(printf '%d\n' "${ms[@]}" | sort -n | sed -n 2p)"
    rm -f "$file"
    admin_psql kipthoi -c 'DROP SCHEMA bench CASCADE'
}
