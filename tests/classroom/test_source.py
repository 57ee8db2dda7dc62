"""A teacher's text: kept and read back, cut into passages that stand in it, word for word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from classwright.classroom.source import PASSAGE, Source, excerpts, from_text, sentences, to_text

PAGE = st.text(alphabet="ab\n\t [page1]#é水", max_size=80)
PIECES = st.sampled_from(
    [
        "# One\n",
        "## Two\n\n",
        "\n\n",
        "\n",
        "- a leaf\n",
        "The sun heats the sea. ",
        "Pi is 3.14, not 3! ",
        "水は上がる。",
        "word " * 30,
    ]
)
TEXT = st.lists(PIECES, max_size=60).map("".join)
NOTES = (
    """# Plants

Leaves make sugar from water and air. This is called photosynthesis.

## What goes in

- water from the roots, through the stem

- light from the sun, on the leaves

## What comes out

"""
    + "Oxygen goes out into the air, where we breathe it in again. " * 20
)


@given(st.lists(PAGE, min_size=1, max_size=5), st.booleans())
def test_a_kept_text_reads_back_the_same(pages, paged):
    source = Source(name="a.txt", pages=tuple(pages if paged else pages[:1]), paged=paged)
    again = from_text("a.txt", to_text(source))
    assert again == source
    assert again.digest == source.digest


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3), st.integers(60, 800), st.booleans())
def test_every_passage_stands_in_its_page(pages, longest, paged):
    source = Source(name="a.pdf", pages=tuple(pages if paged else pages[:1]), paged=paged)
    for e in excerpts(source, longest):
        page = pages[int(e.source.rsplit(" ", 1)[1]) - 1] if paged else pages[0]
        assert e.text in page
        assert 0 < len(e.text) <= longest


@given(TEXT)
def test_every_sentence_stands_in_its_text(text):
    found = sentences(text)
    assert all(s in text for s in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_passages_know_their_headings_and_join_short_neighbors():
    found = excerpts(Source(name="n.md", pages=(NOTES,)))
    assert [e.headings for e in found[:2]] == [("Plants",), ("Plants", "What goes in")]
    assert found[1].text == "- water from the roots, through the stem\n\n- light from the sun, on the leaves"
    assert all(e.headings == ("Plants", "What comes out") for e in found[2:])
    assert len(found) > 3
    assert all(len(e.text) <= PASSAGE and e.text.endswith(".") for e in found[2:])
    assert found[0].described().startswith("Plants. Leaves make")


def test_an_abbreviation_or_a_number_ends_no_sentence():
    said = 'Dr. Smith said e.g. this. 1. Add. "Is it so?" Pi is 3.14. J. Watt knew'
    assert sentences(said) == ["Dr. Smith said e.g. this.", "1. Add.", '"Is it so?"', "Pi is 3.14.", "J. Watt knew"]


def test_blank_pages_are_named_and_page_marks_are_refused():
    assert Source(name="a.pdf", pages=("text", " ", "more"), paged=True).blank_pages == [2]
    with pytest.raises(ValidationError, match="form feed"):
        Source(name="a", pages=("a\fb",))
