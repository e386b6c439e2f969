# SPDX-License-Identifier: MIT
"""The scorer's counters, written by tests that need figures without dossiers behind them."""
RULES = ("promise", "portal", "intake")
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "paused", "excluded")


def add(d, unit, field="", procedure="", day="2026-03-01", rule="promise", **counts):
    """Adds to the cell of a unit, a field and a procedure, known by these codes."""
    assert rule in RULES and set(counts) <= set(CLASSES), (rule, counts)
    columns = [f"{rule}_{name}" for name in counts]
    for table, key, place in (("day_tally", "day, unit_id, field_id, procedure_id", "%s::date, u.unit_id, f.field_id, p.procedure_id"),
                              ("month_tally", "month, unit_id, field_id", "date_trunc('month', %s::timestamp)::date, u.unit_id, f.field_id")):
        sums = ", ".join(f"{name} = nullif(coalesce(c.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in columns)
        done = d.sql(f"""INSERT INTO {table} AS c ({key}, {', '.join(columns)})
            SELECT {place}{', nullif(%s, 0)' * len(columns)}
            FROM unit u, field f, procedure p WHERE u.code = %s AND f.code = %s AND p.code = %s
            ON CONFLICT ({key}) DO UPDATE SET {sums} RETURNING 1""", day, *counts.values(), unit, field, procedure)
        assert len(done) == 1, f"unit {unit}, field {field} or procedure {procedure} is not known"
