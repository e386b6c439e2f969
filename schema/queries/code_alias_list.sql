-- code_alias_list: codes as sent and what they mean.  Result: list, source, code, means, valid_from, valid_to (days; NULL: without end),
-- in the order of their bytes.  Writes: nothing.
SELECT a.list, a.source, a.code, a.means, nullif(a.valid_from, '-infinity') AS valid_from, nullif(a.valid_to, 'infinity') AS valid_to
FROM code_alias a
ORDER BY a.list, a.source, a.code, a.valid_from
