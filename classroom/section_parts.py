"""The parts of a plan that are lists of fields, as text for a teacher and back: objectives, words, repairs, minutes."""

from difflib import get_close_matches

from classwright.classroom.plan import LessonPlan, Objective, Repair
from classwright.classroom.section_text import Section, read_blocks, write_block
from classwright.errors import InputError

MOST_MINUTES = 600


def write_objectives(plan: LessonPlan) -> str:
    """The objectives as blocks."""
    return "\n\n".join(
        write_block(o.id, [("text", o.text), ("skill", o.skill), ("assessed by", o.assessed_by)])
        for o in plan.objectives
    )


def read_objectives(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    """The objectives that the blocks state."""
    new.objectives = [
        Objective(id=b.header, skill=b.one("skill"), text=b.one("text"), assessed_by=b.one("assessed by"))
        for b in read_blocks(section, ("text", "skill", "assessed by"))
    ]


def write_vocabulary(plan: LessonPlan) -> str:
    """The words to know as blocks."""
    return "\n\n".join(write_block("word", [("term", t), ("meaning", m)]) for t, m in plan.vocabulary.items())


def read_vocabulary(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    """The words to know; a term stands once."""
    words: dict[str, str] = {}
    for block in read_blocks(section, ("term", "meaning")):
        term = block.one("term")
        if term in words:
            raise InputError(f"line {block.number}: {term!r} is there twice")
        words[term] = block.one("meaning")
    new.vocabulary = words


def write_repairs(plan: LessonPlan) -> str:
    """The words of each repair; its problem is no part of them."""
    return "\n\n".join(
        write_block(r.misconception, [("name", r.name), ("trigger", r.trigger), ("ask", r.question), ("move", r.move)])
        for r in plan.repairs
    )


def repair_notes(plan: LessonPlan) -> tuple[str, ...]:
    """What a teacher sees of the repairs beside their words."""
    shown = [f"{r.misconception} shows on: {r.problem.text} It gives {r.wrong_answer}." for r in plan.repairs]
    return ("Change the words, the order, or delete one; its minutes are then free for another part.", *shown)


def read_repairs(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    """The repairs that are left, in the order of the file, with their words."""
    known = {r.misconception: r for r in new.repairs}
    found: dict[str, Repair] = {}
    for block in read_blocks(section, ("name", "trigger", "ask", "move")):
        if block.header not in known or block.header in found:
            what = "is there twice" if block.header in found else "is not one of this plan"
            raise InputError(f"line {block.number}: the misconception {block.header} {what}")
        found[block.header] = known[block.header].model_copy(
            update={
                "name": block.one("name"),
                "trigger": block.one("trigger"),
                "question": block.one("ask"),
                "move": block.one("move"),
            }
        )
    new.repairs = list(found.values())


def _minutes(plan: LessonPlan) -> dict[str, int]:
    rows = {"lesson": plan.minutes, "warm-up": plan.warm_up.minutes, "hook": plan.hook_minutes}
    rows |= {f"explanation {i}": e.minutes for i, e in enumerate(plan.explanations, 1)}
    rows |= {f"example {i}": w.minutes for i, w in enumerate(plan.worked_examples, 1)}
    rows |= {f"repair {r.misconception}": r.minutes for r in plan.repairs}
    rows |= {"guided": plan.guided.minutes, "independent": plan.independent.minutes}
    return rows | {"exit ticket": plan.exit_ticket.minutes}


def write_minutes(plan: LessonPlan) -> str:
    """The minutes of the lesson and of every part."""
    return "\n".join(f"{name}: {n}" for name, n in _minutes(plan).items())


def read_minutes(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    """The minutes that are stated; a part that was removed in the same text has none to set."""
    known, seen = _minutes(plan), set()
    for line in section.lines:
        if not line.text.strip():
            continue
        name, _, value = (part.strip() for part in line.text.rpartition(":"))
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise InputError(f"line {line.number}: no part {name!r} has minutes; there is {', '.join(near or known)}")
        if name in seen:
            raise InputError(f"line {line.number}: {name} has its minutes already")
        seen.add(name)
        least = 0 if name.startswith("repair ") else 1
        if not value.isdecimal() or not least <= int(value) <= MOST_MINUTES:
            raise InputError(
                f"line {line.number}: minutes are a whole number from {least} to {MOST_MINUTES}, not {value!r}"
            )
        _set_minutes(new, name, int(value))


def _set_minutes(plan: LessonPlan, name: str, n: int) -> None:
    kind, _, which = name.partition(" ")
    match kind:
        case "lesson":
            plan.minutes = n
        case "warm-up":
            plan.warm_up.minutes = n
        case "hook":
            plan.hook_minutes = n
        case "explanation":
            plan.explanations[int(which) - 1].minutes = n
        case "example":
            plan.worked_examples[int(which) - 1].minutes = n
        case "repair":
            for repair in plan.repairs:
                if repair.misconception == which:
                    repair.minutes = n
        case "guided":
            plan.guided.minutes = n
        case "independent":
            plan.independent.minutes = n
        case "exit":
            plan.exit_ticket.minutes = n
