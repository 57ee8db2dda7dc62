"""Where a plan's proposed ideas stand on a page: with the part of the lesson that they belong to."""

from collections import defaultdict

from classwright.classroom.plan import Idea, LessonPlan

LABELS = {
    "analogy": "An analogy",
    "activity": "An activity",
    "representation": "Another way to show it",
    "question": "A question to think about",
}
ELSEWHERE = "elsewhere"
_CLOSE = {"opening": "hook", "closing": "closing", "groups": "independent practice"}


def ideas_by_place(plan: LessonPlan) -> dict[str, list[Idea]]:
    """The ideas under the part they belong to, a row of the timetable in lower case or "closing".

    An idea for a part that this plan does not have is under "elsewhere"; a part without ideas has no key.
    """
    parts = {part.lower() for part, _ in plan.timetable()} | {"closing"}
    if plan.repairs:
        parts.add("misconception")
    found: defaultdict[str, list[Idea]] = defaultdict(list)
    for idea in plan.ideas:
        place = _CLOSE.get(idea.place.lower(), idea.place.lower())
        found[place if place in parts else ELSEWHERE].append(idea)
    return dict(found)
