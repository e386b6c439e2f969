-- recipients_log: who changed whom alerts go to, the newest first.  $1 recipient (NULL: all), $2 at most so many (0: all).
-- Result: at, recipient, what, about whom, who, why.
SELECT at, recipient_id, what, about, who, why
FROM recipient_log
WHERE $1::int IS NULL OR recipient_id = $1::int
ORDER BY at DESC, recipient_id DESC
LIMIT nullif($2::bigint, 0)
