"""The dataset card for a person, in Markdown."""

from classwright.distill.rows import Card

MOST = 40
"""Lines of a count that are shown."""


def readme(card: Card) -> str:
    """`README.md` of a dataset directory: everything that `card.json` holds."""
    what = "Preference pairs" if card.kind == "preference" else "Supervised chats"
    parts = [
        f"# {what} for the task “{card.task}”",
        f"- Teacher: {card.teacher}\n- Licence of the teacher: {card.licence}\n- Made from: {', '.join(card.sources)}",
    ]
    if card.notes:
        parts.append("\n".join(f"- {note}" for note in card.notes))
    parts.append("## Selection\n\n" + "\n".join(f"- {k}: {_shown(v)}" for k, v in card.selection.items()))
    if card.scores:
        parts.append("## Scores\n\n" + "\n".join(f"- {k}: {v:g}" for k, v in card.scores.items()))
    for name, counts in card.counts.items():
        if counts:
            parts.append(f"## Rows by {name}\n\n{_table(counts)}")
    if card.dropped:
        parts.append(f"## Left out\n\n{_table(card.dropped)}")
    if card.prompts:
        parts.append("## Prompts\n\n" + "\n".join(f"- {k}: sha256 {v}" for k, v in card.prompts.items()))
    return "\n\n".join(parts) + "\n"


def _table(counts: dict[str, int]) -> str:
    lines = [f"| {name.replace('|', '/')} | {n} |" for name, n in list(counts.items())[:MOST]]
    more = f"\n\n... and {len(counts) - MOST} more, see card.json" if len(counts) > MOST else ""
    return "\n".join(["| | rows |", "|---|---|", *lines]) + more


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None or value == "" else str(value)
