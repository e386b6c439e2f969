-- 0005_calendar: working time.  A version is loaded as a whole and never changed; a later one takes its place from
-- the moment it is in force.

-- calendar: the versions.
--   version     1, 2, 3 ...
--   in_force    dossiers that end before it are judged by the version before; -infinity for the first
--   first_year, last_year  the years it knows; outside them nothing is counted
--   file        what was loaded, byte for byte
--   why         the reason given for the version
CREATE TABLE calendar (
    version smallint PRIMARY KEY CONSTRAINT calendar_version_positive CHECK (version > 0),
    first_year smallint NOT NULL,
    last_year smallint NOT NULL,
    in_force timestamptz NOT NULL CONSTRAINT calendar_in_force_unique UNIQUE,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    name text NOT NULL CONSTRAINT calendar_name_length CHECK (octet_length(name) BETWEEN 1 AND 128),
    loaded_by text NOT NULL,
    why text NOT NULL,
    file text NOT NULL,
    CONSTRAINT calendar_years CHECK (first_year BETWEEN 1990 AND last_year AND last_year <= 2099)
);

-- calendar_unit: whose hours a version knows; unit 0 is every unit without hours of its own.
--   day_s    working time of one working day, in seconds
--   cut_off  received later than this counts from the next working day
CREATE TABLE calendar_unit (
    version smallint NOT NULL REFERENCES calendar,
    unit_id int NOT NULL REFERENCES unit,
    day_s int NOT NULL CONSTRAINT calendar_unit_day CHECK (day_s BETWEEN 60 AND 86400),
    cut_off time,
    PRIMARY KEY (version, unit_id)
);

-- calendar_hours: stretches of work by weekday (1 Monday .. 7 Sunday).  ends may be 24:00.
CREATE TABLE calendar_hours (
    version smallint NOT NULL,
    unit_id int NOT NULL,
    weekday smallint NOT NULL CONSTRAINT calendar_hours_weekday CHECK (weekday BETWEEN 1 AND 7),
    begins time NOT NULL,
    ends time NOT NULL,
    PRIMARY KEY (version, unit_id, weekday, begins),
    FOREIGN KEY (version, unit_id) REFERENCES calendar_unit,
    CONSTRAINT calendar_hours_order CHECK (begins < ends)
);

-- calendar_day: dates that differ from their weekday, for all units.
--   kind         off: not worked; work: worked, a make-up day or a half day.  A worked day without rows in
--                calendar_day_hours has the unit's hours of Monday.
--   provisional  not settled by the authorities yet
CREATE TABLE calendar_day (
    version smallint NOT NULL REFERENCES calendar,
    day date NOT NULL,
    kind text NOT NULL CONSTRAINT calendar_day_kind CHECK (kind IN ('off', 'work')),
    provisional boolean NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (version, day)
);
CREATE TABLE calendar_day_hours (
    version smallint NOT NULL,
    day date NOT NULL,
    begins time NOT NULL,
    ends time NOT NULL,
    PRIMARY KEY (version, day, begins),
    FOREIGN KEY (version, day) REFERENCES calendar_day,
    CONSTRAINT calendar_day_hours_order CHECK (begins < ends)
);

-- book: changes whenever calendars, rules, terms or codes are loaded, so that running programs read them again.
CREATE TABLE book (
    one_row boolean PRIMARY KEY DEFAULT true CONSTRAINT book_one_row CHECK (one_row),
    stamp bigint NOT NULL
);
INSERT INTO book (stamp) VALUES (1);

-- intake: the clock from handing in to acceptance, a third measure beside the two rules.
ALTER TYPE rule_name ADD VALUE 'intake';

GRANT SELECT ON calendar, calendar_unit, calendar_hours, calendar_day, calendar_day_hours, book
    TO kipthoi_ingest, kipthoi_scorer, kipthoi_notifier, kipthoi_operator;
GRANT INSERT ON calendar, calendar_unit, calendar_hours, calendar_day, calendar_day_hours TO kipthoi_operator;
GRANT UPDATE ON book TO kipthoi_operator;
