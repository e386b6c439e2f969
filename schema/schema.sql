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
-- Name: rule_name; Type: TYPE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TYPE kipthoi.rule_name AS ENUM (
    'promise',
    'portal'
);

ALTER TYPE kipthoi.rule_name OWNER TO kipthoi_owner;

--
-- Name: event_append(text, bigint, integer[], text[], smallint[], smallint[], timestamp with time zone[], bigint[], text[], bytea[], text[], text[], integer[], bigint[], bigint[], bigint[], integer[], text[], text[], text[], bytea[], bytea[]); Type: FUNCTION; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) RETURNS smallint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'kipthoi', 'pg_temp'
    AS $$
DECLARE
    open_segment int;
    worker_row intake_worker%ROWTYPE;
    replayed boolean;
    mine xid8;
    mine_segment int;
    stored_count bigint := -1;
    outcome smallint[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('kipthoi.segment'));
    open_segment := segment_current();
    INSERT INTO intake_worker (worker, batch, xid, segment) VALUES (p_worker, 0, '3', open_segment) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT worker_row FROM intake_worker w WHERE w.worker = p_worker FOR UPDATE;
    IF p_batch < worker_row.batch THEN
        RAISE EXCEPTION 'batch % of worker % comes after its batch %', p_batch, p_worker, worker_row.batch
            USING ERRCODE = 'KT001';
    END IF;
    replayed := worker_row.batch = p_batch;
    mine := CASE WHEN replayed THEN worker_row.xid ELSE pg_current_xact_id() END;
    mine_segment := CASE WHEN replayed THEN worker_row.segment ELSE open_segment END;

    IF NOT replayed THEN
        -- In key order, so that two workers with the same ids cannot wait for each other in a circle.
        INSERT INTO event (segment, source_id, kind, slot, happened, sequence, event_id, dossier, digest, payload)
        SELECT open_segment, u.source_id, u.kind, u.slot, u.happened, u.sequence, u.event_id, u.dossier, u.digest, u.payload
        FROM unnest(p_source, p_id, p_kind, p_slot, p_happened, p_sequence, p_dossier, p_digest, p_payload)
            WITH ORDINALITY AS u (source_id, event_id, kind, slot, happened, sequence, dossier, digest, payload, ord)
        WHERE NOT EXISTS (
            SELECT FROM event e
            WHERE e.segment < open_segment AND e.source_id = u.source_id AND e.event_id = u.event_id)
        ORDER BY u.source_id, u.event_id COLLATE "C", u.ord
        ON CONFLICT (source_id, event_id, segment) DO NOTHING;
        GET DIAGNOSTICS stored_count = ROW_COUNT;
    END IF;

    IF stored_count < cardinality(p_id) THEN
        SELECT array_agg(o.outcome ORDER BY o.ord) INTO outcome
        FROM (
            SELECT u.ord,
                CASE
                    WHEN e.segment = mine_segment AND e.xid = mine AND row_number() OVER (PARTITION BY u.source_id, u.event_id ORDER BY u.ord) = 1
                        THEN 0
                    WHEN e.digest = u.digest THEN 1
                    WHEN event_same(e.payload, u.payload) THEN 1
                    ELSE 2
                END::smallint AS outcome
            FROM unnest(p_source, p_id, p_digest, p_payload)
                WITH ORDINALITY AS u (source_id, event_id, digest, payload, ord)
            JOIN event e ON e.source_id = u.source_id AND e.event_id = u.event_id) o;
    END IF;

    IF replayed THEN
        RETURN outcome;
    END IF;

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
        FROM unnest(p_source, outcome) AS u (source_id, outcome)
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

    UPDATE intake_worker w SET batch = p_batch, xid = mine, segment = open_segment WHERE w.worker = p_worker;
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
    UPDATE notifier_cursor SET snapshot = '1:1:', epoch = here;
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
    TRUNCATE dossier, day_count, verdict_change;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:';
END
$$;

