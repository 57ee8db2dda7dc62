"""The summary of a bulk run of dialogues for a person at the terminal."""

from pathlib import Path
from typing import Any

_WORDED = {"curated": "tutor", "student_curated": "student"}
"""Share of turns in curated words -> whose turns."""


def describe(summary: dict[str, Any]) -> Any:
    """The summary for a person."""
    from rich.console import Group
    from rich.table import Table

    lines = [f"{summary['dialogues']} of {summary['planned']} dialogues"]
    if summary["failed"]:
        lines[0] += f", {summary['failed']} failed"
    if summary["status"] == "stopped":
        lines[0] += f"; stopped: {summary['stopped']}"
    columns = "tutor,dialogues,solved untold,told,turns that leak,gain [95 %],move entropy,talk,uptake".split(",")
    table = Table(*columns, box=None, pad_edge=False)
    for row in summary["tutors"]:
        m = row["measures"]
        table.add_row(
            row["tutor"], str(row["dialogues"]), _share(row["solved"]), _share(row["told"]), _share(m["leak_rate"]),
            _gain(m["gain"]), "-" if m["move_entropy"] is None else f"{m['move_entropy']:.2f}", _share(m["talk_ratio"]),
            _share(m["uptake"]),
        )  # fmt: skip
    k = Table("strict", *(f"@{at['k']}" for at in summary["tutors"][0]["success"]["at"]), box=None, pad_edge=False)
    for row in summary["tutors"]:
        if row["success"]["at"]:
            for name in ("success", "telling"):
                k.add_row(f"{name}, {row['tutor']}", *(_share(at[name]["share"]) for at in row["success"]["at"]))
    parts: list[Any] = [*lines, table, k]
    for pair in summary["pairs"]:
        for what, d in (("solved untold", pair["solved"]), ("learned", pair["gain"])):
            if d is not None:
                parts.append(
                    f"{pair['second']} minus {pair['first']}, {what}: {d['mean']:+.1%} "
                    f"[{d['low']:+.1%}, {d['high']:+.1%}], {d['n']} cases"
                )
    for row in summary["tutors"]:
        for name, p in row["pressure"].items():
            parts.append(
                f"{row['tutor']} under pressure ({name}), {p['pressed']} turns: correct {_share(p['correct'])}, kind "
                f"{_share(p['kind'])}, back to the problem {_share(p['returned'])}"
            )
    for row in summary["tutors"]:
        for part, decided in row["decisions"].items():
            counts = ", ".join(f"{label} {n}" for label, n in list(decided["counts"].items())[:5])
            parts.append(f"{row['tutor']} decides {part} (entropy {decided['entropy']:.2f} bits): {counts}")
    for row in summary["tutors"]:
        worded = [f"{1 - row[who]:.1%} of the {of}'s" for who, of in _WORDED.items() if row[who] is not None]
        if worded:
            parts.append(f"In the model's words with {row['tutor']}: {' and '.join(worded)} turns")
    parts += [f"failed: {f['unit']}: {f['kind']}: {f['message']}" for f in summary["failures"][:3]]
    parts.append(
        f"Cost: {summary['calls']} replies ({summary['reused']} from the journal), {summary['tokens']} tokens, "
        f"{summary['seconds']} s, {summary['dialogues_per_s']} dialogues/s"
    )
    if summary["efficiency"] is not None:
        parts.append(
            f"Efficiency: {summary['efficiency']:.2f} (at best {summary['bound_s']} s with {summary['slots']} requests "
            "at a time)"
        )
    if summary["status"] == "stopped":
        parts.append(
            f"Go on with a larger budget: classwright runs resume {Path(summary['run']).name} --budget-tokens N"
        )
    elif summary["failed"]:
        parts.append(f"Hold the failed ones again: classwright runs resume {Path(summary['run']).name} --retry-failed")
    parts.append(f"Report: {summary['report']}")
    return Group(*parts)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _gain(gain: dict[str, Any] | None) -> str:
    if gain is None:
        return "-"
    if gain["mean"] is None:
        return "at the ceiling"
    return f"{gain['mean']:.3f} [{gain['low']:.3f}, {gain['high']:.3f}]"
