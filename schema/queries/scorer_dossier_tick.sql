-- scorer_dossier_tick: dossiers of which time has broken a promise.
-- $1 sources, $2 codes, $3 promise, $4 its days, $5 portal, $6 its days, $7 intake, $8 its days, $9 next flips,
-- $10 broken promises, $11 next promises.
-- Writes: dossier.
UPDATE dossier d SET
    promise = u.promise::dossier_class, promise_day = u.promise_day, portal = u.portal::dossier_class,
    portal_day = u.portal_day, intake = u.intake::dossier_class, intake_day = u.intake_day, flips_at = u.flips_at,
    broken = u.broken, next_due = u.next_due
FROM (
    SELECT unnest($1::int[]) AS source_id, unnest($2::text[]) AS code, unnest($3::text[]) AS promise,
        unnest($4::date[]) AS promise_day, unnest($5::text[]) AS portal, unnest($6::date[]) AS portal_day,
        unnest($7::text[]) AS intake, unnest($8::date[]) AS intake_day, unnest($9::timestamptz[]) AS flips_at,
        unnest($10::smallint[]) AS broken, unnest($11::timestamptz[]) AS next_due) u
WHERE d.source_id = u.source_id AND d.code = u.code COLLATE "C"
