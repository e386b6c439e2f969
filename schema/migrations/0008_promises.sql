-- breaking
-- 0008_promises: the promises after the first.
ALTER TABLE dossier
    ADD COLUMN broken smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN promise IN ('late', 'overdue') THEN 1 ELSE 0 END) STORED,
    ADD COLUMN next_due timestamptz GENERATED ALWAYS AS (CASE WHEN promise = 'in_time' THEN promise_due END) STORED;
ALTER TABLE verdict_change ADD COLUMN broken smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN now IN ('late', 'overdue') THEN 1 ELSE 0 END) STORED;
CREATE TABLE promise (
    source_id int NOT NULL,
    episode smallint NOT NULL,
    due_at timestamptz NOT NULL,
    code text COLLATE "C" NOT NULL,
    CONSTRAINT promise_pkey PRIMARY KEY (source_id, code, episode)
);
GRANT SELECT ON promise TO kipthoi_operator, kipthoi_notifier;
GRANT SELECT, INSERT, DELETE ON promise TO kipthoi_scorer;
