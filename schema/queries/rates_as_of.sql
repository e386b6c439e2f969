-- rates_as_of: the moment that every open dossier has at least been judged by.  Result: judged_at, NULL when some shard
-- has judged nothing yet.
SELECT CASE WHEN bool_and(isfinite(judged_at)) THEN min(judged_at) END FROM scorer_cursor
