-- breaking
-- 0006_rules: rules as dated data, code lists, pauses, the verdicts under both rules; targets and indicators.
-- What is derived is dropped and folded again from the ledger.

-- The types that this version knows in addition.
INSERT INTO event_kind (kind, type) VALUES
    (14, 'vn.kipthoi.dossier.synced.v1'),
    (15, 'vn.kipthoi.indicator.reported.v1');
ALTER TABLE event DROP CONSTRAINT event_kind_valid;
DO $$
DECLARE
    part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'event'::regclass LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS event_kind_valid', part);
    END LOOP;
END
$$;
ALTER TABLE event ADD CONSTRAINT event_kind_valid CHECK (kind BETWEEN 1 AND 15);

-- rule_version: every doubtful choice of a rule, by name (docs/rules.md 6 and 8).  A dossier keeps the version that was
-- effective when it was accepted.
--   note        why this version is
--   term_*      the limit of the intake clock; NULL for the other rules
CREATE TABLE rule_version (
    rule rule_name NOT NULL,
    version smallint NOT NULL CONSTRAINT rule_version_positive CHECK (version > 0),
    supplement_limit smallint NOT NULL CONSTRAINT rule_version_supplements CHECK (supplement_limit BETWEEN 0 AND 1000),
    extension_limit smallint NOT NULL CONSTRAINT rule_version_extensions CHECK (extension_limit BETWEEN 0 AND 1000),
    term_count int CONSTRAINT rule_version_term_count CHECK (term_count BETWEEN 1 AND 3660),
    effective_from timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    term_unit text CONSTRAINT rule_version_term_unit
        CHECK (term_unit IN ('working_days', 'working_hours', 'calendar_days', 'months')),
    precision text NOT NULL CONSTRAINT rule_version_precision CHECK (precision IN ('instant', 'day')),
    due text NOT NULL CONSTRAINT rule_version_due CHECK (due IN ('first', 'current')),
    finish text NOT NULL CONSTRAINT rule_version_finish CHECK (finish IN ('latest', 'first')),
    pause text NOT NULL CONSTRAINT rule_version_pause CHECK (pause IN ('move_due', 'deduct', 'none')),
    measure text NOT NULL CONSTRAINT rule_version_measure CHECK (measure IN ('working', 'elapsed')),
    payment text NOT NULL CONSTRAINT rule_version_payment CHECK (payment IN ('pauses', 'runs')),
    waiting text NOT NULL CONSTRAINT rule_version_waiting CHECK (waiting IN ('paused', 'ends', 'runs')),
    missing_due text NOT NULL CONSTRAINT rule_version_missing_due CHECK (missing_due IN ('exclude', 'term')),
    withdrawn text NOT NULL CONSTRAINT rule_version_withdrawn CHECK (withdrawn IN ('end', 'exclude', 'exclude_kept')),
    unaccepted text NOT NULL CONSTRAINT rule_version_unaccepted CHECK (unaccepted IN ('count', 'exclude')),
    loaded_by text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (rule, version),
    CONSTRAINT rule_version_effective_unique UNIQUE (rule, effective_from),
    CONSTRAINT rule_version_intake_term CHECK ((rule = 'intake') = (term_count IS NOT NULL AND term_unit IS NOT NULL))
);
INSERT INTO rule_version (rule, version, effective_from, precision, due, finish, pause, measure, payment, waiting,
    supplement_limit, extension_limit, missing_due, withdrawn, unaccepted, term_count, term_unit, loaded_by, note)
VALUES
    ('promise', 1, '-infinity', 'instant', 'first', 'latest', 'move_due', 'working', 'runs', 'paused', 0, 1, 'term',
        'exclude_kept', 'count', NULL, NULL, 'kipthoi', 'the citizen''s view: the first due date, moved only by lawful pauses'),
    ('portal', 1, '-infinity', 'instant', 'current', 'latest', 'deduct', 'elapsed', 'runs', 'ends', 1, 1, 'term',
        'end', 'exclude', NULL, NULL, 'kipthoi', 'QD 766/QD-TTg, indicator 2.1, after an unofficial working document'),
    ('intake', 1, '-infinity', 'instant', 'first', 'latest', 'none', 'working', 'runs', 'runs', 0, 1, 'exclude',
        'exclude', 'count', 1, 'working_days', 'kipthoi', 'an online dossier is accepted within one working day');

-- procedure_term: how long a procedure may take and what a supplement request does to its clock, by effective date.
--   procedure   as in table procedure: the national part, where the code has one
CREATE TABLE procedure_term (
    procedure text COLLATE "C" NOT NULL CONSTRAINT procedure_term_code_length CHECK (octet_length(procedure) BETWEEN 1 AND 128),
    effective_from timestamptz NOT NULL,
    term_count int CONSTRAINT procedure_term_count CHECK (term_count BETWEEN 1 AND 3660),
    term_unit text CONSTRAINT procedure_term_unit
        CHECK (term_unit IN ('working_days', 'working_hours', 'calendar_days', 'months')),
    pause_mode text NOT NULL CONSTRAINT procedure_term_mode CHECK (pause_mode IN ('pause', 'restart')),
    note text NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    loaded_by text NOT NULL,
    PRIMARY KEY (procedure, effective_from),
    CONSTRAINT procedure_term_whole CHECK ((term_count IS NULL) = (term_unit IS NULL))
);

