-- audit_intake: by source, what was counted as accepted is in the ledger, and everything received has an outcome.
-- Rows that came out of the quarantine were counted as refused when they came.
-- $1 differences wanted.  Result: check, sources compared, differences; subject, stored and recounted of some of them.
WITH redriven AS (
    SELECT DISTINCT q.digest FROM quarantine q WHERE q.redriven_outcome = 0
), ledger AS (
    SELECT e.source_id, count(*) - count(r.digest) AS events
    FROM event e LEFT JOIN redriven r ON r.digest = e.digest
    GROUP BY e.source_id
), counted AS (
    SELECT i.source_id, sum(i.received) AS received, sum(i.accepted) AS accepted,
        sum(i.accepted + i.duplicate + i.conflict + i.rejected + i.denied + i.busy) AS outcomes
    FROM intake i GROUP BY i.source_id
), compared AS MATERIALIZED (
    SELECT coalesce(s.name, source_id::text) AS subject, coalesce(c.accepted, 0) AS accepted,
        coalesce(l.events, 0) AS events, coalesce(c.received, 0) AS received, coalesce(c.outcomes, 0) AS outcomes
    FROM ledger l FULL JOIN counted c USING (source_id) LEFT JOIN source s USING (source_id)
), named AS (
    SELECT c.subject, 'accepted ' || c.accepted AS stored, c.events || ' events in the ledger' AS recounted
    FROM compared c WHERE c.accepted <> c.events
    UNION ALL
    SELECT c.subject, 'received ' || c.received, c.outcomes || ' outcomes' FROM compared c WHERE c.received <> c.outcomes
)
SELECT 'intake', (SELECT count(*) FROM compared), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
