-- ladder_drop: steps that wait no longer, or whose rung is to come again: they are forgotten; those with an outcome are kept
-- with it.  The caller holds the cursor and one snapshot.
-- $1 sources, $2 codes, $3 episodes, $4 rungs, $5 outcomes (NULL: forget it), $6 clock.  Writes: step.
WITH gone AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[], $4::smallint[], $5::text[])
        AS u (source_id, code, episode, rung, outcome)
), kept AS (
    UPDATE step t SET state = 'dropped', outcome = g.outcome, done_at = $6::timestamptz
    FROM gone g
    WHERE g.outcome IS NOT NULL AND t.source_id = g.source_id AND t.code = g.code COLLATE "C" AND t.episode = g.episode
        AND t.rung = g.rung
)
DELETE FROM step t USING gone g
WHERE g.outcome IS NULL AND t.source_id = g.source_id AND t.code = g.code COLLATE "C" AND t.episode = g.episode AND t.rung = g.rung