ALTER FUNCTION kipthoi.rebuild_begin(p_shards integer) OWNER TO kipthoi_owner;

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
    source_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    topic text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL
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
-- Name: day_count; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.day_count (
    day date NOT NULL,
    unit_id integer NOT NULL,
    field_id integer NOT NULL,
    procedure_id integer NOT NULL,
    rule kipthoi.rule_name NOT NULL,
    early integer NOT NULL,
    on_time integer NOT NULL,
    late integer NOT NULL,
    overdue integer NOT NULL,
    in_time integer NOT NULL,
    paused integer NOT NULL,
    excluded integer NOT NULL
)
WITH (fillfactor='70');

ALTER TABLE kipthoi.day_count OWNER TO kipthoi_owner;

--
-- Name: delivery; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.delivery (
    delivery_id bigint NOT NULL,
    topic text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    recipient_id integer NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT now() NOT NULL,
    claim_token uuid,
    claimed_until timestamp with time zone,
    last_error text,
    CONSTRAINT delivery_state_valid CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'sent'::text, 'dead'::text, 'uncertain'::text])))
);

ALTER TABLE kipthoi.delivery OWNER TO kipthoi_owner;

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
    slot smallint NOT NULL,
    due_moves smallint NOT NULL,
    events integer NOT NULL,
    flags integer NOT NULL,
    promise_day date NOT NULL,
    portal_day date,
    state kipthoi.dossier_state NOT NULL,
    promise kipthoi.dossier_class NOT NULL,
    portal kipthoi.dossier_class,
    last_happened timestamp with time zone NOT NULL,
    last_sequence bigint NOT NULL,
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
    paused_at timestamp with time zone,
    code text NOT NULL COLLATE pg_catalog."C",
    last_event_id text NOT NULL COLLATE pg_catalog."C"
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
    CONSTRAINT duty_sent_known CHECK (((state = 'sent'::kipthoi.duty_state) = (sent_at IS NOT NULL)))
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
    CONSTRAINT event_kind_valid CHECK (((kind >= 1) AND (kind <= 13))),
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
    CONSTRAINT event_kind_valid CHECK (((kind >= 1) AND (kind <= 13))),
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
-- Name: notifier_cursor; Type: TABLE; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE TABLE kipthoi.notifier_cursor (
    one_row boolean DEFAULT true NOT NULL,
    snapshot pg_snapshot NOT NULL,
    epoch bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notifier_cursor_one_row CHECK (one_row)
)
WITH (fillfactor='50');

ALTER TABLE kipthoi.notifier_cursor OWNER TO kipthoi_owner;

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
    role text NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT recipient_channel_valid CHECK ((channel = ANY (ARRAY['feed'::text, 'email'::text, 'webhook'::text])))
);

ALTER TABLE kipthoi.recipient OWNER TO kipthoi_owner;

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
    code text NOT NULL COLLATE pg_catalog."C"
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
-- Name: day_count day_count_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.day_count
    ADD CONSTRAINT day_count_pkey PRIMARY KEY (day, unit_id, field_id, procedure_id, rule);

--
-- Name: delivery delivery_once; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_once UNIQUE (topic, seq, recipient_id);

--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (delivery_id);

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
-- Name: field field_code_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.field
    ADD CONSTRAINT field_code_unique UNIQUE (code);

--
-- Name: field field_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.field
    ADD CONSTRAINT field_pkey PRIMARY KEY (field_id);

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
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (version);

--
-- Name: notifier_cursor notifier_cursor_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.notifier_cursor
    ADD CONSTRAINT notifier_cursor_pkey PRIMARY KEY (one_row);

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
-- Name: recipient recipient_pkey; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.recipient
    ADD CONSTRAINT recipient_pkey PRIMARY KEY (recipient_id);

--
-- Name: recipient recipient_unique; Type: CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.recipient
    ADD CONSTRAINT recipient_unique UNIQUE (unit_id, role, channel, address);

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
-- Name: delivery_waiting; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX delivery_waiting ON kipthoi.delivery USING btree (next_at) WHERE (state = 'waiting'::text);

--
-- Name: dossier_in_time_by_due; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_in_time_by_due ON kipthoi.dossier USING btree (due_first) WHERE (promise = 'in_time'::kipthoi.dossier_class);

