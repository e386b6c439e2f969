-- What every peer of the same work keeps beside the events (event.sql): a row for each dossier, counters by day, unit and field; late dossiers by index.
-- Much less than Kip Thoi keeps of the same events (one verdict, not three; no calendars, pauses, duties), in peers' favour.
CREATE TABLE dossier (
    source text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    unit text NOT NULL,
    field text NOT NULL,
    received timestamptz,
    due timestamptz,             -- the first one told
    due_told timestamptz,        -- at this moment
    finished timestamptz,        -- the latest one told
    finished_told timestamptz,   -- at this moment
    last_time timestamptz NOT NULL,
    class text NOT NULL,
    day date NOT NULL,           -- of the counter it stands in
    PRIMARY KEY (source, code)
) WITH (fillfactor = 80);
CREATE INDEX dossier_late ON dossier (source, code) WHERE class IN ('late', 'overdue');

CREATE TABLE day_count (
    day date NOT NULL,
    unit text NOT NULL,
    field text NOT NULL,
    early int NOT NULL,
    on_time int NOT NULL,
    late int NOT NULL,
    overdue int NOT NULL,
    in_time int NOT NULL,
    excluded int NOT NULL,
    PRIMARY KEY (day, unit, field)
) WITH (fillfactor = 70);
