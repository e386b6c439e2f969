-- letter_draft: writes letters, new ones and others anew, with their duties and a line in duty_log each.  A letter that
-- is there keeps its number.  The caller holds duties and letters and has looked at their states; one that came to be
-- sent since, which nobody could hold, is left, and counts as neither.
-- $1 source_ids, $2 codes, $3 episodes, $4 unit_ids, $5 template_ids, $6 numbers, $7 extensions, $8 dues, $9 new dues,
-- $10 letter numbers as printed, $11 reasons, $12 year, $13 the clock, $14 who, $15 why.
-- Result: letters new, letters written anew.  Writes: letter, duty, duty_log.
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::smallint[],
        $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[])
        AS w (source_id, code, episode, unit_id, template_id, number, extension, due, new_due, letter_no, reason)
), held AS MATERIALIZED (
    SELECT w.*, y.state AS was
    FROM wanted w
    LEFT JOIN LATERAL (
        SELECT i.state FROM duty i
        WHERE i.source_id = w.source_id AND i.code = w.code AND i.episode = w.episode OFFSET 0) y ON true
), written AS (
    INSERT INTO letter AS l (source_id, unit_id, template_id, number, episode, year, extension, state, due, new_due,
        drafted_at, code, letter_no, reason, drafted_by)
    SELECT h.source_id, h.unit_id, h.template_id, h.number, h.episode, $12::smallint, h.extension, 'drafted', h.due, h.new_due,
        $13::timestamptz, h.code, h.letter_no, h.reason, $14::text
    FROM held h ORDER BY h.source_id, h.code, h.episode
    ON CONFLICT ON CONSTRAINT letter_pkey DO UPDATE SET
        template_id = excluded.template_id, extension = excluded.extension, state = 'drafted', due = excluded.due,
        new_due = excluded.new_due, reason = excluded.reason, drafted_at = excluded.drafted_at,
        drafted_by = excluded.drafted_by, printed_at = NULL
    WHERE l.state = 'drafted'
    RETURNING l.source_id, l.code, l.episode, l.xmax = 0 AS fresh
), done AS (
    SELECT h.* FROM held h JOIN written w ON w.source_id = h.source_id AND w.code = h.code AND w.episode = h.episode
), taken AS (
    UPDATE duty y SET state = 'drafted', letter_no = h.letter_no
    FROM done h
    WHERE y.source_id = h.source_id AND y.code = h.code AND y.episode = h.episode AND h.was IN ('owed', 'drafted')
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT h.source_id, h.episode, h.was, 'drafted', $13::timestamptz, h.code, $14::text, $15::text FROM done h
)
SELECT count(*) FILTER (WHERE w.fresh), count(*) FILTER (WHERE NOT w.fresh) FROM written w
