-- scorer_change_add: dossiers that came to be past a promise or ceased to be, or whose next promise is another now.
-- $1 sources, $2 codes, $3 classes before (NULL at first sight), $4 classes after, $5 promises broken after, $6 the clock
-- of the verdict.  Writes: verdict_change.
INSERT INTO verdict_change (source_id, code, was, now, broken, judged_at)
SELECT u.source_id, u.code, u.was::dossier_class, u.now::dossier_class, u.broken, $6::timestamptz
FROM (
    SELECT unnest($1::int[]) AS source_id, unnest($2::text[]) AS code, unnest($3::text[]) AS was, unnest($4::text[]) AS now,
        unnest($5::smallint[]) AS broken) u
