"""Every text that we wrote by hand passes what the teacher's slots would ask of it, and no two are alike."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files

import pytest

from classwright.classroom.slots import TOPIC_SIMILARITY, SlotRules, check_words
from classwright.corpus.explained import Explained, explained, read_explained
from classwright.errors import InputError
from classwright.models.embeddings import WordEmbedder
from classwright.skilltree.readability import readability
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import default_tree

ALL = list(explained().values())
each_skill = pytest.mark.parametrize("entry", ALL, ids=[e.id for e in ALL])
STOCK = 4
"""How many explanations of a strand may open with the same three words."""


def _rules(kind: str, skill: Skill) -> SlotRules:
    """The rules of `agents.teacher.plan_slots` for a class of the skill's grade; tighter where CORPUS asks for it."""
    child = max(3.0, (skill.grade or 0) + 2)
    facts, method = " ".join(skill.explanation.split()), " ".join(skill.method)
    sources = [facts, method, skill.name]
    about = f"{skill.name}. {skill.description}"
    match kind:
        case "explanations":
            return SlotRules((25, 120), child, sources, (), about, [facts])
        case "closings":
            return SlotRules((15, 60), child, [method, skill.name], (), about, content=method)
        case "groups":
            return SlotRules((15, 55), None, [skill.picture], (), f"{about} {skill.picture}", content=skill.picture)
        case _:
            return SlotRules((6, 50), child, sources)


SENTENCES = {"explanations": (3, 4), "closings": (2, 3), "groups": (2, 2), "analogies": (1, 2)}


def _texts(entry: Explained) -> Iterator[tuple[str, str]]:
    for kind in SENTENCES:
        for text in getattr(entry, kind):
            yield kind, text


def _sentences(text: str) -> list[str]:
    return [" ".join(re.findall(r"\w+", s.lower())) for s in re.split(r"[.!?:]+(?=\s|[\"”']|$)", text) if s.strip()]


@each_skill
def test_every_text_passes_the_checks_of_its_slot(entry: Explained):
    skill = default_tree()[entry.id]
    faults = [(text, found) for kind, text in _texts(entry) if (found := check_words(text, _rules(kind, skill)))]
    assert faults == []


@each_skill
def test_every_text_has_as_many_sentences_as_it_should(entry: Explained):
    off = [
        (text, n)
        for kind, text in _texts(entry)
        if not SENTENCES[kind][0] <= (n := readability(text).sentences) <= SENTENCES[kind][1]
    ]
    assert off == []


def test_every_text_is_about_its_skill():
    tree, embed = default_tree(), WordEmbedder().embed_now
    rows = [(t, topic) for e in ALL for kind, t in _texts(e) if (topic := _rules(kind, tree[e.id]).topic)]
    alike = (embed([t for t, _ in rows]) * embed([topic for _, topic in rows])).sum(axis=1)
    assert [(t, float(a)) for (t, _), a in zip(rows, alike, strict=True) if a < TOPIC_SIMILARITY] == []


@each_skill
def test_explanations_of_a_skill_start_differently(entry: Explained):
    starts = {tuple(re.findall(r"\w+", text.lower())[:2]) for text in entry.explanations}
    assert len(starts) == len(entry.explanations)


@each_skill
def test_no_text_repeats_a_sentence_of_its_skill(entry: Explained):
    skill = default_tree()[entry.id]
    given = {s for text in [skill.explanation, skill.picture, *skill.method] for s in _sentences(text)}
    assert {s for _, text in _texts(entry) for s in _sentences(text) if len(s.split()) > 3} & given == set()


@each_skill
def test_phrase_and_doing_fit_into_a_sentence(entry: Explained):
    for words in (entry.phrase, entry.doing):
        assert re.fullmatch(r"[^A-Z.!?{}\s][^.!?{}]*[^.!?{},\s]", words)
        assert len(words.split()) <= 14
    assert not re.match(r"(to|how|you|can)\b", entry.doing)
    assert not entry.doing.split()[0].endswith("ing")


def test_no_sentence_comes_twice():
    counts = Counter(s for e in ALL for _, text in _texts(e) for s in _sentences(text) if len(s.split()) > 2)
    assert {s: n for s, n in counts.items() if n > 1} == {}


def test_no_opening_is_a_stock_opening():
    opened: dict[str, Counter[str]] = defaultdict(Counter)
    for e in ALL:
        opened[e.id.split(".")[0]].update(" ".join(re.findall(r"\w+", t.lower())[:3]) for t in e.explanations)
    assert [(s, words, n) for s, c in opened.items() for words, n in c.items() if n > STOCK] == []


def test_a_file_of_a_strand_has_all_its_skills():
    strands = {e.id.split(".")[0] for e in ALL}
    assert {s for s in default_tree() if s.split(".")[0] in strands} - {e.id for e in ALL} == set()


def test_a_strand_stands_in_its_own_file():
    for file in files("classwright.corpus").joinpath("explained").iterdir():
        if file.name.endswith(".toml"):
            entries = read_explained(file.read_text(encoding="utf-8"), file.name)
            assert {e.id.split(".")[0] for e in entries} == {file.name.removesuffix(".toml")}


GOOD = """[[skill]]
id = "a.b"
explanations = ["x", "y", "z"]
closings = ["x", "y"]
groups = ["x", "y"]
analogies = ["x"]
phrase = "p"
doing = "d"
"""


def test_a_good_table_is_read():
    assert read_explained(GOOD, "a.toml")[0].groups == ("x", "y")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD + 'wrong = "x"\n', "wrong"),
        (GOOD.replace('phrase = "p"\n', ""), "phrase"),
        (GOOD.replace('["x", "y", "z"]', '["x", "y"]'), "explanations"),
        (GOOD.replace('"p"', "1"), "phrase"),
        (GOOD.replace("skill", "skills"), "skills"),
        (GOOD + "=", "no TOML"),
    ],
)
def test_a_fault_names_the_file_and_the_key(text: str, named: str):
    with pytest.raises(InputError, match=rf"a\.toml.*{named}"):
        read_explained(text, "a.toml")
