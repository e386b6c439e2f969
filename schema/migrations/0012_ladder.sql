-- 0012_ladder: of the rungs counted from a promise only the next one waits.

-- step: of a promise one row at most waits that is counted from it (anchor due), the first by its time of those that are to
-- come; when it is taken the next one is planned.  So a rung without a row is to come while an earlier one waits.  One that
-- was taken keeps its row, and so does one that was over when the promise became known (passed), or that an official had
-- postponed; a row that only waited, and whose promise ended or is another one now, is deleted.
-- What older programs planned ahead is planned again in its turn.
DELETE FROM step t
USING (
    SELECT s.source_id, s.code, s.episode, s.rung,
        row_number() OVER (PARTITION BY s.source_id, s.code, s.episode ORDER BY coalesce(s.due_was, s.due_at), s.rung) AS n
    FROM step s JOIN rung g ON g.rung = s.rung AND g.anchor = 'due'
    WHERE s.state = 'waiting') k
WHERE k.n > 1 AND t.source_id = k.source_id AND t.code = k.code AND t.episode = k.episode AND t.rung = k.rung;
GRANT DELETE ON step TO kipthoi_notifier;

-- rungs_stamp: tells the rungs that are counted from promises from those that an official loads later.
CREATE FUNCTION rungs_stamp() RETURNS text
LANGUAGE sql STABLE SET search_path = kipthoi, pg_temp AS $$
    SELECT md5(string_agg(concat_ws(' ', r.rung, r.active, r.before_days, r.before_hours), ',' ORDER BY r.rung))
    FROM rung r WHERE r.anchor = 'due'
$$;
REVOKE ALL ON FUNCTION rungs_stamp FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rungs_stamp TO kipthoi_notifier, kipthoi_operator;

-- notifier_cursor
--   rungs   by which all open promises have been planned (rungs_stamp); '': not all of them yet
ALTER TABLE notifier_cursor ADD COLUMN rungs text NOT NULL DEFAULT '';
