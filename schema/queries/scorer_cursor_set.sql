-- scorer_cursor_set: a shard has come so far.
-- $1 shard, $2 segment, $3 snapshot, $4 judged_at, $5 behind, $6 events folded now, $7 calendar version,
-- $8 whether it catches up.  Writes: scorer_cursor.
UPDATE scorer_cursor SET
    segment = $2::int, snapshot = $3::text::pg_snapshot, judged_at = $4::timestamptz, behind = $5::boolean,
    folded = folded + $6::bigint, calendar = $7::smallint, busy = $8::boolean, updated_at = now()
WHERE shard = $1::smallint