-- code_alias: codes as sent and what they mean (docs/rules.md 2).
--   source      an exact source, or '*' for all
--   valid_from, valid_to  first and last day of the event's time for which the row holds
CREATE TABLE code_alias (
    source text COLLATE "C" NOT NULL,
    list text NOT NULL CONSTRAINT code_alias_list
        CHECK (list IN ('status', 'channel', 'unit', 'field', 'procedure', 'dossier')),
    code text COLLATE "C" NOT NULL CONSTRAINT code_alias_code_length CHECK (octet_length(code) BETWEEN 1 AND 128),
    means text COLLATE "C" NOT NULL CONSTRAINT code_alias_means_length CHECK (octet_length(means) BETWEEN 1 AND 128),
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to date NOT NULL DEFAULT 'infinity',
    note text NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    loaded_by text NOT NULL,
    PRIMARY KEY (source, list, code, valid_from),
    CONSTRAINT code_alias_days CHECK (valid_from <= valid_to),
    CONSTRAINT code_alias_status CHECK (list <> 'status' OR means IN ('1', '2', '3', '4', '5', '6', '7', '8', '9', '10')),
    CONSTRAINT code_alias_dossier CHECK (list <> 'dossier' OR (source <> '*' AND valid_from = '-infinity' AND valid_to = 'infinity'))
);

-- dossier: the fold of a dossier's events and its verdict under each rule (docs/rules.md).
--   slot           as in event; one scorer at a time writes the dossiers of a slot
--   last_*         the last event folded, in the order (happened, sequence, id)
--   events         how many were folded
--   due_first      the first due ever reported; due_current the one in force upstream
--   finished_first the first finish ever reported; finished_at the one in force upstream
--   due_moves      re-appointments announced by an event
--   supplements    supplement requests; pauses: rows in table pause
--   flags          what looks wrong, docs/rules.md 5
--   calendar       the calendar version used; 0: none was needed, -1: none knows the years
--   told_at        when we were first told of its end
--   due_computed   the due by the procedure's term
--   promise, portal, intake and *_day  class under the rule, and the day whose counter holds it
--   *_due          the due that the rule compares with
--   flips_at       the moment after which time alone breaks a promise; NULL: none left to break
DROP TABLE dossier;
CREATE TABLE dossier (
    source_id int NOT NULL,
    unit_id int NOT NULL,
    field_id int NOT NULL,
    procedure_id int NOT NULL,
    events int NOT NULL,
    flags int NOT NULL,
    pauses int NOT NULL,
    promise_day date NOT NULL,
    portal_day date NOT NULL,
    intake_day date,
    slot smallint NOT NULL,
    due_moves smallint NOT NULL,
    supplements smallint NOT NULL,
    calendar smallint NOT NULL,
    online boolean NOT NULL,
    state dossier_state NOT NULL,
    promise dossier_class NOT NULL,
    portal dossier_class NOT NULL,
    intake dossier_class,
    last_happened timestamptz NOT NULL,
    last_sequence bigint NOT NULL,
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
    due_computed timestamptz,
    promise_due timestamptz,
    portal_due timestamptz,
    intake_due timestamptz,
    flips_at timestamptz,
    code text COLLATE "C" NOT NULL,
    last_event_id text COLLATE "C" NOT NULL,
    CONSTRAINT dossier_pkey PRIMARY KEY (source_id, code),
    CONSTRAINT dossier_intake_whole CHECK ((intake IS NULL) = (intake_day IS NULL))
) WITH (fillfactor = 85);
-- The tick looks here for what time alone breaks.
CREATE INDEX dossier_by_flip ON dossier (flips_at) WHERE flips_at IS NOT NULL;
CREATE INDEX dossier_missed_by_day ON dossier (promise_day) WHERE promise IN ('late', 'overdue');
-- What a new calendar version may judge otherwise.
CREATE INDEX dossier_by_calendar ON dossier (calendar)
    WHERE calendar < 0 OR (calendar > 0 AND state IN ('received', 'in_process', 'paused'));
GRANT SELECT, INSERT, UPDATE ON dossier TO kipthoi_scorer;
GRANT SELECT ON dossier TO kipthoi_operator, kipthoi_notifier;

-- pause: when a dossier waited for the citizen, in the order of opening.
--   kind     supplement or payment
--   to_at    NULL while it waits
--   reason   as upstream told it
CREATE TABLE pause (
    source_id int NOT NULL,
    n int NOT NULL,
    from_at timestamptz NOT NULL,
    to_at timestamptz,
    code text COLLATE "C" NOT NULL,
    kind text NOT NULL CONSTRAINT pause_kind CHECK (kind IN ('supplement', 'payment')),
    reason text,
    CONSTRAINT pause_pkey PRIMARY KEY (source_id, code, n)
);
GRANT SELECT, INSERT, DELETE ON pause TO kipthoi_scorer;
GRANT SELECT ON pause TO kipthoi_operator, kipthoi_notifier;

