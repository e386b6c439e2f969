-- breaking
-- 0009_letters: letters as documents, whom they go to, the alert ladder, and the outbox.

-- contact: who handed a dossier in, as far as a letter needs it.  The only table of citizens' names beside the payloads
-- of the ledger; filled when a letter is drafted (contact_gather) or from a file, for dossiers that owe a letter.
--   origin      event: from the newest payload that names the applicant; file: loaded by an official, which stays
--   erased_at   the person's data were erased, here and in the payloads; nothing is gathered again
CREATE TABLE contact (
    source_id int NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    code text COLLATE "C" NOT NULL CONSTRAINT contact_code_length CHECK (octet_length(code) BETWEEN 1 AND 128),
    origin text NOT NULL CONSTRAINT contact_origin CHECK (origin IN ('event', 'file', 'erased')),
    updated_by text NOT NULL,
    name text CONSTRAINT contact_name_length CHECK (length(name) BETWEEN 1 AND 200),
    address text CONSTRAINT contact_address_length CHECK (length(address) BETWEEN 1 AND 500),
    phone text CONSTRAINT contact_phone_length CHECK (length(phone) BETWEEN 1 AND 50),
    email text CONSTRAINT contact_email_length CHECK (length(email) BETWEEN 3 AND 254),
    receipt_number text CONSTRAINT contact_receipt_length CHECK (length(receipt_number) BETWEEN 1 AND 100),
    CONSTRAINT contact_pkey PRIMARY KEY (source_id, code),
    CONSTRAINT contact_erased_empty CHECK ((erased_at IS NOT NULL) = (origin = 'erased') AND (erased_at IS NULL
        OR (name IS NULL AND address IS NULL AND phone IS NULL AND email IS NULL AND receipt_number IS NULL)))
);

-- contact_log: who looked at names, had them on paper, changed or erased them.  Append-only; holds no name.
CREATE TABLE contact_log (
    source_id int NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    code text COLLATE "C" NOT NULL,
    what text NOT NULL CONSTRAINT contact_log_what CHECK (what IN ('shown', 'printed', 'loaded', 'erased')),
    who text NOT NULL,
    why text NOT NULL
);
CREATE INDEX contact_log_by_dossier ON contact_log (source_id, code);

-- event_redaction: payloads from which a person's data were erased.  The event keeps the digest of what was received,
-- so that it is known again when it is sent again; digest is that of what is left.
CREATE TABLE event_redaction (
    source_id int NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    event_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL CONSTRAINT event_redaction_digest CHECK (octet_length(digest) = 32),
    CONSTRAINT event_redaction_pkey PRIMARY KEY (source_id, event_id)
);

-- letter_office: how a unit's letters are headed, numbered and signed.  A unit without a row takes that of the nearest
-- unit above it, under its own name.
--   number_form    {number}, {year} and {unit} are filled in
--   signer_for     the line above the title when somebody signs for another, e.g. KT. GIAM DOC
--   copies         recipients of copies ("Noi nhan"), a line each
--   reason, term_days  what a letter says when nobody said otherwise, and the working days until the new date; where
--                  one is NULL it has to be given, and nothing is drafted by itself
CREATE TABLE letter_office (
    unit_id int PRIMARY KEY REFERENCES unit,
    term_days smallint CONSTRAINT letter_office_term CHECK (term_days BETWEEN 1 AND 366),
    updated_at timestamptz NOT NULL DEFAULT now(),
    name text NOT NULL,
    superior text NOT NULL,
    place text NOT NULL,
    number_form text NOT NULL CONSTRAINT letter_office_number CHECK (position('{number}' IN number_form) > 0),
    signer_for text,
    signer_title text NOT NULL,
    signer_name text NOT NULL,
    copies text,
    new_due_place text,
    phone text,
    email text,
    template text,
    reason text,
    updated_by text NOT NULL
);

