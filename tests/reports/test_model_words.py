"""Which words of a lesson and of a talk are a model's, on the pages and at the terminal."""

from rich.console import Console

from classwright.classroom.dialogue import Dialogue, problem_from_text
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.plan import Words
from classwright.classroom.turn import Turn
from classwright.cli.dialogue_page import describe as describe_dialogues
from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.graphs.dialogue_summary import outcomes
from classwright.reports.dialogues import dialogues_html
from classwright.reports.lesson import lesson_html
from classwright.reports.play import play_html
from classwright.skilltree.tree import default_tree
from tests.reports.lessons import lesson

MINE = "Bakers share a cake & say how much is left."


def talk(number: int = 0, *, human: bool = False) -> Dialogue:
    turns = (
        Turn(speaker="student", text="I got 2/5.", source="curated"),
        Turn(speaker="tutor", text="Which pieces are larger?", source="model", move="focus"),
        Turn(speaker="student", text="The halves, I guess.", source="model"),
        Turn(speaker="tutor", text="Show me.", source="curated", move="generic"),
        Turn(speaker="student", text="", source="curated"),
        Turn(speaker="tutor", text="Yes.", source="human", move="generic"),
    )
    problem = problem_from_text(f"p{number}", "Work out 1/2 + 1/3.", "5/6")
    return Dialogue(
        id=f"00000{number}-socratic",
        problem=problem,
        tutor="socratic",
        turns=turns if human else turns[:-1],
        ended="gave up",
    )


def test_a_lesson_shows_the_models_words_and_says_how_many_slots_have_them():
    result = lesson()
    slots = len(list(result.plan.slots()))
    plain = lesson_html(result)
    assert 'class="by-model"' not in plain
    assert f"0 of {slots} text slots are in the model's words" in plain

    plan = result.plan.model_copy(update={"hook": Words(text=MINE, source="model")})
    page = lesson_html(result.model_copy(update={"plan": plan}))
    assert '<p class="say"><span class="by-model">Bakers share a cake &amp; say how much is left.</span></p>' in page
    assert page.count('class="by-model"') == 2, "the slot, and the legend"
    assert f"Underlined so</span>: 1 of {slots} text slots are in the model's words" in page


def test_the_page_of_a_talk_shows_the_models_turns_and_counts_the_other_sides():
    notes = take_notes(talk(human=True), default_tree())
    page = play_html(talk(human=True), notes, {"skill": "s", "side": "teacher", "ended": "left", "run": "r", "problem": "p",
                                     "answer": "5/6"}, "")  # fmt: skip
    assert page.count('class="by-model"') == 2
    assert '<span class="by-model">2 Tutor: Which pieces are larger?</span>' in page
    assert "2 of the other side's 5 turns are in the model's words" in page


def test_a_bulk_run_says_how_much_of_both_sides_is_in_the_models_words():
    stored = [
        (talk(n).id, {"calls": 2, "prompt_tokens": 5, "completion_tokens": 5, "failure": None,
                      "dialogue": talk(n).model_dump(mode="json")})
        for n in range(3)
    ]  # fmt: skip
    found = outcomes(stored, ["socratic"], 0)
    [row] = found.tutors
    assert (row.curated, row.student_curated) == (1 / 2, 2 / 3)
    summary = {
        "dialogues": 3, "planned": 3, "failed": 0, "status": "finished", "calls": 6, "reused": 0, "tokens": 30,
        "prompt_tokens": 15, "completion_tokens": 15, "seconds": 1.0, "dialogues_per_s": 3.0, "efficiency": None,
        "bound_s": None, "slots": 1, "retries": 0, "errors": 0, "longest_s": 1.0, "asked_s": 1.0, "run": "r", "report": "r/report.html", **found.model_dump(mode="json"),
    }  # fmt: skip
    page = dialogues_html(DialogueRequest(skills=("s",)), found, summary, [talk(n) for n in range(3)])
    assert '<span class="by-model">Which pieces are larger?</span>' in page
    assert page.count('<span class="by-model">') == 6, "two turns of each of three talks"
    assert "Words with the mark" in page
    console = Console(width=200)
    with console.capture() as said:
        console.print(describe_dialogues(summary))
    text = said.get()
    assert "In the model's words with socratic: 50.0% of the tutor's and 33.3% of the student's turns" in text
