-- deliveries_attempts: what became of each attempt.  $1 delivery.  Result: at, number, outcome, status, detail.
SELECT at, attempt, outcome, status, detail FROM delivery_attempt WHERE delivery_id = $1::bigint ORDER BY at, attempt