--
-- Name: dossier_missed_by_day; Type: INDEX; Schema: kipthoi; Owner: kipthoi_owner
--

CREATE INDEX dossier_missed_by_day ON kipthoi.dossier USING btree (promise_day) WHERE (promise = ANY (ARRAY['late'::kipthoi.dossier_class, 'overdue'::kipthoi.dossier_class]));

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
-- Name: delivery delivery_alert; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_alert FOREIGN KEY (topic, seq) REFERENCES kipthoi.alert(topic, seq);

--
-- Name: delivery delivery_recipient_id_fkey; Type: FK CONSTRAINT; Schema: kipthoi; Owner: kipthoi_owner
--

ALTER TABLE ONLY kipthoi.delivery
    ADD CONSTRAINT delivery_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES kipthoi.recipient(recipient_id);

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

--
-- Name: FUNCTION event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]); Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

REVOKE ALL ON FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION kipthoi.event_append(p_worker text, p_batch bigint, p_source integer[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamp with time zone[], p_sequence bigint[], p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[], p_count_source integer[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[], p_q_source integer[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]) TO kipthoi_ingest;

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
-- Name: TABLE day_count; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.day_count TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.day_count TO kipthoi_operator;

--
-- Name: TABLE delivery; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.delivery TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.delivery TO kipthoi_operator;

--
-- Name: TABLE deployment; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.deployment TO kipthoi_operator;

--
-- Name: TABLE dossier; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.dossier TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.dossier TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.dossier TO kipthoi_notifier;

--
-- Name: TABLE duty; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.duty TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.duty TO kipthoi_operator;

--
-- Name: COLUMN duty.state; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(state) ON TABLE kipthoi.duty TO kipthoi_operator;

--
-- Name: COLUMN duty.sent_at; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(sent_at) ON TABLE kipthoi.duty TO kipthoi_operator;

--
-- Name: COLUMN duty.letter_no; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(letter_no) ON TABLE kipthoi.duty TO kipthoi_operator;

--
-- Name: COLUMN duty.sent_by; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT UPDATE(sent_by) ON TABLE kipthoi.duty TO kipthoi_operator;

--
-- Name: TABLE duty_log; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.duty_log TO kipthoi_notifier;
GRANT SELECT,INSERT ON TABLE kipthoi.duty_log TO kipthoi_operator;

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
-- Name: TABLE field; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.field TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.field TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.field TO kipthoi_notifier;

--
-- Name: TABLE intake; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.intake TO kipthoi_operator;

--
-- Name: TABLE intake_worker; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.intake_worker TO kipthoi_ingest;

--
-- Name: TABLE migration; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_ingest;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.migration TO kipthoi_operator;

--
-- Name: TABLE notifier_cursor; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,UPDATE ON TABLE kipthoi.notifier_cursor TO kipthoi_notifier;
GRANT SELECT ON TABLE kipthoi.notifier_cursor TO kipthoi_operator;

--
-- Name: TABLE procedure; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.procedure TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.procedure TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.procedure TO kipthoi_notifier;

--
-- Name: TABLE quarantine; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.quarantine TO kipthoi_operator;

--
-- Name: TABLE recipient; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT ON TABLE kipthoi.recipient TO kipthoi_notifier;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.recipient TO kipthoi_operator;

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

--
-- Name: TABLE unit; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.unit TO kipthoi_scorer;
GRANT SELECT,INSERT,UPDATE ON TABLE kipthoi.unit TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.unit TO kipthoi_notifier;

--
-- Name: TABLE verdict_change; Type: ACL; Schema: kipthoi; Owner: kipthoi_owner
--

GRANT SELECT,INSERT ON TABLE kipthoi.verdict_change TO kipthoi_scorer;
GRANT SELECT ON TABLE kipthoi.verdict_change TO kipthoi_operator;
GRANT SELECT ON TABLE kipthoi.verdict_change TO kipthoi_notifier;

--
-- PostgreSQL database dump complete
--

