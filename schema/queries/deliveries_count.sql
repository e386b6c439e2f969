-- deliveries_count: the outbox in numbers, a row a channel and one for both.
-- Result: channel (NULL: both), waiting, claimed, sent in the last 30 days, given up, uncertain, the longest waiting.
SELECT d.channel, count(*) FILTER (WHERE d.state = 'waiting'), count(*) FILTER (WHERE d.state = 'claimed'),
    count(*) FILTER (WHERE d.state = 'sent'), count(*) FILTER (WHERE d.state = 'dead'), count(*) FILTER (WHERE d.state = 'uncertain'),
    min(d.created_at) FILTER (WHERE d.state IN ('waiting', 'claimed'))
FROM (
    -- All that was ever sent is not counted each time somebody asks.
    SELECT k.channel, k.state, k.created_at FROM delivery k WHERE k.state <> 'sent'
    UNION ALL
    SELECT k.channel, k.state, k.created_at FROM delivery k WHERE k.state = 'sent' AND k.sent_at > now() - interval '30 days') d
GROUP BY GROUPING SETS ((d.channel), ())
ORDER BY d.channel NULLS LAST
