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

-- verdict_change: now also each time that the number of broken promises or the next promise changed, or the unit of a
-- dossier that has a next promise.
--   broken  promises broken after it
ALTER TABLE verdict_change ADD COLUMN broken smallint NOT NULL;
