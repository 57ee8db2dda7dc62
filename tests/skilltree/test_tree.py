"""The skill tree: every fault named at once, paths, lossless files, and quick enough."""

import json
import time
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.tree import SkillTree, TreeError, default_tree


def skill(name: str, *before: str, grade: int | None = 3, **more: object) -> Skill:
    return Skill(id=name, name=f"the skill {name}", grade=grade, prerequisites=before, **more)  # type: ignore[arg-type]


def wrong(name: str, *skills: str) -> Misconception:
    words = dict.fromkeys(("trigger", "says", "question", "repair", "source"), "words")
    return Misconception(id=name, name="does it wrong", skills=skills, **words)


#     a   b
#    / \ /
#   c   d     e needs c and d, f needs d
CHAIN = [
    skill("e", "c", "d"),
    skill("c", "a"),
    skill("a", grade=1),
    skill("d", "a", "b"),
    skill("b", grade=2),
    skill("f", "d"),
]


def test_order_and_neighbors() -> None:
    tree = SkillTree(CHAIN, [wrong("m", "c", "e")])
    assert list(tree) == ["a", "b", "c", "d", "e", "f"]
    assert len(tree) == 6
    assert "e" in tree
    assert "x" not in tree
    assert tree.prerequisites("e") == ("c", "d")
    assert tree.ancestors("e") == ("a", "b", "c", "d")
    assert tree.dependents("d") == ("e", "f")
    assert [tree.depth(name) for name in tree] == [0, 0, 1, 1, 2, 2]
    assert [m.id for m in tree.misconceptions_of("e")] == ["m"]
    assert tree.misconceptions_of("d") == ()
    assert tree.longest_path() == ["a", "c", "e"]
    assert set(tree.graph.edges) == {("a", "c"), ("a", "d"), ("b", "d"), ("c", "e"), ("d", "e"), ("d", "f")}


@pytest.mark.parametrize(
    ("mastery", "path"),
    [
        ({}, ["a", "b", "c", "d", "e"]),
        ({"c": 0.8}, ["a", "b", "d", "e"]),
        ({"c": 0.9, "d": 0.9}, ["e"]),
        ({"d": 0.9}, ["a", "c", "e"]),  # b is needed only for d, which is mastered
        ({"a": 1, "b": 1, "c": 0.79, "d": 1, "e": 1}, ["c", "e"]),
    ],
)
def test_path(mastery: dict[str, float], path: list[str]) -> None:
    assert SkillTree(CHAIN).path("e", mastery) == path


def test_every_fault_is_named_at_once() -> None:
    skills = [
        skill("a", "c"), skill("b", "a"), skill("c", "b"),  # a circle
        skill("d", "d"), skill("e", "nowhere", "a"), skill("f"), skill("a"), skill("g", "a", "a"),
    ]  # fmt: skip
    with pytest.raises(TreeError) as error:
        SkillTree(skills, [wrong("m", "a"), wrong("m", "b"), wrong("n", "ghost")], "my.toml")
    message = str(error.value)
    for part in (
        "my.toml", "8 faults", "skill a is there twice", "skill d is its own prerequisite",
        "skill e has the unknown prerequisite nowhere", "skill f is an orphan", "skill g has the prerequisite a twice",
        "a -> b -> c -> a", "misconception m is there twice", "misconception n is about the unknown skill ghost",
    ):  # fmt: skip
        assert part in message
    assert len(error.value.faults) == 8
    assert "\n" not in message
    assert error.value.exit_code == 2


def test_every_separate_circle_is_named() -> None:
    with pytest.raises(TreeError) as error:
        SkillTree([skill("a", "b"), skill("b", "a"), skill("x", "y"), skill("y", "x")])
    assert sum("circle" in fault for fault in error.value.faults) == 2


def test_one_skill_is_no_orphan_and_none_is_a_tree() -> None:
    assert list(SkillTree([skill("only")])) == ["only"]
    assert list(SkillTree([])) == []


@pytest.mark.parametrize(
    "asked", ["fractions.ad_unlike", "adding fractions with unlike denominators", "unlike fractions"]
)
def test_a_wrong_id_offers_the_nearest(asked: str) -> None:
    with pytest.raises(InputError, match=r"did you mean .*fractions\.add_unlike"):
        default_tree()[asked]


def test_nothing_is_offered_for_nonsense() -> None:
    with pytest.raises(InputError) as error:
        default_tree()["zzqx"]
    assert "did you mean" not in str(error.value)


names = st.lists(st.text("abcdefgh", min_size=1, max_size=3), min_size=1, max_size=12, unique=True)


