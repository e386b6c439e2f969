-- audit_ledger: every ledger row says what its payload says, and is there once.
-- $1 differences wanted.  Result: check, rows compared, differences; subject, stored and recounted of some of them.
-- The dossier is the one that the code means (docs/rules.md 2), or an indicator's key; the slot is looked at where the
-- code that was sent means another, for there it was computed in SQL or from a table that people write.
-- A payload from which a person's data were erased has the digest that was noted then (audit_exception counts them).
WITH ledger AS (
    SELECT e.source_id, e.event_id, e.kind, e.slot, e.happened, e.sequence, e.dossier, p.j
    FROM event e
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb
            WHEN EXISTS (
                SELECT FROM event_redaction x
                WHERE x.source_id = e.source_id AND x.event_id = e.event_id AND x.digest = sha256(convert_to(e.payload, 'UTF8')))
            THEN e.payload::jsonb
            END AS j OFFSET 0) p
), bad AS MATERIALIZED (
    SELECT coalesce(s.name, l.source_id::text) || ' ' || l.event_id || ' (dossier ' || l.dossier || ')' AS subject,
        l.event_id, s.name AS source, k.type, l.happened, l.dossier, l.sequence, l.slot, r.*, t.*, z.*, l.j IS NOT NULL AS whole
    FROM ledger l
    LEFT JOIN source s ON s.source_id = l.source_id
    LEFT JOIN event_kind k ON k.kind = l.kind
    CROSS JOIN LATERAL (
        SELECT l.j ->> 'id' AS id2, l.j ->> 'source' AS source2, l.j ->> 'type' AS type2,
            coalesce((l.j ->> 'sequence')::numeric, 0) AS sequence2, audit_instant(l.j ->> 'time') AS happened2,
            (CASE l.kind
                WHEN 14 THEN audit_text(l.j -> 'data', 'MaHoSo')
                WHEN 15 THEN concat_ws('|', l.j -> 'data' ->> 'measure', l.j -> 'data' ->> 'period',
                    coalesce(l.j -> 'data' ->> 'unit', ''), coalesce(l.j -> 'data' ->> 'field', ''))
                ELSE l.j -> 'data' ->> 'dossier'
            END) COLLATE "C" AS told
        OFFSET 0) r
    LEFT JOIN code_alias a ON a.list = 'dossier' AND a.source = s.name AND a.code = r.told AND l.kind <> 15
    CROSS JOIN LATERAL (SELECT coalesce(a.means, r.told) COLLATE "C" AS dossier2 OFFSET 0) t
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.means <> r.told THEN dossier_slot(s.name, a.means) ELSE l.slot END AS slot2 OFFSET 0) z
    WHERE (l.event_id, s.name, k.type, l.happened, l.dossier, l.sequence::numeric, l.slot)
        IS DISTINCT FROM (r.id2, r.source2, r.type2, r.happened2, t.dossier2, r.sequence2, z.slot2)
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
            ('sequence', b.sequence::text, b.sequence2::text), ('slot', b.slot::text, b.slot2::text)) AS v (name, stored, found)
        WHERE v.stored IS DISTINCT FROM v.found) d
    WHERE b.whole
    UNION ALL
    SELECT b.subject, 'the digest of what was received', 'the payload has another digest' FROM bad b WHERE NOT b.whole
    UNION ALL
    SELECT t.source_id || ' ' || t.event_id, t.times || ' rows', '1 row' FROM twice t
)
SELECT 'ledger', (SELECT count(*) FROM event), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
