-- audit_dossier: each dossier, its pauses, later promises and verdicts recounted from the payloads of its events that were
-- folded: the rules of docs/rules.md written a second time (audit_dossiers, migrations 0007 and 0008); nothing is shared
-- with the scorer.
-- $1 differences wanted.  Result: check, rows compared, differences; subject, stored and recounted of some of them.
WITH found AS MATERIALIZED (
    SELECT * FROM audit_dossiers()
), stored AS (
    SELECT d.*, u.code AS unit, i.code AS field, p.code AS procedure
    FROM dossier d
    LEFT JOIN unit u ON u.unit_id = d.unit_id
    LEFT JOIN field i ON i.field_id = d.field_id
    LEFT JOIN procedure p ON p.procedure_id = d.procedure_id
), bad AS MATERIALIZED (
    SELECT s AS stored, f AS found,
        coalesce(n.name, coalesce(s.source_id, f.source_id)::text) || ' ' || coalesce(s.code, f.code) AS subject
    FROM stored s
    FULL JOIN found f ON f.source_id = s.source_id AND f.code = s.code
    LEFT JOIN source n ON n.source_id = coalesce(s.source_id, f.source_id)
    WHERE (s.slot, s.slot, s.events, s.state::text, s.due_moves::int, s.supplements::int, s.pauses, s.flags, s.calendar::int,
            s.online, s.unit, s.field, s.procedure, s.last_happened, s.last_sequence, s.last_event_id, s.submitted_at,
            s.received_at, s.accepted_at, s.due_first, s.due_current, s.finished_first, s.finished_at, s.returned_at,
            s.refused_at, s.stopped_at, s.withdrawn_at, s.told_at, s.due_computed, s.promise::text, s.promise_day,
            s.promise_due, s.portal::text, s.portal_day, s.portal_due, s.intake::text, s.intake_day, s.intake_due,
            s.flips_at, s.reappointments::int, s.broken::int, s.next_due)
        IS DISTINCT FROM
            (f.slot_max, f.slot, f.events, f.state, f.due_moves, f.supplements, f.pauses, f.flags, f.calendar, f.online, f.unit,
            f.field, f.procedure, f.last_happened, f.last_sequence, f.last_event_id, f.submitted_at, f.received_at,
            f.accepted_at, f.due_first, f.due_current, f.finished_first, f.finished_at, f.returned_at, f.refused_at,
            f.stopped_at, f.withdrawn_at, f.told_at, f.due_computed, f.promise, f.promise_day, f.promise_due, f.portal,
            f.portal_day, f.portal_due, f.intake, f.intake_day, f.intake_due, f.flips_at,
            f.reappointments, f.broken, f.next_due)
), pause_found AS (
    SELECT f.source_id, f.code, u.n::int AS n, u.kind, u.from_at, u.to_at, u.reason
    FROM found f CROSS JOIN LATERAL unnest(f.pause_list) WITH ORDINALITY AS u (kind, from_at, to_at, reason, told, n)
    WHERE f.pauses > 0
), pause_bad AS MATERIALIZED (
    SELECT coalesce(x.name, source_id::text) || ' ' || code || ' pause ' || n AS subject,
        concat_ws(' ', s.kind, s.from_at, '-', s.to_at, s.reason) AS stored,
        concat_ws(' ', f.kind, f.from_at, '-', f.to_at, f.reason) AS recounted,
        s.n IS NULL AS missing, f.n IS NULL AS surplus
    FROM (SELECT source_id, code, n, kind, from_at, to_at, reason FROM pause) s
    FULL JOIN (SELECT source_id, code, n, kind, from_at, to_at, reason FROM pause_found) f USING (source_id, code, n)
    LEFT JOIN source x USING (source_id)
    WHERE (s.kind, s.from_at, s.to_at, s.reason) IS DISTINCT FROM (f.kind, f.from_at, f.to_at, f.reason)
), promise_found AS (
    SELECT f.source_id, f.code, u.n::int + 1 AS episode, u.due_at
    FROM found f CROSS JOIN LATERAL unnest(f.promise_list) WITH ORDINALITY AS u (due_at, n)
    WHERE f.reappointments > 0
), promise_bad AS MATERIALIZED (
    SELECT coalesce(x.name, source_id::text) || ' ' || code || ' promise ' || episode AS subject,
        s.due_at::text AS stored, f.due_at::text AS recounted
    FROM (SELECT source_id, code, episode::int, due_at FROM promise) s
    FULL JOIN promise_found f USING (source_id, code, episode)
    LEFT JOIN source x USING (source_id)
    WHERE s.due_at IS DISTINCT FROM f.due_at
), named AS MATERIALIZED (
    SELECT v.part, b.subject, CASE WHEN (b.stored).code IS NULL THEN 'no such dossier'
            ELSE string_agg(v.name || ' ' || coalesce(v.stored, '-'), ', ') END AS stored,
        CASE WHEN (b.found).code IS NULL THEN 'no event of it in the ledger'
            ELSE string_agg(v.name || ' ' || coalesce(v.found, '-'), ', ') END AS recounted
    FROM bad b
    CROSS JOIN LATERAL (VALUES
        ('verdicts', 'promise', (b.stored).promise::text, (b.found).promise::text),
        ('verdicts', 'promise_day', (b.stored).promise_day::text, (b.found).promise_day::text),
        ('verdicts', 'promise_due', (b.stored).promise_due::text, (b.found).promise_due::text),
        ('verdicts', 'portal', (b.stored).portal::text, (b.found).portal::text),
        ('verdicts', 'portal_day', (b.stored).portal_day::text, (b.found).portal_day::text),
        ('verdicts', 'portal_due', (b.stored).portal_due::text, (b.found).portal_due::text),
        ('verdicts', 'intake', (b.stored).intake::text, (b.found).intake::text),
        ('verdicts', 'intake_day', (b.stored).intake_day::text, (b.found).intake_day::text),
        ('verdicts', 'intake_due', (b.stored).intake_due::text, (b.found).intake_due::text),
        ('verdicts', 'flips_at', (b.stored).flips_at::text, (b.found).flips_at::text),
        ('verdicts', 'broken', (b.stored).broken::text, (b.found).broken::text),
        ('verdicts', 'next_due', (b.stored).next_due::text, (b.found).next_due::text),
        ('dossiers', 'slot', (b.stored).slot::text, (b.found).slot::text),
        ('dossiers', 'slot', (b.stored).slot::text, (b.found).slot_max::text),
        ('dossiers', 'events', (b.stored).events::text, (b.found).events::text),
        ('dossiers', 'state', (b.stored).state::text, (b.found).state::text),
        ('dossiers', 'due_moves', (b.stored).due_moves::text, (b.found).due_moves::text),
        ('dossiers', 'reappointments', (b.stored).reappointments::text, (b.found).reappointments::text),
        ('dossiers', 'supplements', (b.stored).supplements::text, (b.found).supplements::text),
        ('dossiers', 'pauses', (b.stored).pauses::text, (b.found).pauses::text),
        ('dossiers', 'flags', (b.stored).flags::text, (b.found).flags::text),
        ('dossiers', 'calendar', (b.stored).calendar::text, (b.found).calendar::text),
        ('dossiers', 'online', (b.stored).online::text, (b.found).online::text),
        ('dossiers', 'unit', (b.stored).unit::text, (b.found).unit::text),
        ('dossiers', 'field', (b.stored).field::text, (b.found).field::text),
        ('dossiers', 'procedure', (b.stored).procedure::text, (b.found).procedure::text),
        ('dossiers', 'last_happened', (b.stored).last_happened::text, (b.found).last_happened::text),
        ('dossiers', 'last_sequence', (b.stored).last_sequence::text, (b.found).last_sequence::text),
        ('dossiers', 'last_event_id', (b.stored).last_event_id::text, (b.found).last_event_id::text),
        ('dossiers', 'submitted_at', (b.stored).submitted_at::text, (b.found).submitted_at::text),
        ('dossiers', 'received_at', (b.stored).received_at::text, (b.found).received_at::text),
        ('dossiers', 'accepted_at', (b.stored).accepted_at::text, (b.found).accepted_at::text),
        ('dossiers', 'due_first', (b.stored).due_first::text, (b.found).due_first::text),
        ('dossiers', 'due_current', (b.stored).due_current::text, (b.found).due_current::text),
        ('dossiers', 'finished_first', (b.stored).finished_first::text, (b.found).finished_first::text),
        ('dossiers', 'finished_at', (b.stored).finished_at::text, (b.found).finished_at::text),
        ('dossiers', 'returned_at', (b.stored).returned_at::text, (b.found).returned_at::text),
        ('dossiers', 'refused_at', (b.stored).refused_at::text, (b.found).refused_at::text),
        ('dossiers', 'stopped_at', (b.stored).stopped_at::text, (b.found).stopped_at::text),
        ('dossiers', 'withdrawn_at', (b.stored).withdrawn_at::text, (b.found).withdrawn_at::text),
        ('dossiers', 'told_at', (b.stored).told_at::text, (b.found).told_at::text),
        ('dossiers', 'due_computed', (b.stored).due_computed::text, (b.found).due_computed::text)) AS v (part, name, stored, found)
    WHERE v.stored IS DISTINCT FROM v.found
    GROUP BY v.part, b.subject, b.stored, b.found
    UNION ALL
    SELECT 'pauses', p.subject, CASE WHEN p.missing THEN 'no such pause' ELSE p.stored END,
        CASE WHEN p.surplus THEN 'no such pause in the events' ELSE p.recounted END
    FROM pause_bad p
    UNION ALL
    SELECT 'promises', p.subject, coalesce(p.stored, 'no such promise'), coalesce(p.recounted, 'no such promise in the events')
    FROM promise_bad p
)
SELECT k.name,
    CASE k.name
        WHEN 'pauses' THEN (SELECT coalesce(sum(f.pauses), 0) FROM found f)
        WHEN 'promises' THEN (SELECT count(*) FROM promise_found)
        ELSE (SELECT count(*) FROM found)
    END,
    (SELECT count(*) FROM named n WHERE n.part = k.name), x.subject, x.stored, x.recounted
FROM (VALUES (1, 'dossiers'), (2, 'pauses'), (3, 'promises'), (4, 'verdicts')) AS k (ord, name)
LEFT JOIN LATERAL (
    SELECT n.subject, n.stored, n.recounted FROM named n WHERE n.part = k.name ORDER BY n.subject LIMIT $1::bigint) x ON true
ORDER BY k.ord, x.subject
