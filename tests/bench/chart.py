# SPDX-License-Identifier: MIT
"""The chart of docs/performance.md: events a second by COPY, by Kip Thoi and by the peers, as one SVG without anything else."""
import html

WIDTH, LEFT, RIGHT, TOP, ROW = 860, 236, 150, 70, 40
BAR = 24
FONT = 'font-family="Helvetica, Arial, sans-serif"'
# (name in results.json, label, second line, colour)
ROWS = (
    ("copy", "COPY", "one stream, the ceiling", "#8a929c"),
    ("intake", "Kịp Thời, intake alone", "acknowledged", "#5b9bd5"),
    ("ours", "Kịp Thời, end to end", "acknowledged, scored, duty", "#1f5fa8"),
    ("node", "Node", "zeromq and pg", "#d58a3c"),
    ("python", "Python", "pyzmq and psycopg", "#d58a3c"),
    ("trigger", "PostgreSQL trigger", "fed by COPY", "#d58a3c"),
    ("rsyslog", "rsyslog", "insert only, no answers", "#e3bd92"),
)


def _nice(value):
    """A round number not below value, for the end of the scale."""
    power = 10 ** (len(str(int(value))) - 1)
    return next(power * step for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * step >= value)


def _text(x, y, words, size=13, anchor="start", colour="#222", weight="normal"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" {FONT} font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{html.escape(words)}</text>')


def svg(figures, where):
    """figures: those of the part throughput; where: a line about date and machine."""
    rates = {name: [r[name]["events_per_s"] for r in figures["rounds"]] for name in figures["median_per_s"]}
    rows = [row for row in ROWS if row[0] in rates]
    end = _nice(max(max(values) for values in rates.values()))
    scale = (WIDTH - LEFT - RIGHT) / end
    height = TOP + ROW * len(rows) + 56
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
           f'aria-label="Events a second, one server">', f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
           _text(20, 30, "Events a second: the same events, server and durability", 17, weight="bold"),
           _text(20, 50, f"Median of {len(figures['rounds'])} rounds; the thin line spans all rounds.", 12, colour="#666")]
    bottom = TOP + ROW * len(rows)
    for step in range(5):
        x = LEFT + end * step / 4 * scale
        out += [f'<line x1="{x:.0f}" y1="{TOP}" x2="{x:.0f}" y2="{bottom}" stroke="#e4e6e9"/>',
                _text(x, bottom + 18, f"{end * step / 4:,.0f}", 11, "middle", "#666")]
    for number, (name, label, more, colour) in enumerate(rows):
        y = TOP + ROW * number + (ROW - BAR) / 2
        median, least, most = figures["median_per_s"][name], min(rates[name]), max(rates[name])
        middle = y + BAR / 2
        out += [_text(LEFT - 12, middle - 2, label, 13, "end", weight="bold"), _text(LEFT - 12, middle + 12, more, 11, "end", "#666"),
                f'<rect x="{LEFT}" y="{y:.0f}" width="{median * scale:.1f}" height="{BAR}" rx="2" fill="{colour}"/>',
                f'<line x1="{LEFT + least * scale:.1f}" y1="{middle:.0f}" x2="{LEFT + most * scale:.1f}" y2="{middle:.0f}" stroke="#222"/>',
                _text(LEFT + most * scale + 8, middle + 5, f"{median:,.0f}" + _ratio(figures, name), 13)]
    out += [_text(20, height - 12, where, 11, colour="#666"), "</svg>"]
    return "\n".join(out) + "\n"


def _ratio(figures, name):
    """What stands behind the number: ours held against a peer, or against the ceiling."""
    if name in ("ours", "intake") and f"{name}/copy" in figures["ratio"]:
        return f"  ({figures['ratio'][f'{name}/copy']:.2f} of COPY)"
    if f"ours/{name}" in figures["ratio"] and name != "copy":
        return f"  (ours {figures['ratio'][f'ours/{name}']:.1f}×)"
    return ""
