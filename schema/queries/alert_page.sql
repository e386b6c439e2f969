-- alert_page: alerts of a topic from a number on, as lines.  $1 topic, $2 first number, $3 most alerts, $4 most bytes
-- (the first one is given whatever its size).
-- Result: the topic's last number; first and last number given, NULL when none; the lines.  No row: no such topic.
SELECT t.last_seq, r.low, r.high, coalesce(r.lines, '')
FROM alert_topic t
CROSS JOIN LATERAL (
    SELECT min(p.seq) AS low, max(p.seq) AS high, string_agg(p.body || E'\n', '' ORDER BY p.seq) AS lines
    FROM (
        SELECT a.seq, a.body, sum(octet_length(a.body) + 1) OVER (ORDER BY a.seq) AS bytes,
            row_number() OVER (ORDER BY a.seq) AS nth
        FROM (
            SELECT b.seq, b.body FROM alert b
            WHERE b.topic = $1::text AND b.seq >= $2::bigint ORDER BY b.seq LIMIT $3::bigint) a) p
    WHERE p.bytes <= $4::bigint OR p.nth = 1) r
WHERE t.topic = $1