-- letter_template: the text of a form, by the day from which it is used.  The newest one stands.  note: what its author
-- says is still to be compared with the legal text; '': nothing.
CREATE TABLE letter_template (
    template_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    effective_from date NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    name text COLLATE "C" NOT NULL CONSTRAINT letter_template_name CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    body text NOT NULL CONSTRAINT letter_template_size CHECK (octet_length(body) BETWEEN 1 AND 65536),
    note text NOT NULL DEFAULT '',
    loaded_by text NOT NULL
);

-- letter_rule: until when a letter is in time, by the date promised.  days_before working days before the appointment;
-- clock 'day': until the end of that day, 'instant': to the moment.
CREATE TABLE letter_rule (
    version smallint PRIMARY KEY CONSTRAINT letter_rule_positive CHECK (version > 0),
    days_before smallint NOT NULL CONSTRAINT letter_rule_days CHECK (days_before BETWEEN 0 AND 30),
    effective_from timestamptz NOT NULL CONSTRAINT letter_rule_effective_unique UNIQUE,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    clock text NOT NULL CONSTRAINT letter_rule_clock CHECK (clock IN ('day', 'instant')),
    name text NOT NULL,
    note text NOT NULL,
    loaded_by text NOT NULL
);
INSERT INTO letter_rule (version, days_before, effective_from, clock, name, note, loaded_by)
VALUES (1, 0, '-infinity', 'day', 'city', 'QD 5157/QD-UBND of 30/09/2016: no later than the appointment date', 'kipthoi');

-- letter: the letter of one promise of a dossier, from its draft on; it may be written before the promise is missed.
--   number      in the register of the unit and year; NULL for a letter that was numbered elsewhere
--   letter_no   as printed
--   due         the promise; new_due: the date it announces
--   extension   how many dates were announced before, plus one
--   proof       of its sending: who took it, a mail's Message-ID, an event's id
--   event_id    of the event that told of a letter sent upstream
CREATE TYPE letter_state AS ENUM ('drafted', 'approved', 'sent');
CREATE TABLE letter (
    source_id int NOT NULL,
    unit_id int NOT NULL,
    template_id int,
    number int CONSTRAINT letter_number_positive CHECK (number > 0),
    episode smallint NOT NULL CONSTRAINT letter_episode_positive CHECK (episode > 0),
    year smallint NOT NULL,
    extension smallint NOT NULL,
    state letter_state NOT NULL,
    due timestamptz NOT NULL,
    new_due timestamptz,
    drafted_at timestamptz NOT NULL,
    printed_at timestamptz,
    approved_at timestamptz,
    sent_at timestamptz,
    code text COLLATE "C" NOT NULL,
    letter_no text NOT NULL CONSTRAINT letter_no_length CHECK (length(letter_no) BETWEEN 1 AND 100),
    reason text NOT NULL CONSTRAINT letter_reason_length CHECK (length(reason) <= 2000),
    drafted_by text NOT NULL,
    approved_by text,
    sent_by text,
    channel text CONSTRAINT letter_channel CHECK (channel IN ('paper', 'email', 'sms', 'in_person', 'post', 'upstream')),
    proof text,
    event_id text COLLATE "C",
    CONSTRAINT letter_pkey PRIMARY KEY (source_id, code, episode),
    CONSTRAINT letter_number_unique UNIQUE (unit_id, year, number),
    CONSTRAINT letter_event_unique UNIQUE (source_id, event_id),
    CONSTRAINT letter_sent_known CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 85);
CREATE INDEX letter_unsent ON letter (due) WHERE state <> 'sent';

-- letter_counter: the last number given in a unit's register of a year.  Its lock is the right to give the next.
CREATE TABLE letter_counter (
    unit_id int NOT NULL REFERENCES unit,
    year smallint NOT NULL,
    last int NOT NULL,
    PRIMARY KEY (unit_id, year)
) WITH (fillfactor = 70);

-- apology: letters that upstreams told of (vn.kipthoi.apology.sent.v1); derived, folded again by a rebuild.
CREATE TABLE apology (
    source_id int NOT NULL,
    sent_at timestamptz NOT NULL,
    code text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    letter_no text,
    channel text,
    CONSTRAINT apology_pkey PRIMARY KEY (source_id, event_id)
);
CREATE INDEX apology_by_dossier ON apology (source_id, code);

