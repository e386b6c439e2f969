-- cli_time_zone: the zone whose days the figures count.  Result: time_zone.
SELECT time_zone FROM deployment
