"""A dialogue without the names of the people in it, as it may be kept in a run and sent to a model."""

from collections.abc import Iterable

from classwright.classroom.deidentify import Tags, names_of_speakers
from classwright.classroom.dialogue import Dialogue
from classwright.errors import ClasswrightError


def nameless(dialogue: Dialogue, names: Iterable[str] = (), more: Iterable[str] = ()) -> tuple[Dialogue, Tags]:
    """A dialogue with tags for names, and what the tags stand for.

    Args:
        dialogue: The dialogue. Its id and whatever a foreign format brought along are left out: both can hold a name.
        names: Names known beforehand (a names file, learners' files), besides the labels of the speakers.
        more: Further texts that will leave with it, whose names are to be known too.

    Raises:
        ClasswrightError: a name would still be there; nothing may leave then.
    """
    tags = Tags([*names_of_speakers(t.label for t in dialogue.turns), *names])
    texts = [t.text for t in dialogue.turns] + [dialogue.wrong_solution, *more]
    problem = dialogue.problem
    if problem is not None:
        texts += [problem.text, *problem.steps]
    tags.learn(texts)
    if problem is not None:
        steps = tuple(map(tags.hide, problem.steps))
        problem = problem.model_copy(update={"text": tags.hide(problem.text), "steps": steps})
    turns = tuple(t.model_copy(update={"text": tags.hide(t.text), "label": tags.hide(t.label)}) for t in dialogue.turns)
    lines = {"lines": dialogue.origin["lines"]} if "lines" in dialogue.origin else {}
    hidden = Dialogue(
        id="transcript", problem=problem, wrong_solution=tags.hide(dialogue.wrong_solution), tutor=dialogue.tutor,
        student=dialogue.student, turns=turns, origin=lines,
    )  # fmt: skip
    left = [t for t in hidden.turns if tags.left_in(t.text) or tags.left_in(t.label)]
    if left or (problem is not None and tags.left_in(problem.text)):
        raise ClasswrightError("a name could not be taken out of the transcript; nothing was sent")
    return hidden, tags
