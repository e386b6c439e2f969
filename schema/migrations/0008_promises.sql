-- breaking
-- 0008_promises: the later promises of a dossier (docs/rules.md 12).  What is derived is dropped and folded again from the
-- ledger.

-- promise: what re-appointments promised beyond dossier.promise_due, the first promise.
--   episode  which promise of the dossier, from 2; as in table duty
CREATE TABLE promise (
    source_id int NOT NULL,
    episode smallint NOT NULL CONSTRAINT promise_episode_later CHECK (episode >= 2),
    due_at timestamptz NOT NULL,
    code text COLLATE "C" NOT NULL,
    CONSTRAINT promise_pkey PRIMARY KEY (source_id, code, episode)
);
GRANT SELECT, INSERT, DELETE ON promise TO kipthoi_scorer;
GRANT SELECT ON promise TO kipthoi_operator, kipthoi_notifier;

CREATE OR REPLACE FUNCTION rebuild_begin(p_shards int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    PERFORM alias_apply();
    TRUNCATE dossier, pause, promise, projection, day_count, verdict_change, indicator;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:';
END
$$;

-- The dossiers of the version before know one promise only: fold them again.
SELECT rebuild_begin((SELECT max(c.shards) FROM scorer_cursor c));

-- dossier, besides what 0006 says of it:
--   reappointments  re-appointed dues, each later than all before it; with some, its promises are not known from its row
--   broken          how many of its promises were broken: so many letters are owed
--   next_due        the promise that time breaks next; NULL when there is none, or it waits for the citizen
ALTER TABLE dossier
    ADD COLUMN reappointments smallint NOT NULL DEFAULT 0,
    ADD COLUMN broken smallint NOT NULL,
    ADD COLUMN next_due timestamptz;
CREATE INDEX dossier_by_next_due ON dossier (next_due) WHERE next_due IS NOT NULL;

-- verdict_change: now also each time that the number of broken promises, one of them or the next promise changed, or the
-- unit of a dossier that has a next promise.
--   broken  promises broken after it
ALTER TABLE verdict_change ADD COLUMN broken smallint NOT NULL;

-- audit_reappointed: the dues that re-appointments told of each dossier (docs/rules.md 12), in the order of its events,
-- of what the scorers have folded; reappointments as in table dossier.
CREATE FUNCTION audit_reappointed() RETURNS TABLE (source_id int, code text, dues timestamptz[], reappointments int)
LANGUAGE sql STABLE SET search_path = kipthoi, pg_temp SET enable_nestloop = off AS $$
    WITH told AS (
        SELECT e.source_id, coalesce(a.means, p.j -> 'data' ->> 'dossier') COLLATE "C" AS code,
            audit_instant(p.j -> 'data' ->> 'due') AS due, audit_instant(p.j ->> 'time') AS happened,
            coalesce((p.j ->> 'sequence')::numeric::bigint, 0) AS sequence, (p.j ->> 'id') COLLATE "C" AS id
        FROM event e
        JOIN scorer_cursor c ON c.shard = e.slot % c.shards
        JOIN source s ON s.source_id = e.source_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb END AS j OFFSET 0) p
        LEFT JOIN code_alias a ON a.list = 'dossier' AND a.source = s.name AND a.code = p.j -> 'data' ->> 'dossier'
        WHERE e.kind = 7 AND p.j IS NOT NULL
            AND (e.segment < c.segment OR (e.segment = c.segment AND pg_visible_in_snapshot(e.xid, c.snapshot)))
    ), ranked AS (
        SELECT t.*, max(t.due) OVER (PARTITION BY t.source_id, t.code ORDER BY t.happened, t.sequence, t.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM told t
    )
    SELECT r.source_id, r.code, array_agg(r.due ORDER BY r.happened, r.sequence, r.id),
        least(count(*) FILTER (WHERE r.before IS NULL OR r.due > r.before), 32767)::int
    FROM ranked r
    GROUP BY r.source_id, r.code
$$;

-- audit_dossiers: every dossier as table dossier should have it, its codes instead of their numbers; slot_max as in
-- audit_folds, pause_list and promise_list as tables pause and promise should have them.
DROP FUNCTION audit_dossiers();
CREATE FUNCTION audit_dossiers() RETURNS TABLE (
    source_id int, code text, slot smallint, slot_max smallint, unit text, field text, procedure text, events int,
    flags int, pauses int, due_moves int, supplements int, calendar int, online boolean, state text,
    promise text, promise_day date, portal text, portal_day date, intake text, intake_day date,
    last_happened timestamptz, last_sequence bigint, last_event_id text,
    submitted_at timestamptz, received_at timestamptz, accepted_at timestamptz, due_first timestamptz,
    due_current timestamptz, finished_first timestamptz, finished_at timestamptz, returned_at timestamptz,
    refused_at timestamptz, stopped_at timestamptz, withdrawn_at timestamptz, told_at timestamptz,
    due_computed timestamptz, promise_due timestamptz, portal_due timestamptz, intake_due timestamptz,
    flips_at timestamptz, reappointments int, broken int, next_due timestamptz, pause_list audit_pause[],
    promise_list timestamptz[]
)
LANGUAGE sql STABLE ROWS 1000000 SET search_path = kipthoi, pg_temp SET enable_nestloop = off AS $$
    WITH hours AS MATERIALIZED (
        SELECT h.version, h.unit_id, c.in_force, h AS hours FROM audit_calendars() h JOIN calendar c ON c.version = h.version
    ), rules AS MATERIALIZED (
        -- The first version holds before it, too.
        SELECT r.*,
            CASE WHEN row_number() OVER later = 1 THEN '-infinity' ELSE r.effective_from END AS since,
            coalesce(lead(r.effective_from) OVER later, 'infinity') AS until
        FROM rule_version r
        WINDOW later AS (PARTITION BY r.rule ORDER BY r.effective_from)
    ), terms AS MATERIALIZED (
        SELECT t.*, coalesce(lead(t.effective_from) OVER (PARTITION BY t.procedure ORDER BY t.effective_from), 'infinity') AS until
        FROM procedure_term t
    ), folded AS MATERIALIZED (
        SELECT row_number() OVER () AS n, f.source_id, f.code, f.slot, f.slot_max, (f.fold).*, c.judged_at AS now,
            coalesce(u.unit_id, 0) AS unit_id
        FROM audit_folds() f
        JOIN scorer_cursor c ON c.shard = f.slot % c.shards
        LEFT JOIN unit u ON u.code = (f.fold).unit
    ), ended AS (
        SELECT f.*, i.term_count AS intake_count, i.term_unit AS intake_unit, i.precision AS intake_precision,
            p.extension_limit, t.term_count, t.term_unit, t.pause_mode, a.start_at, a.receipt_day, e.promise_end,
            coalesce((
                SELECT c.version FROM calendar c WHERE c.in_force <= coalesce(e.promise_end, f.now)
                ORDER BY c.in_force DESC LIMIT 1), 1) AS promise_version
        FROM folded f
        CROSS JOIN LATERAL (
            SELECT coalesce(f.accepted_at, f.received_at, f.submitted_at, f.last_happened) AS anchor,
                coalesce(f.accepted_at, f.received_at) AS start_at,
                coalesce(f.received_at, f.submitted_at, f.last_happened)::date AS receipt_day
            OFFSET 0) a
        JOIN rules p ON p.rule = 'promise' AND a.anchor >= p.since AND a.anchor < p.until
        JOIN rules i ON i.rule = 'intake' AND a.anchor >= i.since AND a.anchor < i.until
        LEFT JOIN terms t ON t.procedure = f.procedure AND a.anchor >= t.effective_from AND a.anchor < t.until
        CROSS JOIN LATERAL (
            SELECT coalesce(CASE WHEN f.finished_at IS NULL OR p.finish = 'latest' THEN f.finished_at ELSE f.finished_first END,
                f.returned_at, least(f.refused_at, f.stopped_at), f.withdrawn_at) AS promise_end
            OFFSET 0) e
    ), known AS MATERIALIZED (
        -- 7: due_computed, and 9: the limit of the intake clock.  *_calendar as in dossier.calendar.
        SELECT e.*, dc.at AS due_computed,
            CASE WHEN w.computed THEN coalesce(dc.version, -1) ELSE 0 END AS computed_calendar,
            il.at AS intake_due,
            CASE WHEN w.intake THEN coalesce(il.version, -1) ELSE 0 END AS intake_calendar
        FROM ended e
        CROSS JOIN LATERAL (
            SELECT e.term_count IS NOT NULL AND e.start_at IS NOT NULL AS computed,
                e.online AND coalesce(e.submitted_at, e.received_at) IS NOT NULL AS intake
            OFFSET 0) w
        LEFT JOIN LATERAL (
            SELECT x.version, x.at
            FROM (
                SELECT 0 AS version, audit_term(NULL, e.start_at, e.term_count, e.term_unit) AS at
                WHERE e.term_unit IN ('calendar_days', 'months')
                UNION ALL
                SELECT h.version, audit_term(h.hours, e.start_at, e.term_count, e.term_unit)
                FROM hours h
                WHERE e.term_unit IN ('working_days', 'working_hours') AND h.version >= e.promise_version AND h.in_force <= e.now
                    AND h.unit_id = CASE WHEN EXISTS (
                        SELECT FROM calendar_unit o WHERE o.version = h.version AND o.unit_id = e.unit_id) THEN e.unit_id ELSE 0 END) x
            WHERE x.at IS NOT NULL
            ORDER BY x.version LIMIT 1) dc ON w.computed
        LEFT JOIN LATERAL (
            SELECT x.version, x.at
            FROM (
                SELECT 0 AS version,
                    audit_term(NULL, coalesce(e.submitted_at, e.received_at), e.intake_count, e.intake_unit) AS at
                WHERE e.intake_unit IN ('calendar_days', 'months')
                UNION ALL
                SELECT h.version,
                    audit_term(h.hours, coalesce(e.submitted_at, e.received_at), e.intake_count, e.intake_unit)
                FROM hours h
                WHERE e.intake_unit IN ('working_days', 'working_hours') AND h.version >= e.promise_version AND h.in_force <= e.now
                    AND h.unit_id = CASE WHEN EXISTS (
                        SELECT FROM calendar_unit o WHERE o.version = h.version AND o.unit_id = e.unit_id) THEN e.unit_id ELSE 0 END) x
            WHERE x.at IS NOT NULL
            ORDER BY x.version LIMIT 1) il ON w.intake
    ), judged AS MATERIALIZED (
        -- 8, for both rules; the numbers are its steps.
        SELECT k.n, r.rule, v.class, v.calendar, CASE WHEN v.heard THEN d.due END AS due,
            CASE
                WHEN v.class = 'excluded' THEN k.receipt_day
                WHEN s.ended IS NOT NULL THEN s.ended::date
                WHEN v.class = 'overdue' AND r.rule = 'promise' THEN d.due::date
                ELSE k.receipt_day
            END AS day,
            CASE WHEN v.class = 'in_time' THEN
                CASE r.precision WHEN 'day' THEN audit_later(audit_reach(d.due::date + 1, '00:00'), -1) ELSE d.due END
            END AS flips,
            -- 12: X, and whether time goes on.
            coalesce(CASE WHEN h.halted THEN q.asked ELSE s.ended END, q.asked, k.now) AS against,
            s.ended IS NULL AND q.asked IS NULL AS runs, r.precision
        FROM known k
        JOIN rules r ON r.rule IN ('promise', 'portal')
            AND coalesce(k.accepted_at, k.received_at, k.submitted_at, k.last_happened) >= r.since
            AND coalesce(k.accepted_at, k.received_at, k.submitted_at, k.last_happened) < r.until
        CROSS JOIN LATERAL (
            -- 1, 3
            SELECT coalesce(CASE r.due WHEN 'first' THEN k.due_first ELSE k.due_current END,
                    CASE WHEN r.missing_due = 'term' THEN k.due_computed END) AS base,
                CASE WHEN k.finished_at IS NOT NULL AND r.finish = 'first' THEN k.finished_first ELSE k.finished_at END AS finish
            OFFSET 0) b
        CROSS JOIN LATERAL (
            SELECT coalesce(b.finish, k.returned_at, least(k.refused_at, k.stopped_at)) AS processed OFFSET 0) p
        CROSS JOIN LATERAL (
            -- 1, 2, 3, 7
            SELECT coalesce(p.processed, k.withdrawn_at) AS ended,
                p.processed IS NULL AND k.withdrawn_at IS NOT NULL AS only_withdrawn,
                b.base IS NULL
                    OR (r.unaccepted = 'exclude'
                        AND num_nonnulls(k.accepted_at, k.due_first, k.finished_at, k.returned_at) = 0)
                    OR (r.withdrawn = 'exclude' AND p.processed IS NULL AND k.withdrawn_at IS NOT NULL) AS unheard,
                r.supplement_limit > 0 AND k.supplements > r.supplement_limit AS broken
            OFFSET 0) s
        CROSS JOIN LATERAL (
            -- 4: Q
            SELECT CASE WHEN k.pauses <> '{}' AND r.pause <> 'none' AND (r.waiting <> 'runs' OR s.ended IS NOT NULL) THEN (
                SELECT min(u.from_at) FROM unnest(k.pauses) u
                WHERE u.to_at IS NULL AND (u.kind = 'supplement' OR r.payment = 'pauses')) END AS asked
            OFFSET 0) q
        CROSS JOIN LATERAL (
            -- 5: C is Q
            SELECT r.waiting = 'ends' AND q.asked IS NOT NULL AND b.finish IS NULL AND k.returned_at IS NULL AS halted OFFSET 0) h
        CROSS JOIN LATERAL (
            -- 4, 6: the pauses, closed and merged
            SELECT CASE WHEN k.pauses <> '{}' AND r.pause <> 'none' AND NOT s.unheard THEN (
                    SELECT range_agg(tstzrange(u.from_at, u.until))
                    FROM (
                        SELECT x.kind, x.from_at,
                            coalesce(x.to_at, CASE WHEN NOT h.halted THEN s.ended END) AS until
                        FROM unnest(k.pauses) x) u
                    WHERE u.from_at < u.until AND (u.kind = 'supplement' OR r.payment = 'pauses')) END AS merged,
                CASE
                    WHEN r.pause = 'deduct' THEN 'deduct'
                    WHEN k.pause_mode = 'restart' AND b.base >= k.start_at THEN 'restart'
                    ELSE 'pause'
                END AS way,
                r.pause = 'move_due' AND CASE WHEN k.term_unit IS NULL THEN r.measure = 'working'
                    ELSE k.term_unit IN ('working_days', 'working_hours') END AS working
            OFFSET 0) m
        CROSS JOIN LATERAL (
            SELECT m.merged IS NOT NULL AND (m.way = 'deduct' OR lower(m.merged) <= b.base) AS moved OFFSET 0) o
        LEFT JOIN LATERAL (
            SELECT x.version, x.due
            FROM (
                SELECT l.version, audit_due(l.hours, m.merged, m.way, k.start_at, b.base) AS due
                FROM (
                    SELECT coalesce(max(c.version), 1) AS version FROM calendar c
                    WHERE c.in_force <= coalesce(s.ended, k.now)) w
                JOIN hours l ON l.version = w.version OR (l.version > w.version AND l.in_force <= k.now)
                WHERE true
                    AND l.unit_id = CASE WHEN EXISTS (
                        SELECT FROM calendar_unit o WHERE o.version = l.version AND o.unit_id = k.unit_id) THEN k.unit_id ELSE 0 END) x
            WHERE x.due IS NOT NULL
            ORDER BY x.version LIMIT 1) y ON o.moved AND m.working
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN NOT o.moved THEN b.base
                WHEN m.working THEN y.due
                ELSE audit_due(NULL, m.merged, m.way, k.start_at, b.base)
            END AS due
            OFFSET 0) d
        CROSS JOIN LATERAL (
            -- 8
            SELECT
                CASE r.precision WHEN 'day' THEN s.ended::date > d.due::date ELSE s.ended > d.due END AS end_after,
                CASE r.precision
                    WHEN 'day' THEN (CASE WHEN h.halted THEN q.asked ELSE s.ended END)::date > d.due::date
                    ELSE CASE WHEN h.halted THEN q.asked ELSE s.ended END > d.due
                END AS counted_after,
                (CASE WHEN h.halted THEN q.asked ELSE s.ended END)::date < d.due::date AS counted_early,
                CASE r.precision WHEN 'day' THEN q.asked::date > d.due::date ELSE q.asked > d.due END AS asked_after,
                CASE r.precision WHEN 'day' THEN k.now::date > d.due::date ELSE k.now > d.due END AS now_after
            OFFSET 0) a
        CROSS JOIN LATERAL (
            -- 9, 10
            SELECT NOT s.unheard AND d.due IS NOT NULL AS heard,
                CASE WHEN s.unheard OR NOT o.moved OR NOT m.working THEN 0 ELSE coalesce(y.version, -1) END AS calendar,
                CASE
                    WHEN s.unheard OR d.due IS NULL THEN 'excluded'
                    WHEN s.ended IS NOT NULL THEN CASE
                        WHEN s.only_withdrawn AND r.withdrawn = 'exclude_kept' AND NOT a.end_after THEN 'excluded'
                        WHEN s.broken OR a.counted_after THEN 'late'
                        WHEN a.counted_early THEN 'early'
                        ELSE 'on_time'
                    END
                    WHEN s.broken THEN 'overdue'
                    WHEN q.asked IS NOT NULL AND r.waiting <> 'runs' THEN CASE WHEN a.asked_after THEN 'overdue' ELSE 'paused' END
                    WHEN a.now_after THEN 'overdue'
                    ELSE 'in_time'
                END AS class
            OFFSET 0) v
    ), taken AS (
        -- 9: the intake clock.
        SELECT k.*, i.intake,
            CASE
                WHEN i.intake IN ('early', 'on_time', 'late') THEN k.accepted_at::date
                WHEN i.intake = 'overdue' THEN k.intake_due::date
                WHEN i.intake IS NOT NULL THEN coalesce(k.submitted_at, k.received_at)::date
            END AS intake_day,
            CASE WHEN i.intake = 'in_time' THEN CASE k.intake_precision
                WHEN 'day' THEN audit_later(audit_reach(k.intake_due::date + 1, '00:00'), -1) ELSE k.intake_due END
            END AS intake_flips
        FROM known k
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN NOT k.online OR num_nonnulls(k.submitted_at, k.received_at) = 0 THEN NULL
                WHEN k.intake_due IS NULL THEN 'excluded'
                WHEN CASE k.intake_precision WHEN 'day' THEN k.accepted_at::date > k.intake_due::date
                    ELSE k.accepted_at > k.intake_due END THEN 'late'
                WHEN k.accepted_at::date < k.intake_due::date THEN 'early'
                WHEN k.accepted_at IS NOT NULL THEN 'on_time'
                WHEN num_nonnulls(k.refused_at, k.stopped_at, k.withdrawn_at, k.finished_at, k.returned_at) > 0 THEN 'excluded'
                WHEN CASE k.intake_precision WHEN 'day' THEN k.now::date > k.intake_due::date
                    ELSE k.now > k.intake_due END THEN 'overdue'
                ELSE 'in_time'
            END AS intake
            OFFSET 0) i
    ), reappointed AS MATERIALIZED (
        SELECT * FROM audit_reappointed()
    )
    SELECT t.source_id, t.code, t.slot, t.slot_max, coalesce(t.unit, ''), coalesce(t.field, ''), coalesce(t.procedure, ''),
        t.events,
        t.flags
            + 4 * coalesce(t.finished_at < t.received_at, false)::int
            + 8 * coalesce(t.due_first < t.received_at, false)::int
            + 16 * (t.finished_at IS NOT NULL AND t.received_at IS NULL)::int
            + CASE WHEN t.pauses = '{}' THEN 0
                ELSE 128 * EXISTS (SELECT FROM unnest(t.pauses) u WHERE u.to_at < u.from_at)::int END
            + 256 * coalesce(t.finished_at < t.finished_first AND t.finished_first > t.due_first
                AND t.finished_at <= t.due_first, false)::int
            + 512 * coalesce(t.finished_at IN (t.due_current, t.due_first), false)::int
            + 1024 * (t.due_moves > t.extension_limit)::int
            + 2048 * coalesce(t.due_first::date <> t.due_computed::date, false)::int
            + 4096 * (least(p.calendar, q.calendar, t.computed_calendar, t.intake_calendar) < 0)::int
            + 8192 * coalesce(audit_us(t.promise_end, t.told_at) > 86400000000, false)::int,
        cardinality(t.pauses), t.due_moves, t.supplements,
        CASE WHEN least(p.calendar, q.calendar, t.computed_calendar, t.intake_calendar) < 0 THEN -1
            ELSE greatest(p.calendar, q.calendar, t.computed_calendar, t.intake_calendar) END,
        t.online,
        CASE
            WHEN t.returned_at IS NOT NULL THEN 'returned'
            WHEN t.finished_at IS NOT NULL THEN 'finished'
            WHEN t.refused_at IS NOT NULL THEN 'refused'
            WHEN t.stopped_at IS NOT NULL THEN 'stopped'
            WHEN t.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN t.pauses <> '{}' AND EXISTS (SELECT FROM unnest(t.pauses) u WHERE u.to_at IS NULL) THEN 'paused'
            WHEN t.accepted_at IS NOT NULL THEN 'in_process'
            ELSE 'received'
        END,
        p.class, p.day, q.class, q.day, t.intake, t.intake_day,
        t.last_happened, t.last_sequence, t.last_event_id,
        t.submitted_at, t.received_at, t.accepted_at, t.due_first, t.due_current, t.finished_first, t.finished_at,
        t.returned_at, t.refused_at, t.stopped_at, t.withdrawn_at, t.told_at, t.due_computed, p.due, q.due,
        t.intake_due, least(p.flips, q.flips, t.intake_flips, n.flips), coalesce(a.reappointments, 0), b.broken, n.due, t.pauses, l.dues
    FROM taken t
    JOIN judged p ON p.n = t.n AND p.rule = 'promise'
    JOIN judged q ON q.n = t.n AND q.rule = 'portal'
    LEFT JOIN reappointed a ON a.source_id = t.source_id AND a.code = t.code
    CROSS JOIN LATERAL (
        -- 12: P2, P3 ...: later than P1 and than every due before.
        SELECT CASE WHEN a.code IS NULL OR p.class = 'excluded' THEN '{}' ELSE ARRAY(
                SELECT u.due
                FROM (
                    SELECT x.due, x.n, max(x.due) OVER (ORDER BY x.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                    FROM unnest(a.dues) WITH ORDINALITY AS x (due, n)) u
                WHERE u.due > greatest(p.due, u.before)
                ORDER BY u.n LIMIT 32766) END AS dues
        OFFSET 0) l
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p.class NOT IN ('late', 'overdue') THEN 0 WHEN l.dues = '{}' THEN 1 ELSE 1 + (
                SELECT count(*)::int FROM unnest(l.dues) AS u (due)
                WHERE CASE p.precision WHEN 'day' THEN p.against::date > u.due::date ELSE p.against > u.due END) END AS broken
        OFFSET 0) b
    CROSS JOIN LATERAL (
        SELECT y.due, CASE WHEN p.class = 'overdue' THEN CASE p.precision
                WHEN 'day' THEN audit_later(audit_reach(y.due::date + 1, '00:00'), -1) ELSE y.due END END AS flips
        FROM (
            -- Of the later ones the one after those broken: the first promise is not among them.
            SELECT CASE WHEN p.class = 'in_time' THEN p.due WHEN p.class = 'overdue' AND p.runs THEN l.dues[b.broken] END AS due
            OFFSET 0) y
        OFFSET 0) n
$$;

-- The audit's functions run with the rights of whoever runs it.
DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'kipthoi'::regnamespace AND p.proname LIKE 'audit\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO kipthoi_operator', f);
    END LOOP;
END
$$;
