"""The course job: session after session, each lesson made by the lesson job for the class as the last one left it.

    plan -> session -> (another session, while there is one) -> measure

Each lesson is a run of its own inside the course's run, so that a killed course reads the finished lessons, goes on
with the one it was at, and asks no model twice. What the class becomes between lessons is simulated by code.
"""

from collections.abc import Sequence
from statistics import mean
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from classwright.classroom.audience import assemble, students
from classwright.classroom.course import (
    REVIEW_MINUTES,
    choose_skills,
    class_after,
    due_reviews,
    mean_mastery,
    most_reviews,
    review_problems,
    session_days,
)
from classwright.classroom.retention import Event, live, retention
from classwright.classroom.student import KnowledgeStudent
from classwright.graphs.course_lesson import Context, CourseRequest, fitting, lesson_request, make_lesson
from classwright.graphs.course_result import CourseResult, Session
from classwright.graphs.lesson_result import LessonResult
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree


class State(TypedDict):
    """What the nodes hand on: what is left to teach, the class as it is now, and what was done.

    `taught` has the day of each skill's lesson, `met` the day on which it was seen last. `cost` is calls and tokens.
    """

    days: list[int]
    waiting: list[str]
    left_out: list[tuple[str, float]]
    start: dict[str, float]
    people: list[KnowledgeStudent]
    taught: dict[str, int]
    met: dict[str, int]
    place: int
    free: int
    sessions: list[Session]
    events: list[Event]
    knows: list[dict[str, float]]
    results: dict[str, LessonResult]
    cost: tuple[int, int, int]
    result: CourseResult


Node = Runtime[Context]
Update = dict[str, Any]


def feasible(request: CourseRequest, tree: SkillTree) -> tuple[dict[str, float], list[str], list[tuple[str, float]]]:
    """Mean mastery before the course, the skills that get a lesson, and those on the way that do without.

    Raises:
        InputError: too few weeks.
    """
    audience = assemble(request.lesson.learners, request.goal, tree)
    average = {s: mean(m[s] for m in audience.mastery) for s in audience.mastery[0]}
    choice = choose_skills(tree, average, request.goal, request.weeks, request.per_week)
    return average, list(choice.taught), list(choice.left_out)


def begin(request: CourseRequest, tree: SkillTree) -> list[KnowledgeStudent]:
    """The simulated class before the course."""
    audience = assemble(request.lesson.learners, request.goal, tree)
    return students(audience, tree, request.lesson.seed, request.lesson.students)


def plan(state: State, runtime: Node) -> Update:
    """Which skills are taught, on which days there are sessions, and who is there."""
    r, tree = runtime.context.request, runtime.context.tree
    average, waiting, left_out = feasible(r, tree)
    return {
        "days": session_days(r.weeks, r.per_week),
        "waiting": waiting,
        "left_out": left_out,
        "start": {s: round(average[s], 4) for s in waiting},
        "people": begin(r, tree),
        "taught": {},
        "met": {},
        "place": 0,
        "free": 0,
        "sessions": [],
        "events": [],
        "knows": [],
        "results": {},
        "cost": (0, 0, 0),
    }


