"""Quiz packages, read against the structure that IMS asks for and by a converter to QTI 3."""

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from classwright.reports.accepted import accepted, asks_for_order
from classwright.reports.qti12 import qti12
from classwright.reports.qti21 import qti21
from classwright.reports.quiz import quiz
from classwright.skilltree.bank import problem
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from tests.reports.lessons import GOAL, ODD, plan
from tests.reports.linear import xhtml_text

Q = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
ASI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
SKILLS = [GOAL, *ODD, "statistics.mode_range", "measurement.compare_lengths", "fractions.compare"]


def package(make, skill: str) -> dict[str, etree._Element]:
    p = plan(skill)
    with zipfile.ZipFile(io.BytesIO(make(p.title, "lesson", quiz(p), "en"))) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def asked(skill: str) -> list[Problem]:
    p = plan(skill)
    return [*p.exit_ticket.problems, *p.independent.support, *p.independent.core, *p.independent.stretch]


@pytest.mark.parametrize("skill", SKILLS)
def test_every_accepted_spelling_is_right_and_the_first_is_the_plans(skill: str) -> None:
    for p in asked(skill):
        spellings = accepted(p)
        assert spellings[0] == p.answer
        assert len(set(spellings)) == len(spellings)
        assert all(grade(s, p).result == "right" for s in spellings)


@pytest.mark.parametrize(
    ("skill", "given"),
    [
        (GOAL, lambda p: p.answer),
        ("geometry.coordinate_quadrants", lambda p: p.answer.replace(" ", "")),
        ("equations.inequality_write", lambda p: p.answer.replace("<=", "≤").replace(">=", "≥").replace(" ", "")),
        ("geometry.circumference", lambda p: p.answer.replace("*pi", "π")),
        ("polynomials.quadratic_formula", lambda p: ", ".join(reversed(p.answer.split(", ")))),
        ("functions.write_line", lambda p: p.answer.replace(" ", "")),
        ("decimals.add", lambda p: p.answer),
    ],
)
def test_what_students_type_is_accepted(skill: str, given) -> None:
    for p in asked(skill):
        if grade(given(p), p).result == "right":
            assert given(p) in accepted(p)


def test_an_improper_fraction_a_mixed_number_and_one_not_in_lowest_terms_are_one_answer() -> None:
    p = next(p for p in asked(GOAL) if " " in p.answer and p.form == "")
    whole, part = p.answer.split()
    top, bottom = (int(x) for x in part.split("/"))
    improper = int(whole) * bottom + top
    assert {f"{improper}/{bottom}", f"{2 * improper}/{2 * bottom}"} <= set(accepted(p))


def test_a_set_is_accepted_in_any_order_or_asked_for_in_one() -> None:
    few = next(p for p in asked("polynomials.quadratic_formula") if p.answer.count(",") == 1)
    a, b = few.answer.split(", ")
    assert {f"{a}, {b}", f"{b}, {a}", f"{b},{a}"} <= set(accepted(few))
    assert asks_for_order(few) == ""
    many = few.model_copy(update={"answer": "18, 1, 9, 2, 6, 3"})
    assert asks_for_order(many) == "Write them from least to greatest, with commas between them."
    assert "1, 2, 3, 6, 9, 18" in accepted(many)
    assert len(accepted(many)) < 10


def test_a_subject_without_code_has_its_answer() -> None:
    p = problem(GOAL, 1, 1).model_copy(
        update={"kind": "word", "answer": "light, water and carbon dioxide", "expression": "", "values": {}}
    )
    assert accepted(p)[0] == p.answer


@pytest.mark.parametrize("skill", SKILLS)
def test_qti21_has_what_the_standard_asks_for(skill: str) -> None:
    files = package(qti21, skill)
    manifest, test = files["imsmanifest.xml"], files["test.xml"]
    assert manifest.tag == f"{CP}manifest"
    assert [e.tag for e in manifest] == [f"{CP}metadata", f"{CP}organizations", f"{CP}resources"]
    resources = {r.get("identifier"): r for r in manifest.iter(f"{CP}resource")}
    assert {r.get("href") for r in resources.values()} == set(files) - {"imsmanifest.xml"}
    assert all(r.find(f"{CP}file").get("href") == r.get("href") for r in resources.values())
    types = [r.get("type") for r in resources.values()]
    assert types == ["imsqti_test_xmlv2p1"] + ["imsqti_item_xmlv2p1"] * (len(types) - 1)
    needed = [d.get("identifierref") for d in resources["test-lesson"].iter(f"{CP}dependency")]
    refs = [r.get("identifier") for r in test.iter(f"{Q}assessmentItemRef")]
    assert needed == refs == list(resources)[1:]
    assert test.find(f"{Q}testPart").get("navigationMode") in ("linear", "nonlinear")
    for ref in test.iter(f"{Q}assessmentItemRef"):
        assert files[ref.get("href")].get("identifier") == ref.get("identifier")


