-- cli_deployment_fix: fixes the zone once.  $1 zone.  Result: zone in force, whether this call fixed it; no row when
-- another call fixed it meanwhile.  Writes: deployment.
WITH made AS (
    INSERT INTO deployment (time_zone) SELECT $1::text WHERE NOT EXISTS (SELECT FROM deployment)
    ON CONFLICT DO NOTHING
    RETURNING time_zone)
SELECT time_zone, true FROM made
UNION ALL
SELECT time_zone, false FROM deployment
