-- deliveries_items: what a message says, line by line: its notices, or of a message made without notices the rows it holds.
-- $1 message.  Result: kind, due, about what, facts.
SELECT n.kind, n.due, n.key, n.facts::text
FROM notice n
WHERE n.message_id = $1::bigint
UNION ALL
SELECT x.fact ->> 'kind', NULL, coalesce(x.fact ->> 'key', x.fact ->> 'dossier'), x.fact::text
FROM message m CROSS JOIN LATERAL jsonb_array_elements(
    CASE WHEN jsonb_typeof(m.facts -> 'rows') = 'array' THEN m.facts -> 'rows' ELSE '[]' END) AS x (fact)
WHERE m.message_id = $1::bigint AND m.kind <> 'letter' AND NOT EXISTS (SELECT FROM notice n WHERE n.message_id = m.message_id)
ORDER BY 2, 3