-- duty
--   rule       that gave its deadline
--   waived_at  since when an official has decided that no letter goes out although the promise was missed; who and why
--              stand in duty_log.  The notifier leaves it void, the rates go on counting it, the audit says how many.
ALTER TABLE duty ADD COLUMN rule smallint NOT NULL DEFAULT 1, ADD COLUMN waived_at timestamptz,
    ADD CONSTRAINT duty_waived_void CHECK (waived_at IS NULL OR state = 'void');
CREATE INDEX duty_by_due ON duty (due);
CREATE INDEX duty_by_deadline ON duty (state, deadline);

-- rung: the ladder.  A step is taken once for each promise of a dossier.
--   anchor       what its time is counted from: due (the promise), duty (the letter came to be owed), deadline (of the
--                letter), daily (each working day while overdue; no step of a dossier, but a digest of a recipient)
--   before_days, before_hours  working days and hours before the anchor
--   roles        who hears of it
--   superior     at the unit above
CREATE TABLE rung (
    rung smallint PRIMARY KEY,
    before_days smallint NOT NULL CONSTRAINT rung_days CHECK (before_days BETWEEN 0 AND 366),
    before_hours smallint NOT NULL CONSTRAINT rung_hours CHECK (before_hours BETWEEN 0 AND 1000),
    superior boolean NOT NULL,
    active boolean NOT NULL,
    name text COLLATE "C" NOT NULL CONSTRAINT rung_name_unique UNIQUE,
    anchor text NOT NULL CONSTRAINT rung_anchor CHECK (anchor IN ('due', 'duty', 'deadline', 'daily')),
    roles text[] NOT NULL,
    CONSTRAINT rung_before_due CHECK (anchor = 'due' OR (before_days = 0 AND before_hours = 0))
);
INSERT INTO rung (rung, name, anchor, before_days, before_hours, roles, superior, active) VALUES
    (1, 'due_3_days', 'due', 3, 0, '{officer}', false, true),
    (2, 'due_1_day', 'due', 1, 0, '{officer}', false, true),
    (3, 'due_3_hours', 'due', 0, 3, '{officer,head}', false, true),
    (4, 'due_now', 'due', 0, 0, '{officer,head}', false, true),
    (5, 'overdue_daily', 'daily', 0, 0, '{officer,head}', false, true),
    (6, 'letter_owed', 'duty', 0, 0, '{officer}', false, true),
    (7, 'letter_late', 'deadline', 0, 0, '{head}', true, true);

-- step: a rung to be taken for one promise of a dossier (no foreign keys, as in dossier: each costs a look-up a row).  waiting → done (with its outcome) | dropped (its reason ended).
--   due_at     when it is to be taken, in working hours of the unit
--   anchor_at  what it was counted from
--   outcome    of a done one: told; overtaken (a later rung was due at the same time); acknowledged, muted; nobody (no
--              recipient is known).  Of a dropped one: off (the rung is not used); passed (its time was over when the
--              promise became known); ended (the dossier has ended, or the duty is void); moved (the promise is another
--              one now, or waits for the citizen); sent (the letter was)
--   due_was    when it was to be taken before an official postponed it
CREATE TABLE step (
    source_id int NOT NULL,
    unit_id int NOT NULL,
    episode smallint NOT NULL,
    rung smallint NOT NULL,
    due_at timestamptz NOT NULL,
    anchor_at timestamptz NOT NULL,
    done_at timestamptz,
    due_was timestamptz,
    code text COLLATE "C" NOT NULL,
    state text NOT NULL CONSTRAINT step_state CHECK (state IN ('waiting', 'done', 'dropped')),
    outcome text CONSTRAINT step_outcome CHECK (outcome IN
        ('told', 'overtaken', 'acknowledged', 'muted', 'nobody', 'off', 'passed', 'ended', 'moved', 'sent')),
    CONSTRAINT step_pkey PRIMARY KEY (source_id, code, episode, rung),
    CONSTRAINT step_closed CHECK ((state = 'waiting') = (outcome IS NULL) AND (state = 'waiting') = (done_at IS NULL))
) WITH (fillfactor = 80);
-- What the digest of a day lists.
CREATE INDEX dossier_overdue_by_unit ON dossier (unit_id) WHERE promise = 'overdue';
CREATE INDEX step_waiting ON step (due_at) WHERE state = 'waiting';
CREATE INDEX step_closed_at ON step (done_at) WHERE state <> 'waiting';

