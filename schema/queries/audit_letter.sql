-- audit_letter: letters and duties say the same, and registers have neither gap nor twin.  A duty that is void says
-- nothing of its letter; letters sent before there was a table for them have a duty only.
-- $1 differences wanted.  Result: check, rows compared, differences; subject, stored and recounted of some of them.
WITH paired AS (
    SELECT source_id, code, episode, y.state::text AS duty, l.state::text AS letter, y.letter_no AS duty_no, l.letter_no,
        l.year IS NOT NULL AS written
    FROM duty y LEFT JOIN letter l USING (source_id, code, episode)
    WHERE y.state <> 'void'
), strayed AS (
    SELECT p.* FROM paired p
    WHERE CASE p.duty WHEN 'owed' THEN p.written WHEN 'sent' THEN p.written AND (p.letter, p.letter_no) IS DISTINCT FROM (p.duty, p.duty_no)
        ELSE (p.letter, p.letter_no) IS DISTINCT FROM (p.duty, p.duty_no) END
), registers AS (
    SELECT unit_id, year, c.last, coalesce(l.given, 0) AS given, coalesce(l.greatest, 0) AS greatest
    FROM letter_counter c
    FULL JOIN (
        SELECT i.unit_id, i.year, count(*) AS given, max(i.number) AS greatest
        FROM letter i WHERE i.number IS NOT NULL GROUP BY i.unit_id, i.year) l USING (unit_id, year)
), named AS (
    SELECT coalesce(s.name, x.source_id::text) || ' ' || x.code || ' (' || x.episode || ')' AS subject,
        'letter ' || concat_ws(' ', coalesce(x.letter, 'not there'), x.letter_no) AS stored,
        'duty ' || concat_ws(' ', x.duty, x.duty_no) AS recounted
    FROM strayed x LEFT JOIN source s USING (source_id)
    UNION ALL
    SELECT 'register of ' || coalesce(u.code, r.unit_id::text) || ' ' || r.year,
        'last number ' || coalesce(r.last::text, 'not there') || ', greatest ' || r.greatest, r.given || ' letters'
    FROM registers r LEFT JOIN unit u USING (unit_id)
    WHERE r.last IS DISTINCT FROM r.given OR r.greatest <> r.given
)
SELECT 'letters', (SELECT count(*) FROM paired) + (SELECT count(*) FROM registers), (SELECT count(*) FROM named), n.subject,
    n.stored, n.recounted
FROM (SELECT) AS one LEFT JOIN (SELECT * FROM named ORDER BY subject LIMIT $1::bigint) n ON true
