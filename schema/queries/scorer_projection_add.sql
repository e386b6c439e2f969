-- scorer_projection_add: promised dues that another calendar version has moved.
-- $1 sources, $2 codes, $3 versions before, $4 versions, $5 dues before, $6 dues, $7 the clock.  Writes: projection.
INSERT INTO projection (source_id, code, calendar_was, calendar, due_was, due, judged_at)
SELECT u.source_id, u.code, u.calendar_was, u.calendar, u.due_was, u.due, $7::timestamptz
FROM unnest($1::int[], $2::text[], $3::smallint[], $4::smallint[], $5::timestamptz[], $6::timestamptz[])
    AS u (source_id, code, calendar_was, calendar, due_was, due)
