-- alert_topic_page: topics that start with a prefix, as lines of JSON.  $1 prefix, $2 topic to go on after, $3 most.
-- Result: how many; whether there are more; the lines.
SELECT least(count(*), $3::bigint), count(*) > $3,
    coalesce(string_agg(json_build_object('topic', p.topic, 'last', p.last_seq)::text || E'\n', '' ORDER BY p.topic)
        FILTER (WHERE p.nth <= $3), '')
FROM (
    SELECT t.topic, t.last_seq, row_number() OVER (ORDER BY t.topic) AS nth FROM alert_topic t
    WHERE starts_with(t.topic, $1::text) AND t.topic > $2::text
    ORDER BY t.topic LIMIT $3::bigint + 1) p
