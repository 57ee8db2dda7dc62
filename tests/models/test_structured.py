from enum import Enum
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from classwright.models.structured import read_structured, response_format


class Level(Enum):
    low = "low"
    high = "high"


class Plan(BaseModel):
    """A lesson plan."""

    title: str = Field(max_length=40, description="A short title")
    minutes: int = Field(ge=5, le=90)
    kind: Literal["hook", "practice"] = "hook"
    level: Level = Level.low
    steps: list[str] = Field(default=[], max_length=3)
    note: str | None = None


GOOD = '{"title": "a", "minutes": 5, "kind": "hook", "level": "low", "steps": [], "note": null}'


def test_the_schema_is_strict_flat_and_without_defaults():
    asked = response_format(Plan)
    assert asked["type"] == "json_schema"
    assert (asked["json_schema"]["name"], asked["json_schema"]["strict"]) == ("Plan", True)
    schema = asked["json_schema"]["schema"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"]) == ["title", "minutes", "kind", "level", "steps", "note"]
    assert schema["properties"] == {
        "title": {"type": "string", "maxLength": 40, "description": "A short title"},
        "minutes": {"type": "integer", "minimum": 5, "maximum": 90},
        "kind": {"type": "string", "enum": ["hook", "practice"]},
        "level": {"type": "string", "enum": ["low", "high"]},
        "steps": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }


def test_a_schema_that_is_not_flat_is_refused_by_the_field():
    class Nested(BaseModel):
        plans: list[Plan]

    class Mapping(BaseModel):
        pages: dict[str, int]

    class Pair(BaseModel):
        pair: tuple[int, str]

    for schema, where in ((Nested, "Nested.plans"), (Mapping, "Mapping.pages"), (Pair, "Pair.pair")):
        with pytest.raises(TypeError, match=f"{where}: schemas for models are flat"):
            response_format(schema)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here you are:\n```\n{GOOD}\n```\nGood luck!",
        f"Sure! {GOOD} I hope it helps {{smile}}.",
        f"```json\n{GOOD}",
    ],
)
def test_json_is_found_in_fences_and_between_sentences(text):
    assert read_structured(Plan, text).title == "a"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the reply is empty"),
        ("I would rather not.", "the reply holds no JSON object"),
        ("[1, 2]", "the reply holds no JSON object"),
        ('{"title": "a", "min', "the reply is not valid JSON"),
        ('{"title": "a"}', "minutes: Field required"),
        ('{"title": 3, "minutes": "many"}', "title: Input should be a valid string; minutes: Input should be a valid"),
        ('{"title": "a", "minutes": 500}', "minutes: Input should be less than or equal to 90"),
    ],
)
def test_what_is_wrong_is_said(text, problem):
    with pytest.raises(ValueError) as caught:
        read_structured(Plan, text)
    assert str(caught.value).startswith(problem)


@given(st.text() | st.text(alphabet='{}[]":,ab1 \\`\n', max_size=60))
def test_no_text_whatever_does_anything_but_parse_or_say_why(text):
    try:
        assert isinstance(read_structured(Plan, text), Plan)
    except ValueError as error:
        assert str(error)


@given(st.text(max_size=40), st.integers(5, 90), st.sampled_from(["{0}", "```json\n{0}\n```", "So: {0} Right."]))
def test_any_plan_reads_back_from_any_wrapping(title, minutes, wrapping):
    plan = Plan(title=title, minutes=minutes)
    if "```" in title:
        return
    assert read_structured(Plan, wrapping.replace("{0}", plan.model_dump_json())) == plan
