-- duty_count_open: letters owed and not sent.  Result: their number.
SELECT count(*) FROM duty WHERE state IN ('owed', 'drafted', 'approved')
