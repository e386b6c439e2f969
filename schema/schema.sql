--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: kipthoi; Type: SCHEMA; Schema: -; Owner: kipthoi_owner
--

CREATE SCHEMA kipthoi;

ALTER SCHEMA kipthoi OWNER TO kipthoi_owner;

--
-- Name: audit_calendar; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.audit_calendar AS (
	version smallint,
	unit_id integer,
	begins timestamp with time zone,
	ends timestamp with time zone,
	day_us bigint,
	cut_off time without time zone,
	starts timestamp with time zone[],
	stops timestamp with time zone[],
	before bigint[]
);

ALTER TYPE kipthoi.audit_calendar OWNER TO kipthoi_owner;

--
-- Name: audit_event; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.audit_event AS (
	kind smallint,
	happened timestamp with time zone,
	sequence bigint,
	id text COLLATE pg_catalog."C",
	stored timestamp with time zone,
	received timestamp with time zone,
	submitted timestamp with time zone,
	due timestamp with time zone,
	finished timestamp with time zone,
	unit text,
	field text,
	procedure text,
	channel text,
	status text,
	reason text,
	record jsonb
);

ALTER TYPE kipthoi.audit_event OWNER TO kipthoi_owner;

--
-- Name: audit_pause; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.audit_pause AS (
	kind text,
	from_at timestamp with time zone,
	to_at timestamp with time zone,
	reason text,
	told integer
);

ALTER TYPE kipthoi.audit_pause OWNER TO kipthoi_owner;

--
-- Name: audit_fold_row; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.audit_fold_row AS (
	events integer,
	last_happened timestamp with time zone,
	last_sequence bigint,
	last_event_id text,
	unit text,
	field text,
	procedure text,
	online boolean,
	submitted_at timestamp with time zone,
	received_at timestamp with time zone,
	accepted_at timestamp with time zone,
	due_first timestamp with time zone,
	due_current timestamp with time zone,
	finished_first timestamp with time zone,
	finished_at timestamp with time zone,
	returned_at timestamp with time zone,
	refused_at timestamp with time zone,
	stopped_at timestamp with time zone,
	withdrawn_at timestamp with time zone,
	told_at timestamp with time zone,
	due_moves integer,
	supplements integer,
	flags integer,
	pauses kipthoi.audit_pause[]
);

ALTER TYPE kipthoi.audit_fold_row OWNER TO kipthoi_owner;

--
-- Name: dossier_class; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.dossier_class AS ENUM (
    'early',
    'on_time',
    'late',
    'in_time',
    'overdue',
    'paused',
    'excluded'
);

ALTER TYPE kipthoi.dossier_class OWNER TO kipthoi_owner;

--
-- Name: dossier_state; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.dossier_state AS ENUM (
    'received',
    'in_process',
    'paused',
    'finished',
    'returned',
    'refused',
    'stopped',
    'withdrawn'
);

ALTER TYPE kipthoi.dossier_state OWNER TO kipthoi_owner;

--
-- Name: duty_state; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.duty_state AS ENUM (
    'owed',
    'drafted',
    'approved',
    'sent',
    'void'
);

ALTER TYPE kipthoi.duty_state OWNER TO kipthoi_owner;

--
-- Name: letter_state; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.letter_state AS ENUM (
    'drafted',
    'approved',
    'sent'
);

ALTER TYPE kipthoi.letter_state OWNER TO kipthoi_owner;

--
-- Name: rule_name; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.rule_name AS ENUM (
    'promise',
    'portal',
    'intake'
);

ALTER TYPE kipthoi.rule_name OWNER TO kipthoi_owner;