-- hush: what officials said about alerts.  ack: the dossier's promise is in hand, no more of it but letters owed; snooze:
-- not before a time; mute: nothing of a unit, field or rung until a time.  Each has an owner, a reason and an end.
--   ended_at, ended_by, ended_why  taken back before its end
CREATE TABLE hush (
    hush_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int,
    unit_id int REFERENCES unit,
    field_id int REFERENCES field,
    episode smallint,
    rung smallint REFERENCES rung,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    ended_at timestamptz,
    code text COLLATE "C",
    kind text NOT NULL CONSTRAINT hush_kind CHECK (kind IN ('ack', 'snooze', 'mute')),
    owner text NOT NULL,
    why text NOT NULL,
    ended_by text,
    ended_why text,
    CONSTRAINT hush_ended_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT hush_scope CHECK ((kind = 'mute') = (code IS NULL) AND (code IS NULL) = (source_id IS NULL)
        AND (code IS NULL) = (episode IS NULL)),
    CONSTRAINT hush_order CHECK (since < until)
);
CREATE INDEX hush_by_dossier ON hush (source_id, code) WHERE code IS NOT NULL;
CREATE INDEX hush_mute ON hush (until) WHERE kind = 'mute';

-- What 0004 made of these two was never used.
DROP TABLE delivery, recipient;

-- recipient: whom a unit's alerts go to.
--   role        officer, head, one_stop, oversight, or any word that a rung names
--   hours       work: in working hours of the unit only; always
--   secret_file webhooks: the files of the keys that sign, separated by blanks
--   paused_until  the address asked to be spared (Retry-After, 429)
--   disabled    why nothing goes there any more: 410 Gone, or an official's word
--   digest_day  the last local day whose digest was made
CREATE TABLE recipient (
    recipient_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id int NOT NULL REFERENCES unit,
    digest_day date,
    created_at timestamptz NOT NULL DEFAULT now(),
    paused_until timestamptz,
    role text COLLATE "C" NOT NULL CONSTRAINT recipient_role CHECK (role ~ '^[a-z][a-z_]{0,31}$'),
    channel text NOT NULL CONSTRAINT recipient_channel CHECK (channel IN ('email', 'webhook')),
    address text NOT NULL CONSTRAINT recipient_address_length CHECK (octet_length(address) BETWEEN 3 AND 1024),
    hours text NOT NULL DEFAULT 'work' CONSTRAINT recipient_hours CHECK (hours IN ('work', 'always')),
    lang text NOT NULL DEFAULT 'vi' CONSTRAINT recipient_lang CHECK (lang IN ('vi', 'en')),
    secret_file text,
    disabled text,
    CONSTRAINT recipient_address_once UNIQUE (unit_id, role, channel, address),
    CONSTRAINT recipient_secret_of_webhook CHECK ((channel = 'webhook') = (secret_file IS NOT NULL))
);

-- recipient_reach: at which unit a unit's alerts of a role are heard: its own or the nearest above it that has a recipient
-- of the role (at_unit_id), and the same from the unit above on (superior_id; where there is none above, its own).
CREATE VIEW recipient_reach AS
WITH RECURSIVE lineage (unit_id, above_id, steps) AS (
    SELECT u.unit_id, u.unit_id, 0 FROM unit u
    UNION ALL
    -- A circle of units ends here.
    SELECT l.unit_id, u.parent_id, l.steps + 1 FROM lineage l JOIN unit u ON u.unit_id = l.above_id
    WHERE u.parent_id IS NOT NULL AND l.steps < 16
), heard AS (
    SELECT DISTINCT r.unit_id, r.role FROM recipient r WHERE r.disabled IS NULL
)
SELECT l.unit_id, h.role, (array_agg(l.above_id ORDER BY l.steps))[1] AS at_unit_id,
    (array_agg(l.above_id ORDER BY l.steps = 0, l.steps))[1] AS superior_id
