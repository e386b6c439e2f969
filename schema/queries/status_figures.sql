-- status_figures: one screen of figures.
-- Result: received, accepted, duplicate, conflict, rejected, denied, busy, events in the ledger, folded, waiting,
-- early, on_time, late, overdue, in_time, paused, excluded, letters owed, drafted, approved, sent, void, alerts,
-- quarantine open.
SELECT i.received, i.accepted, i.duplicate, i.conflict, i.rejected, i.denied, i.busy, i.accepted + q.stored, c.folded,
    i.accepted + q.stored - c.folded, d.early, d.on_time, d.late, d.overdue, d.in_time, d.paused, d.excluded, y.owed,
    y.drafted, y.approved, y.sent, y.void, a.alerts, q.open
FROM (
    SELECT coalesce(sum(received), 0)::bigint AS received, coalesce(sum(accepted), 0)::bigint AS accepted,
        coalesce(sum(duplicate), 0)::bigint AS duplicate, coalesce(sum(conflict), 0)::bigint AS conflict,
        coalesce(sum(rejected), 0)::bigint AS rejected, coalesce(sum(denied), 0)::bigint AS denied,
        coalesce(sum(busy), 0)::bigint AS busy
    FROM intake) i,
    (
    SELECT count(*) FILTER (WHERE redriven_outcome = 0) AS stored, count(*) FILTER (WHERE redriven_at IS NULL) AS open
    FROM quarantine) q,
    (SELECT coalesce(sum(folded), 0)::bigint AS folded FROM scorer_cursor) c,
    (
    SELECT coalesce(sum(early), 0)::bigint AS early, coalesce(sum(on_time), 0)::bigint AS on_time,
        coalesce(sum(late), 0)::bigint AS late, coalesce(sum(overdue), 0)::bigint AS overdue,
        coalesce(sum(in_time), 0)::bigint AS in_time, coalesce(sum(paused), 0)::bigint AS paused,
        coalesce(sum(excluded), 0)::bigint AS excluded
    FROM day_count
    WHERE rule = 'promise') d,
    (
    SELECT count(*) FILTER (WHERE state = 'owed') AS owed, count(*) FILTER (WHERE state = 'drafted') AS drafted,
        count(*) FILTER (WHERE state = 'approved') AS approved, count(*) FILTER (WHERE state = 'sent') AS sent,
        count(*) FILTER (WHERE state = 'void') AS void
    FROM duty) y,
    (SELECT coalesce(sum(last_seq), 0)::bigint AS alerts FROM alert_topic) a
