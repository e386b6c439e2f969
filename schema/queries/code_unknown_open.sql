-- code_unknown_open: kept events that wait because no list of codes knew their status.  Result: their number.
SELECT count(*) FROM quarantine WHERE redriven_at IS NULL AND code = 'STATUS_UNKNOWN'
