-- audit_dossier: each dossier and its verdict (rule promise) recounted from the payloads of its events that were folded.
-- The rules are those of ARCHITECTURE.md, written here a second time: nothing is shared with the scorer.
-- $1 differences wanted.  Result: check, dossiers compared, differences; subject, stored and recounted of some of them.
WITH facts AS (
    SELECT e.source_id, e.slot, (p.d ->> 'dossier') COLLATE "C" AS code, p.j ->> 'type' AS type,
        (p.j ->> 'id') COLLATE "C" AS id, coalesce((p.j ->> 'sequence')::numeric::bigint, 0) AS sequence,
        (CASE WHEN strpos(p.j ->> 'time', '.') > 0 OR strpos(p.j ->> 'time', ':60') > 0
            THEN regexp_replace(regexp_replace(p.j ->> 'time', ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
            ELSE p.j ->> 'time' END)::timestamptz AS happened,
        (CASE WHEN strpos(p.d ->> 'received', '.') > 0 OR strpos(p.d ->> 'received', ':60') > 0
            THEN regexp_replace(regexp_replace(p.d ->> 'received', ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
            ELSE p.d ->> 'received' END)::timestamptz AS received,
        (CASE WHEN strpos(p.d ->> 'due', '.') > 0 OR strpos(p.d ->> 'due', ':60') > 0
            THEN regexp_replace(regexp_replace(p.d ->> 'due', ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
            ELSE p.d ->> 'due' END)::timestamptz AS due,
        (CASE WHEN strpos(p.d ->> 'finished', '.') > 0 OR strpos(p.d ->> 'finished', ':60') > 0
            THEN regexp_replace(regexp_replace(p.d ->> 'finished', ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
            ELSE p.d ->> 'finished' END)::timestamptz AS finished,
        p.d ->> 'unit' AS unit, p.d ->> 'field' AS field, p.d ->> 'procedure' AS procedure
    FROM event e
    JOIN scorer_cursor c ON c.shard = e.slot % c.shards
    CROSS JOIN LATERAL (
        SELECT x.j, x.j -> 'data' AS d
        FROM (SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb END AS j OFFSET 0) x
        OFFSET 0) p
    WHERE (e.segment < c.segment OR (e.segment = c.segment AND pg_visible_in_snapshot(e.xid, c.snapshot)))
        AND p.j IS NOT NULL
), told AS (
    -- What each event contributes; in the order in which events count, which the arrays below keep.
    SELECT f.source_id, f.slot, f.code, f.type, f.id, f.sequence, f.happened, f.due, f.unit, f.field, f.procedure,
        CASE WHEN f.type = 'vn.kipthoi.dossier.received.v1' THEN coalesce(f.received, f.happened) ELSE f.received END AS received,
        CASE WHEN f.type = 'vn.kipthoi.dossier.finished.v1' THEN coalesce(f.finished, f.happened) END AS finished,
        CASE
            WHEN f.type IN ('vn.kipthoi.dossier.supplement_requested.v1', 'vn.kipthoi.dossier.payment_requested.v1') THEN 'begin'
            WHEN f.type IN ('vn.kipthoi.dossier.supplemented.v1', 'vn.kipthoi.dossier.paid.v1') THEN 'end'
        END AS pause
    FROM facts f
    ORDER BY f.source_id, f.code, f.happened, f.sequence, f.id
), gathered AS (
    SELECT t.source_id, t.code, min(t.slot) AS slot, max(t.slot) AS slot_max, count(*)::int AS events,
        (array_agg(t.happened))[count(*)] AS last_happened,
        (array_agg(t.sequence))[count(*)] AS last_sequence,
        (array_agg(t.id))[count(*)] AS last_event_id,
        (array_agg(t.unit) FILTER (WHERE t.unit IS NOT NULL))[count(t.unit)] AS unit,
        (array_agg(t.field) FILTER (WHERE t.field IS NOT NULL))[count(t.field)] AS field,
        (array_agg(t.procedure) FILTER (WHERE t.procedure IS NOT NULL))[count(t.procedure)] AS procedure,
        (array_agg(t.received) FILTER (WHERE t.received IS NOT NULL))[count(t.received)] AS received_at,
        array_agg(t.due) FILTER (WHERE t.due IS NOT NULL) AS dues,
        array_agg(t.type = 'vn.kipthoi.dossier.rescheduled.v1') FILTER (WHERE t.due IS NOT NULL) AS announced,
        array_agg(t.finished) FILTER (WHERE t.finished IS NOT NULL) AS finishes,
        (array_agg(t.happened) FILTER (WHERE t.pause IS NOT NULL))[count(t.pause)] AS pause_at,
        (array_agg(t.pause) FILTER (WHERE t.pause IS NOT NULL))[count(t.pause)] AS pause,
        max(t.happened) FILTER (WHERE t.type = 'vn.kipthoi.dossier.accepted.v1') AS accepted_at,
        max(t.happened) FILTER (WHERE t.type = 'vn.kipthoi.dossier.returned.v1') AS returned_at,
        max(t.happened) FILTER (WHERE t.type = 'vn.kipthoi.dossier.refused.v1') AS refused_at,
        max(t.happened) FILTER (WHERE t.type = 'vn.kipthoi.dossier.stopped.v1') AS stopped_at,
        max(t.happened) FILTER (WHERE t.type = 'vn.kipthoi.dossier.withdrawn.v1') AS withdrawn_at
    FROM told t
    GROUP BY t.source_id, t.code
), folded AS (
    SELECT g.*, g.dues[1] AS due_first, g.dues[cardinality(g.dues)] AS due_current, g.finishes[1] AS finished_first,
        g.finishes[cardinality(g.finishes)] AS finished_at, CASE WHEN g.pause = 'begin' THEN g.pause_at END AS paused_at,
        CASE WHEN cardinality(g.dues) > 1 THEN (
            SELECT count(*) FROM unnest(g.dues, g.announced) WITH ORDINALITY AS u (due, announced, n)
            WHERE u.n > 1 AND u.due <> g.dues[u.n - 1] AND u.announced) ELSE 0 END AS due_moves,
        CASE WHEN cardinality(g.dues) > 1 THEN (
            SELECT count(*) FROM unnest(g.dues, g.announced) WITH ORDINALITY AS u (due, announced, n)
            WHERE u.n > 1 AND u.due <> g.dues[u.n - 1] AND NOT u.announced) ELSE 0 END AS silent_moves,
        CASE WHEN cardinality(g.finishes) > 1 THEN (
            SELECT count(*) FROM unnest(g.finishes) WITH ORDINALITY AS u (finished, n)
            WHERE u.n > 1 AND u.finished <> g.finishes[u.n - 1]) ELSE 0 END AS finish_moves
    FROM gathered g
), judged AS MATERIALIZED (
    SELECT f.*, v.promise,
        CASE
            WHEN v.promise IN ('early', 'on_time', 'late') THEN coalesce(v.ended, f.withdrawn_at)::date
            WHEN v.promise = 'overdue' THEN f.due_first::date
            ELSE coalesce(f.received_at, f.last_happened)::date
        END AS promise_day,
        CASE
            WHEN f.returned_at IS NOT NULL THEN 'returned'
            WHEN f.finished_at IS NOT NULL THEN 'finished'
            WHEN f.refused_at IS NOT NULL THEN 'refused'
            WHEN f.stopped_at IS NOT NULL THEN 'stopped'
            WHEN f.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN f.paused_at IS NOT NULL THEN 'paused'
            WHEN f.accepted_at IS NOT NULL THEN 'in_process'
            ELSE 'received'
        END AS state,
        (f.silent_moves > 0)::int + 2 * (f.finish_moves > 0)::int
            + 4 * coalesce(f.finished_at < f.received_at, false)::int
            + 8 * coalesce(f.due_first < f.received_at, false)::int
            + 16 * (f.finished_at IS NOT NULL AND f.received_at IS NULL)::int AS flags
    FROM folded f
    JOIN scorer_cursor c ON c.shard = f.slot % c.shards
    CROSS JOIN LATERAL (
        SELECT coalesce(f.finished_at, f.returned_at, least(f.refused_at, f.stopped_at)) AS ended OFFSET 0) n
    CROSS JOIN LATERAL (
        SELECT n.ended,
            CASE
                WHEN f.due_first IS NULL THEN 'excluded'
                WHEN n.ended > f.due_first THEN 'late'
                WHEN n.ended::date < f.due_first::date THEN 'early'
                WHEN n.ended IS NOT NULL THEN 'on_time'
                WHEN f.withdrawn_at > f.due_first THEN 'late'
                WHEN f.withdrawn_at IS NOT NULL THEN 'excluded'
                WHEN f.paused_at IS NOT NULL THEN 'paused'
                WHEN c.judged_at > f.due_first THEN 'overdue'
                ELSE 'in_time'
            END AS promise
        OFFSET 0) v
), stored AS (
    SELECT d.*, u.code AS unit, i.code AS field, p.code AS procedure
    FROM dossier d
    LEFT JOIN unit u ON u.unit_id = d.unit_id
    LEFT JOIN field i ON i.field_id = d.field_id
    LEFT JOIN procedure p ON p.procedure_id = d.procedure_id
), bad AS MATERIALIZED (
    SELECT s AS stored, f AS found,
        coalesce(n.name, coalesce(s.source_id, f.source_id)::text) || ' ' || coalesce(s.code, f.code) AS subject,
        (s.promise::text, s.promise_day) IS DISTINCT FROM (f.promise, f.promise_day) AS verdict
    FROM stored s
    FULL JOIN judged f ON f.source_id = s.source_id AND f.code = s.code
    LEFT JOIN source n ON n.source_id = coalesce(s.source_id, f.source_id)
    WHERE (s.slot, s.slot, s.events, s.state::text, s.due_moves::bigint, s.flags, s.unit, s.field, s.procedure,
            s.last_happened, s.last_sequence, s.last_event_id, s.received_at, s.accepted_at, s.due_first, s.due_current,
            s.finished_first, s.finished_at, s.returned_at, s.refused_at, s.stopped_at, s.withdrawn_at, s.paused_at,
            s.promise::text, s.promise_day)
        IS DISTINCT FROM
            (f.slot, f.slot_max, f.events, f.state, f.due_moves, f.flags, coalesce(f.unit, ''), coalesce(f.field, ''),
            coalesce(f.procedure, ''),
            f.last_happened, f.last_sequence, f.last_event_id, f.received_at, f.accepted_at, f.due_first, f.due_current,
            f.finished_first, f.finished_at, f.returned_at, f.refused_at, f.stopped_at, f.withdrawn_at, f.paused_at,
            f.promise, f.promise_day)
), named AS MATERIALIZED (
    SELECT v.part, b.subject, CASE WHEN (b.stored).code IS NULL THEN 'no such dossier'
            ELSE string_agg(v.name || ' ' || coalesce(v.stored, '-'), ', ') END AS stored,
        CASE WHEN (b.found).code IS NULL THEN 'no event of it in the ledger'
            ELSE string_agg(v.name || ' ' || coalesce(v.found, '-'), ', ') END AS recounted
    FROM bad b
    CROSS JOIN LATERAL (VALUES
        ('verdicts', 'promise', (b.stored).promise::text, (b.found).promise),
        ('verdicts', 'promise_day', (b.stored).promise_day::text, (b.found).promise_day::text),
        ('dossiers', 'slot', (b.stored).slot::text, (b.found).slot::text),
        ('dossiers', 'slot', (b.stored).slot::text, (b.found).slot_max::text),
        ('dossiers', 'events', (b.stored).events::text, (b.found).events::text),
        ('dossiers', 'state', (b.stored).state::text, (b.found).state),
        ('dossiers', 'due_moves', (b.stored).due_moves::text, (b.found).due_moves::text),
        ('dossiers', 'flags', (b.stored).flags::text, (b.found).flags::text),
        ('dossiers', 'unit', (b.stored).unit, coalesce((b.found).unit, '')),
        ('dossiers', 'field', (b.stored).field, coalesce((b.found).field, '')),
        ('dossiers', 'procedure', (b.stored).procedure, coalesce((b.found).procedure, '')),
        ('dossiers', 'last_happened', (b.stored).last_happened::text, (b.found).last_happened::text),
        ('dossiers', 'last_sequence', (b.stored).last_sequence::text, (b.found).last_sequence::text),
        ('dossiers', 'last_event_id', (b.stored).last_event_id, (b.found).last_event_id),
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
        ('dossiers', 'paused_at', (b.stored).paused_at::text, (b.found).paused_at::text)) AS v (part, name, stored, found)
    WHERE v.stored IS DISTINCT FROM v.found
    GROUP BY v.part, b.subject, b.stored, b.found
)
SELECT k.name, (SELECT count(*) FROM judged), (SELECT count(*) FROM named n WHERE n.part = k.name), x.subject, x.stored,
    x.recounted
FROM (VALUES (1, 'dossiers'), (2, 'verdicts')) AS k (ord, name)
LEFT JOIN LATERAL (
    SELECT n.subject, n.stored, n.recounted FROM named n WHERE n.part = k.name ORDER BY n.subject LIMIT $1::bigint) x ON true
ORDER BY k.ord, x.subject
