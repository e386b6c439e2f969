# SPDX-License-Identifier: MIT
"""The scorer's counters, written by tests that need figures without dossiers behind them."""
RULES = ("promise", "portal", "intake")
CLASSES = ("early", "on_time", "late", "overdue", "in_time", "paused", "excluded")


def add(d, unit, field="", procedure="", day="2026-03-01", rule="promise", **counts):
    """Adds to the cell of a unit, a field and a procedure, known by these codes."""
    assert rule in RULES and set(counts) <= set(CLASSES), (rule, counts)
    columns = [f"{rule}_{name}" for name in counts]
    done = d.sql(f"""INSERT INTO day_tally AS c (day, unit_id, field_id, procedure_id, {', '.join(columns)})
        SELECT %s, u.unit_id, f.field_id, p.procedure_id{', nullif(%s, 0)' * len(columns)}
        FROM unit u, field f, procedure p WHERE u.code = %s AND f.code = %s AND p.code = %s
        ON CONFLICT (day, unit_id, field_id, procedure_id) DO UPDATE SET {_sums(columns)} RETURNING 1""",
                 day, *counts.values(), unit, field, procedure)
    assert len(done) == 1, f"unit {unit}, field {field} or procedure {procedure} is not known"


def _sums(columns):
    return ", ".join(f"{name} = nullif(coalesce(c.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in columns)
