import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.skilltree.imports import export_tree, import_tree
from classwright.skilltree.skill import Misconception, Skill
from classwright.skilltree.skill_maps import read_skill_map, write_skill_map
from classwright.skilltree.standards import read_case, write_case
from classwright.skilltree.tree import SkillTree, TreeError, default_tree

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
LINES = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
NAMES = st.text(st.sampled_from("ab.é ,;\"'\n-7"), min_size=1, max_size=8)


@st.composite
def trees(draw: st.DrawFn) -> SkillTree:
    """Trees of up to six skills, each but the first with a prerequisite or a source, with awkward ids and texts."""
    ids = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    skills = []
    for i, name in enumerate(ids):
        before = draw(st.lists(st.sampled_from(ids[:i]), unique=True, max_size=3)) if i else []
        skills.append(
            Skill(
                id=name,
                name=draw(WORDS),
                grade=draw(st.none() | st.integers(0, 12)),
                description=draw(LINES),
                explanation=draw(LINES),
                method=tuple(draw(st.lists(LINES, max_size=2))),
                vocabulary=draw(st.dictionaries(WORDS, LINES, max_size=2)),
                standards=tuple(draw(st.lists(LINES, max_size=2))),
                prerequisites=tuple(before),
                source=draw(WORDS),
            )
        )
    held = [
        Misconception(id=f"m{i}", name=draw(WORDS), skills=(draw(st.sampled_from(ids)),), trigger=draw(WORDS), says="s",
                      question="q", repair=draw(WORDS), source="x")
        for i in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return SkillTree(skills, held)


def there_and_back(tree: SkillTree, folder: Path, form: str) -> SkillTree:
    path = folder / ("tree.csv" if form == "csv" else "tree.json")
    for file, text in export_tree(tree, path, form).files.items():
        file.write_bytes(text.encode("utf-8"))
    return import_tree(path, form).tree


@pytest.mark.parametrize("form", ["case", "csv"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees())
def test_any_tree_comes_back_equal(tmp_path, form, tree):
    found = there_and_back(tree, tmp_path, form)
    assert found == tree
    assert list(found.skills) == list(tree.skills)


@pytest.mark.parametrize("form", ["case", "csv"])
def test_the_shipped_tree_comes_back_equal(tmp_path, form):
    assert there_and_back(default_tree(), tmp_path, form) == default_tree()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.dictionaries(LINES, st.lists(WORDS, max_size=3, unique=True).map(tuple), min_size=1, max_size=6))
def test_a_skill_map_comes_back_equal(tmp_path, items):
    if not any(items.values()):
        items["step"] = ("skill",)
    path = tmp_path / "skillModel.json"
    path.write_text(write_skill_map(items), encoding="utf-8")
    found = read_skill_map(path)
    assert found.items == items
    assert set(found.tree) == {skill for skills in items.values() for skill in skills}


def test_a_skill_map_of_the_shipped_tree_says_what_it_leaves_out(tmp_path):
    tree = default_tree()
    done = export_tree(tree, tmp_path / "map.json", "oatutor")
    ((path, text),) = done.files.items()
    path.write_text(text)
    found = import_tree(path, "oatutor")
    assert set(found.tree) == set(tree)
    assert found.items["fractions.add_unlike/2"] == ("fractions.add_unlike",)
    assert any(len(skills) > 2 for skills in found.items.values())
    assert [d.count for d in done.dropped] == [tree.graph.number_of_edges(), len(tree.misconceptions), len(tree)]


def test_case_has_what_the_standard_asks_for():
    tree = SkillTree([Skill(id="a.x", name="x", grade=0), Skill(id="a.y", name="y", grade=11, prerequisites=("a.x",))])
    package = json.loads(write_case(tree, "Mine", datetime(2026, 1, 2, tzinfo=UTC)))
    document = package["CFDocument"]
    assert document["caseVersion"] == "1.1"
    assert document["lastChangeDateTime"] == "2026-01-02T00:00:00+00:00"
    strand, x, y = package["CFItems"]
    assert (strand["CFItemType"], x["educationLevel"], y["educationLevel"]) == ("Strand", ["KG"], ["11"])
    uuid = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
    for record in (document, *package["CFItems"], *package["CFAssociations"]):
        assert uuid.fullmatch(record["identifier"])
        assert record["uri"]
        assert record["lastChangeDateTime"]
    kinds = [link["associationType"] for link in package["CFAssociations"]]
    assert sorted(kinds) == ["isChildOf", "isChildOf", "isChildOf", "precedes"]
    ends = {item["identifier"] for item in package["CFItems"]} | {document["identifier"]}
    for link in package["CFAssociations"]:
        assert link["originNodeURI"]["identifier"] in ends
        assert link["destinationNodeURI"]["identifier"] in ends


def case(items: list[dict], links: list[tuple[str, str, str]], **more) -> dict:
    return {
        "CFDocument": {"identifier": "doc", "title": "State standards"},
        "CFItems": items,
        "CFAssociations": [
            {"associationType": kind, "originNodeURI": {"identifier": a}, "destinationNodeURI": {"identifier": b}}
            for kind, a, b in links
        ],
        **more,
    }


def item(name: str, code: str = "", **more) -> dict:
    return {"identifier": name, "fullStatement": f"Statement of {name}. More.", "humanCodingScheme": code, **more}


def write(folder: Path, content: object, name: str = "in.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_a_foreign_framework_becomes_a_tree_and_says_what_was_dropped(tmp_path):
    items = [item("d", "4.NF"), item("i1", "4.NF.1", educationLevel=["04", "05"]), item("i2", "5.NF.1"),
             item("i3", "", educationLevel=["K"])]  # fmt: skip
    links = [("isChildOf", "d", "doc"), ("isChildOf", "i1", "d"), ("isChildOf", "i2", "d"), ("precedes", "i1", "i2"),
             ("precedes", "i1", "i2"), ("exactMatchOf", "i2", "elsewhere")]  # fmt: skip
    found = read_case(write(tmp_path, case(items, links, CFRubrics=[{}])))
    assert set(found.tree) == {"4.NF.1", "5.NF.1", "i3"}
    assert found.tree["5.NF.1"].prerequisites == ("4.NF.1",)
    assert found.tree["4.NF.1"].grade == 4
    assert found.tree["i3"].grade == 0
    assert found.tree["4.NF.1"].name == "Statement of i1"
    assert found.tree["4.NF.1"].source == "CASE: State standards"
    counts = {d.what.split(":")[0]: d.count for d in found.dropped}
    assert counts == {"headings": 1, "associations isChildOf": 3, "associations exactMatchOf": 1,
                      "associations precedes that are there twice": 1, "CFRubrics": 1}  # fmt: skip
    assert "1 headings: items with children and no precedes (4.NF)" in map(str, found.dropped)


def test_a_code_that_two_items_share_is_no_id(tmp_path):
    found = read_case(write(tmp_path, case([item("i1", "A"), item("i2", "A")], [("precedes", "i1", "i2")])))
    assert set(found.tree) == {"i1", "i2"}


def test_what_another_tool_changes_in_our_file_counts(tmp_path):
    tree = SkillTree(
        [Skill(id="a", name="old", grade=3, explanation="kept"), Skill(id="b", name="b", prerequisites=("a",))]
    )
    package = json.loads(write_case(tree))
    package["CFItems"][0] |= {"abbreviatedStatement": "new", "educationLevel": ["04"]}
    skill = read_case(write(tmp_path, package)).tree["a"]
    assert (skill.name, skill.grade, skill.explanation) == ("new", 4, "kept")


@pytest.mark.parametrize(
    ("package", "message"),
    [
        ({"CFItems": {}}, "no list CFItems"),
        ([], "no list CFItems"),
        ({"CFItems": []}, "CFDocument has no identifier"),
        (case([], []), "no item that could be a skill"),
        (case([{"fullStatement": "x"}, item("i"), item("i"), {"identifier": "j"}], []),
         r"CFItems\[0\] has no identifier; CFItems\[2\] i is there twice; CFItems\[3\] j has no fullStatement"),
        (case([item("i")], [("precedes", "i", "gone"), ("isChildOf", "i", "lost")]),
         r"CFAssociations\[0\] \(precedes\) refers to gone.*\[1\] \(isChildOf\) refers to lost.*whole framework"),
        (case([item("i")], [("precedes", "i", "")]), r"CFAssociations\[0\] \(precedes\) has no destinationNodeURI"),
        (case([item("i")], [("", "i", "i")]), "no associationType"),
        ("{", "not valid JSON"),
    ],
)  # fmt: skip
def test_a_bad_case_file_names_the_item(tmp_path, package, message):
    with pytest.raises(InputError, match=message) as caught:
        read_case(write(tmp_path, package))
    assert "in.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_circle_in_a_case_file_is_named(tmp_path):
    items = [item("i", "A"), item("j", "B")]
    with pytest.raises(TreeError, match="A -> B -> A"):
        read_case(write(tmp_path, case(items, [("precedes", "i", "j"), ("precedes", "j", "i")])))


GRAPH = {
    "nodes": [
        {"id": "K.A.1", "description": "Count to ten. Then on.", "group": "Grade K"},
        {"id": "1.A.1", "description": "Count to 100", "group": "Grade 1"},
        {"id": "HS.A", "description": "Solve", "group": "Algebra"},
    ],
    "links": [
        {"source": "K.A.1", "target": "1.A.1", "type": "Dependency"},
        {"source": "1.A.1", "target": "HS.A", "type": "Conceptual Connection"},
    ],
}


def test_only_dependencies_of_a_standards_graph_count(tmp_path):
    found = import_tree(write(tmp_path, GRAPH), "ccss")
    assert found.tree["1.A.1"].prerequisites == ("K.A.1",)
    assert [found.tree[n].grade for n in ("K.A.1", "1.A.1", "HS.A")] == [0, 1, None]
    assert found.tree["K.A.1"].name == "Count to ten"
    assert found.tree.prerequisites("HS.A") == ()  # stands alone, as imported standards may
    assert [str(d) for d in found.dropped] == ["1 links of type Conceptual Connection: they have no order"]


def test_a_bad_standards_graph_names_the_places(tmp_path):
    bad = json.loads(json.dumps(GRAPH))
    del bad["nodes"][0]["description"], bad["links"][1]["type"]
    with pytest.raises(InputError, match=r"nodes\[0\] has no description; links\[1\] has no type"):
        import_tree(write(tmp_path, bad), "ccss")
    with pytest.raises(InputError, match="lists nodes and links"):
        import_tree(write(tmp_path, {"nodes": []}), "ccss")
    dangling = json.loads(json.dumps(GRAPH))
    dangling["links"].append({"source": "9.Z", "target": "1.A.1", "type": "Dependency"})
    with pytest.raises(TreeError, match=r"unknown prerequisite 9\.Z"):
        import_tree(write(tmp_path, dangling), "ccss")


def test_tables_that_people_make(tmp_path):
    table = "id,name,prerequisites,grade,color\na,Adding,,1,red\nb,,a,2,\nc,Both,a; b,2,\n"
    found = import_tree(write(tmp_path, table, "t.csv"), "csv")
    assert found.tree["c"].prerequisites == ("a", "b")
    assert found.tree["b"].name == "b"
    assert [str(d) for d in found.dropped] == ["1 columns that a skill does not have (color)"]
    edges = import_tree(write(tmp_path, "prerequisite,skill\nx,y\ny,z\n", "e.csv"), "csv")
    assert edges.tree.longest_path() == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "empty"),
        ("name\nx\n", "missing column id"),
        ("id,grade\na,five\n", "line 2: grade"),
        ("id,method\na,[\n", "line 2: method is not valid JSON"),
        ("id,name\na\n", "line 2 has 1 columns, the header 2"),
        ("prerequisite,skill\na,\n", "line 2: an edge needs both ends"),
        ("id,name,prerequisites\na,a,b\nb,b,a\n", "circle"),
    ],
)
def test_a_bad_table_names_the_line(tmp_path, table, message):
    with pytest.raises(InputError, match=message) as caught:
        import_tree(write(tmp_path, table, "t.csv"), "csv")
    assert "t.csv" in str(caught.value)


def test_unknown_formats_and_missing_files(tmp_path):
    with pytest.raises(InputError, match="there are case, ccss, csv, oatutor"):
        import_tree(tmp_path / "x", "xls")
    with pytest.raises(InputError, match="cannot be written as 'ccss'"):
        export_tree(default_tree(), tmp_path / "x", "ccss")
    for form in ("case", "ccss", "csv", "oatutor"):
        with pytest.raises(InputError, match="cannot be read"):
            import_tree(tmp_path / "none", form)
    (tmp_path / "latin").write_bytes(b'{"a": "\xe9"}')
    for form in ("case", "csv"):
        with pytest.raises(InputError, match="not UTF-8"):
            import_tree(tmp_path / "latin", form)
    with pytest.raises(InputError, match="step 's' should have a list"):
        import_tree(write(tmp_path, {"s": "skill"}), "oatutor")
