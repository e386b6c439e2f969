-- deliveries_count: the outbox in numbers, a row a channel and one for both.
-- Result: channel (NULL: both), waiting, claimed, sent, given up, uncertain, the longest waiting.
SELECT channel, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'claimed'),
    count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'dead'), count(*) FILTER (WHERE state = 'uncertain'),
    min(created_at) FILTER (WHERE state IN ('waiting', 'claimed'))
FROM delivery
GROUP BY GROUPING SETS ((channel), ())
ORDER BY channel NULLS LAST
