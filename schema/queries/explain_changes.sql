-- explain_changes: when a dossier came to be past a promise or ceased to be.  Changes that only let the notifier look at
-- it again, because its next promise or its unit is another now, are left out.  $1 source_id, $2 code.
-- Result: judged_at, was, now, promises broken.
SELECT v.judged_at, v.was::text, v.now::text, v.broken
FROM (
    SELECT c.*, lag(c.broken, 1, 0::smallint) OVER (ORDER BY c.xid, c.judged_at) AS broken_was
    FROM verdict_change c
    WHERE c.source_id = $1::int AND c.code = $2::text) v
WHERE v.broken <> v.broken_was
    OR (v.was IS DISTINCT FROM v.now AND (v.was IN ('late', 'overdue') OR v.now IN ('late', 'overdue')))
ORDER BY v.xid, v.judged_at
