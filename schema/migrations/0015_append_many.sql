-- 0015_append_many: many events at once are looked up before they are stored.

-- event_store_many: stores the events of a batch that are not known in any segment; the caller holds the segment open.  Looks
-- first, and stores the rest without ON CONFLICT, which costs more than the look.
-- Returns outcomes as event_append does.  unique_violation, and nothing is stored: somebody else has just stored one, or one
-- comes again in the batch and does not follow its like.
CREATE FUNCTION event_store_many(
    p_segment int, p_source int[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamptz[], p_sequence bigint[],
    p_dossier text[], p_digest bytea[], p_payload text[]
) RETURNS smallint[]
LANGUAGE plpgsql SET search_path = kipthoi, pg_temp AS $$
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
REVOKE ALL ON FUNCTION event_store_many FROM PUBLIC;

-- event_append: as before (0011_append), but that a batch of many is looked up first; should that fail, it is stored the careful way.
CREATE OR REPLACE FUNCTION event_append(
    p_worker text, p_batch bigint,
    p_source int[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamptz[], p_sequence bigint[],
    p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[],
    p_count_source int[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[],
    p_q_source int[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]
) RETURNS smallint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp
-- One plan for batches of all sizes, by index: to plan for each batch takes longer than a small one, and a plan of the day
-- when the tables were empty would read them whole for ever.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
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
