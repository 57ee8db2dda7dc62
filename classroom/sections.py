"""The sections of a lesson plan that a teacher may edit, as text and back.

`to_text` and `from_text` are exact: a text that was not changed gives the very same plan. What a teacher wrote is
neither trusted nor checked here; `verify` judges the plan that comes out.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from classwright.classroom.plan import TIERS, LessonPlan, Words
from classwright.classroom.section_parts import (
    read_minutes,
    read_objectives,
    read_repairs,
    read_vocabulary,
    repair_notes,
    write_minutes,
    write_objectives,
    write_repairs,
    write_vocabulary,
)
from classwright.classroom.section_problems import read_problems, write_problems
from classwright.classroom.section_text import (
    Section,
    read_items,
    read_sections,
    read_text,
    write_items,
    write_section,
    write_text,
)
from classwright.errors import InputError
from classwright.skilltree.problem import Problem

BY_TEACHER = "written by the teacher"
"""Why a slot that a teacher wrote holds no words of a model."""
_ABOUT = (
    "Change what stands under a line '=== name ===' and leave those lines as they are.",
    "A section that you delete stays as it was. Lines that begin with % are notes to you; nobody reads them.",
    "A line of your text that begins with %, === or a backslash needs a backslash before it.",
)
_PROBLEMS = (
    "A problem is --- and its id, then question, answer, expression and steps. Move, change or delete it.",
    "Yours begins with --- new. With an expression (1/2 + 1/3) code checks the answer; without one it is marked as "
    "checked by you, not by code.",
)


class _Place(NamedTuple):
    """A section: how its body is written and how a changed body enters a plan."""

    write: Callable[[LessonPlan], str]
    read: Callable[[Section, LessonPlan, LessonPlan], None]
    notes: tuple[str, ...] = ()


def section_names(plan: LessonPlan) -> list[str]:
    """The names of the sections, in the order of the lesson."""
    return list(_places(plan))


def problem_sections(plan: LessonPlan) -> dict[str, list[Problem]]:
    """The sections that hold problems, with them."""
    found = {"warm-up": plan.warm_up.problems}
    found |= {f"example problem {i}": [w.problem] for i, w in enumerate(plan.worked_examples, 1)}
    found |= {"guided": plan.guided.problems}
    found |= {f"independent {tier}": plan.independent.tier(tier) for tier in TIERS}
    return found | {"exit ticket": plan.exit_ticket.problems}


def find_section(plan: LessonPlan, name: str) -> str:
    """The section that a name, or the unambiguous beginning of one, means.

    Raises:
        InputError: there is none; the nearest are named.
    """
    names, wanted = section_names(plan), " ".join(name.lower().split())
    if wanted in names:
        return wanted
    fits = [n for n in names if wanted and n.startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    near = fits or get_close_matches(wanted, names, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near[:3])}?" if near else f"there are {', '.join(names)}"
    raise InputError(f"the plan has no section {name!r}; {advice}")


def section_bodies(plan: LessonPlan) -> dict[str, str]:
    """Name -> text of every section, as it stands under its marker."""
    return {name: place.write(plan) for name, place in _places(plan).items()}


def to_text(plan: LessonPlan, only: Sequence[str] | None = None) -> str:
    """The plan in a form for an editor.

    Args:
        plan: The plan.
        only: Names of the sections to write; None for all.
    """
    head = "\n".join(f"% {line}" for line in (plan.title.replace("\n", " "), *_ABOUT))
    parts, said = [], set()
    for name, place in _places(plan).items():
        if only is None or name in only:
            parts.append(write_section(name, place.write(plan), () if place.notes in said else place.notes))
            said.add(place.notes)
    return "\n\n".join([head, *parts]) + "\n"


def from_text(text: str, plan: LessonPlan) -> LessonPlan:
    """The plan with what an edited text says; sections that are not in it stay as they were.

    Args:
        text: What came back from the editor.
        plan: The plan that the text was made from.

    Raises:
        InputError: the text is damaged; the message names the line and what to do.
    """
    places, new = _places(plan), plan.model_copy(deep=True)
    read = {section.name: section for section in read_sections(text)}
    if not read:
        raise InputError("the text holds no section; a section begins with === name ===")
    for name, section in read.items():
        if name not in places:
            near = get_close_matches(name, places, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(places)}"
            raise InputError(f"line {section.number}: the plan has no section {name!r}; {advice}")
    # items come after the objectives and hints that point at them, minutes when it is clear which parts are left
    for name in sorted(read, key=lambda name: (name != "objectives", name == "guided", name == "minutes")):
        places[name].read(read[name], plan, new)
    return new


def _places(plan: LessonPlan) -> dict[str, _Place]:
    return dict(_listed(plan))


def _listed(plan: LessonPlan) -> Iterator[tuple[str, _Place]]:
    problems = problem_sections(plan)

    def held(name: str) -> tuple[str, _Place]:
        return name, _problems(name, problems)

    slots = dict(plan.slots())
    yield "title", _Place(lambda p: write_text(p.title), _read_title)
    yield "objectives", _Place(write_objectives, read_objectives, ("Each is shown by an item of the exit ticket.",))
    yield "materials", _Place(lambda p: write_items(p.materials), _read_materials)
    yield "vocabulary", _Place(write_vocabulary, read_vocabulary)
    yield "minutes", _Place(write_minutes, read_minutes, (f"The parts add up to the lesson's {plan.minutes}.",))
    yield held("warm-up")
    yield "hook", _slot("hook")
    for i in range(1, len(plan.explanations) + 1):
        yield f"explanation {i}", _slot(f"explanation {i}")
        yield f"method {i}", _method(i - 1)
        yield f"picture {i}", _picture(i - 1)
    for i in range(1, len(plan.worked_examples) + 1):
        yield held(f"example problem {i}")
        yield f"example {i}", _slot(f"example {i}")
    if plan.repairs:
        yield "repairs", _Place(write_repairs, read_repairs, repair_notes(plan))
    yield held("guided")
    for name in slots:
        if name.startswith("hint "):
            yield name, _slot(name)
    for tier in TIERS:
        yield held(f"independent {tier}")
    yield held("exit ticket")
    for name in slots:
        if name.startswith(("group ", "idea ", "closing", "note ", "family ")):
            yield name, _slot(name)


def _slot(name: str) -> _Place:
    def read(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
        text = _some(section)
        slot = dict(new.slots())[name]
        if text != slot.text:
            slot.text, slot.source, slot.refused = text, "curated", (BY_TEACHER,)

    return _Place(lambda p: write_text(dict(p.slots())[name].text), read)


def _some(section: Section) -> str:
    text = read_text(section)
    if not text.strip():
        raise InputError(f"line {section.number}: {section.name} is empty; write something, or delete its line ===")
    return text


def _read_title(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    new.title = _some(section)


def _method(i: int) -> _Place:
    def read(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
        new.explanations[i].method = tuple(item.text for item in read_items(section))

    return _Place(lambda p: write_items(p.explanations[i].method), read)


def _picture(i: int) -> _Place:
    def read(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
        new.explanations[i].picture = read_text(section)

    return _Place(lambda p: write_text(p.explanations[i].picture), read)


def _read_materials(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
    new.materials = [item.text for item in read_items(section)]


def _problems(name: str, all_problems: dict[str, list[Problem]]) -> _Place:
    own = all_problems[name]
    others = [p for n, held in all_problems.items() if n != name for p in held]

    def read(section: Section, plan: LessonPlan, new: LessonPlan) -> None:
        pairs = read_problems(section, own, others, plan.skill)
        found = [p for _, p in pairs]
        if name.startswith("example problem"):
            if len(found) != 1:
                raise InputError(f"line {section.number}: a worked example has one problem, not {len(found)}")
            new.worked_examples[int(name.split()[-1]) - 1].problem = found[0]
            return
        problem_sections(new)[name][:] = found
        before = {p.id: old.id for old, p in pairs if old is not None}
        if name == "guided":
            _keep_hints(plan, new, [before.get(p.id, p.id) for p in found])
        if name == "exit ticket":
            now = {old: changed for changed, old in before.items()}
            for objective in new.objectives:  # they go on pointing at an item that was changed and so has a new id
                objective.assessed_by = now.get(objective.assessed_by, objective.assessed_by)

    return _Place(lambda p: write_problems(problem_sections(p)[name], p.skill), read, _PROBLEMS)


def _keep_hints(old: LessonPlan, new: LessonPlan, now: Sequence[str]) -> None:
    """Hints stay with their guided problems; the list of hints ends at the first problem that has none.

    Args:
        old: The plan before.
        new: The plan that is being made; the hints in it may have been edited.
        now: For each guided problem of the new plan the id that it had before.
    """
    ids = [p.id for p in old.guided.problems]
    count = len(new.guided.hints)
    if list(now[:count]) == ids[:count]:
        return
    hints: dict[str, Words] = dict(zip(ids, new.guided.hints, strict=False))
    kept = []
    for i in now:
        if i not in hints:
            break
        kept.append(hints[i])
    new.guided.hints = kept