-- projection: open dossiers whose promised due another calendar version has moved.  Append-only.
CREATE TABLE projection (
    source_id int NOT NULL,
    calendar_was smallint NOT NULL,
    calendar smallint NOT NULL,
    due_was timestamptz,
    due timestamptz,
    judged_at timestamptz NOT NULL,
    code text COLLATE "C" NOT NULL
);
CREATE INDEX projection_by_dossier ON projection (source_id, code);
GRANT SELECT, INSERT ON projection TO kipthoi_scorer;
GRANT SELECT ON projection TO kipthoi_operator;

-- The calendar version by which a shard's open dossiers are judged.
ALTER TABLE scorer_cursor ADD COLUMN calendar smallint NOT NULL DEFAULT 0;

-- indicator: measures that are no dossier matter, as reported; the latest report of each stands.
--   key       measure|period|unit|field
--   period    2025, 2025-Q3, 2025-07
CREATE TABLE indicator (
    source_id int NOT NULL,
    numerator bigint NOT NULL,
    denominator bigint NOT NULL CONSTRAINT indicator_denominator CHECK (denominator >= 0),
    last_happened timestamptz NOT NULL,
    last_sequence bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    last_event_id text COLLATE "C" NOT NULL,
    measure text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    field text COLLATE "C" NOT NULL,
    CONSTRAINT indicator_pkey PRIMARY KEY (source_id, key)
);
CREATE INDEX indicator_by_measure ON indicator (measure, period);
GRANT SELECT, INSERT, UPDATE ON indicator TO kipthoi_scorer;
GRANT SELECT ON indicator TO kipthoi_operator, kipthoi_notifier;

-- field_group: the fields that a target means by a name ("land", "investment", "complaints").
CREATE TABLE field_group (
    name text COLLATE "C" NOT NULL CONSTRAINT field_group_name_length CHECK (octet_length(name) BETWEEN 1 AND 64),
    field text COLLATE "C" NOT NULL CONSTRAINT field_group_field_length CHECK (octet_length(field) BETWEEN 1 AND 128),
    note text NOT NULL,
    PRIMARY KEY (name, field)
);

-- target: what a plan asks for, dated.  Of several that fit, the most specific scope decides.
--   plan        whose, e.g. hcmc-2023-2025; line: of its file
--   each        field or unit: asked of each by itself; empty: of the scope as a whole
--   unit, field_group, procedure  scope, empty: all; a unit means those under it too
--   measure     on_time, on_time_portal, late, letters_timely, intake_on_time, or one that indicators report
--   relation    >= or <
--   bound       hundredths of a per cent
--   min_sample  below it the answer is "no data"
--   source      the text of the plan
CREATE TABLE target (
    plan text COLLATE "C" NOT NULL CONSTRAINT target_plan_length CHECK (octet_length(plan) BETWEEN 1 AND 64),
    line int NOT NULL,
    bound int NOT NULL CONSTRAINT target_bound CHECK (bound BETWEEN 0 AND 10000),
    min_sample int NOT NULL CONSTRAINT target_min_sample CHECK (min_sample >= 0),
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    each text NOT NULL CONSTRAINT target_each CHECK (each IN ('', 'field', 'unit')),
    unit text COLLATE "C" NOT NULL,
    field_group text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    measure text COLLATE "C" NOT NULL,
    relation text NOT NULL CONSTRAINT target_relation CHECK (relation IN ('>=', '<')),
    period text NOT NULL CONSTRAINT target_period CHECK (period IN ('year', 'quarter', 'month', 'plan')),
    title text NOT NULL,
    source text NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    loaded_by text NOT NULL,
    PRIMARY KEY (plan, line),
    CONSTRAINT target_days CHECK (valid_from <= valid_to)
);
GRANT SELECT ON rule_version, procedure_term, code_alias, field_group, target
    TO kipthoi_ingest, kipthoi_scorer, kipthoi_notifier, kipthoi_operator;
GRANT INSERT ON rule_version TO kipthoi_operator;
GRANT INSERT, UPDATE, DELETE ON procedure_term, code_alias, field_group, target TO kipthoi_operator;

-- dossier_slot: the slot that the ledger gives to a dossier, as common/envelope.c does: FNV-1a over source, 0xff and code, the halves xored, six bits.
CREATE FUNCTION dossier_slot(p_source text, p_code text) RETURNS smallint
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
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

-- alias_apply: events stored under another number of a dossier go to it from now on.  Called by a rebuild only: the
-- dossiers have to be folded again.
CREATE FUNCTION alias_apply() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
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
REVOKE ALL ON FUNCTION alias_apply FROM PUBLIC;

CREATE OR REPLACE FUNCTION rebuild_begin(p_shards int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    PERFORM alias_apply();
    TRUNCATE dossier, pause, projection, day_count, verdict_change, indicator;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:';
END
$$;

-- The dossiers of the version before had no rules: fold them again.
SELECT rebuild_begin((SELECT max(c.shards) FROM scorer_cursor c));