@pytest.mark.parametrize("skill", SKILLS)
def test_qti21_items_ask_what_the_plan_asks_and_take_its_answer(skill: str) -> None:
    files = package(qti21, skill)
    items = [e for name, e in files.items() if name.startswith("items/")]
    for item, p in zip(items, asked(skill), strict=True):
        order = [etree.QName(e).localname for e in item]
        assert order == ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]
        declared, body = item.find(f"{Q}responseDeclaration"), item.find(f"{Q}itemBody")
        asks = [xhtml_text(e) for e in body if e.tag == f"{Q}p" and e.find(f"{Q}textEntryInteraction") is None]
        assert "\n".join(asks) == "\n".join(filter(None, [p.text])) + (
            f" {asks_for_order(p)}" if asks_for_order(p) else ""
        )
        right = declared.find(f"{Q}correctResponse/{Q}value").text
        choice = body.find(f"{Q}choiceInteraction")
        template = item.find(f"{Q}responseProcessing").get("template").rsplit("/", 1)[1]
        if choice is not None:
            texts = {c.get("identifier"): xhtml_text(c) for c in choice}
            assert (declared.get("baseType"), template) == ("identifier", "match_correct")
            assert texts[right] == p.answer
            assert list(texts.values()) == list(p.choices or ("<", ">", "="))
        else:
            keys = [e.get("mapKey") for e in declared.iter(f"{Q}mapEntry")]
            assert (declared.get("baseType"), template) == ("string", "map_response")
            assert right == p.answer
            assert right in keys
            assert len({k.casefold() for k in keys}) == len(keys)
            assert body.find(f".//{Q}textEntryInteraction").get("responseIdentifier") == declared.get("identifier")


@pytest.mark.parametrize("skill", [GOAL, "geometry.angle_types"])
def test_a_qti_reader_takes_the_package_and_finds_the_same_answers(skill: str, tmp_path: Path) -> None:
    from qti_convert import package as reader

    p = plan(skill)
    (tmp_path / "quiz.zip").write_bytes(qti21(p.title, "lesson", quiz(p), "en"))
    reader.upgrade_package(tmp_path / "quiz.zip", tmp_path / "three.zip")
    with zipfile.ZipFile(tmp_path / "three.zip") as archive:
        for n, q in enumerate(p.exit_ticket.problems, 1):
            item = etree.fromstring(archive.read(f"items/exit-{n}.xml"))
            assert etree.QName(item).localname == "qti-assessment-item"
            [value] = item.iterfind("{*}qti-response-declaration/{*}qti-correct-response/{*}qti-value")
            choices = {c.get("identifier"): c.text for c in item.iter("{*}qti-simple-choice")}
            assert choices.get(value.text, value.text) == q.answer


@pytest.mark.parametrize("skill", SKILLS)
def test_qti12_asks_and_takes_the_same(skill: str) -> None:
    files = package(qti12, skill)
    assert set(files) == {"imsmanifest.xml", "quiz/quiz.xml"}
    [resource] = files["imsmanifest.xml"].iter(f"{CP}resource")
    assert (resource.get("type"), resource.get("href")) == ("imsqti_xmlv1p2", "quiz/quiz.xml")
    root = files["quiz/quiz.xml"]
    assert root.tag == f"{ASI}questestinterop"
    items = list(root.iter(f"{ASI}item"))
    for item, p in zip(items, asked(skill), strict=True):
        assert [etree.QName(e).localname for e in item] == ["itemmetadata", "presentation", "resprocessing"]
        shown = etree.fromstring(f"<div>{item.find(f'{ASI}presentation/{ASI}material/{ASI}mattext').text}</div>")
        assert "\n".join("".join(line.itertext()) for line in shown).startswith(p.text)
        accepts = [e.text for e in item.iter(f"{ASI}varequal")]
        labels = {e.get("ident"): "".join(e.itertext()).strip() for e in item.iter(f"{ASI}response_label")}
        if item.find(f".//{ASI}render_choice") is not None:
            assert [labels[a] for a in accepts] == [p.answer]
        else:
            assert accepts == accepted(p)
            assert all(grade(a, p).result == "right" for a in accepts)
            if len(accepts) > 1:  # one of them, not all of them
                assert {e.getparent().tag for e in item.iter(f"{ASI}varequal")} == {f"{ASI}or"}


def test_the_same_quiz_gives_the_same_bytes() -> None:
    p = plan()
    for make in (qti12, qti21):
        assert make(p.title, "lesson", quiz(p), "en") == make(p.title, "lesson", quiz(p), "en")