--
-- Name: alias_apply(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.alias_apply() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    WITH moved AS (
        UPDATE event e SET dossier = x.means, slot = x.slot
        FROM (
            SELECT s.source_id, e.event_id, e.segment,
                coalesce(a.means, t.told) AS means, dossier_slot(s.name, coalesce(a.means, t.told)) AS slot
            FROM source s
            JOIN event e ON e.source_id = s.source_id
            CROSS JOIN LATERAL (
                SELECT e.payload::jsonb #>> CASE e.kind WHEN 14 THEN '{data,MaHoSo}' ELSE '{data,dossier}' END::text[] AS told
                OFFSET 0) t
            LEFT JOIN code_alias a ON a.source = s.name AND a.list = 'dossier' AND a.code = t.told
            WHERE e.kind <> 15 AND s.name IN (SELECT c.source FROM code_alias c WHERE c.list = 'dossier')) x
        WHERE e.source_id = x.source_id AND e.event_id = x.event_id AND e.segment = x.segment AND e.dossier <> x.means
        RETURNING 1)
    SELECT count(*) FROM moved
$$;

ALTER FUNCTION kipthoi.alias_apply() OWNER TO kipthoi_owner;

--
-- Name: audit_add(kipthoi.audit_calendar, timestamp with time zone, bigint); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_add(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_us bigint) RETURNS timestamp with time zone
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    work bigint;
    n int;
    last int := cardinality(p_hours.starts);
BEGIN
    IF p_from < p_hours.begins OR p_from > p_hours.ends THEN
        RETURN NULL;
    ELSIF p_us = 0 THEN
        RETURN p_from;
    END IF;
    work := audit_working(p_hours.starts, p_hours.stops, p_hours.before, p_from) + p_us;
    -- The last stretch with less work before it.
    n := width_bucket(work - 1, p_hours.before);
    IF n = 0 OR work > p_hours.before[last] + audit_us(p_hours.starts[last], p_hours.stops[last]) THEN
        RETURN NULL;
    END IF;
    RETURN audit_later(p_hours.starts[n], work - p_hours.before[n]);
END
$$;

ALTER FUNCTION kipthoi.audit_add(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_us bigint) OWNER TO kipthoi_owner;

--
-- Name: audit_between(kipthoi.audit_calendar, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_between(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_to timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
BEGIN
    IF least(p_from, p_to) < p_hours.begins OR greatest(p_from, p_to) > p_hours.ends THEN
        RETURN NULL;
    END IF;
    RETURN audit_working(p_hours.starts, p_hours.stops, p_hours.before, p_to)
        - audit_working(p_hours.starts, p_hours.stops, p_hours.before, p_from);
END
$$;

ALTER FUNCTION kipthoi.audit_between(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_to timestamp with time zone) OWNER TO kipthoi_owner;

--
-- Name: audit_calendars(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_calendars() RETURNS SETOF kipthoi.audit_calendar
    LANGUAGE sql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    WITH day AS (
        SELECT c.version, d.day, s.kind,
            -- The zone's clocks go on as usual for a day before and a day behind.
            (d.day + 2)::timestamptz - (d.day - 1)::timestamptz = interval '72 hours' AS quiet,
            CASE
                WHEN s.day IS NULL THEN extract(isodow FROM d.day)
                WHEN s.kind = 'work' AND NOT EXISTS (
                    SELECT FROM calendar_day_hours h WHERE h.version = s.version AND h.day = s.day) THEN 1
            END AS weekday
        FROM calendar c
        CROSS JOIN LATERAL (
            SELECT make_date(c.first_year, 1, 1) + n AS day
            FROM generate_series(0, make_date(c.last_year + 1, 1, 1) - make_date(c.first_year, 1, 1) - 1) AS g (n)) d
        LEFT JOIN calendar_day s ON s.version = c.version AND s.day = d.day
    ), worked AS (
        SELECT d.version, h.unit_id, d.day, d.quiet, h.begins, h.ends
        FROM day d JOIN calendar_hours h ON h.version = d.version AND h.weekday = d.weekday
        UNION ALL
        SELECT d.version, u.unit_id, d.day, d.quiet, h.begins, h.ends
        FROM day d
        JOIN calendar_day_hours h ON h.version = d.version AND h.day = d.day
        JOIN calendar_unit u ON u.version = d.version
        WHERE d.kind = 'work'
    ), stretch AS (
        SELECT w.version, w.unit_id,
            CASE WHEN w.quiet THEN (w.day + w.begins)::timestamptz ELSE audit_reach(w.day, w.begins) END AS start,
            CASE WHEN w.quiet THEN (w.day + w.ends)::timestamptz ELSE audit_reach(w.day, w.ends) END AS stop
        FROM worked w
    ), summed AS (
        SELECT s.version, s.unit_id, s.start, s.stop,
            (sum(audit_us(s.start, s.stop)) OVER earlier - audit_us(s.start, s.stop))::bigint AS before
        FROM stretch s WHERE s.start < s.stop
        WINDOW earlier AS (PARTITION BY s.version, s.unit_id ORDER BY s.start)
    ), gathered AS (
        SELECT s.version, s.unit_id, array_agg(s.start ORDER BY s.start) AS starts,
            array_agg(s.stop ORDER BY s.start) AS stops, array_agg(s.before ORDER BY s.start) AS before
        FROM summed s GROUP BY s.version, s.unit_id
    )
    SELECT c.version, u.unit_id, audit_reach(make_date(c.first_year, 1, 1), '00:00'),
        audit_reach(make_date(c.last_year + 1, 1, 1), '00:00'), u.day_s * 1000000::bigint, u.cut_off,
        coalesce(g.starts, '{}'), coalesce(g.stops, '{}'), coalesce(g.before, '{}')
    FROM calendar c
    JOIN calendar_unit u ON u.version = c.version
    LEFT JOIN gathered g ON g.version = u.version AND g.unit_id = u.unit_id
$$;

ALTER FUNCTION kipthoi.audit_calendars() OWNER TO kipthoi_owner;

--
-- Name: audit_dossiers(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_dossiers() RETURNS TABLE(source_id integer, code text, slot smallint, slot_max smallint, unit text, field text, procedure text, events integer, flags integer, pauses integer, due_moves integer, supplements integer, calendar integer, online boolean, state text, promise text, promise_day date, portal text, portal_day date, intake text, intake_day date, last_happened timestamp with time zone, last_sequence bigint, last_event_id text, submitted_at timestamp with time zone, received_at timestamp with time zone, accepted_at timestamp with time zone, due_first timestamp with time zone, due_current timestamp with time zone, finished_first timestamp with time zone, finished_at timestamp with time zone, returned_at timestamp with time zone, refused_at timestamp with time zone, stopped_at timestamp with time zone, withdrawn_at timestamp with time zone, told_at timestamp with time zone, due_computed timestamp with time zone, promise_due timestamp with time zone, portal_due timestamp with time zone, intake_due timestamp with time zone, flips_at timestamp with time zone, reappointments integer, broken integer, next_due timestamp with time zone, pause_list kipthoi.audit_pause[], promise_list timestamp with time zone[])
    LANGUAGE sql STABLE ROWS 1e+06
    SET search_path TO 'kipthoi', 'pg_temp'
    SET enable_nestloop TO 'off'
    AS $$
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

ALTER FUNCTION kipthoi.audit_dossiers() OWNER TO kipthoi_owner;

--
-- Name: audit_due(kipthoi.audit_calendar, tstzmultirange, text, timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_due(p_hours kipthoi.audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamp with time zone, p_base timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    due timestamptz := p_base;
    pause tstzrange;
BEGIN
    FOR pause IN SELECT u.pause FROM unnest(p_pauses) AS u (pause) ORDER BY u.pause LOOP
        EXIT WHEN p_way <> 'deduct' AND lower(pause) > due;
        due := CASE
            WHEN p_way = 'restart' AND p_hours IS NULL THEN audit_later(upper(pause), audit_us(p_start, p_base))
            WHEN p_way = 'restart' THEN audit_add(p_hours, upper(pause), audit_between(p_hours, p_start, p_base))
            WHEN p_way = 'deduct' OR p_hours IS NULL THEN audit_later(due, audit_us(lower(pause), upper(pause)))
            ELSE audit_add(p_hours, due, audit_between(p_hours, lower(pause), upper(pause)))
        END;
        EXIT WHEN due IS NULL;
    END LOOP;
    RETURN due;
END
$$;

ALTER FUNCTION kipthoi.audit_due(p_hours kipthoi.audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamp with time zone, p_base timestamp with time zone) OWNER TO kipthoi_owner;

--
-- Name: audit_first(timestamp without time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_first(p_local timestamp without time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    taken timestamptz := p_local;
    earlier timestamptz := taken - interval '24 hours';
    by_offset_before timestamptz := taken - interval '24 hours' + (p_local - earlier::timestamp);
BEGIN
    RETURN CASE WHEN by_offset_before::timestamp = p_local THEN by_offset_before ELSE taken END;
END
$$;

ALTER FUNCTION kipthoi.audit_first(p_local timestamp without time zone) OWNER TO kipthoi_owner;

--
-- Name: audit_fold(kipthoi.audit_event[]); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_fold(p_events kipthoi.audit_event[]) RETURNS kipthoi.audit_fold_row
    LANGUAGE plpgsql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $_$
DECLARE
    d audit_fold_row;
    e audit_event;
    pauses audit_pause[] := '{}';
    listed boolean := false;
    is_full boolean;
    s int;
    m timestamptz;
    dues timestamptz[];
    due timestamptz;
    explained boolean;
    finish timestamptz;
    asks text;
    answers text[];
    answered text;
    n int;
    open_supplement int;  -- place of the open pause of a kind
    open_payment int;
    told int := 0;
    list jsonb;
    entry jsonb;
BEGIN
    d.online := false;
    d.due_moves := 0;
    d.supplements := 0;
    d.flags := 0;
    FOREACH e IN ARRAY p_events LOOP
        s := CASE WHEN e.status ~ '^([1-9]|10)$' THEN e.status::int END;
        is_full := e.kind = 14 AND audit_text(e.record, 'TrangThaiHoSo') IS NOT NULL;
        list := CASE WHEN is_full AND jsonb_typeof(e.record -> 'DanhSachHoSoBoSung') = 'array'
            AND e.record -> 'DanhSachHoSoBoSung' <> '[]' THEN e.record -> 'DanhSachHoSoBoSung' END;
        m := e.happened;
        IF e.kind = 14 AND NOT is_full THEN
            m := coalesce(audit_moment(audit_text(e.record, 'ThoiDiemXuLy')), m);
        END IF;

        -- What any event may tell.
        IF is_full THEN
            e.received := audit_moment(audit_text(e.record, 'NgayTiepNhan'));
            e.submitted := audit_moment(audit_text(e.record, 'NgayNopHoSo'));
            e.due := audit_promised(audit_text(e.record, 'NgayHenTra'));
        END IF;
        d.received_at := coalesce(e.received, CASE WHEN e.kind = 1 THEN e.happened END, d.received_at);
        d.submitted_at := coalesce(e.submitted, d.submitted_at);
        d.unit := coalesce(e.unit, d.unit);
        d.field := coalesce(e.field, d.field);
        d.procedure := coalesce(e.procedure, d.procedure);
        d.online := coalesce(e.channel = 'online', d.online);
        IF e.kind BETWEEN 8 AND 12 OR s IN (3, 7, 8, 9, 10) THEN
            d.told_at := least(d.told_at, e.stored);
        END IF;

        -- Dues.
        dues := ARRAY[e.due];
        explained := false;
        IF list IS NOT NULL THEN
            explained := EXISTS (SELECT FROM jsonb_array_elements(list) x
                WHERE audit_promised(audit_text(x, 'NgayHenTraMoi')) = e.due);
            IF d.due_first IS NULL THEN
                dues := (SELECT (array_agg(t.at ORDER BY t.n))[1] || dues
                    FROM (SELECT audit_promised(audit_text(x.entry, 'NgayHenTraTruoc')) AS at, x.n
                        FROM jsonb_array_elements(list) WITH ORDINALITY AS x (entry, n)) t
                    WHERE t.at IS NOT NULL);
            END IF;
        END IF;
        FOREACH due IN ARRAY dues LOOP
            IF due <> d.due_current AND e.kind = 7 THEN
                d.due_moves := least(d.due_moves + 1, 32767);
            ELSIF due <> d.due_current AND NOT explained THEN
                d.flags := d.flags | 1;
            END IF;
            d.due_first := coalesce(d.due_first, due);
            d.due_current := coalesce(due, d.due_current);
        END LOOP;

        -- 4, 1 to 6, and the events that say the same.
        IF is_full AND s IN (1, 2, 4, 5, 6) THEN
            IF num_nonnulls(d.finished_at, d.returned_at, d.refused_at, d.stopped_at, d.withdrawn_at) > 0 THEN
                d.flags := d.flags | 32;
            END IF;
            d.finished_at := NULL;
            d.returned_at := NULL;
            d.refused_at := NULL;
            d.stopped_at := NULL;
            d.withdrawn_at := NULL;
        END IF;
        finish := CASE WHEN e.kind = 8 THEN coalesce(e.finished, e.happened) END;
        IF e.kind = 2 THEN
            d.accepted_at := e.happened;
        ELSIF e.kind = 9 THEN
            d.returned_at := e.happened;
        ELSIF e.kind = 10 THEN
            d.refused_at := e.happened;
        ELSIF e.kind = 11 THEN
            d.stopped_at := e.happened;
        ELSIF e.kind = 12 THEN
            d.withdrawn_at := e.happened;
        ELSIF e.kind = 14 THEN
            IF s NOT IN (1, 3) THEN
                d.accepted_at := coalesce(e.received, d.accepted_at, m);
            END IF;
            IF s = 1 THEN
                d.received_at := coalesce(d.received_at, m);
            ELSIF s = 3 THEN
                d.refused_at := coalesce(CASE WHEN is_full THEN audit_moment(audit_text(e.record, 'NgayTuChoi')) END, d.refused_at, m);
            ELSIF s = 7 THEN
                d.withdrawn_at := coalesce(d.withdrawn_at, m);
            ELSIF s = 8 THEN
                d.stopped_at := coalesce(d.stopped_at, m);
            ELSIF s IN (9, 10) THEN
                finish := CASE WHEN is_full THEN audit_moment(audit_text(e.record, 'NgayKetThucXuLy')) END;
                IF finish IS NULL AND s = 9 AND d.finished_at IS NULL THEN
                    finish := m;
                END IF;
                IF s = 10 THEN
                    d.returned_at := coalesce(CASE WHEN is_full THEN audit_moment(audit_text(e.record, 'NgayTra')) END, d.returned_at, m);
                END IF;
            END IF;
        END IF;
        IF finish <> d.finished_at THEN
            d.flags := d.flags | 2;
        END IF;
        d.finished_first := coalesce(d.finished_first, finish);
        d.finished_at := coalesce(finish, d.finished_at);

        -- 4, 7: the list.
        IF EXISTS (SELECT FROM jsonb_array_elements(list) AS x (entry) WHERE audit_text(x.entry, 'NgayBoSung') IS NOT NULL) THEN
            listed := true;
            pauses := ARRAY(SELECT p FROM unnest(pauses) AS p WHERE p.kind <> 'supplement');
            open_payment := audit_open(pauses, 'payment');
            d.supplements := 0;
            FOR entry IN SELECT x.entry FROM jsonb_array_elements(list) WITH ORDINALITY AS x (entry, n) ORDER BY x.n LOOP
                IF audit_text(entry, 'NgayBoSung') IS NOT NULL THEN
                    told := told + 1;
                    d.supplements := d.supplements + 1;
                    pauses := pauses || ROW('supplement', audit_moment(audit_text(entry, 'NgayBoSung')),
                        audit_moment(audit_text(entry, 'NgayTiepNhanBoSung')), NULL, told)::audit_pause;
                END IF;
            END LOOP;
        END IF;

        -- 3 and 4, 8: requests and answers.
        asks := CASE WHEN e.kind = 3 OR s = 5 THEN 'supplement' WHEN e.kind = 5 OR s = 6 THEN 'payment' END;
        answers := CASE WHEN s IN (2, 4, 9, 10) THEN '{supplement,payment}' WHEN e.kind = 4 THEN '{supplement}'
            WHEN e.kind = 6 THEN '{payment}' ELSE '{}' END;
        IF listed THEN
            asks := nullif(asks, 'supplement');
            answers := array_remove(answers, 'supplement');
        END IF;
        IF asks IS NOT NULL THEN
            n := CASE asks WHEN 'supplement' THEN open_supplement ELSE open_payment END;
            IF asks = 'supplement' AND (e.kind = 3 OR n IS NULL) THEN
                d.supplements := least(d.supplements + 1, 32767);
            END IF;
            IF n IS NULL THEN
                told := told + 1;
                pauses := pauses || ROW(asks, m, NULL, e.reason, told)::audit_pause;
                IF asks = 'supplement' THEN
                    open_supplement := cardinality(pauses);
                ELSE
                    open_payment := cardinality(pauses);
                END IF;
            END IF;
        END IF;
        FOREACH answered IN ARRAY answers LOOP
            n := CASE answered WHEN 'supplement' THEN open_supplement ELSE open_payment END;
            IF n IS NOT NULL THEN
                pauses[n].to_at := m;
                IF answered = 'supplement' THEN
                    open_supplement := NULL;
                ELSE
                    open_payment := NULL;
                END IF;
            ELSIF e.kind = 4 THEN
                d.flags := d.flags | 64;
            END IF;
        END LOOP;
    END LOOP;
    d.events := cardinality(p_events);
    d.last_happened := e.happened;
    d.last_sequence := e.sequence;
    d.last_event_id := e.id;
    d.pauses := ARRAY(SELECT p FROM unnest(pauses) AS p ORDER BY p.from_at, p.told);
    RETURN d;
END
$_$;

ALTER FUNCTION kipthoi.audit_fold(p_events kipthoi.audit_event[]) OWNER TO kipthoi_owner;

--
-- Name: audit_folds(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_folds() RETURNS TABLE(source_id integer, code text, slot smallint, slot_max smallint, fold kipthoi.audit_fold_row)
    LANGUAGE sql STABLE ROWS 1e+06
    SET search_path TO 'kipthoi', 'pg_temp'
    SET enable_nestloop TO 'off'
    AS $_$
    WITH book AS MATERIALIZED (
        -- Of rows for the same day the later one holds.
        SELECT s.source_id, a.source = '*' AS any_source, a.list, a.code, a.means, a.valid_from,
            least(a.valid_to, lead(a.valid_from) OVER (PARTITION BY a.source, a.list, a.code ORDER BY a.valid_from) - 1) AS valid_to
        FROM code_alias a LEFT JOIN source s ON s.name = a.source
    ), parsed AS MATERIALIZED (
        SELECT e.source_id, e.slot, k.kind, e.stored, (p.j ->> 'id') COLLATE "C" AS id,
            coalesce((p.j ->> 'sequence')::numeric::bigint, 0) AS sequence,
            audit_instant(p.j ->> 'time') AS happened,
            (CASE WHEN k.kind = 14 THEN audit_text(p.d, 'MaHoSo') ELSE p.d ->> 'dossier' END) COLLATE "C" AS code,
            CASE WHEN k.kind < 13 THEN audit_instant(p.d ->> 'received') END AS received,
            CASE WHEN k.kind < 13 THEN audit_instant(p.d ->> 'submitted') END AS submitted,
            CASE WHEN k.kind < 13 THEN audit_instant(p.d ->> 'due') END AS due,
            CASE WHEN k.kind = 8 THEN audit_instant(p.d ->> 'finished') END AS finished,
            CASE WHEN k.kind < 13 THEN p.d ->> 'unit' WHEN r.is_full THEN audit_text(p.d, 'DonViXuLy') END AS unit,
            CASE WHEN k.kind < 13 THEN p.d ->> 'field' WHEN r.is_full THEN audit_text(p.d, 'MaLinhVuc') END AS field,
            CASE WHEN k.kind < 13 THEN p.d ->> 'procedure' WHEN r.is_full THEN audit_text(p.d, 'MaTTHC') END AS procedure,
            CASE WHEN k.kind < 13 THEN p.d ->> 'channel' WHEN r.is_full THEN audit_text(p.d, 'KenhThucHien') END AS channel,
            CASE WHEN k.kind = 14 THEN coalesce(audit_text(p.d, 'TrangThaiHoSo'), audit_text(p.d, 'TrangThai')) END AS status,
            CASE WHEN k.kind IN (3, 5) THEN p.d ->> 'reason' END AS reason,
            CASE WHEN k.kind = 14 THEN p.d END AS record
        FROM event e
        JOIN scorer_cursor c ON c.shard = e.slot % c.shards
        CROSS JOIN LATERAL (
            SELECT x.j, x.j -> 'data' AS d
            FROM (SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) OR EXISTS (
                SELECT FROM event_redaction x
                WHERE x.source_id = e.source_id AND x.event_id = e.event_id AND x.digest = sha256(convert_to(e.payload, 'UTF8'))) THEN e.payload::jsonb END AS j OFFSET 0) x
            OFFSET 0) p
        JOIN event_kind k ON k.type = p.j ->> 'type'
        CROSS JOIN LATERAL (SELECT k.kind = 14 AND audit_text(p.d, 'TrangThaiHoSo') IS NOT NULL AS is_full OFFSET 0) r
        WHERE (e.segment < c.segment OR (e.segment = c.segment AND pg_visible_in_snapshot(e.xid, c.snapshot)))
            AND p.j IS NOT NULL AND k.kind <> 15
    ), formed AS (
        SELECT p.*, p.happened::date AS day,
            CASE WHEN p.unit LIKE '000.%' THEN audit_unit(p.unit) ELSE p.unit END AS unit_form,
            CASE WHEN p.procedure LIKE '_.______%' AND p.procedure ~ '^[0-9]\.[0-9]{6}(\..+)?$' THEN left(p.procedure, 8)
                ELSE p.procedure END AS procedure_form
        FROM parsed p
    ), facts AS MATERIALIZED (
        SELECT f.source_id, f.slot, f.kind, f.stored, f.id, f.sequence, f.happened, f.received, f.submitted, f.due, f.finished,
            f.reason, f.record, coalesce(d.means, f.code) COLLATE "C" AS code,
            coalesce(u1.means, u2.means, f.unit_form) AS unit,
            coalesce(f1.means, f2.means, f.field) AS field,
            coalesce(p1.means, p2.means, f.procedure_form) AS procedure,
            coalesce(c1.means, c2.means, CASE f.channel WHEN '1' THEN 'counter' WHEN '2' THEN 'online' WHEN '3' THEN 'post'
                ELSE f.channel END) AS channel,
            coalesce(s1.means, s2.means, f.status) AS status
        FROM formed f
        LEFT JOIN book d ON d.list = 'dossier' AND d.source_id = f.source_id AND d.code = f.code
        LEFT JOIN book u1 ON u1.list = 'unit' AND u1.source_id = f.source_id AND u1.code = f.unit_form
            AND f.day BETWEEN u1.valid_from AND u1.valid_to
        LEFT JOIN book u2 ON u2.list = 'unit' AND u2.any_source AND u2.code = f.unit_form
            AND f.day BETWEEN u2.valid_from AND u2.valid_to
        LEFT JOIN book f1 ON f1.list = 'field' AND f1.source_id = f.source_id AND f1.code = f.field
            AND f.day BETWEEN f1.valid_from AND f1.valid_to
        LEFT JOIN book f2 ON f2.list = 'field' AND f2.any_source AND f2.code = f.field
            AND f.day BETWEEN f2.valid_from AND f2.valid_to
        LEFT JOIN book p1 ON p1.list = 'procedure' AND p1.source_id = f.source_id AND p1.code = f.procedure_form
            AND f.day BETWEEN p1.valid_from AND p1.valid_to
        LEFT JOIN book p2 ON p2.list = 'procedure' AND p2.any_source AND p2.code = f.procedure_form
            AND f.day BETWEEN p2.valid_from AND p2.valid_to
        LEFT JOIN book c1 ON c1.list = 'channel' AND c1.source_id = f.source_id AND c1.code = f.channel
            AND f.day BETWEEN c1.valid_from AND c1.valid_to
        LEFT JOIN book c2 ON c2.list = 'channel' AND c2.any_source AND c2.code = f.channel
            AND f.day BETWEEN c2.valid_from AND c2.valid_to
        LEFT JOIN book s1 ON s1.list = 'status' AND s1.source_id = f.source_id AND s1.code = f.status
            AND f.day BETWEEN s1.valid_from AND s1.valid_to
        LEFT JOIN book s2 ON s2.list = 'status' AND s2.any_source AND s2.code = f.status
            AND f.day BETWEEN s2.valid_from AND s2.valid_to
    ), sequenced AS MATERIALIZED (
        SELECT DISTINCT f.source_id, f.code FROM facts f WHERE f.kind IN (3, 4, 5, 6, 14)
    ), ordered AS (
        -- Events in their order, which the arrays below keep.
        SELECT f.*,
            CASE WHEN f.kind = 1 THEN coalesce(f.received, f.happened) ELSE f.received END AS received_told,
            CASE WHEN f.kind = 8 THEN coalesce(f.finished, f.happened) END AS finish_told
        FROM facts f
        WHERE NOT EXISTS (SELECT FROM sequenced s WHERE s.source_id = f.source_id AND s.code = f.code)
        ORDER BY f.source_id, f.code, f.happened, f.sequence, f.id
    ), gathered AS (
        SELECT o.source_id, o.code, min(o.slot) AS slot, max(o.slot) AS slot_max, count(*)::int AS events,
            (array_agg(o.happened))[count(*)] AS last_happened,
            (array_agg(o.sequence))[count(*)] AS last_sequence,
            (array_agg(o.id))[count(*)] AS last_event_id,
            (array_agg(o.unit) FILTER (WHERE o.unit IS NOT NULL))[count(o.unit)] AS unit,
            (array_agg(o.field) FILTER (WHERE o.field IS NOT NULL))[count(o.field)] AS field,
            (array_agg(o.procedure) FILTER (WHERE o.procedure IS NOT NULL))[count(o.procedure)] AS procedure,
            (array_agg(o.channel) FILTER (WHERE o.channel IS NOT NULL))[count(o.channel)] AS channel,
            (array_agg(o.submitted) FILTER (WHERE o.submitted IS NOT NULL))[count(o.submitted)] AS submitted_at,
            (array_agg(o.received_told) FILTER (WHERE o.received_told IS NOT NULL))[count(o.received_told)] AS received_at,
            array_agg(o.due) FILTER (WHERE o.due IS NOT NULL) AS dues,
            array_agg(o.kind = 7) FILTER (WHERE o.due IS NOT NULL) AS announced,
            array_agg(o.finish_told) FILTER (WHERE o.finish_told IS NOT NULL) AS finishes,
            max(o.happened) FILTER (WHERE o.kind = 2) AS accepted_at,
            max(o.happened) FILTER (WHERE o.kind = 9) AS returned_at,
            max(o.happened) FILTER (WHERE o.kind = 10) AS refused_at,
            max(o.happened) FILTER (WHERE o.kind = 11) AS stopped_at,
            max(o.happened) FILTER (WHERE o.kind = 12) AS withdrawn_at,
            min(o.stored) FILTER (WHERE o.kind BETWEEN 8 AND 12) AS told_at
        FROM ordered o
        GROUP BY o.source_id, o.code
    )
    SELECT g.source_id, g.code, g.slot, g.slot_max,
        ROW(g.events, g.last_happened, g.last_sequence, g.last_event_id, g.unit, g.field, g.procedure,
            coalesce(g.channel = 'online', false), g.submitted_at, g.received_at, g.accepted_at,
            g.dues[1], g.dues[cardinality(g.dues)], g.finishes[1], g.finishes[cardinality(g.finishes)],
            g.returned_at, g.refused_at, g.stopped_at, g.withdrawn_at, g.told_at,
            least(m.announced, 32767), 0, (m.silent > 0)::int + 2 * (m.finishes > 0)::int, '{}'::audit_pause[])::audit_fold_row
    FROM gathered g
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN cardinality(g.dues) > 1 THEN (
                SELECT count(*) FROM unnest(g.dues, g.announced) WITH ORDINALITY AS u (due, announced, n)
                WHERE u.n > 1 AND u.due <> g.dues[u.n - 1] AND u.announced) ELSE 0 END AS announced,
            CASE WHEN cardinality(g.dues) > 1 THEN (
                SELECT count(*) FROM unnest(g.dues, g.announced) WITH ORDINALITY AS u (due, announced, n)
                WHERE u.n > 1 AND u.due <> g.dues[u.n - 1] AND NOT u.announced) ELSE 0 END AS silent,
            CASE WHEN cardinality(g.finishes) > 1 THEN (
                SELECT count(*) FROM unnest(g.finishes) WITH ORDINALITY AS u (finished, n)
                WHERE u.n > 1 AND u.finished <> g.finishes[u.n - 1]) ELSE 0 END AS finishes
        OFFSET 0) m
    UNION ALL
    SELECT f.source_id, f.code, min(f.slot), max(f.slot),
        audit_fold(array_agg(ROW(f.kind, f.happened, f.sequence, f.id, f.stored, f.received, f.submitted, f.due, f.finished,
            f.unit, f.field, f.procedure, f.channel, f.status, f.reason, f.record)::audit_event
            ORDER BY f.happened, f.sequence, f.id))
    FROM facts f JOIN sequenced s ON s.source_id = f.source_id AND s.code = f.code
    GROUP BY f.source_id, f.code
$_$;

ALTER FUNCTION kipthoi.audit_folds() OWNER TO kipthoi_owner;

--
-- Name: audit_instant(text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_instant(p_text text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $$
    SELECT (CASE WHEN strpos(p_text, '.') > 0 OR strpos(p_text, ':60') > 0
        THEN regexp_replace(regexp_replace(p_text, ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
        ELSE p_text END)::timestamptz
$$;

ALTER FUNCTION kipthoi.audit_instant(p_text text) OWNER TO kipthoi_owner;

--
-- Name: audit_later(timestamp with time zone, bigint); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_later(p_from timestamp with time zone, p_us bigint) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT p_from + p_us * interval '1 microsecond'
$$;

ALTER FUNCTION kipthoi.audit_later(p_from timestamp with time zone, p_us bigint) OWNER TO kipthoi_owner;

--
-- Name: audit_moment(text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_moment(p_text text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $_$
BEGIN
    RETURN CASE
        WHEN p_text = '' THEN NULL
        WHEN p_text ~ '^[0-9]{8}$' THEN audit_first(to_date(p_text, 'YYYYMMDD')::timestamp)
        WHEN p_text ~ '^[0-9]{14}$' THEN
            audit_first(regexp_replace(p_text, '^(....)(..)(..)(..)(..)(..)$', '\1-\2-\3 \4:\5:\6')::timestamp)
        WHEN p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2})?$' THEN audit_first(p_text::timestamp)
        ELSE audit_instant(p_text)
    END;
END
$_$;

ALTER FUNCTION kipthoi.audit_moment(p_text text) OWNER TO kipthoi_owner;

--
-- Name: audit_open(kipthoi.audit_pause[], text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_open(p_pauses kipthoi.audit_pause[], p_kind text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    SELECT max(u.n)::int FROM unnest(p_pauses) WITH ORDINALITY AS u (kind, from_at, to_at, reason, told, n)
    WHERE u.kind = p_kind AND u.to_at IS NULL
$$;

ALTER FUNCTION kipthoi.audit_open(p_pauses kipthoi.audit_pause[], p_kind text) OWNER TO kipthoi_owner;

--
-- Name: audit_promised(text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_promised(p_text text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $_$
    SELECT CASE
        WHEN p_text ~ '^([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})$' THEN
            audit_moment(to_char(replace(p_text, '-', '')::date + 1, 'YYYYMMDD')) - interval '1 microsecond'
        ELSE audit_moment(p_text)
    END
$_$;

ALTER FUNCTION kipthoi.audit_promised(p_text text) OWNER TO kipthoi_owner;

--
-- Name: audit_reach(date, time without time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_reach(p_day date, p_time time without time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    wall timestamp := p_day + p_time;
    late timestamptz := audit_first(wall);
    early timestamptz;
    middle timestamptz;
BEGIN
    IF late::timestamp = wall THEN
        RETURN late;
    END IF;
    -- Skipped: the change lies within the hours by which late is later; clocks change at whole seconds.
    early := late - (late::timestamp - wall);
    WHILE late - early > interval '1 second' LOOP
        middle := date_trunc('second', early + (late - early) / 2);
        IF middle::timestamp >= wall THEN
            late := middle;
        ELSE
            early := middle;
        END IF;
    END LOOP;
    RETURN late;
END
$$;

ALTER FUNCTION kipthoi.audit_reach(p_day date, p_time time without time zone) OWNER TO kipthoi_owner;

--
-- Name: audit_reappointed(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_reappointed() RETURNS TABLE(source_id integer, code text, dues timestamp with time zone[], reappointments integer)
    LANGUAGE sql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    SET enable_nestloop TO 'off'
    AS $$
    WITH told AS (
        SELECT e.source_id, coalesce(a.means, p.j -> 'data' ->> 'dossier') COLLATE "C" AS code,
            audit_instant(p.j -> 'data' ->> 'due') AS due, audit_instant(p.j ->> 'time') AS happened,
            coalesce((p.j ->> 'sequence')::numeric::bigint, 0) AS sequence, (p.j ->> 'id') COLLATE "C" AS id
        FROM event e
        JOIN scorer_cursor c ON c.shard = e.slot % c.shards
        JOIN source s ON s.source_id = e.source_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) OR EXISTS (
                SELECT FROM event_redaction x
                WHERE x.source_id = e.source_id AND x.event_id = e.event_id AND x.digest = sha256(convert_to(e.payload, 'UTF8'))) THEN e.payload::jsonb END AS j OFFSET 0) p
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

ALTER FUNCTION kipthoi.audit_reappointed() OWNER TO kipthoi_owner;

--
-- Name: audit_term(kipthoi.audit_calendar, timestamp with time zone, integer, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_term(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_count integer, p_unit text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    start timestamptz := p_from;
BEGIN
    IF p_unit = 'calendar_days' THEN
        RETURN (p_from::timestamp + make_interval(days => p_count))::timestamptz;
    ELSIF p_unit = 'months' THEN
        RETURN (p_from::timestamp + make_interval(months => p_count))::timestamptz;
    ELSIF p_from < p_hours.begins OR p_from > p_hours.ends THEN
        RETURN NULL;
    END IF;
    IF p_hours.cut_off IS NOT NULL AND p_from < p_hours.ends AND p_from > audit_reach(p_from::date, p_hours.cut_off) THEN
        start := audit_reach(p_from::date + 1, '00:00');
    END IF;
    RETURN audit_add(p_hours, start,
        p_count * CASE p_unit WHEN 'working_days' THEN p_hours.day_us ELSE 3600000000 END);
END
$$;

ALTER FUNCTION kipthoi.audit_term(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_count integer, p_unit text) OWNER TO kipthoi_owner;

--
-- Name: audit_text(jsonb, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_text(p_record jsonb, p_name text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT nullif(CASE WHEN jsonb_typeof(p_record -> p_name) = 'number'
        THEN trim_scale((p_record ->> p_name)::numeric)::text ELSE p_record ->> p_name END, '')
$$;

ALTER FUNCTION kipthoi.audit_text(p_record jsonb, p_name text) OWNER TO kipthoi_owner;

--
-- Name: audit_unit(text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_unit(p_code text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
    SELECT CASE WHEN p_code ~ '^000(\.[^.]+)+\.H[0-9][0-9]$' THEN (
            SELECT string_agg(u.part, '.' ORDER BY u.n DESC)
            FROM unnest(string_to_array(p_code, '.')) WITH ORDINALITY AS u (part, n) WHERE u.n > 1)
        ELSE p_code END
$_$;

ALTER FUNCTION kipthoi.audit_unit(p_code text) OWNER TO kipthoi_owner;

--
-- Name: audit_us(timestamp with time zone, timestamp with time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_us(p_from timestamp with time zone, p_to timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT (extract(epoch FROM p_to - p_from) * 1000000)::bigint
$$;

ALTER FUNCTION kipthoi.audit_us(p_from timestamp with time zone, p_to timestamp with time zone) OWNER TO kipthoi_owner;

--
-- Name: audit_working(timestamp with time zone[], timestamp with time zone[], bigint[], timestamp with time zone); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.audit_working(p_starts timestamp with time zone[], p_stops timestamp with time zone[], p_before bigint[], p_at timestamp with time zone) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT coalesce(p_before[width_bucket(p_at, p_starts)]
        + audit_us(p_starts[width_bucket(p_at, p_starts)], least(p_at, p_stops[width_bucket(p_at, p_starts)])), 0)
$$;

ALTER FUNCTION kipthoi.audit_working(p_starts timestamp with time zone[], p_stops timestamp with time zone[], p_before bigint[], p_at timestamp with time zone) OWNER TO kipthoi_owner;

--
-- Name: contact_erase(integer, text, text, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.contact_erase(p_source_id integer, p_code text, p_who text, p_why text) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    INSERT INTO contact AS c (source_id, code, origin, updated_by, erased_at)
    VALUES (p_source_id, p_code, 'erased', p_who, now())
    ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE SET origin = 'erased', updated_by = p_who, updated_at = now(),
        erased_at = coalesce(c.erased_at, now()), name = NULL, address = NULL, phone = NULL, email = NULL, receipt_number = NULL;
    INSERT INTO contact_log (source_id, code, what, who, why) VALUES (p_source_id, p_code, 'erased', p_who, p_why);
    UPDATE quarantine SET payload = convert_to('erased', 'UTF8')
    WHERE source_id IN (p_source_id, 0) AND position(convert_to('"' || p_code || '"', 'UTF8') IN payload) > 0;
    WITH found AS (
        SELECT e.source_id, e.event_id, e.segment, x.payload
        FROM event e
        CROSS JOIN LATERAL (
            SELECT jsonb_set(e.payload::jsonb, '{data}', (e.payload::jsonb -> 'data') - ARRAY[
                'applicant', 'ChuHoSo', 'MaDoiTuong', 'Email', 'SoDienThoai', 'DiaChi', 'SoBienNhan', 'TrichYeuHoSo'])::text AS payload
            OFFSET 0) x
        WHERE e.source_id = p_source_id AND e.dossier = p_code AND e.kind <> 15
            AND e.payload::jsonb -> 'data' ?| ARRAY[
                'applicant', 'ChuHoSo', 'MaDoiTuong', 'Email', 'SoDienThoai', 'DiaChi', 'SoBienNhan', 'TrichYeuHoSo']
    ), changed AS (
        UPDATE event e SET payload = f.payload FROM found f
        WHERE e.source_id = f.source_id AND e.event_id = f.event_id AND e.segment = f.segment
    ), noted AS (
        INSERT INTO event_redaction AS r (source_id, event_id, digest)
        SELECT f.source_id, f.event_id, sha256(convert_to(f.payload, 'UTF8')) FROM found f
        ON CONFLICT ON CONSTRAINT event_redaction_pkey DO UPDATE SET digest = excluded.digest, at = now()
        RETURNING 1)
    SELECT count(*) FROM noted
$$;

ALTER FUNCTION kipthoi.contact_erase(p_source_id integer, p_code text, p_who text, p_why text) OWNER TO kipthoi_owner;

--
-- Name: contact_gather(integer[], text[]); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.contact_gather(p_source_id integer[], p_code text[]) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    WITH told AS (
        SELECT DISTINCT ON (e.source_id, e.dossier) e.source_id, e.dossier AS code, e.kind,
            CASE e.kind WHEN 14 THEN e.payload::jsonb -> 'data' ELSE e.payload::jsonb -> 'data' -> 'applicant' END AS j
        FROM unnest(p_source_id, p_code) AS u (source_id, code)
        JOIN event e ON e.source_id = u.source_id AND e.dossier = u.code COLLATE "C" AND e.kind NOT IN (13, 15)
        WHERE CASE e.kind
            WHEN 14 THEN e.payload::jsonb #>> '{data,ChuHoSo}' <> ''
            ELSE e.payload::jsonb #>> '{data,applicant,name}' <> ''
            END
        ORDER BY e.source_id, e.dossier, e.happened DESC, e.sequence DESC, e.event_id DESC
    ), fresh AS (
        SELECT t.source_id, t.code,
            left(CASE t.kind WHEN 14 THEN t.j ->> 'ChuHoSo' ELSE t.j ->> 'name' END, 200) AS name,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'DiaChi' ELSE t.j ->> 'address' END, ''), 500) AS address,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'SoDienThoai' ELSE t.j ->> 'phone' END, ''), 50) AS phone,
            CASE t.kind WHEN 14 THEN t.j ->> 'Email' ELSE t.j ->> 'email' END AS email,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'SoBienNhan' ELSE t.j ->> 'receipt_number' END, ''), 100) AS receipt_number
        FROM told t
    ), stored AS (
        INSERT INTO contact AS c (source_id, code, origin, updated_by, name, address, phone, email, receipt_number)
        SELECT r.source_id, r.code, 'event', 'event', r.name, r.address, r.phone,
            CASE WHEN length(r.email) BETWEEN 3 AND 254 THEN r.email END, r.receipt_number
        FROM fresh r
        ORDER BY r.source_id, r.code
        ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE SET name = excluded.name, address = excluded.address,
            phone = excluded.phone, email = excluded.email, receipt_number = excluded.receipt_number, updated_at = now()
        WHERE c.origin = 'event' AND (c.name, c.address, c.phone, c.email, c.receipt_number) IS DISTINCT FROM
            (excluded.name, excluded.address, excluded.phone, excluded.email, excluded.receipt_number)
        RETURNING 1)
    SELECT count(*) FROM stored
$$;

ALTER FUNCTION kipthoi.contact_gather(p_source_id integer[], p_code text[]) OWNER TO kipthoi_owner;

--
-- Name: dossier_slot(text, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.dossier_slot(p_source text, p_code text) RETURNS smallint
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    bytes bytea := convert_to(p_source, 'UTF8') || '\xff'::bytea || convert_to(p_code, 'UTF8');
    hash numeric := 14695981039346656037;
    low bigint;
BEGIN
    FOR i IN 0 .. octet_length(bytes) - 1 LOOP
        -- xor touches the lowest byte only; the product is kept below 2^64.
        low := (hash % 256)::bigint;
        hash := ((hash - low + (low # get_byte(bytes, i))) * 1099511628211) % 18446744073709551616;
    END LOOP;
    RETURN ((hash % 64)::int # (div(hash, 4294967296) % 64)::int)::smallint;
END
$$;

ALTER FUNCTION kipthoi.dossier_slot(p_source text, p_code text) OWNER TO kipthoi_owner;

--
-- Name: duty_recall(integer, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.duty_recall(p_source_id integer, p_code text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    INSERT INTO verdict_change (source_id, code, was, now, judged_at, broken)
    SELECT d.source_id, d.code, d.promise, d.promise, now(), d.broken
    FROM dossier d WHERE d.source_id = p_source_id AND d.code = p_code COLLATE "C"
$$;

ALTER FUNCTION kipthoi.duty_recall(p_source_id integer, p_code text) OWNER TO kipthoi_owner;

--
-- Name: event_append(text, bigint, integer[], text[], smallint[], smallint[], timestamp with time zone[], bigint[], text[], bytea[], text[], text[], integer[], bigint[], bigint[], bigint[], integer[], text[], text[], text[], bytea[], bytea[]); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) RETURNS smallint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
    open_segment int;
    any_sealed boolean;
    replayed boolean := false;
    mine xid8 := pg_current_xact_id();
    mine_segment int;
    stored_count bigint := -1;
    is_done boolean := false;
    other record;
    outcome smallint[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('kipthoi.segment'));
    open_segment := segment_current();
    -- Under the lock: from now on none is sealed.
    any_sealed := EXISTS (SELECT FROM segment s WHERE s.sealed_at IS NOT NULL);
    mine_segment := open_segment;
    -- Waits for an attempt in flight.
    UPDATE intake_worker w SET batch = p_batch, xid = mine, segment = open_segment WHERE w.worker = p_worker AND w.batch < p_batch;
    IF NOT FOUND THEN
        INSERT INTO intake_worker (worker, batch, xid, segment) VALUES (p_worker, 0, '3', open_segment) ON CONFLICT DO NOTHING;
        UPDATE intake_worker w SET batch = p_batch, xid = mine, segment = open_segment WHERE w.worker = p_worker AND w.batch < p_batch;
        replayed := NOT FOUND;
    END IF;

    IF replayed THEN
        SELECT w.batch, w.xid, w.segment INTO STRICT other FROM intake_worker w WHERE w.worker = p_worker;
        IF p_batch < other.batch THEN
            RAISE EXCEPTION 'batch % of worker % comes after its batch %', p_batch, p_worker, other.batch USING ERRCODE = 'KT001';
        END IF;
        mine := other.xid;
        mine_segment := other.segment;
    -- To look first costs a statement more, which is too much for a handful.
    ELSIF cardinality(p_id) >= 200 THEN
        BEGIN
            outcome := event_store_many(open_segment, p_source, p_id, p_kind, p_slot, p_happened, p_sequence, p_dossier, p_digest, p_payload);
            is_done := true;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;

    IF NOT (replayed OR is_done) THEN
        -- Arrays are unrolled in the SELECT list, one row at a time: as tables they would all be copied first.
        INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
        SELECT open_segment, u.source_id, u.kind, u.slot, u.happened, u.sequence, u.event_id, u.dossier, u.digest, u.payload
        FROM (
            SELECT unnest(p_source) AS source_id, unnest(p_id) AS event_id, unnest(p_kind) AS kind, unnest(p_slot) AS slot,
                unnest(p_happened) AS happened, unnest(p_sequence) AS sequence, unnest(p_dossier) AS dossier,
                unnest(p_digest) AS digest, unnest(p_payload) AS payload) u
        -- Not by NOT EXISTS, which may become a join that reads whole segments.
        WHERE NOT any_sealed OR (SELECT 1 FROM event e WHERE e.segment < open_segment AND e.source_id = u.source_id AND e.event_id = u.event_id LIMIT 1) IS NULL
        ON CONFLICT (source_id, event_id, segment) DO NOTHING;
        GET DIAGNOSTICS stored_count = ROW_COUNT;
    END IF;

    IF NOT is_done AND greatest(stored_count, 0) < cardinality(p_id) THEN
        outcome := array_fill(0::smallint, ARRAY[cardinality(p_id)]);
        -- NOT IN and IN with a subquery of its own look into a hash table, whatever the planner thinks of its size.
        FOR other IN
            SELECT u.ord, CASE WHEN e.digest = u.digest OR event_same(e.payload, u.payload) THEN 1 ELSE 2 END AS outcome
            FROM (
                SELECT generate_series(1, cardinality(p_id)) AS ord, unnest(p_source) AS source_id, unnest(p_id) AS event_id,
                    unnest(p_digest) AS digest, unnest(p_payload) AS payload) u
            CROSS JOIN LATERAL (
                SELECT k.digest, k.payload FROM event k WHERE k.source_id = u.source_id AND k.event_id = u.event_id OFFSET 0) e
            WHERE (u.source_id, u.event_id) NOT IN (
                    SELECT m.source_id, m.event_id FROM event m WHERE m.segment = mine_segment AND m.xid = mine)
                OR u.ord IN (
                    SELECT r.ord
                    FROM (
                        SELECT q.ord, row_number() OVER (PARTITION BY q.source_id, q.event_id ORDER BY q.ord) AS nth
                        FROM (
                            SELECT generate_series(1, cardinality(p_id)) AS ord, unnest(p_source) AS source_id,
                                unnest(p_id) AS event_id) q) r
                    WHERE r.nth > 1)
        LOOP
            outcome[other.ord] := other.outcome;
        END LOOP;
    END IF;

    IF replayed THEN
        RETURN outcome;
    END IF;

    IF cardinality(p_q_source) > 0 OR 2 = ANY (outcome) THEN
        INSERT INTO quarantine AS q (source_id, sender, code, reason, digest, payload)
        SELECT * FROM (
            SELECT DISTINCT ON (r.digest, r.sender, r.code) r.*
            FROM (
                SELECT * FROM unnest(p_q_source, p_q_sender, p_q_code, p_q_reason, p_q_digest, p_q_payload)
                    AS r (source_id, sender, code, reason, digest, payload)
                UNION ALL
                SELECT u.source_id, u.sender, 'CONFLICT', 'id ' || u.event_id || ' is stored with other content',
                    u.digest, convert_to(u.payload, 'UTF8')
                FROM unnest(p_source, p_id, p_sender, p_digest, p_payload, outcome)
                    AS u (source_id, event_id, sender, digest, payload, outcome)
                WHERE u.outcome = 2) r
            ORDER BY r.digest, r.sender, r.code) r
        ON CONFLICT ON CONSTRAINT quarantine_unique DO UPDATE SET seen = q.seen + 1, last_seen = now();
    END IF;

    INSERT INTO intake AS i (source_id, day, worker, received, accepted, duplicate, conflict, rejected, denied, busy)
    SELECT c.source_id, current_date, p_worker,
        sum(c.accepted + c.duplicate + c.conflict + c.rejected + c.denied + c.busy),
        sum(c.accepted), sum(c.duplicate), sum(c.conflict), sum(c.rejected), sum(c.denied), sum(c.busy)
    FROM (
        SELECT u.source_id,
            count(*) FILTER (WHERE coalesce(u.outcome, 0) = 0) AS accepted,
            count(*) FILTER (WHERE u.outcome = 1) AS duplicate,
            count(*) FILTER (WHERE u.outcome = 2) AS conflict,
            0::bigint AS rejected, 0::bigint AS denied, 0::bigint AS busy
        FROM (SELECT unnest(p_source) AS source_id, unnest(outcome) AS outcome) u
        GROUP BY u.source_id
        UNION ALL
        SELECT r.source_id, 0, 0, 0, r.rejected, r.denied, r.busy
        FROM unnest(p_count_source, p_count_rejected, p_count_denied, p_count_busy)
            AS r (source_id, rejected, denied, busy)) c
    GROUP BY c.source_id
    ON CONFLICT (source_id, day, worker) DO UPDATE SET
        received = i.received + excluded.received, accepted = i.accepted + excluded.accepted,
        duplicate = i.duplicate + excluded.duplicate, conflict = i.conflict + excluded.conflict,
        rejected = i.rejected + excluded.rejected, denied = i.denied + excluded.denied, busy = i.busy + excluded.busy;

    RETURN outcome;
END
$$;

ALTER FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) OWNER TO kipthoi_owner;

--
-- Name: event_same(text, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.event_same(a text, b text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT a::jsonb - '{traceparent,tracestate}'::text[] = b::jsonb - '{traceparent,tracestate}'::text[]
$$;

ALTER FUNCTION kipthoi.event_same(a text, b text) OWNER TO kipthoi_owner;

--
-- Name: event_store_many(integer, integer[], text[], smallint[], smallint[], timestamp with time zone[], bigint[], text[], bytea[], text[]); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.event_store_many(p_segment integer, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[]) RETURNS smallint[]
    LANGUAGE plpgsql
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    source_before int[] := NULL::int || p_source[:cardinality(p_source) - 1];
    id_before text[] := NULL::text || p_id[:cardinality(p_id) - 1];
    known_count int := 0;
    stored_count int;
    outcome smallint[];
    other record;
BEGIN
    FOR other IN
        SELECT u.ord, CASE WHEN e.digest = u.digest OR event_same(e.payload, u.payload) THEN 1 ELSE 2 END AS outcome
        FROM (
            SELECT generate_series(1, cardinality(p_id)) AS ord, unnest(p_source) AS source_id, unnest(p_id) AS event_id,
                unnest(p_digest) AS digest, unnest(p_payload) AS payload) u
        CROSS JOIN LATERAL (
            SELECT k.digest, k.payload FROM event k WHERE k.source_id = u.source_id AND k.event_id = u.event_id OFFSET 0) e
    LOOP
        IF outcome IS NULL THEN
            outcome := array_fill(0::smallint, ARRAY[cardinality(p_id)]);
        END IF;
        outcome[other.ord] := other.outcome;
        known_count := known_count + 1;
    END LOOP;

    -- Arrays are unrolled in the SELECT list, one row at a time: as tables they would all be copied first.
    INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
    SELECT p_segment, u.source_id, u.kind, u.slot, u.happened, u.sequence, u.event_id, u.dossier, u.digest, u.payload
    FROM (
        SELECT unnest(p_source) AS source_id, unnest(p_id) AS event_id, unnest(p_kind) AS kind, unnest(p_slot) AS slot,
            unnest(p_happened) AS happened, unnest(p_sequence) AS sequence, unnest(p_dossier) AS dossier,
            unnest(p_digest) AS digest, unnest(p_payload) AS payload, unnest(outcome) AS outcome,
            unnest(source_before) AS source_before, unnest(id_before) AS id_before) u
    WHERE coalesce(u.outcome, 0) = 0 AND (u.event_id = u.id_before AND u.source_id = u.source_before) IS NOT TRUE;
    GET DIAGNOSTICS stored_count = ROW_COUNT;

    -- The rest follows its like in the batch.
    IF known_count + stored_count < cardinality(p_id) THEN
        IF outcome IS NULL THEN
            outcome := array_fill(0::smallint, ARRAY[cardinality(p_id)]);
        END IF;
        FOR other IN
            SELECT u.ord, CASE WHEN e.digest = u.digest OR event_same(e.payload, u.payload) THEN 1 ELSE 2 END AS outcome
            FROM (
                SELECT generate_series(1, cardinality(p_id)) AS ord, unnest(p_source) AS source_id, unnest(p_id) AS event_id,
                    unnest(p_digest) AS digest, unnest(p_payload) AS payload, unnest(outcome) AS outcome,
                    unnest(source_before) AS source_before, unnest(id_before) AS id_before) u
            CROSS JOIN LATERAL (
                SELECT k.digest, k.payload FROM event k WHERE k.source_id = u.source_id AND k.event_id = u.event_id OFFSET 0) e
            WHERE u.outcome = 0 AND u.event_id = u.id_before AND u.source_id = u.source_before
        LOOP
            outcome[other.ord] := other.outcome;
        END LOOP;
    END IF;
    RETURN outcome;
END
$$;

ALTER FUNCTION kipthoi.event_store_many(p_segment integer, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[]) OWNER TO kipthoi_owner;

--
-- Name: quarantine_redrive(bigint, text, text, smallint, smallint, timestamp with time zone, bigint, text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.quarantine_redrive(p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamp with time zone, p_sequence bigint, p_dossier text) RETURNS smallint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    kept quarantine%ROWTYPE;
    known event%ROWTYPE;
    v_source int;
    open_segment int;
    result smallint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('kipthoi.segment'));
    open_segment := segment_current();
    SELECT * INTO kept FROM quarantine q WHERE q.quarantine_id = p_quarantine AND q.redriven_at IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_source := source_register(p_source);
    -- The event before the quarantine's row, as in event_append.  Waits for an append of the same id in flight.
    INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
    SELECT open_segment, v_source, p_kind, p_slot, p_happened, p_sequence, p_id, p_dossier, kept.digest,
        convert_from(kept.payload, 'UTF8')
    WHERE NOT EXISTS (SELECT FROM event e WHERE e.source_id = v_source AND e.event_id = p_id)
    ON CONFLICT (source_id, event_id, segment) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO STRICT known FROM event e WHERE e.source_id = v_source AND e.event_id = p_id;
        result := CASE WHEN event_same(known.payload, convert_from(kept.payload, 'UTF8')) THEN 1 ELSE 2 END;
    END IF;
    IF result < 2 THEN
        UPDATE quarantine SET redriven_at = now(), redriven_outcome = result
        WHERE quarantine_id = p_quarantine AND redriven_at IS NULL;
    END IF;
    RETURN result;
END
$$;

ALTER FUNCTION kipthoi.quarantine_redrive(p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamp with time zone, p_sequence bigint, p_dossier text) OWNER TO kipthoi_owner;

--
-- Name: rebase(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.rebase() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    opened int;
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM scorer_cursor c WHERE c.epoch <> here)
        AND NOT EXISTS (SELECT FROM segment s WHERE s.sealed_at IS NULL AND s.epoch <> here) THEN
        RETURN NULL;
    END IF;
    opened := segment_open();
    UPDATE scorer_cursor SET epoch = here;
    -- Changes told before the dump lie behind every reader; the notifier looks at everything once more.
    UPDATE verdict_change SET xid = '3';
    UPDATE notifier_cursor SET snapshot = '1:1:', epoch = here, upto = NULL, place_source_id = NULL, place_code = NULL;
    RETURN opened;
END
$$;

ALTER FUNCTION kipthoi.rebase() OWNER TO kipthoi_owner;

--
-- Name: rebuild_begin(integer); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.rebuild_begin(p_shards integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    PERFORM alias_apply();
    TRUNCATE dossier, pause, promise, projection, day_tally, month_tally, verdict_change, indicator, apology;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:', upto = NULL, place_source_id = NULL, place_code = NULL;
END
$$;

ALTER FUNCTION kipthoi.rebuild_begin(p_shards integer) OWNER TO kipthoi_owner;

--
-- Name: rungs_stamp(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.rungs_stamp() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    SELECT md5(string_agg(concat_ws(' ', r.rung, r.active, r.before_days, r.before_hours), ',' ORDER BY r.rung))
    FROM rung r WHERE r.anchor = 'due'
$$;

ALTER FUNCTION kipthoi.rungs_stamp() OWNER TO kipthoi_owner;

--
-- Name: segment_current(); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.segment_current() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    opened segment%ROWTYPE;
BEGIN
    SELECT * INTO STRICT opened FROM segment s WHERE s.sealed_at IS NULL;
    IF opened.epoch <> (SELECT system_identifier FROM pg_control_system()) THEN
        RAISE EXCEPTION 'the ledger was restored from another cluster; run: kipthoi rebase'
            USING ERRCODE = 'operator_intervention';
    END IF;
    RETURN opened.segment;
END
$$;

ALTER FUNCTION kipthoi.segment_current() OWNER TO kipthoi_owner;

--
-- Name: segment_open(integer); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.segment_open(p_expected integer DEFAULT NULL::integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    next_segment int;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kipthoi.segment'));
    SELECT coalesce(max(s.segment), 0) + 1 INTO next_segment FROM segment s;
    IF p_expected <> next_segment - 1 THEN
        RETURN NULL;
    END IF;
    -- Made apart and attached: CREATE ... PARTITION OF would lock out every reader of the ledger.
    EXECUTE format('CREATE TABLE event_%s (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', next_segment);
    EXECUTE format('ALTER TABLE event_%s ADD CONSTRAINT event_%s_segment CHECK (segment = %s)', next_segment, next_segment, next_segment);
    EXECUTE format('ALTER TABLE event ATTACH PARTITION event_%s FOR VALUES IN (%s)', next_segment, next_segment);
    UPDATE segment SET sealed_at = clock_timestamp() WHERE sealed_at IS NULL;
    INSERT INTO segment (segment, epoch) SELECT next_segment, c.system_identifier FROM pg_control_system() c;
    RETURN next_segment;
END
$$;

ALTER FUNCTION kipthoi.segment_open(p_expected integer) OWNER TO kipthoi_owner;

--
-- Name: source_register(text); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.source_register(p_name text) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
    INSERT INTO source (name) SELECT p_name WHERE NOT EXISTS (SELECT FROM source WHERE name = p_name)
        ON CONFLICT DO NOTHING;
    SELECT source_id FROM source WHERE name = p_name;
$$;

ALTER FUNCTION kipthoi.source_register(p_name text) OWNER TO kipthoi_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: alert; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.alert (
    seq bigint NOT NULL,
    source_id integer,
    at timestamp with time zone NOT NULL,
    topic text NOT NULL COLLATE pg_catalog."C",
    code text COLLATE pg_catalog."C",
    body text NOT NULL,
    CONSTRAINT alert_about CHECK ((((source_id IS NULL) = (topic ~~ 'target/%'::text)) AND ((code IS NULL) = (source_id IS NULL))))
);

ALTER TABLE kipthoi.alert OWNER TO kipthoi_owner;

--
-- Name: alert_topic; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.alert_topic (
    topic text NOT NULL COLLATE pg_catalog."C",
    last_seq bigint NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE kipthoi.alert_topic OWNER TO kipthoi_owner;

--
-- Name: apology; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.apology (
    source_id integer NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    letter_no text,
    channel text
);

ALTER TABLE kipthoi.apology OWNER TO kipthoi_owner;

--
-- Name: book; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.book (
    one_row boolean DEFAULT true NOT NULL,
    stamp bigint NOT NULL,
    CONSTRAINT book_one_row CHECK (one_row)
);

ALTER TABLE kipthoi.book OWNER TO kipthoi_owner;

--
-- Name: calendar; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.calendar (
    version smallint NOT NULL,
    first_year smallint NOT NULL,
    last_year smallint NOT NULL,
    in_force timestamp with time zone NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    loaded_by text NOT NULL,
    why text NOT NULL,
    file text NOT NULL,
    CONSTRAINT calendar_name_length CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 128))),
    CONSTRAINT calendar_version_positive CHECK ((version > 0)),
    CONSTRAINT calendar_years CHECK ((((first_year >= 1990) AND (first_year <= last_year)) AND (last_year <= 2099)))
);

ALTER TABLE kipthoi.calendar OWNER TO kipthoi_owner;

--
-- Name: calendar_day; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.calendar_day (
    version smallint NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    provisional boolean NOT NULL,
    name text NOT NULL,
    CONSTRAINT calendar_day_kind CHECK ((kind = ANY (ARRAY['off'::text, 'work'::text])))
);

ALTER TABLE kipthoi.calendar_day OWNER TO kipthoi_owner;

--
-- Name: calendar_day_hours; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.calendar_day_hours (
    version smallint NOT NULL,
    day date NOT NULL,
    begins time without time zone NOT NULL,
    ends time without time zone NOT NULL,
    CONSTRAINT calendar_day_hours_order CHECK ((begins < ends))
);

ALTER TABLE kipthoi.calendar_day_hours OWNER TO kipthoi_owner;

--
-- Name: calendar_hours; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.calendar_hours (
    version smallint NOT NULL,
    unit_id integer NOT NULL,
    weekday smallint NOT NULL,
    begins time without time zone NOT NULL,
    ends time without time zone NOT NULL,
    CONSTRAINT calendar_hours_order CHECK ((begins < ends)),
    CONSTRAINT calendar_hours_weekday CHECK (((weekday >= 1) AND (weekday <= 7)))
);

ALTER TABLE kipthoi.calendar_hours OWNER TO kipthoi_owner;

--
-- Name: calendar_unit; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.calendar_unit (
    version smallint NOT NULL,
    unit_id integer NOT NULL,
    day_s integer NOT NULL,
    cut_off time without time zone,
    CONSTRAINT calendar_unit_day CHECK (((day_s >= 60) AND (day_s <= 86400)))
);

ALTER TABLE kipthoi.calendar_unit OWNER TO kipthoi_owner;

--
-- Name: code_alias; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.code_alias (
    source text NOT NULL COLLATE pg_catalog."C",
    list text NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    means text NOT NULL COLLATE pg_catalog."C",
    valid_from date DEFAULT '-infinity'::date NOT NULL,
    valid_to date DEFAULT 'infinity'::date NOT NULL,
    note text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT code_alias_code_length CHECK (((octet_length(code) >= 1) AND (octet_length(code) <= 128))),
    CONSTRAINT code_alias_days CHECK ((valid_from <= valid_to)),
    CONSTRAINT code_alias_dossier CHECK (((list <> 'dossier'::text) OR ((source <> '*'::text) AND (valid_from = '-infinity'::date) AND (valid_to = 'infinity'::date)))),
    CONSTRAINT code_alias_list CHECK ((list = ANY (ARRAY['status'::text, 'channel'::text, 'unit'::text, 'field'::text, 'procedure'::text, 'dossier'::text]))),
    CONSTRAINT code_alias_means_length CHECK (((octet_length(means) >= 1) AND (octet_length(means) <= 128))),
    CONSTRAINT code_alias_status CHECK (((list <> 'status'::text) OR (means = ANY (ARRAY['1'::text, '2'::text, '3'::text, '4'::text, '5'::text, '6'::text, '7'::text, '8'::text, '9'::text, '10'::text]))))
);

ALTER TABLE kipthoi.code_alias OWNER TO kipthoi_owner;

--
-- Name: contact; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.contact (
    source_id integer NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    origin text NOT NULL,
    updated_by text NOT NULL,
    name text,
    address text,
    phone text,
    email text,
    receipt_number text,
    CONSTRAINT contact_address_length CHECK (((length(address) >= 1) AND (length(address) <= 500))),
    CONSTRAINT contact_code_length CHECK (((octet_length(code) >= 1) AND (octet_length(code) <= 128))),
    CONSTRAINT contact_email_length CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT contact_erased_empty CHECK ((((erased_at IS NOT NULL) = (origin = 'erased'::text)) AND ((erased_at IS NULL) OR ((name IS NULL) AND (address IS NULL) AND (phone IS NULL) AND (email IS NULL) AND (receipt_number IS NULL))))),
    CONSTRAINT contact_name_length CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT contact_origin CHECK ((origin = ANY (ARRAY['event'::text, 'file'::text, 'erased'::text]))),
    CONSTRAINT contact_phone_length CHECK (((length(phone) >= 1) AND (length(phone) <= 50))),
    CONSTRAINT contact_receipt_length CHECK (((length(receipt_number) >= 1) AND (length(receipt_number) <= 100)))
);

ALTER TABLE kipthoi.contact OWNER TO kipthoi_owner;

--
-- Name: contact_log; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.contact_log (
    source_id integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    what text NOT NULL,
    who text NOT NULL,
    why text NOT NULL,
    CONSTRAINT contact_log_what CHECK ((what = ANY (ARRAY['shown'::text, 'printed'::text, 'loaded'::text, 'erased'::text])))
);

ALTER TABLE kipthoi.contact_log OWNER TO kipthoi_owner;

--
-- Name: day_tally; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.day_tally (
    day date NOT NULL,
    unit_id integer NOT NULL,
    field_id integer NOT NULL,
    procedure_id integer NOT NULL,
    promise_early integer,
    promise_on_time integer,
    promise_late integer,
    promise_overdue integer,
    promise_in_time integer,
    promise_paused integer,
    promise_excluded integer,
    portal_early integer,
    portal_on_time integer,
    portal_late integer,
    portal_overdue integer,
    portal_in_time integer,
    portal_paused integer,
    portal_excluded integer,
    intake_early integer,
    intake_on_time integer,
    intake_late integer,
    intake_overdue integer,
    intake_in_time integer,
    intake_paused integer,
    intake_excluded integer
)
WITH (fillfactor='70');

ALTER TABLE kipthoi.day_tally OWNER TO kipthoi_owner;

--
-- Name: day_count; Type: VIEW; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE VIEW kipthoi.day_count AS
 SELECT day_tally.day,
    day_tally.unit_id,
    day_tally.field_id,
    day_tally.procedure_id,
    'promise'::kipthoi.rule_name AS rule,
    COALESCE(day_tally.promise_early, 0) AS early,
    COALESCE(day_tally.promise_on_time, 0) AS on_time,
    COALESCE(day_tally.promise_late, 0) AS late,
    COALESCE(day_tally.promise_overdue, 0) AS overdue,
    COALESCE(day_tally.promise_in_time, 0) AS in_time,
    COALESCE(day_tally.promise_paused, 0) AS paused,
    COALESCE(day_tally.promise_excluded, 0) AS excluded
   FROM kipthoi.day_tally
  WHERE (COALESCE(day_tally.promise_early, day_tally.promise_on_time, day_tally.promise_late, day_tally.promise_overdue, day_tally.promise_in_time, day_tally.promise_paused, day_tally.promise_excluded) IS NOT NULL)
UNION ALL
 SELECT day_tally.day,
    day_tally.unit_id,
    day_tally.field_id,
    day_tally.procedure_id,
    'portal'::kipthoi.rule_name AS rule,
    COALESCE(day_tally.portal_early, 0) AS early,
    COALESCE(day_tally.portal_on_time, 0) AS on_time,
    COALESCE(day_tally.portal_late, 0) AS late,
    COALESCE(day_tally.portal_overdue, 0) AS overdue,
    COALESCE(day_tally.portal_in_time, 0) AS in_time,
    COALESCE(day_tally.portal_paused, 0) AS paused,
    COALESCE(day_tally.portal_excluded, 0) AS excluded
   FROM kipthoi.day_tally
  WHERE (COALESCE(day_tally.portal_early, day_tally.portal_on_time, day_tally.portal_late, day_tally.portal_overdue, day_tally.portal_in_time, day_tally.portal_paused, day_tally.portal_excluded) IS NOT NULL)
UNION ALL
 SELECT day_tally.day,
    day_tally.unit_id,
    day_tally.field_id,
    day_tally.procedure_id,
    'intake'::kipthoi.rule_name AS rule,
    COALESCE(day_tally.intake_early, 0) AS early,
    COALESCE(day_tally.intake_on_time, 0) AS on_time,
    COALESCE(day_tally.intake_late, 0) AS late,
    COALESCE(day_tally.intake_overdue, 0) AS overdue,
    COALESCE(day_tally.intake_in_time, 0) AS in_time,
    COALESCE(day_tally.intake_paused, 0) AS paused,
    COALESCE(day_tally.intake_excluded, 0) AS excluded
   FROM kipthoi.day_tally
  WHERE (COALESCE(day_tally.intake_early, day_tally.intake_on_time, day_tally.intake_late, day_tally.intake_overdue, day_tally.intake_in_time, day_tally.intake_paused, day_tally.intake_excluded) IS NOT NULL);

ALTER TABLE kipthoi.day_count OWNER TO kipthoi_owner;

--
-- Name: delivery; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.delivery (
    delivery_id bigint NOT NULL,
    message_id bigint NOT NULL,
    recipient_id integer,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    claimed_until timestamp with time zone,
    sent_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    claim_token uuid,
    channel text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    wire_id text NOT NULL,
    last_error text,
    CONSTRAINT delivery_channel CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text]))),
    CONSTRAINT delivery_claim_whole CHECK ((((state = 'claimed'::text) = (claim_token IS NOT NULL)) AND ((state = 'claimed'::text) = (claimed_until IS NOT NULL)))),
    CONSTRAINT delivery_sent_known CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT delivery_state CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'sent'::text, 'dead'::text, 'uncertain'::text])))
)
WITH (fillfactor='80');

ALTER TABLE kipthoi.delivery OWNER TO kipthoi_owner;

--
-- Name: delivery_attempt; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.delivery_attempt (
    delivery_id bigint NOT NULL,
    attempt integer NOT NULL,
    status integer,
    at timestamp with time zone DEFAULT now() NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL
);

ALTER TABLE kipthoi.delivery_attempt OWNER TO kipthoi_owner;

--
-- Name: delivery_delivery_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.delivery ALTER COLUMN delivery_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.delivery_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: deployment; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.deployment (
    one_row boolean DEFAULT true NOT NULL,
    time_zone text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT deployment_one_row CHECK (one_row)
);

ALTER TABLE kipthoi.deployment OWNER TO kipthoi_owner;

--
-- Name: dossier; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.dossier (
    source_id integer NOT NULL,
    unit_id integer NOT NULL,
    field_id integer NOT NULL,
    procedure_id integer NOT NULL,
    events integer NOT NULL,
    flags integer NOT NULL,
    pauses integer NOT NULL,
    promise_day date NOT NULL,
    portal_day date NOT NULL,
    intake_day date,
    slot smallint NOT NULL,
    due_moves smallint NOT NULL,
    supplements smallint NOT NULL,
    calendar smallint NOT NULL,
    online boolean NOT NULL,
    state kipthoi.dossier_state NOT NULL,
    promise kipthoi.dossier_class NOT NULL,
    portal kipthoi.dossier_class NOT NULL,
    intake kipthoi.dossier_class,
    last_happened timestamp with time zone NOT NULL,
    last_sequence bigint NOT NULL,
    submitted_at timestamp with time zone,
    received_at timestamp with time zone,
    accepted_at timestamp with time zone,
    due_first timestamp with time zone,
    due_current timestamp with time zone,
    finished_first timestamp with time zone,
    finished_at timestamp with time zone,
    returned_at timestamp with time zone,
    refused_at timestamp with time zone,
    stopped_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    told_at timestamp with time zone,
    due_computed timestamp with time zone,
    promise_due timestamp with time zone,
    portal_due timestamp with time zone,
    intake_due timestamp with time zone,
    flips_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    last_event_id text NOT NULL COLLATE pg_catalog."C",
    reappointments smallint DEFAULT 0 NOT NULL,
    broken smallint NOT NULL,
    next_due timestamp with time zone,
    CONSTRAINT dossier_intake_whole CHECK (((intake IS NULL) = (intake_day IS NULL)))
)
WITH (fillfactor='85');

ALTER TABLE kipthoi.dossier OWNER TO kipthoi_owner;

--
-- Name: duty; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.duty (
    source_id integer NOT NULL,
    unit_id integer NOT NULL,
    episode smallint NOT NULL,
    state kipthoi.duty_state NOT NULL,
    due timestamp with time zone NOT NULL,
    deadline timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    letter_no text,
    sent_by text,
    rule smallint DEFAULT 1 NOT NULL,
    waived_at timestamp with time zone,
    CONSTRAINT duty_sent_known CHECK (((state = 'sent'::kipthoi.duty_state) = (sent_at IS NOT NULL))),
    CONSTRAINT duty_waived_void CHECK (((waived_at IS NULL) OR (state = 'void'::kipthoi.duty_state)))
)
WITH (fillfactor='90');

ALTER TABLE kipthoi.duty OWNER TO kipthoi_owner;

--
-- Name: duty_log; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.duty_log (
    source_id integer NOT NULL,
    episode smallint NOT NULL,
    was kipthoi.duty_state,
    now kipthoi.duty_state NOT NULL,
    at timestamp with time zone NOT NULL,
    logged_at timestamp with time zone DEFAULT now() NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    who text NOT NULL,
    why text NOT NULL
);

ALTER TABLE kipthoi.duty_log OWNER TO kipthoi_owner;

--
-- Name: event; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.event (
    segment integer NOT NULL,
    source_id integer NOT NULL,
    kind smallint NOT NULL,
    slot smallint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    happened timestamp with time zone NOT NULL,
    stored timestamp with time zone DEFAULT now() NOT NULL,
    sequence bigint NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    dossier text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    payload text NOT NULL,
    CONSTRAINT event_digest_length CHECK ((octet_length(digest) = 32)),
    CONSTRAINT event_dossier_length CHECK (((octet_length(dossier) >= 1) AND (octet_length(dossier) <= 128))),
    CONSTRAINT event_id_length CHECK (((octet_length(event_id) >= 1) AND (octet_length(event_id) <= 256))),
    CONSTRAINT event_kind_valid CHECK (((kind >= 1) AND (kind <= 15))),
    CONSTRAINT event_slot_valid CHECK (((slot >= 0) AND (slot <= 63)))
)
PARTITION BY LIST (segment);

ALTER TABLE kipthoi.event OWNER TO kipthoi_owner;

--
-- Name: event_1; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.event_1 (
    segment integer NOT NULL,
    source_id integer NOT NULL,
    kind smallint NOT NULL,
    slot smallint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    happened timestamp with time zone NOT NULL,
    stored timestamp with time zone DEFAULT now() NOT NULL,
    sequence bigint NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    dossier text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    payload text NOT NULL,
    CONSTRAINT event_1_segment CHECK ((segment = 1)),
    CONSTRAINT event_digest_length CHECK ((octet_length(digest) = 32)),
    CONSTRAINT event_dossier_length CHECK (((octet_length(dossier) >= 1) AND (octet_length(dossier) <= 128))),
    CONSTRAINT event_id_length CHECK (((octet_length(event_id) >= 1) AND (octet_length(event_id) <= 256))),
    CONSTRAINT event_kind_valid CHECK (((kind >= 1) AND (kind <= 15))),
    CONSTRAINT event_slot_valid CHECK (((slot >= 0) AND (slot <= 63)))
);

ALTER TABLE kipthoi.event_1 OWNER TO kipthoi_owner;

--
-- Name: event_kind; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.event_kind (
    kind smallint NOT NULL,
    type text NOT NULL
);

ALTER TABLE kipthoi.event_kind OWNER TO kipthoi_owner;

--
-- Name: event_redaction; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.event_redaction (
    source_id integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    CONSTRAINT event_redaction_digest CHECK ((octet_length(digest) = 32))
);

ALTER TABLE kipthoi.event_redaction OWNER TO kipthoi_owner;

--
-- Name: field; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.field (
    field_id integer NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text,
    confirmed boolean DEFAULT false NOT NULL,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT field_code_length CHECK ((octet_length(code) <= 128))
);

ALTER TABLE kipthoi.field OWNER TO kipthoi_owner;

--
-- Name: field_field_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.field ALTER COLUMN field_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME kipthoi.field_field_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: field_group; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.field_group (
    name text NOT NULL COLLATE pg_catalog."C",
    field text NOT NULL COLLATE pg_catalog."C",
    note text NOT NULL,
    CONSTRAINT field_group_field_length CHECK (((octet_length(field) >= 1) AND (octet_length(field) <= 128))),
    CONSTRAINT field_group_name_length CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 64)))
);

ALTER TABLE kipthoi.field_group OWNER TO kipthoi_owner;

--
-- Name: hush; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.hush (
    hush_id integer NOT NULL,
    source_id integer,
    unit_id integer,
    field_id integer,
    episode smallint,
    rung smallint,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    code text COLLATE pg_catalog."C",
    kind text NOT NULL,
    owner text NOT NULL,
    why text NOT NULL,
    ended_by text,
    ended_why text,
    CONSTRAINT hush_ended_whole CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (ended_why IS NULL)))),
    CONSTRAINT hush_kind CHECK ((kind = ANY (ARRAY['ack'::text, 'snooze'::text, 'mute'::text]))),
    CONSTRAINT hush_order CHECK ((since < until)),
    CONSTRAINT hush_scope CHECK ((((kind = 'mute'::text) = (code IS NULL)) AND ((code IS NULL) = (source_id IS NULL)) AND ((code IS NULL) = (episode IS NULL))))
);

ALTER TABLE kipthoi.hush OWNER TO kipthoi_owner;

--
-- Name: hush_hush_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.hush ALTER COLUMN hush_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.hush_hush_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: indicator; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.indicator (
    source_id integer NOT NULL,
    numerator bigint NOT NULL,
    denominator bigint NOT NULL,
    last_happened timestamp with time zone NOT NULL,
    last_sequence bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    last_event_id text NOT NULL COLLATE pg_catalog."C",
    measure text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    field text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT indicator_denominator CHECK ((denominator >= 0))
);

ALTER TABLE kipthoi.indicator OWNER TO kipthoi_owner;

--
-- Name: intake; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.intake (
    source_id integer NOT NULL,
    day date NOT NULL,
    worker text NOT NULL COLLATE pg_catalog."C",
    received bigint DEFAULT 0 NOT NULL,
    accepted bigint DEFAULT 0 NOT NULL,
    duplicate bigint DEFAULT 0 NOT NULL,
    conflict bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    denied bigint DEFAULT 0 NOT NULL,
    busy bigint DEFAULT 0 NOT NULL,
    CONSTRAINT intake_complete CHECK ((received = (((((accepted + duplicate) + conflict) + rejected) + denied) + busy)))
)
WITH (fillfactor='70');

ALTER TABLE kipthoi.intake OWNER TO kipthoi_owner;

--
-- Name: intake_worker; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.intake_worker (
    worker text NOT NULL COLLATE pg_catalog."C",
    batch bigint NOT NULL,
    xid xid8 NOT NULL,
    segment integer NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE kipthoi.intake_worker OWNER TO kipthoi_owner;

--
-- Name: letter; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.letter (
    source_id integer NOT NULL,
    unit_id integer NOT NULL,
    template_id integer,
    number integer,
    episode smallint NOT NULL,
    year smallint NOT NULL,
    extension smallint NOT NULL,
    state kipthoi.letter_state NOT NULL,
    due timestamp with time zone NOT NULL,
    new_due timestamp with time zone,
    drafted_at timestamp with time zone NOT NULL,
    printed_at timestamp with time zone,
    approved_at timestamp with time zone,
    sent_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    letter_no text NOT NULL,
    reason text NOT NULL,
    drafted_by text NOT NULL,
    approved_by text,
    sent_by text,
    channel text,
    proof text,
    event_id text COLLATE pg_catalog."C",
    CONSTRAINT letter_channel CHECK ((channel = ANY (ARRAY['paper'::text, 'email'::text, 'sms'::text, 'in_person'::text, 'post'::text, 'upstream'::text]))),
    CONSTRAINT letter_episode_positive CHECK ((episode > 0)),
    CONSTRAINT letter_no_length CHECK (((length(letter_no) >= 1) AND (length(letter_no) <= 100))),
    CONSTRAINT letter_number_positive CHECK ((number > 0)),
    CONSTRAINT letter_reason_length CHECK ((length(reason) <= 2000)),
    CONSTRAINT letter_sent_known CHECK (((state = 'sent'::kipthoi.letter_state) = (sent_at IS NOT NULL)))
)
WITH (fillfactor='85');

ALTER TABLE kipthoi.letter OWNER TO kipthoi_owner;

--
-- Name: letter_counter; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.letter_counter (
    unit_id integer NOT NULL,
    year smallint NOT NULL,
    last integer NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE kipthoi.letter_counter OWNER TO kipthoi_owner;

--
-- Name: letter_office; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.letter_office (
    unit_id integer NOT NULL,
    term_days smallint,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL,
    superior text NOT NULL,
    place text NOT NULL,
    number_form text NOT NULL,
    signer_for text,
    signer_title text NOT NULL,
    signer_name text NOT NULL,
    copies text,
    new_due_place text,
    phone text,
    email text,
    template text,
    reason text,
    updated_by text NOT NULL,
    CONSTRAINT letter_office_number CHECK ((POSITION(('{number}'::text) IN (number_form)) > 0)),
    CONSTRAINT letter_office_term CHECK (((term_days >= 1) AND (term_days <= 366)))
);

ALTER TABLE kipthoi.letter_office OWNER TO kipthoi_owner;

--
-- Name: letter_rule; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.letter_rule (
    version smallint NOT NULL,
    days_before smallint NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    clock text NOT NULL,
    name text NOT NULL,
    note text NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT letter_rule_clock CHECK ((clock = ANY (ARRAY['day'::text, 'instant'::text]))),
    CONSTRAINT letter_rule_days CHECK (((days_before >= 0) AND (days_before <= 30))),
    CONSTRAINT letter_rule_positive CHECK ((version > 0))
);

ALTER TABLE kipthoi.letter_rule OWNER TO kipthoi_owner;

--
-- Name: letter_template; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.letter_template (
    template_id integer NOT NULL,
    effective_from date NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT letter_template_name CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,63}$'::text)),
    CONSTRAINT letter_template_size CHECK (((octet_length(body) >= 1) AND (octet_length(body) <= 65536)))
);

ALTER TABLE kipthoi.letter_template OWNER TO kipthoi_owner;

--
-- Name: letter_template_template_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.letter_template ALTER COLUMN template_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.letter_template_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: message; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.message (
    message_id bigint NOT NULL,
    recipient_id integer,
    items integer NOT NULL,
    at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    facts jsonb NOT NULL,
    CONSTRAINT message_kind CHECK ((kind = ANY (ARRAY['notices'::text, 'digest'::text, 'letter'::text]))),
    CONSTRAINT message_to_whom CHECK (((kind = 'letter'::text) = (recipient_id IS NULL)))
);

ALTER TABLE kipthoi.message OWNER TO kipthoi_owner;

--
-- Name: message_message_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.message ALTER COLUMN message_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.message_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: migration; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.migration (
    version integer NOT NULL,
    name text NOT NULL,
    breaking boolean NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE kipthoi.migration OWNER TO kipthoi_owner;

--
-- Name: month_tally; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.month_tally (
    month date NOT NULL,
    unit_id integer NOT NULL,
    field_id integer NOT NULL,
    promise_early integer,
    promise_on_time integer,
    promise_late integer,
    promise_overdue integer,
    promise_in_time integer,
    promise_paused integer,
    promise_excluded integer,
    portal_early integer,
    portal_on_time integer,
    portal_late integer,
    portal_overdue integer,
    portal_in_time integer,
    portal_paused integer,
    portal_excluded integer,
    intake_early integer,
    intake_on_time integer,
    intake_late integer,
    intake_overdue integer,
    intake_in_time integer,
    intake_paused integer,
    intake_excluded integer,
    CONSTRAINT month_tally_first_day CHECK ((EXTRACT(day FROM month) = (1)::numeric))
)
WITH (fillfactor='50');

ALTER TABLE kipthoi.month_tally OWNER TO kipthoi_owner;

--
-- Name: month_count; Type: VIEW; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE VIEW kipthoi.month_count AS
 SELECT month_tally.month,
    month_tally.unit_id,
    month_tally.field_id,
    'promise'::kipthoi.rule_name AS rule,
    COALESCE(month_tally.promise_early, 0) AS early,
    COALESCE(month_tally.promise_on_time, 0) AS on_time,
    COALESCE(month_tally.promise_late, 0) AS late,
    COALESCE(month_tally.promise_overdue, 0) AS overdue,
    COALESCE(month_tally.promise_in_time, 0) AS in_time,
    COALESCE(month_tally.promise_paused, 0) AS paused,
    COALESCE(month_tally.promise_excluded, 0) AS excluded
   FROM kipthoi.month_tally
  WHERE (COALESCE(month_tally.promise_early, month_tally.promise_on_time, month_tally.promise_late, month_tally.promise_overdue, month_tally.promise_in_time, month_tally.promise_paused, month_tally.promise_excluded) IS NOT NULL)
UNION ALL
 SELECT month_tally.month,
    month_tally.unit_id,
    month_tally.field_id,
    'portal'::kipthoi.rule_name AS rule,
    COALESCE(month_tally.portal_early, 0) AS early,
    COALESCE(month_tally.portal_on_time, 0) AS on_time,
    COALESCE(month_tally.portal_late, 0) AS late,
    COALESCE(month_tally.portal_overdue, 0) AS overdue,
    COALESCE(month_tally.portal_in_time, 0) AS in_time,
    COALESCE(month_tally.portal_paused, 0) AS paused,
    COALESCE(month_tally.portal_excluded, 0) AS excluded
   FROM kipthoi.month_tally
  WHERE (COALESCE(month_tally.portal_early, month_tally.portal_on_time, month_tally.portal_late, month_tally.portal_overdue, month_tally.portal_in_time, month_tally.portal_paused, month_tally.portal_excluded) IS NOT NULL)
UNION ALL
 SELECT month_tally.month,
    month_tally.unit_id,
    month_tally.field_id,
    'intake'::kipthoi.rule_name AS rule,
    COALESCE(month_tally.intake_early, 0) AS early,
    COALESCE(month_tally.intake_on_time, 0) AS on_time,
    COALESCE(month_tally.intake_late, 0) AS late,
    COALESCE(month_tally.intake_overdue, 0) AS overdue,
    COALESCE(month_tally.intake_in_time, 0) AS in_time,
    COALESCE(month_tally.intake_paused, 0) AS paused,
    COALESCE(month_tally.intake_excluded, 0) AS excluded
   FROM kipthoi.month_tally
  WHERE (COALESCE(month_tally.intake_early, month_tally.intake_on_time, month_tally.intake_late, month_tally.intake_overdue, month_tally.intake_in_time, month_tally.intake_paused, month_tally.intake_excluded) IS NOT NULL);

ALTER TABLE kipthoi.month_count OWNER TO kipthoi_owner;

--
-- Name: notice; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.notice (
    notice_id bigint NOT NULL,
    message_id bigint,
    recipient_id integer NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    due timestamp with time zone,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    facts jsonb NOT NULL
);

ALTER TABLE kipthoi.notice OWNER TO kipthoi_owner;

--
-- Name: notice_notice_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.notice ALTER COLUMN notice_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.notice_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: notifier_cursor; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.notifier_cursor (
    one_row boolean DEFAULT true NOT NULL,
    snapshot pg_snapshot NOT NULL,
    epoch bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    upto pg_snapshot,
    place_source_id integer,
    place_code text COLLATE pg_catalog."C",
    rungs text DEFAULT ''::text NOT NULL,
    CONSTRAINT notifier_cursor_one_row CHECK (one_row)
)
WITH (fillfactor='50');

ALTER TABLE kipthoi.notifier_cursor OWNER TO kipthoi_owner;

--
-- Name: pause; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.pause (
    source_id integer NOT NULL,
    n integer NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    reason text,
    CONSTRAINT pause_kind CHECK ((kind = ANY (ARRAY['supplement'::text, 'payment'::text])))
);

ALTER TABLE kipthoi.pause OWNER TO kipthoi_owner;

--
-- Name: procedure; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.procedure (
    procedure_id integer NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text,
    confirmed boolean DEFAULT false NOT NULL,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT procedure_code_length CHECK ((octet_length(code) <= 128))
);

ALTER TABLE kipthoi.procedure OWNER TO kipthoi_owner;

--
-- Name: procedure_procedure_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.procedure ALTER COLUMN procedure_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME kipthoi.procedure_procedure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: procedure_term; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.procedure_term (
    procedure text NOT NULL COLLATE pg_catalog."C",
    effective_from timestamp with time zone NOT NULL,
    term_count integer,
    term_unit text,
    pause_mode text NOT NULL,
    note text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT procedure_term_code_length CHECK (((octet_length(procedure) >= 1) AND (octet_length(procedure) <= 128))),
    CONSTRAINT procedure_term_count CHECK (((term_count >= 1) AND (term_count <= 3660))),
    CONSTRAINT procedure_term_mode CHECK ((pause_mode = ANY (ARRAY['pause'::text, 'restart'::text]))),
    CONSTRAINT procedure_term_unit CHECK ((term_unit = ANY (ARRAY['working_days'::text, 'working_hours'::text, 'calendar_days'::text, 'months'::text]))),
    CONSTRAINT procedure_term_whole CHECK (((term_count IS NULL) = (term_unit IS NULL)))
);

ALTER TABLE kipthoi.procedure_term OWNER TO kipthoi_owner;

--
-- Name: projection; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.projection (
    source_id integer NOT NULL,
    calendar_was smallint NOT NULL,
    calendar smallint NOT NULL,
    due_was timestamp with time zone,
    due timestamp with time zone,
    judged_at timestamp with time zone NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE kipthoi.projection OWNER TO kipthoi_owner;

--
-- Name: promise; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.promise (
    source_id integer NOT NULL,
    episode smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT promise_episode_later CHECK ((episode >= 2))
);

ALTER TABLE kipthoi.promise OWNER TO kipthoi_owner;

--
-- Name: quarantine; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.quarantine (
    quarantine_id bigint NOT NULL,
    source_id integer NOT NULL,
    sender text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    payload bytea NOT NULL,
    digest bytea NOT NULL,
    seen integer DEFAULT 1 NOT NULL,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    last_seen timestamp with time zone DEFAULT now() NOT NULL,
    redriven_at timestamp with time zone,
    redriven_outcome smallint
);

ALTER TABLE kipthoi.quarantine OWNER TO kipthoi_owner;

--
-- Name: quarantine_quarantine_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.quarantine ALTER COLUMN quarantine_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.quarantine_quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: recipient; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.recipient (
    recipient_id integer NOT NULL,
    unit_id integer NOT NULL,
    digest_day date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_until timestamp with time zone,
    role text NOT NULL COLLATE pg_catalog."C",
    channel text NOT NULL,
    address text NOT NULL,
    hours text DEFAULT 'work'::text NOT NULL,
    lang text DEFAULT 'vi'::text NOT NULL,
    secret_file text,
    disabled text,
    CONSTRAINT recipient_address_length CHECK (((octet_length(address) >= 3) AND (octet_length(address) <= 1024))),
    CONSTRAINT recipient_channel CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text]))),
    CONSTRAINT recipient_hours CHECK ((hours = ANY (ARRAY['work'::text, 'always'::text]))),
    CONSTRAINT recipient_lang CHECK ((lang = ANY (ARRAY['vi'::text, 'en'::text]))),
    CONSTRAINT recipient_role CHECK ((role ~ '^[a-z][a-z_]{0,31}$'::text)),
    CONSTRAINT recipient_secret_of_webhook CHECK (((channel = 'webhook'::text) = (secret_file IS NOT NULL)))
);

ALTER TABLE kipthoi.recipient OWNER TO kipthoi_owner;

--
-- Name: recipient_log; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.recipient_log (
    recipient_id integer NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    what text NOT NULL,
    about text NOT NULL,
    who text NOT NULL,
    why text NOT NULL,
    CONSTRAINT recipient_log_what CHECK ((what = ANY (ARRAY['added'::text, 'changed'::text, 'disabled'::text, 'enabled'::text, 'removed'::text, 'key_added'::text, 'key_dropped'::text, 'key_shown'::text])))
);

ALTER TABLE kipthoi.recipient_log OWNER TO kipthoi_owner;

--
-- Name: unit; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.unit (
    unit_id integer NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    name text,
    parent_id integer,
    confirmed boolean DEFAULT false NOT NULL,
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT unit_code_length CHECK ((octet_length(code) <= 128)),
    CONSTRAINT unit_not_own_parent CHECK ((parent_id <> unit_id))
);

ALTER TABLE kipthoi.unit OWNER TO kipthoi_owner;

--
-- Name: recipient_reach; Type: VIEW; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE VIEW kipthoi.recipient_reach AS
 WITH RECURSIVE lineage(unit_id, above_id, steps) AS (
         SELECT u.unit_id,
            u.unit_id,
            0 AS "?column?"
           FROM kipthoi.unit u
        UNION ALL
         SELECT l_1.unit_id,
            u.parent_id,
            (l_1.steps + 1)
           FROM (lineage l_1
             JOIN kipthoi.unit u ON ((u.unit_id = l_1.above_id)))
          WHERE ((u.parent_id IS NOT NULL) AND (l_1.steps < 16))
        ), heard AS (
         SELECT DISTINCT r.unit_id,
            r.role
           FROM kipthoi.recipient r
          WHERE (r.disabled IS NULL)
        )
 SELECT l.unit_id,
    h.role,
    (array_agg(l.above_id ORDER BY l.steps))[1] AS at_unit_id,
    (array_agg(l.above_id ORDER BY (l.steps = 0), l.steps))[1] AS superior_id
   FROM (lineage l
     JOIN heard h ON ((h.unit_id = l.above_id)))
  GROUP BY l.unit_id, h.role;

ALTER TABLE kipthoi.recipient_reach OWNER TO kipthoi_owner;

--
-- Name: recipient_recipient_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.recipient ALTER COLUMN recipient_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kipthoi.recipient_recipient_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: rule_version; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.rule_version (
    rule kipthoi.rule_name NOT NULL,
    version smallint NOT NULL,
    supplement_limit smallint NOT NULL,
    extension_limit smallint NOT NULL,
    term_count integer,
    effective_from timestamp with time zone NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    term_unit text,
    "precision" text NOT NULL,
    due text NOT NULL,
    finish text NOT NULL,
    pause text NOT NULL,
    measure text NOT NULL,
    payment text NOT NULL,
    waiting text NOT NULL,
    missing_due text NOT NULL,
    withdrawn text NOT NULL,
    unaccepted text NOT NULL,
    loaded_by text NOT NULL,
    note text NOT NULL,
    CONSTRAINT rule_version_due CHECK ((due = ANY (ARRAY['first'::text, 'current'::text]))),
    CONSTRAINT rule_version_extensions CHECK (((extension_limit >= 0) AND (extension_limit <= 1000))),
    CONSTRAINT rule_version_finish CHECK ((finish = ANY (ARRAY['latest'::text, 'first'::text]))),
    CONSTRAINT rule_version_intake_term CHECK (((rule = 'intake'::kipthoi.rule_name) = ((term_count IS NOT NULL) AND (term_unit IS NOT NULL)))),
    CONSTRAINT rule_version_measure CHECK ((measure = ANY (ARRAY['working'::text, 'elapsed'::text]))),
    CONSTRAINT rule_version_missing_due CHECK ((missing_due = ANY (ARRAY['exclude'::text, 'term'::text]))),
    CONSTRAINT rule_version_pause CHECK ((pause = ANY (ARRAY['move_due'::text, 'deduct'::text, 'none'::text]))),
    CONSTRAINT rule_version_payment CHECK ((payment = ANY (ARRAY['pauses'::text, 'runs'::text]))),
    CONSTRAINT rule_version_positive CHECK ((version > 0)),
    CONSTRAINT rule_version_precision CHECK (("precision" = ANY (ARRAY['instant'::text, 'day'::text]))),
    CONSTRAINT rule_version_supplements CHECK (((supplement_limit >= 0) AND (supplement_limit <= 1000))),
    CONSTRAINT rule_version_term_count CHECK (((term_count >= 1) AND (term_count <= 3660))),
    CONSTRAINT rule_version_term_unit CHECK ((term_unit = ANY (ARRAY['working_days'::text, 'working_hours'::text, 'calendar_days'::text, 'months'::text]))),
    CONSTRAINT rule_version_unaccepted CHECK ((unaccepted = ANY (ARRAY['count'::text, 'exclude'::text]))),
    CONSTRAINT rule_version_waiting CHECK ((waiting = ANY (ARRAY['paused'::text, 'ends'::text, 'runs'::text]))),
    CONSTRAINT rule_version_withdrawn CHECK ((withdrawn = ANY (ARRAY['end'::text, 'exclude'::text, 'exclude_kept'::text])))
);

ALTER TABLE kipthoi.rule_version OWNER TO kipthoi_owner;

--
-- Name: rung; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.rung (
    rung smallint NOT NULL,
    before_days smallint NOT NULL,
    before_hours smallint NOT NULL,
    superior boolean NOT NULL,
    active boolean NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    anchor text NOT NULL,
    roles text[] NOT NULL,
    CONSTRAINT rung_anchor CHECK ((anchor = ANY (ARRAY['due'::text, 'duty'::text, 'deadline'::text, 'daily'::text]))),
    CONSTRAINT rung_before_due CHECK (((anchor = 'due'::text) OR ((before_days = 0) AND (before_hours = 0)))),
    CONSTRAINT rung_days CHECK (((before_days >= 0) AND (before_days <= 366))),
    CONSTRAINT rung_hours CHECK (((before_hours >= 0) AND (before_hours <= 1000)))
);

ALTER TABLE kipthoi.rung OWNER TO kipthoi_owner;

--
-- Name: scorer_cursor; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.scorer_cursor (
    shard smallint NOT NULL,
    shards smallint NOT NULL,
    segment integer NOT NULL,
    snapshot pg_snapshot NOT NULL,
    epoch bigint NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    behind boolean NOT NULL,
    folded bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    calendar smallint DEFAULT 0 NOT NULL,
    busy boolean DEFAULT false NOT NULL,
    CONSTRAINT scorer_cursor_shards CHECK (((shards = ANY (ARRAY[1, 2, 4, 8, 16, 32, 64])) AND (shard < shards)))
)
WITH (fillfactor='50');

ALTER TABLE kipthoi.scorer_cursor OWNER TO kipthoi_owner;

--
-- Name: segment; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.segment (
    segment integer NOT NULL,
    epoch bigint NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    sealed_at timestamp with time zone
);

ALTER TABLE kipthoi.segment OWNER TO kipthoi_owner;

--
-- Name: sender_key; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.sender_key (
    public_key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    feed boolean DEFAULT false NOT NULL,
    allowed_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT sender_key_name_length CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 128))),
    CONSTRAINT sender_key_z85 CHECK ((octet_length(public_key) = 40))
);

ALTER TABLE kipthoi.sender_key OWNER TO kipthoi_owner;

--
-- Name: sender_source; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.sender_source (
    public_key text NOT NULL COLLATE pg_catalog."C",
    pattern text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT sender_source_pattern_length CHECK (((octet_length(pattern) >= 1) AND (octet_length(pattern) <= 256)))
);

ALTER TABLE kipthoi.sender_source OWNER TO kipthoi_owner;

--
-- Name: source; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.source (
    source_id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    first_seen timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT source_name_length CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 256)))
);

ALTER TABLE kipthoi.source OWNER TO kipthoi_owner;

--
-- Name: source_source_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.source ALTER COLUMN source_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME kipthoi.source_source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: step; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.step (
    source_id integer NOT NULL,
    unit_id integer NOT NULL,
    episode smallint NOT NULL,
    rung smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    anchor_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    due_was timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL,
    outcome text,
    CONSTRAINT step_closed CHECK ((((state = 'waiting'::text) = (outcome IS NULL)) AND ((state = 'waiting'::text) = (done_at IS NULL)))),
    CONSTRAINT step_outcome CHECK ((outcome = ANY (ARRAY['told'::text, 'overtaken'::text, 'acknowledged'::text, 'muted'::text, 'nobody'::text, 'off'::text, 'passed'::text, 'ended'::text, 'moved'::text, 'sent'::text]))),
    CONSTRAINT step_state CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'dropped'::text])))
)
WITH (fillfactor='80');

ALTER TABLE kipthoi.step OWNER TO kipthoi_owner;

--
-- Name: target; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.target (
    plan text NOT NULL COLLATE pg_catalog."C",
    line integer NOT NULL,
    bound integer NOT NULL,
    min_sample integer NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    each text NOT NULL,
    unit text NOT NULL COLLATE pg_catalog."C",
    field_group text NOT NULL COLLATE pg_catalog."C",
    procedure text NOT NULL COLLATE pg_catalog."C",
    measure text NOT NULL COLLATE pg_catalog."C",
    relation text NOT NULL,
    period text NOT NULL,
    title text NOT NULL,
    source text NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT target_bound CHECK (((bound >= 0) AND (bound <= 10000))),
    CONSTRAINT target_days CHECK ((valid_from <= valid_to)),
    CONSTRAINT target_each CHECK ((each = ANY (ARRAY[''::text, 'field'::text, 'unit'::text]))),
    CONSTRAINT target_min_sample CHECK ((min_sample >= 0)),
    CONSTRAINT target_period CHECK ((period = ANY (ARRAY['year'::text, 'quarter'::text, 'month'::text, 'plan'::text]))),
    CONSTRAINT target_plan_length CHECK (((octet_length(plan) >= 1) AND (octet_length(plan) <= 64))),
    CONSTRAINT target_relation CHECK ((relation = ANY (ARRAY['>='::text, '<'::text])))
);

ALTER TABLE kipthoi.target OWNER TO kipthoi_owner;

--
-- Name: target_episode; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.target_episode (
    episode_id bigint NOT NULL,
    opened_numerator bigint NOT NULL,
    opened_denominator bigint NOT NULL,
    closed_numerator bigint,
    closed_denominator bigint,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    line integer NOT NULL,
    bound integer NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    outcome text COLLATE pg_catalog."C",
    plan text NOT NULL COLLATE pg_catalog."C",
    period text NOT NULL COLLATE pg_catalog."C",
    measure text NOT NULL COLLATE pg_catalog."C",
    relation text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    field text COLLATE pg_catalog."C",
    field_group text NOT NULL COLLATE pg_catalog."C",
    procedure text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    CONSTRAINT target_episode_closed CHECK (((closed_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT target_episode_kind CHECK ((kind = ANY (ARRAY['fell'::text, 'forecast'::text]))),
    CONSTRAINT target_episode_outcome CHECK ((outcome = ANY (ARRAY['recovered'::text, 'fell'::text, 'ended'::text])))
);

ALTER TABLE kipthoi.target_episode OWNER TO kipthoi_owner;

--
-- Name: target_episode_episode_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.target_episode ALTER COLUMN episode_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME kipthoi.target_episode_episode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: unit_unit_id_seq; Type: SEQUENCE; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE kipthoi.unit ALTER COLUMN unit_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME kipthoi.unit_unit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: verdict_change; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.verdict_change (
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    source_id integer NOT NULL,
    was kipthoi.dossier_class,
    now kipthoi.dossier_class NOT NULL,
    judged_at timestamp with time zone NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    broken smallint NOT NULL
);

ALTER TABLE kipthoi.verdict_change OWNER TO kipthoi_owner;

--
-- Name: event_1; Type: TABLE ATTACH; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event ATTACH PARTITION kipthoi.event_1 FOR VALUES IN (1);

--
-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (topic, seq);

--
-- Name: alert_topic alert_topic_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.alert_topic
    ADD CONSTRAINT alert_topic_pkey PRIMARY KEY (topic);

--
-- Name: apology apology_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.apology
    ADD CONSTRAINT apology_pkey PRIMARY KEY (source_id, event_id);

--
-- Name: book book_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.book
    ADD CONSTRAINT book_pkey PRIMARY KEY (one_row);

--
-- Name: calendar_day_hours calendar_day_hours_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_day_hours
    ADD CONSTRAINT calendar_day_hours_pkey PRIMARY KEY (version, day, begins);

--
-- Name: calendar_day calendar_day_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (version, day);

--
-- Name: calendar_hours calendar_hours_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_hours
    ADD CONSTRAINT calendar_hours_pkey PRIMARY KEY (version, unit_id, weekday, begins);

--
-- Name: calendar calendar_in_force_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar
    ADD CONSTRAINT calendar_in_force_unique UNIQUE (in_force);

--
-- Name: calendar calendar_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar
    ADD CONSTRAINT calendar_pkey PRIMARY KEY (version);

--
-- Name: calendar_unit calendar_unit_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_unit
    ADD CONSTRAINT calendar_unit_pkey PRIMARY KEY (version, unit_id);

--
-- Name: code_alias code_alias_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.code_alias
    ADD CONSTRAINT code_alias_pkey PRIMARY KEY (source, list, code, valid_from);

--
-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (source_id, code);

--
-- Name: day_tally day_tally_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.day_tally
    ADD CONSTRAINT day_tally_pkey PRIMARY KEY (day, unit_id, field_id, procedure_id);

--
-- Name: delivery delivery_message_once; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_message_once UNIQUE (message_id);

--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (delivery_id);

--
-- Name: delivery delivery_wire_id_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_wire_id_unique UNIQUE (wire_id);

--
-- Name: deployment deployment_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (one_row);

--
-- Name: dossier dossier_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.dossier
    ADD CONSTRAINT dossier_pkey PRIMARY KEY (source_id, code);

--
-- Name: duty duty_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.duty
    ADD CONSTRAINT duty_pkey PRIMARY KEY (source_id, code, episode);

--
-- Name: event event_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event
    ADD CONSTRAINT event_unique UNIQUE (source_id, event_id, segment);

--
-- Name: event_1 event_1_source_id_event_id_segment_key; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event_1
    ADD CONSTRAINT event_1_source_id_event_id_segment_key UNIQUE (source_id, event_id, segment);

--
-- Name: event_kind event_kind_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event_kind
    ADD CONSTRAINT event_kind_pkey PRIMARY KEY (kind);

--
-- Name: event_kind event_kind_type_key; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event_kind
    ADD CONSTRAINT event_kind_type_key UNIQUE (type);

--
-- Name: event_redaction event_redaction_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.event_redaction
    ADD CONSTRAINT event_redaction_pkey PRIMARY KEY (source_id, event_id);

--
-- Name: field field_code_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.field
    ADD CONSTRAINT field_code_unique UNIQUE (code);

--
-- Name: field_group field_group_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.field_group
    ADD CONSTRAINT field_group_pkey PRIMARY KEY (name, field);

--
-- Name: field field_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.field
    ADD CONSTRAINT field_pkey PRIMARY KEY (field_id);

--
-- Name: hush hush_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.hush
    ADD CONSTRAINT hush_pkey PRIMARY KEY (hush_id);

--
-- Name: indicator indicator_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.indicator
    ADD CONSTRAINT indicator_pkey PRIMARY KEY (source_id, key);

--
-- Name: intake intake_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.intake
    ADD CONSTRAINT intake_pkey PRIMARY KEY (source_id, day, worker);

--
-- Name: intake_worker intake_worker_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.intake_worker
    ADD CONSTRAINT intake_worker_pkey PRIMARY KEY (worker);

--
-- Name: letter_counter letter_counter_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_counter
    ADD CONSTRAINT letter_counter_pkey PRIMARY KEY (unit_id, year);

--
-- Name: letter letter_event_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter
    ADD CONSTRAINT letter_event_unique UNIQUE (source_id, event_id);

--
-- Name: letter letter_number_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter
    ADD CONSTRAINT letter_number_unique UNIQUE (unit_id, year, number);

--
-- Name: letter_office letter_office_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_office
    ADD CONSTRAINT letter_office_pkey PRIMARY KEY (unit_id);

--
-- Name: letter letter_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter
    ADD CONSTRAINT letter_pkey PRIMARY KEY (source_id, code, episode);

--
-- Name: letter_rule letter_rule_effective_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_rule
    ADD CONSTRAINT letter_rule_effective_unique UNIQUE (effective_from);

--
-- Name: letter_rule letter_rule_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_rule
    ADD CONSTRAINT letter_rule_pkey PRIMARY KEY (version);

--
-- Name: letter_template letter_template_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_template
    ADD CONSTRAINT letter_template_pkey PRIMARY KEY (template_id);

--
-- Name: message message_once; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.message
    ADD CONSTRAINT message_once UNIQUE (key);

--
-- Name: message message_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (message_id);

--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (version);

--
-- Name: month_tally month_tally_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.month_tally
    ADD CONSTRAINT month_tally_pkey PRIMARY KEY (month, unit_id, field_id);

--
-- Name: notice notice_once; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.notice
    ADD CONSTRAINT notice_once UNIQUE (recipient_id, key);

--
-- Name: notice notice_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (notice_id);

--
-- Name: notifier_cursor notifier_cursor_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.notifier_cursor
    ADD CONSTRAINT notifier_cursor_pkey PRIMARY KEY (one_row);

--
-- Name: pause pause_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.pause
    ADD CONSTRAINT pause_pkey PRIMARY KEY (source_id, code, n);

--
-- Name: procedure procedure_code_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.procedure
    ADD CONSTRAINT procedure_code_unique UNIQUE (code);

--
-- Name: procedure procedure_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.procedure
    ADD CONSTRAINT procedure_pkey PRIMARY KEY (procedure_id);

--
-- Name: procedure_term procedure_term_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.procedure_term
    ADD CONSTRAINT procedure_term_pkey PRIMARY KEY (procedure, effective_from);

--
-- Name: promise promise_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.promise
    ADD CONSTRAINT promise_pkey PRIMARY KEY (source_id, code, episode);

--
-- Name: quarantine quarantine_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id);

--
-- Name: quarantine quarantine_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.quarantine
    ADD CONSTRAINT quarantine_unique UNIQUE (digest, sender, code);

--
-- Name: recipient recipient_address_once; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.recipient
    ADD CONSTRAINT recipient_address_once UNIQUE (unit_id, role, channel, address);

--
-- Name: recipient recipient_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.recipient
    ADD CONSTRAINT recipient_pkey PRIMARY KEY (recipient_id);

--
-- Name: rule_version rule_version_effective_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.rule_version
    ADD CONSTRAINT rule_version_effective_unique UNIQUE (rule, effective_from);

--
-- Name: rule_version rule_version_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.rule_version
    ADD CONSTRAINT rule_version_pkey PRIMARY KEY (rule, version);

--
-- Name: rung rung_name_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.rung
    ADD CONSTRAINT rung_name_unique UNIQUE (name);

--
-- Name: rung rung_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.rung
    ADD CONSTRAINT rung_pkey PRIMARY KEY (rung);

--
-- Name: scorer_cursor scorer_cursor_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.scorer_cursor
    ADD CONSTRAINT scorer_cursor_pkey PRIMARY KEY (shard);

--
-- Name: segment segment_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (segment);

--
-- Name: sender_key sender_key_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.sender_key
    ADD CONSTRAINT sender_key_pkey PRIMARY KEY (public_key);

--
-- Name: sender_source sender_source_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.sender_source
    ADD CONSTRAINT sender_source_pkey PRIMARY KEY (public_key, pattern);

--
-- Name: source source_name_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.source
    ADD CONSTRAINT source_name_unique UNIQUE (name);

--
-- Name: source source_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (source_id);

--
-- Name: step step_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (source_id, code, episode, rung);

--
-- Name: target_episode target_episode_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.target_episode
    ADD CONSTRAINT target_episode_pkey PRIMARY KEY (episode_id);

--
-- Name: target target_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (plan, line);

--
-- Name: unit unit_code_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.unit
    ADD CONSTRAINT unit_code_unique UNIQUE (code);

--
-- Name: unit unit_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.unit
    ADD CONSTRAINT unit_pkey PRIMARY KEY (unit_id);

--
-- Name: alert_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX alert_by_dossier ON kipthoi.alert USING btree (source_id, code);

--
-- Name: apology_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX apology_by_dossier ON kipthoi.apology USING btree (source_id, code);

--
-- Name: contact_log_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX contact_log_by_dossier ON kipthoi.contact_log USING btree (source_id, code);

--
-- Name: delivery_attempt_by_delivery; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_attempt_by_delivery ON kipthoi.delivery_attempt USING btree (delivery_id);

--
-- Name: delivery_claimed; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_claimed ON kipthoi.delivery USING btree (claimed_until) WHERE (state = 'claimed'::text);

--
-- Name: delivery_sent; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_sent ON kipthoi.delivery USING btree (sent_at) WHERE (state = 'sent'::text);

--
-- Name: delivery_unsent; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_unsent ON kipthoi.delivery USING btree (state) WHERE (state <> 'sent'::text);

--
-- Name: delivery_waiting; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_waiting ON kipthoi.delivery USING btree (next_at) WHERE (state = 'waiting'::text);

--
-- Name: dossier_by_calendar; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_by_calendar ON kipthoi.dossier USING btree (calendar) WHERE ((calendar < 0) OR ((calendar > 0) AND (state = ANY (ARRAY['received'::kipthoi.dossier_state, 'in_process'::kipthoi.dossier_state, 'paused'::kipthoi.dossier_state]))));

--
-- Name: dossier_by_flip; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_by_flip ON kipthoi.dossier USING btree (flips_at) WHERE (flips_at IS NOT NULL);

--
-- Name: dossier_by_next_due; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_by_next_due ON kipthoi.dossier USING btree (next_due) WHERE (next_due IS NOT NULL);

--
-- Name: dossier_missed_by_day; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_missed_by_day ON kipthoi.dossier USING btree (promise_day) WHERE (promise = ANY (ARRAY['late'::kipthoi.dossier_class, 'overdue'::kipthoi.dossier_class]));

--
-- Name: dossier_overdue_by_unit; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_overdue_by_unit ON kipthoi.dossier USING btree (unit_id) WHERE (promise = 'overdue'::kipthoi.dossier_class);

--
-- Name: duty_by_deadline; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX duty_by_deadline ON kipthoi.duty USING btree (state, deadline);

--
-- Name: duty_by_due; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX duty_by_due ON kipthoi.duty USING btree (due);

--
-- Name: duty_log_by_duty; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX duty_log_by_duty ON kipthoi.duty_log USING btree (source_id, code, episode);

--
-- Name: duty_open_by_unit; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX duty_open_by_unit ON kipthoi.duty USING btree (unit_id) WHERE (state = ANY (ARRAY['owed'::kipthoi.duty_state, 'drafted'::kipthoi.duty_state, 'approved'::kipthoi.duty_state]));

--
-- Name: event_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX event_by_dossier ON ONLY kipthoi.event USING btree (source_id, dossier);

--
-- Name: event_1_source_id_dossier_idx; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX event_1_source_id_dossier_idx ON kipthoi.event_1 USING btree (source_id, dossier);

--
-- Name: event_by_xid; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX event_by_xid ON ONLY kipthoi.event USING btree (xid);

--
-- Name: event_1_xid_idx; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX event_1_xid_idx ON kipthoi.event_1 USING btree (xid);

--
-- Name: hush_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX hush_by_dossier ON kipthoi.hush USING btree (source_id, code) WHERE (code IS NOT NULL);

--
-- Name: hush_mute; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX hush_mute ON kipthoi.hush USING btree (until) WHERE (kind = 'mute'::text);

--
-- Name: indicator_by_measure; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX indicator_by_measure ON kipthoi.indicator USING btree (measure, period);

--
-- Name: letter_unsent; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX letter_unsent ON kipthoi.letter USING btree (due) WHERE (state <> 'sent'::kipthoi.letter_state);

--
-- Name: message_by_recipient; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX message_by_recipient ON kipthoi.message USING btree (recipient_id, created_at);

--
-- Name: notice_waiting; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX notice_waiting ON kipthoi.notice USING btree (recipient_id, queued_at) WHERE (message_id IS NULL);

--
-- Name: projection_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX projection_by_dossier ON kipthoi.projection USING btree (source_id, code);

--
-- Name: recipient_log_by_recipient; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX recipient_log_by_recipient ON kipthoi.recipient_log USING btree (recipient_id);

--
-- Name: step_closed_at; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX step_closed_at ON kipthoi.step USING btree (done_at) WHERE (state <> 'waiting'::text);

--
-- Name: step_waiting; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX step_waiting ON kipthoi.step USING btree (due_at) WHERE (state = 'waiting'::text);

--
-- Name: target_episode_open; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE UNIQUE INDEX target_episode_open ON kipthoi.target_episode USING btree (unit, field, plan, line, measure, period, field_group, procedure, kind) NULLS NOT DISTINCT WHERE (closed_at IS NULL);

--
-- Name: verdict_change_by_dossier; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX verdict_change_by_dossier ON kipthoi.verdict_change USING btree (source_id, code);

--
-- Name: verdict_change_by_xid; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX verdict_change_by_xid ON kipthoi.verdict_change USING btree (xid);

--
-- Name: event_1_source_id_dossier_idx; Type: INDEX ATTACH; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER INDEX kipthoi.event_by_dossier ATTACH PARTITION kipthoi.event_1_source_id_dossier_idx;

--
-- Name: event_1_source_id_event_id_segment_key; Type: INDEX ATTACH; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER INDEX kipthoi.event_unique ATTACH PARTITION kipthoi.event_1_source_id_event_id_segment_key;

--
-- Name: event_1_xid_idx; Type: INDEX ATTACH; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER INDEX kipthoi.event_by_xid ATTACH PARTITION kipthoi.event_1_xid_idx;

--
-- Name: calendar_day_hours calendar_day_hours_version_day_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_day_hours
    ADD CONSTRAINT calendar_day_hours_version_day_fkey FOREIGN KEY (version, day) REFERENCES kipthoi.calendar_day(version, day);

--
-- Name: calendar_day calendar_day_version_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_day
    ADD CONSTRAINT calendar_day_version_fkey FOREIGN KEY (version) REFERENCES kipthoi.calendar(version);

--
-- Name: calendar_hours calendar_hours_version_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_hours
    ADD CONSTRAINT calendar_hours_version_unit_id_fkey FOREIGN KEY (version, unit_id) REFERENCES kipthoi.calendar_unit(version, unit_id);

--
-- Name: calendar_unit calendar_unit_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_unit
    ADD CONSTRAINT calendar_unit_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: calendar_unit calendar_unit_version_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.calendar_unit
    ADD CONSTRAINT calendar_unit_version_fkey FOREIGN KEY (version) REFERENCES kipthoi.calendar(version);

--
-- Name: delivery delivery_message_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_message_id_fkey FOREIGN KEY (message_id) REFERENCES kipthoi.message(message_id);

--
-- Name: delivery delivery_recipient_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES kipthoi.recipient(recipient_id);

--
-- Name: hush hush_field_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.hush
    ADD CONSTRAINT hush_field_id_fkey FOREIGN KEY (field_id) REFERENCES kipthoi.field(field_id);

--
-- Name: hush hush_rung_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.hush
    ADD CONSTRAINT hush_rung_fkey FOREIGN KEY (rung) REFERENCES kipthoi.rung(rung);

--
-- Name: hush hush_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.hush
    ADD CONSTRAINT hush_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: letter_counter letter_counter_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_counter
    ADD CONSTRAINT letter_counter_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: letter_office letter_office_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.letter_office
    ADD CONSTRAINT letter_office_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: message message_recipient_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.message
    ADD CONSTRAINT message_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES kipthoi.recipient(recipient_id);

--
-- Name: recipient recipient_unit_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.recipient
    ADD CONSTRAINT recipient_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: sender_source sender_source_public_key_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.sender_source
    ADD CONSTRAINT sender_source_public_key_fkey FOREIGN KEY (public_key) REFERENCES kipthoi.sender_key(public_key);

--
-- Name: unit unit_parent_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.unit
    ADD CONSTRAINT unit_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES kipthoi.unit(unit_id);

--
-- Name: SCHEMA kipthoi; Type: ACL; Schema: -; Owner: kipthoi_owner
--

GRANT USAGE ON SCHEMA kipthoi TO kipthoi_ingest;
GRANT USAGE ON SCHEMA kipthoi TO kipthoi_scorer;
GRANT USAGE ON SCHEMA kipthoi TO kipthoi_notifier;
GRANT USAGE ON SCHEMA kipthoi TO kipthoi_operator;
GRANT USAGE ON SCHEMA kipthoi TO kipthoi_letters;

--
-- Name: FUNCTION alias_apply(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.alias_apply() FROM PUBLIC;

--
-- Name: FUNCTION audit_add(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_us bigint); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_add(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_us bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_add(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_us bigint) TO kipthoi_operator;

--
-- Name: FUNCTION audit_between(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_between(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_between(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_to timestamp with time zone) TO kipthoi_operator;

--
-- Name: FUNCTION audit_calendars(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_calendars() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_calendars() TO kipthoi_operator;

--
-- Name: FUNCTION audit_dossiers(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_dossiers() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_dossiers() TO kipthoi_operator;

--
-- Name: FUNCTION audit_due(p_hours kipthoi.audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamp with time zone, p_base timestamp with time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_due(p_hours kipthoi.audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamp with time zone, p_base timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_due(p_hours kipthoi.audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamp with time zone, p_base timestamp with time zone) TO kipthoi_operator;

--
-- Name: FUNCTION audit_first(p_local timestamp without time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_first(p_local timestamp without time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_first(p_local timestamp without time zone) TO kipthoi_operator;

--
-- Name: FUNCTION audit_fold(p_events kipthoi.audit_event[]); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_fold(p_events kipthoi.audit_event[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_fold(p_events kipthoi.audit_event[]) TO kipthoi_operator;

--
-- Name: FUNCTION audit_folds(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_folds() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_folds() TO kipthoi_operator;

--
-- Name: FUNCTION audit_instant(p_text text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_instant(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_instant(p_text text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_later(p_from timestamp with time zone, p_us bigint); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_later(p_from timestamp with time zone, p_us bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_later(p_from timestamp with time zone, p_us bigint) TO kipthoi_operator;

--
-- Name: FUNCTION audit_moment(p_text text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_moment(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_moment(p_text text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_open(p_pauses kipthoi.audit_pause[], p_kind text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_open(p_pauses kipthoi.audit_pause[], p_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_open(p_pauses kipthoi.audit_pause[], p_kind text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_promised(p_text text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_promised(p_text text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_promised(p_text text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_reach(p_day date, p_time time without time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_reach(p_day date, p_time time without time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_reach(p_day date, p_time time without time zone) TO kipthoi_operator;

--
-- Name: FUNCTION audit_reappointed(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_reappointed() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_reappointed() TO kipthoi_operator;

--
-- Name: FUNCTION audit_term(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_count integer, p_unit text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_term(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_count integer, p_unit text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_term(p_hours kipthoi.audit_calendar, p_from timestamp with time zone, p_count integer, p_unit text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_text(p_record jsonb, p_name text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_text(p_record jsonb, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_text(p_record jsonb, p_name text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_unit(p_code text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_unit(p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_unit(p_code text) TO kipthoi_operator;

--
-- Name: FUNCTION audit_us(p_from timestamp with time zone, p_to timestamp with time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_us(p_from timestamp with time zone, p_to timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_us(p_from timestamp with time zone, p_to timestamp with time zone) TO kipthoi_operator;

--
-- Name: FUNCTION audit_working(p_starts timestamp with time zone[], p_stops timestamp with time zone[], p_before bigint[], p_at timestamp with time zone); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.audit_working(p_starts timestamp with time zone[], p_stops timestamp with time zone[], p_before bigint[], p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.audit_working(p_starts timestamp with time zone[], p_stops timestamp with time zone[], p_before bigint[], p_at timestamp with time zone) TO kipthoi_operator;

--
-- Name: FUNCTION contact_erase(p_source_id integer, p_code text, p_who text, p_why text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.contact_erase(p_source_id integer, p_code text, p_who text, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.contact_erase(p_source_id integer, p_code text, p_who text, p_why text) TO kipthoi_letters;

--
-- Name: FUNCTION contact_gather(p_source_id integer[], p_code text[]); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.contact_gather(p_source_id integer[], p_code text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.contact_gather(p_source_id integer[], p_code text[]) TO kipthoi_letters;

--
-- Name: FUNCTION duty_recall(p_source_id integer, p_code text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.duty_recall(p_source_id integer, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.duty_recall(p_source_id integer, p_code text) TO kipthoi_letters;

--
-- Name: FUNCTION event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) TO kipthoi_ingest;

--
-- Name: FUNCTION event_store_many(p_segment integer, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[]); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.event_store_many(p_segment integer, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[]) FROM PUBLIC;

--
-- Name: FUNCTION quarantine_redrive(p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamp with time zone, p_sequence bigint, p_dossier text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.quarantine_redrive(p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamp with time zone, p_sequence bigint, p_dossier text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.quarantine_redrive(p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamp with time zone, p_sequence bigint, p_dossier text) TO kipthoi_operator;

--
-- Name: FUNCTION rebase(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.rebase() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.rebase() TO kipthoi_operator;

--
-- Name: FUNCTION rebuild_begin(p_shards integer); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.rebuild_begin(p_shards integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.rebuild_begin(p_shards integer) TO kipthoi_operator;

--
-- Name: FUNCTION rungs_stamp(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.rungs_stamp() FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.rungs_stamp() TO kipthoi_notifier;
GRANT ALL ON FUNCTION kipthoi.rungs_stamp() TO kipthoi_operator;

--
-- Name: FUNCTION segment_current(); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.segment_current() FROM PUBLIC;

--
-- Name: FUNCTION segment_open(p_expected integer); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.segment_open(p_expected integer) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.segment_open(p_expected integer) TO kipthoi_scorer;
GRANT ALL ON FUNCTION kipthoi.segment_open(p_expected integer) TO kipthoi_operator;

--
-- Name: FUNCTION source_register(p_name text); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.source_register(p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.source_register(p_name text) TO kipthoi_ingest;
GRANT ALL ON FUNCTION kipthoi.source_register(p_name text) TO kipthoi_operator;

--
-- Name: TABLE alert; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.alert TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.alert TO kipthoi_operator;

--
-- Name: TABLE alert_topic; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.alert_topic TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.alert_topic TO kipthoi_operator;

--
-- Name: TABLE apology; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.apology TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.apology TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.apology TO kipthoi_operator;

--
-- Name: TABLE book; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.book TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.book TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.book TO kipthoi_notifier;
GRANT SELECT,UPDATE ON TABLE kipthoi.book TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.book TO kipthoi_letters;

--
-- Name: TABLE calendar; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.calendar TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.calendar TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.calendar TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.calendar TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.calendar TO kipthoi_letters;

--
-- Name: TABLE calendar_day; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.calendar_day TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.calendar_day TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.calendar_day TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.calendar_day TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.calendar_day TO kipthoi_letters;

--
-- Name: TABLE calendar_day_hours; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.calendar_day_hours TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.calendar_day_hours TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.calendar_day_hours TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.calendar_day_hours TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.calendar_day_hours TO kipthoi_letters;

--
-- Name: TABLE calendar_hours; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.calendar_hours TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.calendar_hours TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.calendar_hours TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.calendar_hours TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.calendar_hours TO kipthoi_letters;

--
-- Name: TABLE calendar_unit; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.calendar_unit TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.calendar_unit TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.calendar_unit TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.calendar_unit TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.calendar_unit TO kipthoi_letters;

--
-- Name: TABLE code_alias; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.code_alias TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.code_alias TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.code_alias TO kipthoi_notifier;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.code_alias TO kipthoi_operator;

--
-- Name: TABLE contact; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.contact TO kipthoi_letters;

--
-- Name: COLUMN contact.source_id; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(source_id) ON TABLE kipthoi.contact TO kipthoi_notifier;
GRANT SELECT(source_id) ON TABLE kipthoi.contact TO kipthoi_operator;

--
-- Name: COLUMN contact.erased_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(erased_at) ON TABLE kipthoi.contact TO kipthoi_notifier;
GRANT SELECT(erased_at) ON TABLE kipthoi.contact TO kipthoi_operator;

--
-- Name: COLUMN contact.code; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(code) ON TABLE kipthoi.contact TO kipthoi_notifier;
GRANT SELECT(code) ON TABLE kipthoi.contact TO kipthoi_operator;

--
-- Name: COLUMN contact.origin; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(origin) ON TABLE kipthoi.contact TO kipthoi_notifier;
GRANT SELECT(origin) ON TABLE kipthoi.contact TO kipthoi_operator;

--
-- Name: TABLE contact_log; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.contact_log TO kipthoi_letters;
GRANT SELECT ON TABLE kipthoi.contact_log TO kipthoi_operator;

--
-- Name: TABLE day_tally; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.day_tally TO kipthoi_scorer;

--
-- Name: TABLE day_count; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.day_count TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.day_count TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.day_count TO kipthoi_notifier;

--
-- Name: TABLE delivery; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.delivery TO kipthoi_letters;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.delivery TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.attempts; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(attempts) ON TABLE kipthoi.delivery TO kipthoi_letters;
GRANT UPDATE(attempts) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.next_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(next_at) ON TABLE kipthoi.delivery TO kipthoi_letters;
GRANT UPDATE(next_at) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.claimed_until; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(claimed_until) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.claim_token; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(claim_token) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.state; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(state) ON TABLE kipthoi.delivery TO kipthoi_letters;
GRANT UPDATE(state) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: COLUMN delivery.last_error; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(last_error) ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: TABLE delivery_attempt; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT INSERT ON TABLE kipthoi.delivery_attempt TO kipthoi_letters;
GRANT SELECT,INSERT ON TABLE kipthoi.delivery_attempt TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.delivery_attempt TO kipthoi_operator;

--
-- Name: TABLE deployment; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_letters;

--
-- Name: TABLE dossier; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.dossier TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.dossier TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.dossier TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.dossier TO kipthoi_letters;

--
-- Name: TABLE duty; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.duty TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.duty TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: COLUMN duty.state; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(state) ON TABLE kipthoi.duty TO kipthoi_operator;
GRANT UPDATE(state) ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: COLUMN duty.sent_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(sent_at) ON TABLE kipthoi.duty TO kipthoi_operator;
GRANT UPDATE(sent_at) ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: COLUMN duty.letter_no; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(letter_no) ON TABLE kipthoi.duty TO kipthoi_operator;
GRANT UPDATE(letter_no) ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: COLUMN duty.sent_by; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(sent_by) ON TABLE kipthoi.duty TO kipthoi_operator;
GRANT UPDATE(sent_by) ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: COLUMN duty.waived_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(waived_at) ON TABLE kipthoi.duty TO kipthoi_letters;

--
-- Name: TABLE duty_log; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.duty_log TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.duty_log TO kipthoi_operator;
GRANT SELECT,INSERT ON TABLE kipthoi.duty_log TO kipthoi_letters;

--
-- Name: TABLE event; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.event TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.event TO kipthoi_operator;

--
-- Name: TABLE event_kind; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.event_kind TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.event_kind TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.event_kind TO kipthoi_operator;

--
-- Name: TABLE event_redaction; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.event_redaction TO kipthoi_operator;

--
-- Name: TABLE field; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.field TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.field TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.field TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.field TO kipthoi_letters;

--
-- Name: TABLE field_group; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.field_group TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.field_group TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.field_group TO kipthoi_notifier;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.field_group TO kipthoi_operator;

--
-- Name: TABLE hush; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.hush TO kipthoi_notifier;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.hush TO kipthoi_operator;

--
-- Name: TABLE indicator; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.indicator TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.indicator TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.indicator TO kipthoi_notifier;

--
-- Name: TABLE intake; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.intake TO kipthoi_operator;

--
-- Name: TABLE intake_worker; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.intake_worker TO kipthoi_ingest;

--
-- Name: TABLE letter; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.letter TO kipthoi_letters;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.letter TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.letter TO kipthoi_operator;

--
-- Name: TABLE letter_counter; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.letter_counter TO kipthoi_letters;
GRANT SELECT ON TABLE kipthoi.letter_counter TO kipthoi_operator;

--
-- Name: TABLE letter_office; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.letter_office TO kipthoi_letters;
GRANT SELECT ON TABLE kipthoi.letter_office TO kipthoi_notifier;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.letter_office TO kipthoi_operator;

--
-- Name: TABLE letter_rule; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.letter_rule TO kipthoi_letters;
GRANT SELECT ON TABLE kipthoi.letter_rule TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.letter_rule TO kipthoi_operator;

--
-- Name: TABLE letter_template; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.letter_template TO kipthoi_letters;
GRANT SELECT ON TABLE kipthoi.letter_template TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.letter_template TO kipthoi_operator;

--
-- Name: TABLE message; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.message TO kipthoi_letters;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.message TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.message TO kipthoi_operator;

--
-- Name: TABLE migration; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_letters;

--
-- Name: TABLE month_tally; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.month_tally TO kipthoi_scorer;

--
-- Name: TABLE month_count; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.month_count TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.month_count TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.month_count TO kipthoi_notifier;

--
-- Name: TABLE notice; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.notice TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.notice TO kipthoi_operator;

--
-- Name: TABLE notifier_cursor; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,UPDATE ON TABLE kipthoi.notifier_cursor TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.notifier_cursor TO kipthoi_operator;

--
-- Name: TABLE pause; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE kipthoi.pause TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.pause TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.pause TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.pause TO kipthoi_letters;

--
-- Name: TABLE procedure; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.procedure TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.procedure TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.procedure TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.procedure TO kipthoi_letters;

--
-- Name: TABLE procedure_term; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.procedure_term TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.procedure_term TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.procedure_term TO kipthoi_notifier;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.procedure_term TO kipthoi_operator;

--
-- Name: TABLE projection; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.projection TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.projection TO kipthoi_operator;

--
-- Name: TABLE promise; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE kipthoi.promise TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.promise TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.promise TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.promise TO kipthoi_letters;

--
-- Name: TABLE quarantine; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.quarantine TO kipthoi_operator;

--
-- Name: TABLE recipient; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.recipient TO kipthoi_notifier;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.recipient TO kipthoi_operator;

--
-- Name: COLUMN recipient.recipient_id; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(recipient_id) ON TABLE kipthoi.recipient TO kipthoi_letters;

--
-- Name: COLUMN recipient.digest_day; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(digest_day) ON TABLE kipthoi.recipient TO kipthoi_notifier;

--
-- Name: COLUMN recipient.paused_until; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(paused_until) ON TABLE kipthoi.recipient TO kipthoi_notifier;

--
-- Name: COLUMN recipient.disabled; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT(disabled) ON TABLE kipthoi.recipient TO kipthoi_letters;
GRANT UPDATE(disabled) ON TABLE kipthoi.recipient TO kipthoi_notifier;

--
-- Name: TABLE recipient_log; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.recipient_log TO kipthoi_operator;

--
-- Name: TABLE unit; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.unit TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.unit TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.unit TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.unit TO kipthoi_letters;

--
-- Name: TABLE recipient_reach; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.recipient_reach TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.recipient_reach TO kipthoi_operator;

--
-- Name: TABLE rule_version; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.rule_version TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.rule_version TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.rule_version TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.rule_version TO kipthoi_operator;

--
-- Name: TABLE rung; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.rung TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: COLUMN rung.before_days; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(before_days) ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: COLUMN rung.before_hours; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(before_hours) ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: COLUMN rung.superior; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(superior) ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: COLUMN rung.active; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(active) ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: COLUMN rung.roles; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(roles) ON TABLE kipthoi.rung TO kipthoi_operator;

--
-- Name: TABLE scorer_cursor; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,UPDATE ON TABLE kipthoi.scorer_cursor TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.scorer_cursor TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.scorer_cursor TO kipthoi_notifier;

--
-- Name: TABLE segment; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.segment TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.segment TO kipthoi_operator;

--
-- Name: TABLE sender_key; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.sender_key TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.sender_key TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.sender_key TO kipthoi_notifier;

--
-- Name: TABLE sender_source; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.sender_source TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.sender_source TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.sender_source TO kipthoi_notifier;

--
-- Name: TABLE source; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.source TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.source TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.source TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.source TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.source TO kipthoi_letters;

--
-- Name: TABLE step; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.step TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.step TO kipthoi_operator;

--
-- Name: COLUMN step.due_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(due_at) ON TABLE kipthoi.step TO kipthoi_operator;

--
-- Name: COLUMN step.due_was; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(due_was) ON TABLE kipthoi.step TO kipthoi_operator;

--
-- Name: TABLE target; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.target TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.target TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.target TO kipthoi_notifier;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE kipthoi.target TO kipthoi_operator;

--
-- Name: TABLE target_episode; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.target_episode TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.target_episode TO kipthoi_operator;

--
-- Name: COLUMN target_episode.closed_numerator; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(closed_numerator) ON TABLE kipthoi.target_episode TO kipthoi_notifier;

--
-- Name: COLUMN target_episode.closed_denominator; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(closed_denominator) ON TABLE kipthoi.target_episode TO kipthoi_notifier;

--
-- Name: COLUMN target_episode.closed_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(closed_at) ON TABLE kipthoi.target_episode TO kipthoi_notifier;

--
-- Name: COLUMN target_episode.outcome; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(outcome) ON TABLE kipthoi.target_episode TO kipthoi_notifier;

--
-- Name: SEQUENCE target_episode_episode_id_seq; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT USAGE ON SEQUENCE kipthoi.target_episode_episode_id_seq TO kipthoi_notifier;

--
-- Name: TABLE verdict_change; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.verdict_change TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.verdict_change TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.verdict_change TO kipthoi_notifier;

--
-- PostgreSQL database dump complete
--

