-- explain_alerts: what the feed said of a dossier.  $1 source_id, $2 code.  Result: at, topic, seq.
SELECT at, topic, seq FROM alert WHERE source_id = $1::int AND code = $2::text ORDER BY at, topic, seq
