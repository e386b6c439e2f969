-- audit_letters: each unit's register of a year has every number from 1 to the last one once; a letter and its duty are in
-- the same state, under the same number; what was sent says when and by whom.  A letter without a duty is ahead of its promise; a letter that was
-- sent without being written here has its number in the duty alone.
-- $1 differences wanted.  Result: check, letters compared, differences; subject, stored and recounted of some of them.
WITH numbered AS (
    SELECT l.unit_id, l.year, count(*) AS letters, count(DISTINCT l.number) AS numbers, min(l.number) AS first, max(l.number) AS last
    FROM letter l
    WHERE l.number IS NOT NULL
    GROUP BY l.unit_id, l.year
), gaps AS (
    SELECT 'register of ' || coalesce(nullif(u.code, ''), 'no unit') || ', ' || year AS subject,
        'last number ' || coalesce(c.last, 0) AS stored,
        coalesce(n.letters, 0) || ' letters, ' || coalesce(n.first, 0) || ' to ' || coalesce(n.last, 0)
            || CASE WHEN n.numbers <> n.letters THEN ', ' || n.numbers || ' different' ELSE '' END AS recounted
    FROM letter_counter c FULL JOIN numbered n USING (unit_id, year) LEFT JOIN unit u USING (unit_id)
    WHERE coalesce(c.last, 0) <> coalesce(n.last, 0) OR coalesce(n.letters, 0) <> coalesce(n.last, 0)
        OR coalesce(n.numbers, 0) <> coalesce(n.letters, 0) OR coalesce(n.first, 1) <> 1
), paired AS (
    SELECT source_id, code, episode, y.state AS duty, l.state AS letter,
        y.letter_no AS duty_no, l.letter_no,
        (y.state = 'sent' AND y.sent_by IS NULL) OR (l.state = 'sent' AND (l.sent_at IS NULL OR l.sent_by IS NULL)) AS unsigned
    FROM duty y FULL JOIN letter l USING (source_id, code, episode)
), named AS MATERIALIZED (
    SELECT subject, stored, recounted FROM gaps
    UNION ALL
    SELECT concat_ws(' ', coalesce(s.name, p.source_id::text), p.code, '(promise ' || p.episode || ')'),
        CASE WHEN p.unsigned THEN 'sent' ELSE concat_ws(' ', 'duty', p.duty, p.duty_no) END,
        CASE WHEN p.unsigned THEN 'nobody knows when or by whom' WHEN p.letter IS NULL THEN 'no letter'
            ELSE concat_ws(' ', 'letter', p.letter, p.letter_no) END
    FROM paired p LEFT JOIN source s USING (source_id)
    WHERE p.unsigned
        OR (p.letter IS NOT NULL AND p.duty IS NOT NULL AND p.duty <> 'void'
            AND (p.duty::text, p.duty_no) IS DISTINCT FROM (p.letter::text, p.letter_no))
        OR (p.letter IS NULL AND p.duty IN ('drafted', 'approved'))
)
SELECT 'letters', (SELECT count(*) FROM paired), (SELECT count(*) FROM named), n.subject, n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject, stored LIMIT $1::bigint) n ON true