FROM lineage l JOIN heard h ON h.unit_id = l.above_id
GROUP BY l.unit_id, h.role;

-- recipient_log: who changed whom alerts go to, and who looked at a key.  Append-only.
--   about   unit, role, channel and address, which outlive the row
CREATE TABLE recipient_log (
    recipient_id int NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    what text NOT NULL CONSTRAINT recipient_log_what CHECK (what IN
        ('added', 'changed', 'disabled', 'enabled', 'removed', 'key_added', 'key_dropped', 'key_shown')),
    about text NOT NULL,
    who text NOT NULL,
    why text NOT NULL
);
CREATE INDEX recipient_log_by_recipient ON recipient_log (recipient_id);

-- notice: something a recipient is to hear, waiting to be put into a message with others.  Never twice: key.
--   key    what it is about: step/<source>/<episode>/<rung>/<code>, target/…
--   kind   the rung's name, or target.fell, target.forecast, target.recovered
--   due    what it is about is sorted by this
--   facts  what a line of the message says, for programs: unit, field, dossier, due, why …
CREATE TABLE notice (
    notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint,
    recipient_id int NOT NULL,
    queued_at timestamptz NOT NULL DEFAULT now(),
    due timestamptz,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    facts jsonb NOT NULL,
    CONSTRAINT notice_once UNIQUE (recipient_id, key)
);
CREATE INDEX notice_waiting ON notice (recipient_id, queued_at) WHERE message_id IS NULL;

-- message: what goes to a recipient at once.
--   kind   notices: a group of notices; digest: the overdue of a day; letter: an apology letter to a citizen
--   key    what makes it one: digest/<recipient>/<day>, letter/<source>/<episode>/<code>, notices/<first notice>
--   facts  {"total": n, "kinds": {…}, "rows": [at most 200]}
CREATE TABLE message (
    message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recipient_id int REFERENCES recipient,
    items int NOT NULL,
    at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL CONSTRAINT message_kind CHECK (kind IN ('notices', 'digest', 'letter')),
    key text COLLATE "C" NOT NULL CONSTRAINT message_once UNIQUE,
    facts jsonb NOT NULL,
    CONSTRAINT message_to_whom CHECK ((kind = 'letter') = (recipient_id IS NULL))
);

CREATE INDEX message_by_recipient ON message (recipient_id, created_at);

-- delivery: the outbox, a row a message.  Claimed by a token and completed only by its holder.
--   state      waiting → claimed → sent | dead (given up, can be redriven) | uncertain (cut where the outcome cannot be
--              known, not sent again by itself)
--   attempts   begun; next_at: not before
--   wire_id    Message-ID or webhook-id, the same in each attempt
CREATE TABLE delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES message,
    recipient_id int REFERENCES recipient,
    attempts int NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    claimed_until timestamptz,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    claim_token uuid,
    channel text NOT NULL CONSTRAINT delivery_channel CHECK (channel IN ('email', 'webhook')),
    state text NOT NULL DEFAULT 'waiting'
        CONSTRAINT delivery_state CHECK (state IN ('waiting', 'claimed', 'sent', 'dead', 'uncertain')),
    wire_id text NOT NULL CONSTRAINT delivery_wire_id_unique UNIQUE,
    last_error text,
    CONSTRAINT delivery_message_once UNIQUE (message_id),
    CONSTRAINT delivery_claim_whole CHECK ((state = 'claimed') = (claim_token IS NOT NULL)
        AND (state = 'claimed') = (claimed_until IS NOT NULL)),
    CONSTRAINT delivery_sent_known CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX delivery_waiting ON delivery (next_at) WHERE state = 'waiting';
CREATE INDEX delivery_unsent ON delivery (state) WHERE state <> 'sent';
CREATE INDEX delivery_sent ON delivery (sent_at) WHERE state = 'sent';
CREATE INDEX delivery_claimed ON delivery (claimed_until) WHERE state = 'claimed';

