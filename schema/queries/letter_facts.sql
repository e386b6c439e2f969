-- letter_facts: all that letters say, written or not yet, in the order asked for.
-- $1 source_ids, $2 codes, $3 episodes, $4 the local day that forms are chosen by, $5 a form by name (NULL: the
-- office's, else the newest).  A form that is not there gives NULL.
-- Result: as enum column of notifier/letter_facts.c.
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[]) WITH ORDINALITY AS k (source_id, code, episode, place)
), known AS MATERIALIZED (
    SELECT k.*, y.state AS duty, coalesce(y.due, l.due, d.next_due) AS due, y.deadline,
        coalesce(l.unit_id, y.unit_id, d.unit_id) AS unit_id, d.procedure_id, d.field_id, d.state AS dossier,
        CASE d.state
            WHEN 'finished' THEN d.finished_at
            WHEN 'returned' THEN d.returned_at
            WHEN 'refused' THEN d.refused_at
            WHEN 'stopped' THEN d.stopped_at
            WHEN 'withdrawn' THEN d.withdrawn_at
        END AS ended_at,
        d.received_at, d.due_current, d.next_due, d.broken, l.state AS letter, l.template_id, l.number, l.letter_no, l.year,
        l.reason, l.new_due, l.extension, l.drafted_at, l.printed_at, l.channel
    FROM asked k
    -- OFFSET 0: one by one by key, however many there are.
    LEFT JOIN LATERAL (
        SELECT * FROM duty i WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode OFFSET 0) y ON true
    LEFT JOIN LATERAL (
        SELECT * FROM letter i WHERE i.source_id = k.source_id AND i.code = k.code AND i.episode = k.episode OFFSET 0) l ON true
    LEFT JOIN LATERAL (
        SELECT * FROM dossier i WHERE i.source_id = k.source_id AND i.code = k.code OFFSET 0) d ON true
), above (unit_id, above_id, depth) AS (
    SELECT DISTINCT k.unit_id, k.unit_id, 0 FROM known k
    UNION ALL
    SELECT a.unit_id, u.parent_id, a.depth + 1
    FROM above a JOIN unit u ON u.unit_id = a.above_id
    WHERE u.parent_id IS NOT NULL AND a.depth < 16
), office AS MATERIALIZED (
    SELECT DISTINCT ON (a.unit_id) a.unit_id AS for_id, o.*
    FROM above a JOIN letter_office o ON o.unit_id = a.above_id
    ORDER BY a.unit_id, a.depth
), form AS MATERIALIZED (
    SELECT DISTINCT ON (t.name) t.name, t.template_id, t.effective_from
    FROM letter_template t WHERE t.effective_from <= $4::date
    ORDER BY t.name, t.effective_from DESC, t.template_id DESC
), newest AS MATERIALIZED (
    SELECT f.template_id FROM form f ORDER BY f.effective_from DESC, f.template_id DESC LIMIT 1)
SELECT k.source_id, k.code, k.episode, k.duty::text, k.due, k.deadline, k.unit_id, k.dossier::text, k.ended_at, k.received_at,
    k.due_current, p.due_at, p.before + 1, k.broken, k.next_due, k.letter::text, k.template_id, k.number, k.letter_no, k.year,
    k.reason, k.new_due, k.extension, k.drafted_at, k.printed_at, k.channel,
    CASE
        WHEN coalesce($5::text, o.template) IS NULL THEN (SELECT n.template_id FROM newest n)
        ELSE (SELECT f.template_id FROM form f WHERE f.name = coalesce($5::text, o.template))
    END,
    s.name, u.code, coalesce(CASE WHEN o.unit_id = k.unit_id THEN o.name END, u.name, o.name), o.unit_id, o.superior, o.place,
    o.number_form, o.signer_for, o.signer_title, o.signer_name, o.copies, o.new_due_place, o.phone, o.email, o.term_days,
    o.reason, r.code, r.name, f.code, f.name, c.name, c.address, c.phone, c.email, c.receipt_number, c.erased_at IS NOT NULL
FROM known k
LEFT JOIN source s ON s.source_id = k.source_id
LEFT JOIN unit u ON u.unit_id = k.unit_id
LEFT JOIN office o ON o.for_id = k.unit_id
LEFT JOIN procedure r ON r.procedure_id = k.procedure_id
LEFT JOIN field f ON f.field_id = k.field_id
LEFT JOIN LATERAL (
    SELECT * FROM contact i WHERE i.source_id = k.source_id AND i.code = k.code OFFSET 0) c ON true
CROSS JOIN LATERAL (
    SELECT min(i.due_at) FILTER (WHERE i.episode = k.episode + 1) AS due_at,
        (count(*) FILTER (WHERE i.episode <= k.episode))::int AS before
    FROM (SELECT * FROM promise h WHERE h.source_id = k.source_id AND h.code = k.code OFFSET 0) i) p
ORDER BY k.place
