-- alert_topic_list: every topic of the feed.  Result: topic, last number.
SELECT topic, last_seq FROM alert_topic ORDER BY topic
