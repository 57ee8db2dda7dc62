"""A tree of a subject that the shipped one does not know, from a page of text, with a scripted model."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from classwright.cli.main import run as command_line
from classwright.cli.tree_build import grade_in
from classwright.errors import ClasswrightError, InputError, OutputError
from classwright.graphs.source_text import read_source, split
from classwright.graphs.tree_build import TreeRequest
from classwright.graphs.tree_build_run import resume, start
from classwright.models.scripted import Say, ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.skilltree.tree import SkillTree
from tests.made_pdf import pdf

PAGE = """Every green leaf is a small kitchen. Plants make their own food from light, water and air, and this way of
making food is called photosynthesis.

Three things must come in. Water climbs from the roots through thin tubes in the stem. Carbon dioxide enters through
tiny holes on the underside of the leaf, which are called stomata. Light is caught by chlorophyll, the substance that
makes leaves green.

Inside the chloroplasts the work has two parts. In the light reactions, water is split and oxygen is set free. In the
dark reactions, carbon dioxide is built into sugar with the energy that the light reactions have stored.
"""
SKILLS = {
    "What photosynthesis is": ("Say what photosynthesis makes from what.", "",
        "Plants make their own food from light, water and air, and this way of making food is called photosynthesis."),
    "How water reaches the leaf": ("Trace water from root to leaf.", "What photosynthesis is",
        "Water climbs from the roots through thin tubes in the stem."),
    "Job of the stomata": ("Explain how carbon dioxide enters a leaf.", "what photosynthesis is",
        "Carbon dioxide enters through tiny holes on the underside of the leaf, which are called stomata."),
    "Role of chlorophyll": ("Explain why leaves are green.", "What photosynthesis is; How eyes see color",
        "Light is caught by chlorophyll, the substance that makes leaves green."),
    "Light reactions": ("Describe what light does to water.", "Role of chlorophyll; How water reaches the leaf; Dark reactions",
        "In the light reactions, water is split and oxygen is set free."),
    "Dark reactions": ("Describe how sugar is built.", "Light reactions; Job of the stomata; What photosynthesis is",
        "In the dark reactions, carbon dioxide is built into sugar with the energy that the light reactions have stored."),
    "Photosynthesis on Mars": ("Describe plants on Mars.", "Light reactions", "On Mars leaves are blue and grow at night."),
}  # fmt: skip
SECOND = {
    "The meaning of photosynthesis": ("Explain how plants make food.", "",
        "Plants make their own food from light, water and air, and this way of making food is called photosynthesis."),
    "Light reactions": ("Describe what light does to water.", "Role of chlorophyll",
        "In the light reactions, water is split and oxygen is set free."),
}  # fmt: skip
TRUE_ORDER = [
    "What photosynthesis is", "How water reaches the leaf", "Job of the stomata", "Role of chlorophyll",
    "Light reactions", "Dark reactions", "Photosynthesis on Mars",
]  # fmt: skip


def yes(p: float, body: dict[str, Any]) -> Say:
    """The letter of "yes", wherever it is listed, with probability p."""
    letter = re.search(r"^([AB])\. yes$", body["messages"][-1]["content"], re.M)
    assert letter
    other = "B" if letter[1] == "A" else "A"
    return Say(letter[1] if p > 0.5 else other, logprobs={letter[1]: math.log(p), other: math.log(1 - p)})


def lists(skills: dict[str, tuple[str, str, str]], cited: bool) -> dict[str, list[str]]:
    reply = {
        "names": list(skills),
        "descriptions": [d for d, _, _ in skills.values()],
        "needs": [n for _, n, _ in skills.values()],
    }
    return reply | ({"quotes": [q for _, _, q in skills.values()]} if cited else {})


def curriculum_designer(body: dict[str, Any]) -> Any:
    user = body["messages"][-1]["content"]
    task = re.search(r"^Task: (.+)$", user, re.M)
    assert task
    match task[1]:
        case "propose skills":
            passage = user.split("Passage:")[-1] if "Passage:" in user else ""
            pool = SECOND if "Skills found so far" in user else SKILLS
            where = passage or PAGE
            here = {
                n: s for n, s in pool.items()
                if not passage or s[2] in " ".join(where.split()) or (n == "Photosynthesis on Mars" and "dark" in where)
            }  # fmt: skip
            return lists(here, bool(passage))
        case "find the sentence":
            return {"quote": "Plants on Mars make food at night."}
        case "same skill?":
            return yes(0.9 if "photosynthesis is" in user and "meaning of photosynthesis" in user else 0.1, body)
        case "must it come first?":
            first, then = re.findall(r"^(?:First|Then): ([^:\n]+)", user, re.M)
            if {first, then} == {"What photosynthesis is", "Job of the stomata"}:
                return yes(0.3, body)  # holds to neither direction
            return yes(0.85 if TRUE_ORDER.index(first) < TRUE_ORDER.index(then) else 0.1, body)
    raise AssertionError(task[1])


def quiet(label: str, done: int, total: int) -> None:
    assert 0 <= done <= total


def built(tmp_path: Path, script=curriculum_designer, source: str = PAGE, **changes) -> tuple[dict, ScriptedModel]:
    model = ScriptedModel(script)
    passages = tuple(split(source, 500)) if source else ()
    values: dict[str, Any] = {
        "topic": "Photosynthesis, grade 7",
        "grade": 7,
        "source": "notes.md",
        "passages": passages,
    }
    request = TreeRequest(**(values | changes))
    return start(request, Recipe(), root=tmp_path, out=tmp_path / "t.toml", progress=quiet, endpoint=model), model


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    return (*built(folder), folder)


def why(summary: dict, what: str) -> str:
    return next(left["why"] for left in summary["left_out"] if what in left["what"])


def test_the_page_becomes_a_tree_in_a_teachable_order(finished):
    summary, _, folder = finished
    tree = SkillTree.load(folder / "t.toml")
    assert summary["skills"] == len(tree) == 6
    assert {tree[s].name for s in tree} == set(TRUE_ORDER[:-1])
    assert tree == SkillTree.load(Path(summary["run"]) / "tree.json")
    assert all(tree[s].grade == 7 for s in tree)
    needs = {tree[s].name: {tree[p].name for p in tree.prerequisites(s)} for s in tree}
    assert needs == {
        "What photosynthesis is": set(),
        "How water reaches the leaf": {"What photosynthesis is"},
        "Role of chlorophyll": {"What photosynthesis is"},
        "Job of the stomata": set(),
        "Light reactions": {"Role of chlorophyll", "How water reaches the leaf"},
        "Dark reactions": {"Light reactions", "Job of the stomata"},
    }


def test_every_skill_cites_its_passage_word_for_word(finished):
    summary, _, folder = finished
    tree = SkillTree.load(folder / "t.toml")
    text = " ".join(PAGE.split())
    for name in tree:
        quote = re.search("“(.+)”", tree[name].source)
        assert quote
        assert quote[1] in text
        assert "notes.md" in tree[name].source
    assert summary["cited"] == 6


def test_a_quote_that_is_about_something_else_gives_way_to_the_nearest_sentence(tmp_path):
    def careless(body: dict[str, Any]) -> Any:
        reply = curriculum_designer(body)
        if isinstance(reply, dict) and "quotes" in reply:
            reply["quotes"] = [
                "Every green leaf is a small kitchen." if "small kitchen" in str(body) else q for q in reply["quotes"]
            ]
        return reply

    built(tmp_path, careless, rounds=1)
    tree = SkillTree.load(tmp_path / "t.toml")
    assert SKILLS["Role of chlorophyll"][2] in tree["role_of_chlorophyll"].source
    assert SKILLS["Job of the stomata"][2] in tree["job_of_the_stomata"].source


def test_edges_are_marked_as_the_models_with_what_it_said_when_asked_again(finished):
    tree = SkillTree.load(finished[2] / "t.toml")
    source = tree["dark_reactions"].source
    assert "proposed by scripted" in source
    assert "prerequisites proposed by the model: " in source
    assert "light_reactions (yes 0.85, the other way 0.10)" in source
    text = (Path(finished[0]["run"]) / "decisions.md").read_text()
    assert "Check them before you teach by them" in text
    assert "role_of_chlorophyll -> light_reactions: proposed 2 times, not asked again" in text


def test_what_was_dropped_is_told_with_its_reason(finished):
    summary = finished[0]
    assert "does not stand in the source" in why(summary, "Photosynthesis on Mars")
    assert "nobody proposed the prerequisite" in why(summary, "How eyes see color")
    assert "the other way (0.85)" in why(summary, "dark_reactions -> light_reactions")
    assert "does not hold to it" in why(summary, "what_photosynthesis_is -> job_of_the_stomata")
    assert "longer chain" in why(summary, "what_photosynthesis_is -> dark_reactions")
    assert summary["merged"] == 1
    assert summary["rounds"] == 2  # the second round added nothing


def test_both_orders_of_the_options_are_asked(finished):
    _, model, _ = finished
    asked = [b["messages"][-1]["content"] for b in model.seen if "must it come first" in b["messages"][-1]["content"]]
    assert sum("A. yes" in text for text in asked) == sum("A. no" in text for text in asked) == len(asked) / 2


def test_a_resumed_run_asks_only_for_what_is_missing_and_gives_the_same_tree(finished, tmp_path):
    summary, model, _ = finished
    for kept in (0, 1, 3, 8, len(model.seen) - 1):
        calls = 0

        def script(body: dict[str, Any], kept: int = kept) -> Any:
            nonlocal calls
            calls += 1
            return ClasswrightError("the power is cut") if calls > kept else curriculum_designer(body)

        folder = tmp_path / str(kept)
        with pytest.raises(ClasswrightError, match="power"):
            built(folder, script)
        (run,) = [p for p in folder.iterdir() if p.is_dir()]
        had = len((run / "journal.jsonl").read_text().splitlines())
        again = ScriptedModel(curriculum_designer)
        result = resume(run, replay=False, progress=quiet, endpoint=again)
        assert len(again.seen) == len(model.seen) - had
        assert result["reused"] == had
        assert SkillTree.load(folder / "t.toml") == SkillTree.load(finished[2] / "t.toml")
        silent = ScriptedModel([])  # a replay asks nothing
        assert resume(run, replay=True, progress=quiet, endpoint=silent)["skills"] == summary["skills"]


def test_without_a_source_nothing_is_cited(tmp_path):
    def script(body: dict[str, Any]) -> Any:
        assert "quotes" not in str(body.get("response_format", ""))
        return curriculum_designer(body)

    summary, _ = built(tmp_path, script, source="", rounds=1)
    assert summary["cited"] == 0
    assert summary["skills"] == 7  # Mars stays: there is no source to hold it against


def test_an_endpoint_without_log_probabilities_leaves_edges_unasked_and_still_breaks_circles(tmp_path):
    def script(body: dict[str, Any]) -> Any:
        reply = curriculum_designer(body)
        return reply.text if isinstance(reply, Say) else reply

    summary, _ = built(tmp_path, script)
    tree = SkillTree.load(tmp_path / "t.toml")
    assert summary["asked_again"] == 0
    assert summary["not_asked_again"] == summary["edges"] > 0
    assert "the weakest edge of the circle" in json.dumps(summary["left_out"])
    assert "not asked again" in tree["light_reactions"].source


def test_a_model_that_only_likes_a_letter_merges_nothing_and_turns_no_edge(tmp_path):
    def biased(body: dict[str, Any]) -> Any:
        reply = curriculum_designer(body)
        return Say("A", logprobs={"A": math.log(0.9), "B": math.log(0.1)}) if isinstance(reply, Say) else reply

    summary, _ = built(tmp_path, biased)
    assert summary["merged"] == 0
    assert not any("other way" in left["why"] for left in summary["left_out"])
    tree = SkillTree.load(tmp_path / "t.toml")
    assert "(yes 0.50, the other way 0.50)" in tree["job_of_the_stomata"].source


def test_a_bad_proposal_is_missing_and_a_build_with_nothing_but_bad_ones_fails(tmp_path):
    uneven = {"names": ["a", "b"], "descriptions": ["x"], "needs": ["", ""], "quotes": ["", ""]}

    def half(body: dict[str, Any]) -> Any:
        user = body["messages"][-1]["content"]
        first = "small kitchen" in str(body["messages"])
        if first and ("propose skills" in str(body["messages"])) and "Skills found" not in str(body["messages"]):
            return uneven
        return curriculum_designer(body) if "That was not right" not in user else uneven

    summary, _ = built(tmp_path / "half", half, rounds=1)
    assert "one entry for each skill" in why(summary, "a proposal of round 1")
    with pytest.raises(OutputError, match="one entry for each skill"):
        built(tmp_path / "all", lambda body: uneven)
    with pytest.raises(OutputError, match="no proposed skill passed"):
        built(tmp_path / "invented", lambda body: (
            {"quote": "never written anywhere"} if "find the sentence" in str(body)
            else lists({"X": ("x", "", "this was made up entirely")}, True)))  # fmt: skip
    assert not (tmp_path / "all" / "t.toml").exists()


def test_sources_are_read_and_cut_at_paragraphs(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text(PAGE, encoding="utf-8")
    assert read_source(notes) == [
        " \n\n".join(" ".join(p.split()) for p in PAGE.strip().split("\n\n")).replace(" \n", "\n")
    ]
    paper = tmp_path / "notes.pdf"
    paper.write_bytes(pdf([["Every green leaf is a small kitchen.", "Water climbs from the roots."]]))
    (text,) = read_source(paper)
    assert "green leaf is a small kitchen" in text
    pieces = split("One sentence here. " * 300, 400)
    assert all(0 < len(p) <= 400 for p in pieces)
    assert " ".join(pieces).split() == ("One sentence here. " * 300).split()
    assert split("x" * 1000, 400) == ["x" * 400, "x" * 400, "x" * 200]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.odt", b"x", "read from .pdf, .docx, .md, .html or .txt"),
        ("a.md", b"\n \n", "holds no text"),
        ("a.txt", b"caf\xe9", "not UTF-8"),
        ("a.pdf", b"this is no pdf", "no PDF"),
        ("a.pdf", pdf([[]]), "a scan"),
        ("a.md", b"word " * 60_000, "too long"),
    ],
)
def test_a_bad_source_is_one_clear_line(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_source(tmp_path / name)
    assert name in str(caught.value)


def test_the_command_refuses_the_embedded_model_and_bad_output_before_anything_is_written(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert command_line(["tree", "build", "Photosynthesis", "--out", "t.json"]) == 2
    assert "too small" in capsys.readouterr().err
    assert command_line(["tree", "build", "Photosynthesis", "--out", "t.xml"]) == 2
    assert "saved as .json or .toml" in capsys.readouterr().err
    assert list(tmp_path.glob("*.json")) == []


def test_grades_in_topics():
    assert [grade_in(t) for t in ("Photosynthesis, grade 7", "7th grade biology", "Kindergarten colors", "Rome", "grade 99")] == [7, 7, 0, None, None]  # fmt: skip
