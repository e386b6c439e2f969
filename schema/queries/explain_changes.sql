-- explain_changes: when a dossier came to be past its promise or ceased to be.  $1 source_id, $2 code.
-- Result: judged_at, was, now.
SELECT judged_at, was::text, now::text FROM verdict_change
WHERE source_id = $1::int AND code = $2::text
ORDER BY xid, judged_at
