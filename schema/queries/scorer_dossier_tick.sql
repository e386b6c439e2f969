-- scorer_dossier_tick: dossiers of which time has broken a promise.
-- $1 sources, $2 codes, $3 promise, $4 its days, $5 portal, $6 its days, $7 intake, $8 its days, $9 next flips,
-- $10 broken promises, $11 next promises.
-- Writes: dossier.
UPDATE dossier d SET
    promise = u.promise::dossier_class, promise_day = u.promise_day, portal = u.portal::dossier_class,
    portal_day = u.portal_day, intake = u.intake::dossier_class, intake_day = u.intake_day, flips_at = u.flips_at,
    broken = u.broken, next_due = u.next_due
FROM unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::text[], $6::date[], $7::text[], $8::date[],
    $9::timestamptz[], $10::smallint[], $11::timestamptz[])
    AS u (source_id, code, promise, promise_day, portal, portal_day, intake, intake_day, flips_at,
        broken, next_due)
WHERE d.source_id = u.source_id AND d.code = u.code COLLATE "C"
