-- audit_ledger: every ledger row says what its payload says, and is there once.
-- $1 differences wanted.  Result: check, rows compared, differences; subject, stored and recounted of some of them.
-- Times are read as docs/protocol.md has them: digits beyond the sixth are cut off, second 60 counts as 59.
WITH ledger AS (
    SELECT e.source_id, e.event_id, e.kind, e.happened, e.sequence, e.dossier, p.j
    FROM event e
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb END AS j OFFSET 0) p
), bad AS MATERIALIZED (
    SELECT coalesce(s.name, l.source_id::text) || ' ' || l.event_id || ' (dossier ' || l.dossier || ')' AS subject,
        l.event_id, s.name AS source, k.type, l.happened, l.dossier, l.sequence, r.*, l.j IS NOT NULL AS whole
    FROM ledger l
    LEFT JOIN source s ON s.source_id = l.source_id
    LEFT JOIN event_kind k ON k.kind = l.kind
    CROSS JOIN LATERAL (
        SELECT l.j ->> 'id' AS id2, l.j ->> 'source' AS source2, l.j ->> 'type' AS type2,
            l.j -> 'data' ->> 'dossier' AS dossier2, coalesce((l.j ->> 'sequence')::numeric, 0) AS sequence2,
            (CASE WHEN strpos(l.j ->> 'time', '.') > 0 OR strpos(l.j ->> 'time', ':60') > 0
                THEN regexp_replace(regexp_replace(l.j ->> 'time', ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
                ELSE l.j ->> 'time' END)::timestamptz AS happened2
        OFFSET 0) r
    WHERE (l.event_id, s.name, k.type, l.happened, l.dossier, l.sequence::numeric)
        IS DISTINCT FROM (r.id2, r.source2, r.type2, r.happened2, r.dossier2, r.sequence2)
), twice AS MATERIALIZED (
    SELECT e.source_id, e.event_id, count(*) AS times FROM event e GROUP BY e.source_id, e.event_id HAVING count(*) > 1
), named AS (
    SELECT b.subject, d.stored, d.recounted
    FROM bad b
    CROSS JOIN LATERAL (
        SELECT string_agg(v.name || ' ' || coalesce(v.stored, '-'), ', ') AS stored,
            string_agg(v.name || ' ' || coalesce(v.found, '-'), ', ') AS recounted
        FROM (VALUES
            ('id', b.event_id, b.id2), ('source', b.source, b.source2), ('type', b.type, b.type2),
            ('time', b.happened::text, b.happened2::text), ('dossier', b.dossier, b.dossier2),
            ('sequence', b.sequence::text, b.sequence2::text)) AS v (name, stored, found)
        WHERE v.stored IS DISTINCT FROM v.found) d
    WHERE b.whole
    UNION ALL
    SELECT b.subject, 'the digest of what was received', 'the payload has another digest' FROM bad b WHERE NOT b.whole
    UNION ALL
    SELECT t.source_id || ' ' || t.event_id, t.times || ' rows', '1 row' FROM twice t
)
SELECT 'ledger', (SELECT count(*) FROM event), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
