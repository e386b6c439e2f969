-- doctor_calendar: whether working time can be counted.
-- Result: newest calendar version (0: none), the last year it knows, dossiers excluded because no version knows their years.
SELECT coalesce(max(c.version), 0)::int, coalesce(max(c.last_year), 0)::int,
    (SELECT count(*) FROM dossier d WHERE d.calendar < 0)
FROM calendar c
