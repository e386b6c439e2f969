-- The events once, for every peer.  rsyslog inserts into it and keeps nothing else: no state of dossiers, so it is "insert
-- only".
CREATE TABLE event (
    source text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    payload text NOT NULL,
    stored timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, id)
);
