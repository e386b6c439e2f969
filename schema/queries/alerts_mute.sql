-- alerts_mute: nothing of a unit, field or rung is told until a time.
-- $1 unit, $2 field, $3 rung (each NULL: all), $4 the clock, $5 until, $6 who, $7 why.
-- Result: whether unit, field and rung are known; the mute, when all are.  Writes: hush.
WITH named AS (
    SELECT (SELECT u.unit_id FROM unit u WHERE u.code = $1::text) AS unit_id,
        (SELECT f.field_id FROM field f WHERE f.code = $2::text) AS field_id,
        (SELECT g.rung FROM rung g WHERE g.name = $3::text) AS rung
), known AS (
    SELECT n.*, $1::text IS NULL OR n.unit_id IS NOT NULL AS unit_known,
        $2::text IS NULL OR n.field_id IS NOT NULL AS field_known, $3::text IS NULL OR n.rung IS NOT NULL AS rung_known
    FROM named n
), made AS (
    INSERT INTO hush (unit_id, field_id, rung, since, until, kind, owner, why)
    SELECT k.unit_id, k.field_id, k.rung, $4::timestamptz, $5::timestamptz, 'mute', $6::text, $7::text
    FROM known k
    WHERE k.unit_known AND k.field_known AND k.rung_known
    RETURNING hush_id)
SELECT k.unit_known, k.field_known, k.rung_known, (SELECT hush_id FROM made) FROM known k