-- delivery_attempt: what became of each attempt, and who redrove.  Append-only.
CREATE TABLE delivery_attempt (
    delivery_id bigint NOT NULL,
    attempt int NOT NULL,
    status int,
    at timestamptz NOT NULL DEFAULT now(),
    outcome text NOT NULL,
    detail text NOT NULL
);
CREATE INDEX delivery_attempt_by_delivery ON delivery_attempt (delivery_id);

-- notifier_cursor: of a look at everything (snapshot '1:1:'), which goes by key and takes many rounds:
--   upto    what has changed since this snapshot is looked at afterwards
--   place_* the last dossier seen; NULL: none is under way
ALTER TABLE notifier_cursor ADD COLUMN upto pg_snapshot, ADD COLUMN place_source_id int, ADD COLUMN place_code text COLLATE "C";

CREATE OR REPLACE FUNCTION rebase() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
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
    UPDATE notifier_cursor SET snapshot = '1:1:', epoch = here, upto = NULL, place_source_id = NULL, place_code = NULL;
    RETURN opened;
END
$$;

-- duty_recall: has the notifier look at a dossier again, as if its verdict had changed: a decision about its letter was taken
-- back.
CREATE FUNCTION duty_recall(p_source_id int, p_code text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
    INSERT INTO verdict_change (source_id, code, was, now, judged_at, broken)
    SELECT d.source_id, d.code, d.promise, d.promise, now(), d.broken
    FROM dossier d WHERE d.source_id = p_source_id AND d.code = p_code COLLATE "C"
$$;
REVOKE ALL ON FUNCTION duty_recall FROM PUBLIC;
GRANT EXECUTE ON FUNCTION duty_recall TO kipthoi_letters;

CREATE OR REPLACE FUNCTION rebuild_begin(p_shards int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
BEGIN
    LOCK TABLE scorer_cursor IN ACCESS EXCLUSIVE MODE;
    PERFORM alias_apply();
    TRUNCATE dossier, pause, promise, projection, day_count, verdict_change, indicator, apology;
    DELETE FROM scorer_cursor;
    INSERT INTO scorer_cursor (shard, shards, segment, snapshot, epoch, judged_at, behind, folded)
    SELECT s.shard, p_shards, (SELECT min(segment) FROM segment), '1:1:', c.system_identifier, '-infinity', true, 0
    FROM generate_series(0, p_shards - 1) AS s (shard), pg_control_system() c;
    -- From its start the notifier also looks at every open duty again.
    UPDATE notifier_cursor SET snapshot = '1:1:', upto = NULL, place_source_id = NULL, place_code = NULL;
END
$$;
-- Letters told before are folded from the ledger.
SELECT rebuild_begin((SELECT max(c.shards) FROM scorer_cursor c));

-- contact_gather: takes over who handed the dossiers in, from the newest payload that tells; what an official loaded and
-- what was erased stays.  Returns how many contacts are new or changed.
CREATE FUNCTION contact_gather(p_source_id int[], p_code text[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
    WITH told AS (
        SELECT DISTINCT ON (e.source_id, e.dossier) e.source_id, e.dossier AS code, e.kind,
            CASE e.kind WHEN 14 THEN e.payload::jsonb -> 'data' ELSE e.payload::jsonb -> 'data' -> 'applicant' END AS j
        FROM unnest(p_source_id, p_code) AS u (source_id, code)
        JOIN event e ON e.source_id = u.source_id AND e.dossier = u.code COLLATE "C" AND e.kind NOT IN (13, 15)
        WHERE CASE e.kind
            WHEN 14 THEN e.payload::jsonb #>> '{data,ChuHoSo}' <> ''
            ELSE e.payload::jsonb #>> '{data,applicant,name}' <> ''
            END
        ORDER BY e.source_id, e.dossier, e.happened DESC, e.sequence DESC, e.event_id DESC
    ), fresh AS (
        SELECT t.source_id, t.code,
            left(CASE t.kind WHEN 14 THEN t.j ->> 'ChuHoSo' ELSE t.j ->> 'name' END, 200) AS name,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'DiaChi' ELSE t.j ->> 'address' END, ''), 500) AS address,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'SoDienThoai' ELSE t.j ->> 'phone' END, ''), 50) AS phone,
            CASE t.kind WHEN 14 THEN t.j ->> 'Email' ELSE t.j ->> 'email' END AS email,
            left(nullif(CASE t.kind WHEN 14 THEN t.j ->> 'SoBienNhan' ELSE t.j ->> 'receipt_number' END, ''), 100) AS receipt_number
        FROM told t
    ), stored AS (
        INSERT INTO contact AS c (source_id, code, origin, updated_by, name, address, phone, email, receipt_number)
        SELECT r.source_id, r.code, 'event', 'event', r.name, r.address, r.phone,
            CASE WHEN length(r.email) BETWEEN 3 AND 254 THEN r.email END, r.receipt_number
        FROM fresh r
        ORDER BY r.source_id, r.code
        ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE SET name = excluded.name, address = excluded.address,
            phone = excluded.phone, email = excluded.email, receipt_number = excluded.receipt_number, updated_at = now()
        WHERE c.origin = 'event' AND (c.name, c.address, c.phone, c.email, c.receipt_number) IS DISTINCT FROM
            (excluded.name, excluded.address, excluded.phone, excluded.email, excluded.receipt_number)
        RETURNING 1)
    SELECT count(*) FROM stored
