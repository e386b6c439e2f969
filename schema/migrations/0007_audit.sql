-- 0007_audit: the recount of docs/rules.md in SQL, for `kipthoi audit` alone.  It shares nothing with the scorer.  Numbers
-- in comments are those of docs/rules.md.  Local times are those of the session's zone, which programs set to the
-- deployment's.  Amounts of time are microseconds.

-- 4: moments

-- audit_instant: RFC 3339 as docs/protocol.md has it: digits beyond the sixth are cut off, second 60 counts as 59.
CREATE FUNCTION audit_instant(p_text text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT (CASE WHEN strpos(p_text, '.') > 0 OR strpos(p_text, ':60') > 0
        THEN regexp_replace(regexp_replace(p_text, ':60(?=[.Zz+-])', ':59'), '(\.\d{6})\d+', '\1')
        ELSE p_text END)::timestamptz
$$;

-- audit_first: the moment meant by a local time: of two the first; one that is skipped is counted on from the hour before.
-- PostgreSQL itself takes the second of two.
CREATE FUNCTION audit_first(p_local timestamp) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken timestamptz := p_local;
    earlier timestamptz := taken - interval '24 hours';
    by_offset_before timestamptz := taken - interval '24 hours' + (p_local - earlier::timestamp);
BEGIN
    RETURN CASE WHEN by_offset_before::timestamp = p_local THEN by_offset_before ELSE taken END;
END
$$;

-- audit_moment: a moment in any of the shapes that records have; NULL for an empty text.
CREATE FUNCTION audit_moment(p_text text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = kipthoi, pg_temp AS $$
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
$$;

-- audit_promised: the same of a due date, whose day is promised as a whole when it has no time of day.
CREATE FUNCTION audit_promised(p_text text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = kipthoi, pg_temp AS $$
    SELECT CASE
        WHEN p_text ~ '^([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})$' THEN
            audit_moment(to_char(replace(p_text, '-', '')::date + 1, 'YYYYMMDD')) - interval '1 microsecond'
        ELSE audit_moment(p_text)
    END
$$;

-- audit_reach: the first moment at which the local clock shows a time of a day, or has skipped it.
CREATE FUNCTION audit_reach(p_day date, p_time time) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = kipthoi, pg_temp AS $$
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

-- audit_us: how long it is from one moment to another, in microseconds.  audit_later: so much later.
CREATE FUNCTION audit_us(p_from timestamptz, p_to timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT (extract(epoch FROM p_to - p_from) * 1000000)::bigint
$$;
CREATE FUNCTION audit_later(p_from timestamptz, p_us bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
    SELECT p_from + p_us * interval '1 microsecond'
$$;

-- 7: working time

-- audit_calendar: the hours of a unit (0: all others) in a version.
--   starts, stops  its stretches of work, ascending
--   before         the work that lies before each of them
--   begins, ends   what it knows; outside nothing is counted
CREATE TYPE audit_calendar AS (
    version smallint,
    unit_id int,
    begins timestamptz,
    ends timestamptz,
    day_us bigint,
    cut_off time,
    starts timestamptz[],
    stops timestamptz[],
    before bigint[]
);

-- audit_calendars: every version for every unit with hours of its own, day by day.
CREATE FUNCTION audit_calendars() RETURNS SETOF audit_calendar
LANGUAGE sql STABLE SET search_path = kipthoi, pg_temp AS $$
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

-- audit_working: the working time before a moment.
CREATE FUNCTION audit_working(p_starts timestamptz[], p_stops timestamptz[], p_before bigint[], p_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_before[width_bucket(p_at, p_starts)]
        + audit_us(p_starts[width_bucket(p_at, p_starts)], least(p_at, p_stops[width_bucket(p_at, p_starts)])), 0)
$$;

-- audit_between: the working time from one moment to another; NULL when the calendar does not know the years.
CREATE FUNCTION audit_between(p_hours audit_calendar, p_from timestamptz, p_to timestamptz) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = kipthoi, pg_temp AS $$
BEGIN
    IF least(p_from, p_to) < p_hours.begins OR greatest(p_from, p_to) > p_hours.ends THEN
        RETURN NULL;
    END IF;
    RETURN audit_working(p_hours.starts, p_hours.stops, p_hours.before, p_to)
        - audit_working(p_hours.starts, p_hours.stops, p_hours.before, p_from);
END
$$;

-- audit_add: the first moment by which so much working time has passed; NULL as above.
CREATE FUNCTION audit_add(p_hours audit_calendar, p_from timestamptz, p_us bigint) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE SET search_path = kipthoi, pg_temp AS $$
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

-- audit_term: when a term ends that begins at a moment; NULL as above.  p_hours is needed for working terms only: a
-- calendar day or month leads to the same local time.
CREATE FUNCTION audit_term(p_hours audit_calendar, p_from timestamptz, p_count int, p_unit text) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = kipthoi, pg_temp AS $$
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

-- audit_due: 8, 6: the due after pauses that count, merged; NULL when the calendar does not know the years.
--   p_hours  NULL: measured in plain time
--   p_way    deduct, pause, restart
CREATE FUNCTION audit_due(
    p_hours audit_calendar, p_pauses tstzmultirange, p_way text, p_start timestamptz, p_base timestamptz
) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = kipthoi, pg_temp AS $$
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

-- 2: codes

-- audit_text: a member of a record: a text, or a number as one; NULL when empty.
CREATE FUNCTION audit_text(p_record jsonb, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT nullif(CASE WHEN jsonb_typeof(p_record -> p_name) = 'number'
        THEN trim_scale((p_record ->> p_name)::numeric)::text ELSE p_record ->> p_name END, '')
$$;

-- audit_unit: 000.17.22.H56 is H56.22.17.
CREATE FUNCTION audit_unit(p_code text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN p_code ~ '^000(\.[^.]+)+\.H[0-9][0-9]$' THEN (
            SELECT string_agg(u.part, '.' ORDER BY u.n DESC)
            FROM unnest(string_to_array(p_code, '.')) WITH ORDINALITY AS u (part, n) WHERE u.n > 1)
        ELSE p_code END
$$;

-- 3, 4: the fold of dossiers that need their events one after the other

-- audit_event: what an event tells.
--   kind    as in event_kind
--   status  of a synced record, as meant
--   record  data of a synced record, else NULL
CREATE TYPE audit_event AS (
    kind smallint,
    happened timestamptz,
    sequence bigint,
    id text COLLATE "C",
    stored timestamptz,
    received timestamptz,
    submitted timestamptz,
    due timestamptz,
    finished timestamptz,
    unit text,
    field text,
    procedure text,
    channel text,
    status text,
    reason text,
    record jsonb
);
-- audit_pause: told is when it was, among the pauses of its dossier.
CREATE TYPE audit_pause AS (
    kind text,
    from_at timestamptz,
    to_at timestamptz,
    reason text,
    told int
);
-- audit_fold_row: columns as in dossier; flags: those that no later event clears.
CREATE TYPE audit_fold_row AS (
    events int,
    last_happened timestamptz,
    last_sequence bigint,
    last_event_id text,
    unit text,
    field text,
    procedure text,
    online boolean,
    submitted_at timestamptz,
    received_at timestamptz,
    accepted_at timestamptz,
    due_first timestamptz,
    due_current timestamptz,
    finished_first timestamptz,
    finished_at timestamptz,
    returned_at timestamptz,
    refused_at timestamptz,
    stopped_at timestamptz,
    withdrawn_at timestamptz,
    told_at timestamptz,
    due_moves int,
    supplements int,
    flags int,
    pauses audit_pause[]
);

-- audit_open: the place of the last open pause of a kind; NULL when there is none.
CREATE FUNCTION audit_open(p_pauses audit_pause[], p_kind text) RETURNS int
LANGUAGE sql IMMUTABLE SET search_path = kipthoi, pg_temp AS $$
    SELECT max(u.n)::int FROM unnest(p_pauses) WITH ORDINALITY AS u (kind, from_at, to_at, reason, told, n)
    WHERE u.kind = p_kind AND u.to_at IS NULL
$$;

-- audit_fold: events come in their order (1).
CREATE FUNCTION audit_fold(p_events audit_event[]) RETURNS audit_fold_row
LANGUAGE plpgsql STABLE SET search_path = kipthoi, pg_temp AS $$
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
$$;

-- audit_folds: every dossier of what the scorers have folded.  One that needs nothing of its events' sequence but the first
-- and the latest of each date is added up as a set, the others by audit_fold.  Nothing is known of how many rows a step
-- has, here and below: joins are not to go round in loops.
--   slot, slot_max  least and greatest slot of its events
CREATE FUNCTION audit_folds() RETURNS TABLE (source_id int, code text, slot smallint, slot_max smallint, fold audit_fold_row)
LANGUAGE sql STABLE ROWS 1000000 SET search_path = kipthoi, pg_temp SET enable_nestloop = off AS $$
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
            FROM (SELECT CASE WHEN e.digest = sha256(convert_to(e.payload, 'UTF8')) THEN e.payload::jsonb END AS j OFFSET 0) x
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
$$;

-- audit_dossiers: every dossier as table dossier should have it, its codes instead of their numbers; slot_max as in
-- audit_folds, pause_list as table pause should have it.
CREATE FUNCTION audit_dossiers() RETURNS TABLE (
    source_id int, code text, slot smallint, slot_max smallint, unit text, field text, procedure text, events int,
    flags int, pauses int, due_moves int, supplements int, calendar int, online boolean, state text,
    promise text, promise_day date, portal text, portal_day date, intake text, intake_day date,
    last_happened timestamptz, last_sequence bigint, last_event_id text,
    submitted_at timestamptz, received_at timestamptz, accepted_at timestamptz, due_first timestamptz,
    due_current timestamptz, finished_first timestamptz, finished_at timestamptz, returned_at timestamptz,
    refused_at timestamptz, stopped_at timestamptz, withdrawn_at timestamptz, told_at timestamptz,
    due_computed timestamptz, promise_due timestamptz, portal_due timestamptz, intake_due timestamptz,
    flips_at timestamptz, pause_list audit_pause[]
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
            END AS flips
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
        t.intake_due, least(p.flips, q.flips, t.intake_flips), t.pauses
    FROM taken t
    JOIN judged p ON p.n = t.n AND p.rule = 'promise'
    JOIN judged q ON q.n = t.n AND q.rule = 'portal'
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