@given(
    names,
    st.randoms(use_true_random=False),
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.floats(0, 1)),
)
def test_orders_and_paths_respect_the_prerequisites(ids: list[str], rng, mastery: dict[str, float]) -> None:
    skills = [
        skill(n, *rng.sample(ids[:i], min(i, rng.randint(0, 3))), grade=rng.randint(0, 9)) for i, n in enumerate(ids)
    ]
    try:
        tree = SkillTree(rng.sample(skills, len(skills)))
    except TreeError as error:
        assert all("orphan" in fault for fault in error.faults)
        return
    place = {name: i for i, name in enumerate(tree)}
    for a, b in tree.graph.edges:
        assert place[a] < place[b]
        assert tree.depth(a) < tree.depth(b)
    for goal in tree:
        path = tree.path(goal, mastery)
        assert path[-1] == goal
        assert path == sorted(path, key=place.__getitem__)
        assert set(path) <= {*nx.ancestors(tree.graph, goal), goal}
        for name in path:  # whatever a taught skill needs is mastered or taught as well
            assert all(mastery.get(before, 0) >= 0.8 or before in path for before in tree.prerequisites(name))


FULL = skill(
    "full", "a", description='Quotes " and \\ back', objective="do it", explanation="Line one.\nLine two: ½ × 3 = 1½.",
    method=("One.", "Two."), picture="tab\there", materials=("a", "b"), vocabulary={"a word": "its meaning", "π": "pi"},
    standards=("5.NF.A.1",), source="x\u007f",
)  # fmt: skip


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_files_are_lossless(tmp_path: Path, ending: str) -> None:
    tree = SkillTree([*CHAIN, FULL], [wrong("m", "a", "full")])
    tree.save(tmp_path / f"tree.{ending}")
    again = SkillTree.load(tmp_path / f"tree.{ending}")
    assert again == tree
    assert again.skills["full"] == FULL
    assert [p.name for p in tmp_path.iterdir()] == [f"tree.{ending}"]


@settings(max_examples=60)
@given(
    st.text(min_size=1, max_size=30).filter(str.strip),
    st.text(max_size=60),
    st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3),
)
def test_any_words_survive_a_file(tmp_path_factory, name: str, text: str, vocabulary: dict[str, str]) -> None:
    tree = SkillTree([Skill(id="one", name=name, description=text, vocabulary=vocabulary)])
    for ending in ("toml", "json"):
        path = tmp_path_factory.mktemp("words") / f"tree.{ending}"
        tree.save(path)
        assert SkillTree.load(path) == tree


def test_the_shipped_tree_survives_a_file(tmp_path: Path) -> None:
    default_tree().save(tmp_path / "all.toml")
    assert SkillTree.load(tmp_path / "all.toml") == default_tree()


BAD_FILES = {
    "syntax.toml": (b"[[skills]\nid = 3", "syntax.toml is not valid TOML", "line 1"),
    "syntax.json": (b'{"skills": [}', "syntax.json is not valid JSON", "line 1"),
    "latin.toml": ('[[skills]]\nid = "é"'.encode("latin-1"), "not UTF-8", "latin.toml"),
    "key.toml": (
        b'[[skills]]\nid = "a"\nname = "b"\nobjektive = "c"',
        "skill a: unknown key 'objektive'",
        "'objective'",
    ),
    "type.toml": (b'[[skills]]\nid = "a"\nname = "b"\ngrade = "five"', "skill a: grade", "'five'"),
    "range.toml": (b'[[skills]]\nid = "a"\nname = "b"\ngrade = 13', "skill a: grade", "12"),
    "missing.toml": (b'[[skills]]\nid = "a"', "skill a: the key 'name' is missing", "missing.toml"),
    "nameless.toml": (b'[[skills]]\nname = "a"', "skill number 1: the key 'id' is missing", ""),
    "table.toml": (b'[[skill]]\nid = "a"\nname = "b"', "unknown key 'skill'", "'skills'"),
    "empty.toml": (b"", "no [[skills]]", "empty.toml"),
    "list.json": (b"[1, 2]", "list.json should hold the tables", ""),
    "deep.json": (b"[" * 100_000, "deep.json", ""),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_clear_error(tmp_path: Path, name: str) -> None:
    content, *parts = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        SkillTree.load(tmp_path / name)
    assert all(part in str(error.value) for part in parts), str(error.value)
    assert "\n" not in str(error.value)


def test_missing_and_unwritable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.toml cannot be read"):
        SkillTree.load(tmp_path / "gone.toml")
    with pytest.raises(InputError, match=r"\.toml or \.json"):
        default_tree().save(tmp_path / "tree.yaml")
    with pytest.raises(InputError, match="cannot be written"):
        default_tree().save(tmp_path / "no" / "such" / "tree.json")


def test_the_shipped_tree_loads_quickly() -> None:
    default_tree.cache_clear()
    start = time.process_time()
    assert len(default_tree()) > 200
    assert time.process_time() - start < 0.3
    assert default_tree() is default_tree()


def test_saved_json_is_plain(tmp_path: Path) -> None:
    SkillTree(CHAIN).save(tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))["skills"][0] == {
        "id": "a",
        "name": "the skill a",
        "grade": 1,
    }
