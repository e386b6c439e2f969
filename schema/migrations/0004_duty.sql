-- 0004_duty: letters owed, alerts given, and what goes out of the house.

CREATE TYPE duty_state AS ENUM ('owed', 'drafted', 'approved', 'sent', 'void');

-- duty: one apology letter owed for one missed promise.  Never deleted.
--   episode     which promise of the dossier was missed, from 1
--   due         the promise that was missed
--   deadline    when the letter is owed at the latest
--   letter_no, sent_at, sent_by  the letter
CREATE TABLE duty (
    source_id int NOT NULL,
    unit_id int NOT NULL,
    episode smallint NOT NULL,
    state duty_state NOT NULL,
    due timestamptz NOT NULL,
    deadline timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    sent_at timestamptz,
    code text COLLATE "C" NOT NULL,
    letter_no text,
    sent_by text,
    CONSTRAINT duty_pkey PRIMARY KEY (source_id, code, episode),
    CONSTRAINT duty_sent_known CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 90);
CREATE INDEX duty_open_by_unit ON duty (unit_id) WHERE state IN ('owed', 'drafted', 'approved');

-- duty_log: every change of a duty, with who and why.  Append-only.
CREATE TABLE duty_log (
    source_id int NOT NULL,
    episode smallint NOT NULL,
    was duty_state,
    now duty_state NOT NULL,
    at timestamptz NOT NULL,
    logged_at timestamptz NOT NULL DEFAULT now(),
    code text COLLATE "C" NOT NULL,
    who text NOT NULL,
    why text NOT NULL
);
CREATE INDEX duty_log_by_duty ON duty_log (source_id, code, episode);

-- alert_topic, alert: the feed.  Each topic is numbered 1, 2, 3 … without a gap, so that a subscriber can prove that
-- it missed nothing.
--   topic  'letter.owed/<unit>' or 'letter.void/<unit>'
--   body   what was published
CREATE TABLE alert_topic (
    topic text COLLATE "C" PRIMARY KEY,
    last_seq bigint NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE alert (
    seq bigint NOT NULL,
    source_id int NOT NULL,
    at timestamptz NOT NULL,
    topic text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    body text NOT NULL,
    CONSTRAINT alert_pkey PRIMARY KEY (topic, seq)
);
CREATE INDEX alert_by_dossier ON alert (source_id, code);

-- notifier_cursor: how far verdict_change has been acted on; its lock is the right to open and void duties.
CREATE TABLE notifier_cursor (
    one_row boolean PRIMARY KEY DEFAULT true CONSTRAINT notifier_cursor_one_row CHECK (one_row),
    snapshot pg_snapshot NOT NULL,
    epoch bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
INSERT INTO notifier_cursor (snapshot, epoch) SELECT '1:1:', system_identifier FROM pg_control_system();

-- recipient, delivery: the outbox.  A delivery is claimed by a token and completed only by its holder.
--   channel  feed, email, webhook
--   state    waiting → claimed → sent | dead; uncertain: cut where the outcome cannot be known
CREATE TABLE recipient (
    recipient_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id int NOT NULL REFERENCES unit,
    role text NOT NULL,
    channel text NOT NULL CONSTRAINT recipient_channel_valid CHECK (channel IN ('feed', 'email', 'webhook')),
    address text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT recipient_unique UNIQUE (unit_id, role, channel, address)
);
CREATE TABLE delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    recipient_id int NOT NULL REFERENCES recipient,
    state text NOT NULL DEFAULT 'waiting'
        CONSTRAINT delivery_state_valid CHECK (state IN ('waiting', 'claimed', 'sent', 'dead', 'uncertain')),
    attempts int NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    claim_token uuid,
    claimed_until timestamptz,
    last_error text,
    CONSTRAINT delivery_once UNIQUE (topic, seq, recipient_id),
    CONSTRAINT delivery_alert FOREIGN KEY (topic, seq) REFERENCES alert (topic, seq)
);
CREATE INDEX delivery_waiting ON delivery (next_at) WHERE state = 'waiting';

GRANT SELECT, INSERT, UPDATE ON duty, alert_topic, delivery TO kipthoi_notifier;
GRANT SELECT, INSERT ON duty_log, alert TO kipthoi_notifier;
GRANT SELECT, UPDATE ON notifier_cursor TO kipthoi_notifier;
GRANT SELECT ON recipient TO kipthoi_notifier;
GRANT SELECT ON duty, duty_log, alert_topic, alert, notifier_cursor, delivery, recipient TO kipthoi_operator;
GRANT UPDATE (state, sent_at, letter_no, sent_by) ON duty TO kipthoi_operator;
GRANT INSERT ON duty_log TO kipthoi_operator;
GRANT INSERT, UPDATE ON recipient TO kipthoi_operator;