$$;
REVOKE ALL ON FUNCTION contact_gather FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contact_gather TO kipthoi_letters;

-- contact_erase: erases a person's data of one dossier: the contact, and the members of the payloads that name the
-- person.  What is left of a payload says the same of the dossier.  What the quarantine keeps of the dossier goes whole:
-- it may be no JSON.  Returns how many payloads of the ledger were changed.
CREATE FUNCTION contact_erase(p_source_id int, p_code text, p_who text, p_why text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = kipthoi, pg_temp AS $$
    INSERT INTO contact AS c (source_id, code, origin, updated_by, erased_at)
    VALUES (p_source_id, p_code, 'erased', p_who, now())
    ON CONFLICT ON CONSTRAINT contact_pkey DO UPDATE SET origin = 'erased', updated_by = p_who, updated_at = now(),
        erased_at = coalesce(c.erased_at, now()), name = NULL, address = NULL, phone = NULL, email = NULL, receipt_number = NULL;
    INSERT INTO contact_log (source_id, code, what, who, why) VALUES (p_source_id, p_code, 'erased', p_who, p_why);
    UPDATE quarantine SET payload = convert_to('erased', 'UTF8')
    WHERE source_id IN (p_source_id, 0) AND position(convert_to('"' || p_code || '"', 'UTF8') IN payload) > 0;
    WITH found AS (
        SELECT e.source_id, e.event_id, e.segment, x.payload
        FROM event e
        CROSS JOIN LATERAL (
            SELECT jsonb_set(e.payload::jsonb, '{data}', (e.payload::jsonb -> 'data') - ARRAY[
                'applicant', 'ChuHoSo', 'MaDoiTuong', 'Email', 'SoDienThoai', 'DiaChi', 'SoBienNhan', 'TrichYeuHoSo'])::text AS payload
            OFFSET 0) x
        WHERE e.source_id = p_source_id AND e.dossier = p_code AND e.kind <> 15
            AND e.payload::jsonb -> 'data' ?| ARRAY[
                'applicant', 'ChuHoSo', 'MaDoiTuong', 'Email', 'SoDienThoai', 'DiaChi', 'SoBienNhan', 'TrichYeuHoSo']
    ), changed AS (
        UPDATE event e SET payload = f.payload FROM found f
        WHERE e.source_id = f.source_id AND e.event_id = f.event_id AND e.segment = f.segment
    ), noted AS (
        INSERT INTO event_redaction AS r (source_id, event_id, digest)
        SELECT f.source_id, f.event_id, sha256(convert_to(f.payload, 'UTF8')) FROM found f
        ON CONFLICT ON CONSTRAINT event_redaction_pkey DO UPDATE SET digest = excluded.digest, at = now()
        RETURNING 1)
    SELECT count(*) FROM noted
$$;
REVOKE ALL ON FUNCTION contact_erase FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contact_erase TO kipthoi_letters;

-- The functions of the audit take a payload from which a person's data were erased for whole when it has the digest noted
-- then.  They are changed at that one place each instead of being told again.
DO $patch$
DECLARE
    whole CONSTANT text := $$e.digest = sha256(convert_to(e.payload, 'UTF8'))$$;
    erased CONSTANT text := $$EXISTS (
                SELECT FROM event_redaction x
                WHERE x.source_id = e.source_id AND x.event_id = e.event_id AND x.digest = sha256(convert_to(e.payload, 'UTF8')))$$;
    f oid;
    patched int := 0;
BEGIN
    FOR f IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'kipthoi'::regnamespace AND position('CASE WHEN ' || whole || ' THEN' IN p.prosrc) > 0
    LOOP
        EXECUTE replace(pg_get_functiondef(f), 'CASE WHEN ' || whole || ' THEN', 'CASE WHEN ' || whole || ' OR ' || erased || ' THEN');
        patched := patched + 1;
    END LOOP;
    IF patched = 0 THEN
        RAISE EXCEPTION 'no function of the audit looks at digests';
    END IF;
END
$patch$;

-- Names: kipthoi_letters alone.  It reads what a letter says and keeps letters and duties.
GRANT USAGE ON SCHEMA kipthoi TO kipthoi_letters;
GRANT SELECT ON deployment, migration, source, unit, field, procedure, dossier, promise, pause, duty, duty_log, letter, letter_counter,
    letter_office, letter_template, letter_rule, contact, contact_log, calendar, calendar_unit, calendar_hours, calendar_day,
    calendar_day_hours, book, message, delivery TO kipthoi_letters;
GRANT INSERT, UPDATE ON contact, letter, letter_counter TO kipthoi_letters;
GRANT SELECT (recipient_id, disabled) ON recipient TO kipthoi_letters;
GRANT INSERT ON contact_log, duty_log, message, delivery, delivery_attempt TO kipthoi_letters;
GRANT UPDATE (state, next_at, attempts) ON delivery TO kipthoi_letters;
GRANT UPDATE (state, sent_at, letter_no, sent_by, waived_at) ON duty TO kipthoi_letters;

GRANT SELECT, INSERT ON apology TO kipthoi_scorer;
GRANT SELECT ON apology TO kipthoi_notifier, kipthoi_operator;
GRANT SELECT ON letter_rule, letter_office, letter_template, letter, rung, hush, recipient TO kipthoi_notifier;
GRANT SELECT, INSERT, UPDATE ON step, notice, message, delivery TO kipthoi_notifier;
GRANT SELECT, INSERT ON delivery_attempt TO kipthoi_notifier;
GRANT INSERT, UPDATE ON letter TO kipthoi_notifier;
GRANT UPDATE (digest_day, paused_until, disabled) ON recipient TO kipthoi_notifier;
GRANT SELECT (source_id, code, origin, erased_at) ON contact TO kipthoi_notifier, kipthoi_operator;
GRANT SELECT ON recipient_reach TO kipthoi_notifier, kipthoi_operator;
GRANT SELECT ON contact_log, event_redaction, letter_rule, letter_office, letter_template, letter, letter_counter, rung, step, hush,
    recipient, recipient_log, notice, message, delivery, delivery_attempt TO kipthoi_operator;
GRANT INSERT, UPDATE ON letter_office, recipient, hush TO kipthoi_operator;
GRANT DELETE ON recipient TO kipthoi_operator;
GRANT INSERT ON letter_template, letter_rule, recipient_log, message, delivery, delivery_attempt TO kipthoi_operator;
GRANT UPDATE (active, before_days, before_hours, roles, superior) ON rung TO kipthoi_operator;
GRANT UPDATE (state, next_at, attempts, claim_token, claimed_until, last_error) ON delivery TO kipthoi_operator;
GRANT UPDATE (due_at, due_was) ON step TO kipthoi_operator;
