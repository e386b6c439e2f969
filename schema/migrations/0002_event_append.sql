-- 0002_event_append: the one way into the ledger.

-- event_same: two texts of an event have the same content: as jsonb, without the headers that name an attempt to send.
CREATE FUNCTION event_same(a text, b text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT a::jsonb - '{traceparent,tracestate}'::text[] = b::jsonb - '{traceparent,tracestate}'::text[]
$$;

-- segment_current: the open segment, for an append that holds the shared lock.  Refuses when its transaction numbers are
-- another cluster's: rows would be stored where no reader looks.
CREATE FUNCTION segment_current() RETURNS int
LANGUAGE plpgsql SET search_path = kipthoi, pg_temp AS $$
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
REVOKE ALL ON FUNCTION segment_current FROM PUBLIC;

-- event_append: stores a batch, counts it and says what became of each event, in one transaction.
--
-- p_worker, p_batch name the attempt; the numbers of a worker grow.  When the reply was lost the worker calls again with
-- the same p_batch, waits for the lost attempt if that still runs, and a batch that had been committed is neither stored
-- nor counted again.  An attempt that starts only after a newer one was committed is refused (SQLSTATE KT001).
-- p_source..p_payload hold one element per event.  An id that is stored already is a duplicate when the stored event
-- is the same but for trace headers, and a conflict (quarantined) otherwise.
-- p_sender is the public key an event came by.
-- p_count_* are the refusals to be counted with it; p_q_* the refused events to be kept.
-- Returns NULL when every event was accepted, else one element per event: 0 accepted, 1 duplicate, 2 conflict.
CREATE FUNCTION event_append(
    p_worker text, p_batch bigint,
    p_source int[], p_id text[], p_kind smallint[], p_slot smallint[], p_happened timestamptz[], p_sequence bigint[],
    p_dossier text[], p_digest bytea[], p_payload text[], p_sender text[],
    p_count_source int[], p_count_rejected bigint[], p_count_denied bigint[], p_count_busy bigint[],
    p_q_source int[], p_q_sender text[], p_q_code text[], p_q_reason text[], p_q_digest bytea[], p_q_payload bytea[]
) RETURNS smallint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
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
REVOKE ALL ON FUNCTION event_append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION event_append TO kipthoi_ingest;

-- quarantine_redrive: puts a quarantined event, valid after all, into the ledger.  The caller has parsed it; the
-- payload is taken from the quarantine itself.  Returns 0 accepted, 1 duplicate, 2 conflict, NULL no such open row.
CREATE FUNCTION quarantine_redrive(
    p_quarantine bigint, p_source text, p_id text, p_kind smallint, p_slot smallint, p_happened timestamptz,
    p_sequence bigint, p_dossier text
) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
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
REVOKE ALL ON FUNCTION quarantine_redrive FROM PUBLIC;
GRANT EXECUTE ON FUNCTION quarantine_redrive TO kipthoi_operator;
