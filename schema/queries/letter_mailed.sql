-- letter_mailed: letters that the mail server took are sent, with their duties.  The caller holds both.
-- $1 sources, $2 codes, $3 episodes, $4 clock, $5 Message-IDs.  Result: a row a letter.  Writes: letter, duty, duty_log.
WITH told AS (
    SELECT * FROM unnest($1::int[], $2::text[], $3::smallint[], $5::text[]) AS t (source_id, code, episode, proof)
), sent AS (
    UPDATE letter l SET state = 'sent', sent_at = $4::timestamptz, sent_by = 'notifier', channel = 'email', proof = t.proof
    FROM told t
    WHERE l.source_id = t.source_id AND l.code = t.code COLLATE "C" AND l.episode = t.episode AND l.state <> 'sent'
    RETURNING l.source_id, l.code, l.episode, l.letter_no, l.sent_at, l.proof
), was AS MATERIALIZED (
    SELECT s.*, y.state FROM sent s JOIN duty y USING (source_id, code, episode) WHERE y.state IN ('owed', 'drafted', 'approved')
), done AS (
    UPDATE duty y SET state = 'sent', sent_at = w.sent_at, letter_no = w.letter_no, sent_by = 'notifier'
    FROM was w WHERE y.source_id = w.source_id AND y.code = w.code AND y.episode = w.episode
        AND y.state IN ('owed', 'drafted', 'approved')
), logged AS (
    INSERT INTO duty_log (source_id, episode, was, now, at, code, who, why)
    SELECT w.source_id, w.episode, w.state, 'sent', $4::timestamptz, w.code, 'notifier', 'the mail server took it: ' || w.proof FROM was w
)
SELECT s.source_id, s.code, s.episode FROM sent s
