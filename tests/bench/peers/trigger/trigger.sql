-- A peer in PostgreSQL alone: a trigger scores each row as it comes into the table of events.
CREATE TABLE clock (now timestamptz NOT NULL, zone interval NOT NULL);

-- day_count_add: moves one dossier into (1) or out of (-1) its counter.
CREATE FUNCTION day_count_add(p_day date, p_unit text, p_field text, p_class text, p_number int) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO day_count AS c (day, unit, field, early, on_time, late, overdue, in_time, excluded)
    VALUES (p_day, p_unit, p_field,
        (p_class = 'early')::int * p_number, (p_class = 'on_time')::int * p_number, (p_class = 'late')::int * p_number,
        (p_class = 'overdue')::int * p_number, (p_class = 'in_time')::int * p_number, (p_class = 'excluded')::int * p_number)
    ON CONFLICT (day, unit, field) DO UPDATE SET
        early = c.early + excluded.early, on_time = c.on_time + excluded.on_time, late = c.late + excluded.late,
        overdue = c.overdue + excluded.overdue, in_time = c.in_time + excluded.in_time, excluded = c.excluded + excluded.excluded
$$;

-- event_take: the row is filled from its payload, then the dossier folded, judged and counted.  A known event is skipped.
CREATE FUNCTION event_take() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    body jsonb := NEW.payload::jsonb;
    data jsonb := body -> 'data';
    happened timestamptz := (body ->> 'time')::timestamptz;
    d dossier%ROWTYPE;
    known boolean;
    c clock%ROWTYPE;
    at timestamptz;
BEGIN
    NEW.source := body ->> 'source';
    NEW.id := body ->> 'id';
    IF EXISTS (SELECT FROM event e WHERE e.source = NEW.source AND e.id = NEW.id) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM dossier o WHERE o.source = NEW.source AND o.code = data ->> 'dossier' FOR UPDATE;
    known := FOUND;
    IF known THEN
        PERFORM day_count_add(d.day, d.unit, d.field, d.class, -1);
    ELSE
        d.source := NEW.source;
        d.code := data ->> 'dossier';
        d.unit := '';
        d.field := '';
        d.last_time := happened;
    END IF;

    d.unit := coalesce(data ->> 'unit', d.unit);
    d.field := coalesce(data ->> 'field', d.field);
    d.received := coalesce((data ->> 'received')::timestamptz, d.received);
    IF data ? 'due' AND (d.due IS NULL OR happened < d.due_told) THEN
        d.due := (data ->> 'due')::timestamptz;
        d.due_told := happened;
    END IF;
    IF data ? 'finished' AND (d.finished IS NULL OR happened >= d.finished_told) THEN
        d.finished := (data ->> 'finished')::timestamptz;
        d.finished_told := happened;
    END IF;
    d.last_time := greatest(d.last_time, happened);

    SELECT * INTO STRICT c FROM clock;
    at := coalesce(d.received, d.last_time);
    IF d.due IS NULL THEN
        d.class := 'excluded';
    ELSIF d.finished IS NOT NULL THEN
        at := d.finished;
        d.class := CASE
            WHEN at > d.due THEN 'late'
            WHEN (at AT TIME ZONE c.zone)::date < (d.due AT TIME ZONE c.zone)::date THEN 'early'
            ELSE 'on_time' END;
    ELSIF c.now > d.due THEN
        d.class := 'overdue';
        at := d.due;
    ELSE
        d.class := 'in_time';
    END IF;
    d.day := (at AT TIME ZONE c.zone)::date;

    IF known THEN
        UPDATE dossier o SET unit = d.unit, field = d.field, received = d.received, due = d.due, due_told = d.due_told,
            finished = d.finished, finished_told = d.finished_told, last_time = d.last_time, class = d.class, day = d.day
        WHERE o.source = d.source AND o.code = d.code;
    ELSE
        INSERT INTO dossier SELECT d.*;
    END IF;
    PERFORM day_count_add(d.day, d.unit, d.field, d.class, 1);
    RETURN NEW;
END
$$;
CREATE TRIGGER event_take BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_take();
