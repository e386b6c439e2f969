-- target_alert_tell: opens and closes episodes of targets, tells the feed, and queues notices.  The caller holds the
-- cursor and one snapshot: nobody else numbers these alerts.
-- $1 clock, $2 roles at the unit, $3 roles at the unit above, both separated by blanks.  Then a column each of what
-- changed: $4 number of the episode (0: a new one), $5 change (fell, forecast, recovered, ended, passed: what was
-- forecast came, which is told by the fall), $6 why, $7 plan, $8 line, $9 measure, $10 period, $11 unit, $12 field
-- (NULL: all of the group), $13 field_group, $14 procedure, $15 relation, $16 bound, $17 title, $18 numerator,
-- $19 denominator, $20 rate, $21 target, both as shown, $22 missing; of the pace: $23 numerator, $24 denominator, $25 rate.
-- Result: topic, seq and body of the alerts.  Writes: target_episode, alert_topic, alert, notice.
WITH change AS MATERIALIZED (
    SELECT CASE c.episode WHEN 0 THEN nextval('target_episode_episode_id_seq') ELSE c.episode END AS episode_id,
        c.episode = 0 AS is_new, c.*, 'target/' || c.unit AS topic, 'target.' || c.change AS told
    FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[], $10::text[], $11::text[],
        $12::text[], $13::text[], $14::text[], $15::text[], $16::int[], $17::text[], $18::bigint[], $19::bigint[],
        $20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::text[])
        AS c (episode, change, why, plan, line, measure, period, unit, field, field_group, procedure, relation, bound,
            title, numerator, denominator, rate, target, missing, pace_numerator, pace_denominator, pace_rate)
), opened AS (
    INSERT INTO target_episode (episode_id, opened_numerator, opened_denominator, opened_at, line, bound, kind, plan,
        period, measure, relation, unit, field, field_group, procedure, title)
    SELECT c.episode_id, CASE c.change WHEN 'fell' THEN c.numerator ELSE c.pace_numerator END,
        CASE c.change WHEN 'fell' THEN c.denominator ELSE c.pace_denominator END, $1::timestamptz, c.line, c.bound,
        c.change, c.plan, c.period, c.measure, c.relation, c.unit, c.field, c.field_group, c.procedure, c.title
    FROM change c WHERE c.is_new
), closed AS (
    UPDATE target_episode e SET closed_at = $1::timestamptz,
        outcome = CASE c.change WHEN 'passed' THEN 'fell' ELSE c.change END,
        closed_numerator = CASE e.kind WHEN 'fell' THEN c.numerator ELSE c.pace_numerator END,
        closed_denominator = CASE e.kind WHEN 'fell' THEN c.denominator ELSE c.pace_denominator END
    FROM change c WHERE NOT c.is_new AND e.episode_id = c.episode_id
), fact AS MATERIALIZED (
    SELECT c.episode_id, c.told, c.change, c.topic, c.unit, jsonb_build_object(
        'episode', c.episode_id, 'why', c.why, 'plan', c.plan, 'line', c.line, 'title', c.title, 'measure', c.measure,
        'window', c.period, 'unit', c.unit, 'field', c.field, 'field_group', nullif(c.field_group, ''),
        'procedure', nullif(c.procedure, ''), 'relation', c.relation, 'target', c.target, 'numerator', c.numerator,
        'denominator', c.denominator, 'rate', c.rate, 'missing', c.missing, 'forecast_numerator', c.pace_numerator,
        'forecast_denominator', c.pace_denominator, 'forecast_rate', c.pace_rate) AS facts
    FROM change c WHERE c.change <> 'passed'
), told_to AS (
    SELECT f.episode_id, f.told, f.facts, r.recipient_id
    FROM fact f
    JOIN unit u ON u.code = f.unit
    JOIN recipient r ON r.disabled IS NULL AND (
        (r.unit_id = u.unit_id AND r.role = ANY (string_to_array($2::text, ' ')))
        OR (r.unit_id = u.parent_id AND r.role = ANY (string_to_array($3::text, ' '))))
    WHERE f.change <> 'ended'
), queued AS (
    INSERT INTO notice (recipient_id, queued_at, kind, key, facts)
    SELECT t.recipient_id, $1::timestamptz, t.told, format('target/%s/%s', t.episode_id, t.told), t.facts FROM told_to t
    ORDER BY t.recipient_id, t.episode_id
    ON CONFLICT ON CONSTRAINT notice_once DO NOTHING
), numbered AS MATERIALIZED (
    SELECT f.*, coalesce(t.last_seq, 0) + row_number() OVER (PARTITION BY f.topic ORDER BY f.episode_id) AS seq
    FROM fact f LEFT JOIN alert_topic t ON t.topic = f.topic
), counted AS (
    INSERT INTO alert_topic AS t (topic, last_seq)
    SELECT n.topic, max(n.seq) FROM numbered n GROUP BY n.topic ORDER BY n.topic
    ON CONFLICT (topic) DO UPDATE SET last_seq = excluded.last_seq
)
INSERT INTO alert (topic, seq, at, body)
SELECT n.topic, n.seq, $1::timestamptz, (jsonb_build_object('topic', n.topic, 'seq', n.seq, 'kind', n.told,
    'at', $1::timestamptz) || n.facts)::text
FROM numbered n ORDER BY n.topic, n.seq
RETURNING topic, seq, body