async def session(state: State, runtime: Node) -> Update:
    """The next session: due reviews, then a lesson if one is left; the class learns and, until then, forgets."""
    c, r = runtime.context, runtime.context.request
    place, day = state["place"], state["days"][state["place"]]
    number, week = place + 1, day // 7 + 1
    people = [s.copy() for s in state["people"]]
    if place:
        for student in people:
            student.rest(day - state["days"][place - 1])
    learners = class_after(r.lesson.learners, people)
    due = due_reviews(state["taught"], state["met"], day)
    waiting, update = list(state["waiting"]), {}
    if waiting:
        skill, kind, audience, reviewed = fitting(waiting[0], due, learners, r, c.tree)
        if kind == "lesson":
            waiting.pop(0)
    else:
        skill, kind, audience, reviewed = "", "review", None, due[: most_reviews(r.minutes, alone=True)]
    shown = [p for e in state["events"] for p in _problems(e)]
    lesson: LessonResult | None = None
    done = Session(number=number, week=week, day=day, kind=kind, skill=skill, minutes=r.minutes)
    if audience is not None:
        minutes = r.minutes - REVIEW_MINUTES * len(reviewed)
        name = f"lesson-{number:02d}-{skill}"
        request = lesson_request(r, skill, learners, minutes, place)
        lesson, cost = await make_lesson(c, request, name, number)
        shown += lesson.plan.problems()
        gain = lesson.rehearsal.gain if lesson.rehearsal else None
        done = done.model_copy(
            update={
                "missing": list(audience.missing), "page": f"lesson-{number:02d}.html", "run": f"cells/{name}",
                "gain": (gain.mean, gain.low, gain.high) if gain and gain.mean is not None else None,
                "before": mean_mastery(people, [skill])[skill],
            }
        )  # fmt: skip
        update["results"] = state["results"] | {done.page: lesson}
        update["cost"] = tuple(a + b for a, b in zip(state["cost"], cost, strict=True))
    reviews = review_problems(reviewed, r.lesson.seed + number, shown)
    event = Event(day, lesson.english if lesson else None, reviews)
    live(people, event, 0)
    taught, met = dict(state["taught"]), dict(state["met"]) | dict.fromkeys(reviews, day)
    if skill:
        taught.setdefault(skill, day)
        met[skill] = day
        done = done.model_copy(update={"after": mean_mastery(people, [skill])[skill]})
    empty = not skill and not reviews
    done = done.model_copy(
        update={"reviews": reviews, "minutes": r.minutes if skill else REVIEW_MINUTES * len(reviews)}
    )
    return {
        "people": people,
        "waiting": waiting,
        "taught": taught,
        "met": met,
        "place": number,
        "free": state["free"] + empty,
        "sessions": state["sessions"] if empty else [*state["sessions"], done],
        "events": state["events"] if empty else [*state["events"], event],
        "knows": _after_week(state, people, taught, number, day),
        **update,
    }


def _problems(event: Event) -> list[Problem]:
    return [*(event.plan.problems() if event.plan else ()), *(p for items in event.reviews.values() for p in items)]


def _after_week(
    state: State, people: Sequence[KnowledgeStudent], taught: dict[str, int], number: int, day: int
) -> list[dict[str, float]]:
    """What the class knows at the end of each week so far, the days to the next Monday gone by."""
    week = day // 7 + 1
    days = state["days"]
    if number < len(days) and days[number] // 7 + 1 == week:
        return state["knows"]
    later = [s.copy() for s in people]
    for student in later:
        student.rest(7 * week - day)
    return [*state["knows"], mean_mastery(later, list(taught))]


def go_on(state: State) -> str:
    """Whether there is another session."""
    return "session" if state["place"] < len(state["days"]) else "measure"


def measure(state: State, runtime: Node) -> Update:
    """What is left of the course two weeks later, with the reviews and without."""
    c, r = runtime.context, runtime.context.request
    c.progress("measuring what is remembered", len(state["days"]), len(state["days"]))
    people = begin(r, c.tree)
    reviewed = any(e.reviews for e in state["events"])
    result = CourseResult(
        goal=r.goal,
        weeks=r.weeks,
        per_week=r.per_week,
        minutes=r.minutes,
        sessions=state["sessions"],
        left_out=state["left_out"],
        not_reached=state["waiting"],
        free=state["free"],
        start=state["start"],
        knows=state["knows"],
        learners=len(r.lesson.learners),
        lives=len(people) // len(r.lesson.learners),
        retention=retention(people, state["events"], list(state["taught"]), r.lesson.seed) if reviewed else None,
    )
    return {"result": result}


def build_graph() -> Any:
    """The compiled graph of a course."""
    g = StateGraph(State, context_schema=Context)
    for node in (plan, session, measure):
        g.add_node(node.__name__, node)
    g.add_edge(START, "plan")
    g.add_edge("plan", "session")
    g.add_conditional_edges("session", go_on, ["session", "measure"])
    g.add_edge("measure", END)
    return g.compile(name="course")


async def run_course(context: Context) -> State:
    """Run the graph to its end; returns its last state."""
    sessions = context.request.weeks * context.request.per_week
    return await build_graph().ainvoke({}, context=context, config={"recursion_limit": sessions + 10})
