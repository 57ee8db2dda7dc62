"""What counts as a claim, and how well code tells whether a text supports it."""

import json
from pathlib import Path

import pytest

from classwright.classroom.claims import best_support, claims_in, content, denials, places_of, stem
from classwright.models.embeddings import WordEmbedder

CORPUS = Path(__file__).parent.parent / "corpora"
TEXTS: dict[str, str] = json.loads((CORPUS / "support_texts.json").read_text(encoding="utf-8"))
ROWS = [json.loads(line) for line in (CORPUS / "support.jsonl").read_text(encoding="utf-8").splitlines()]
embed = WordEmbedder().embed_now


def supported(claim: str, text: str) -> bool:
    places = places_of(text)
    rows = embed([claim, *places])
    return best_support(claim, places, rows[1:] @ rows[0]) is not None


def rates(held_out: bool) -> tuple[int, ...]:
    """(true claims found, true claims, false claims accepted, false claims)."""
    found = {True: [0, 0], False: [0, 0]}
    for row in ROWS:
        if row["held_out"] == held_out:
            found[row["supported"]][0] += supported(row["claim"], TEXTS[row["topic"]])
            found[row["supported"]][1] += 1
    return (*found[True], *found[False])


def test_rates_on_the_subjects_that_rules_were_made_for():
    assert rates(held_out=False) == (44, 50, 7, 50)


def test_rates_on_held_out_subjects():
    # 5 of the 6 accepted ones put the text's own words together wrongly ("veins carry blood away")
    assert rates(held_out=True) == (12, 15, 6, 15)


def test_no_claim_about_something_else_is_supported():
    accepted = 0
    for row in ROWS:
        for topic, text in TEXTS.items():
            accepted += topic != row["topic"] and supported(row["claim"], text)
    assert accepted == 0  # of 130 claims held against the seven other texts


@pytest.mark.parametrize(
    ("claim", "text", "says"),
    [
        ("Photosynthesis needs light and water.", "Photosynthesis needs water and light.", True),
        ("Photosynthesis needs no light.", "Photosynthesis needs light and water.", False),
        ("The war ended in 1945 in Europe.", "In Europe the war ended in 1945.", True),
        ("The war ended in 1954 in Europe.", "In Europe the war ended in 1945.", False),
        ("Warm air over land sinks.", "Warm air over land rises.", False),
        ("Vapor condenses where air is hot.", "Vapor condenses where air is cold.", False),
    ],
)
def test_numbers_denials_and_opposites_count(claim, text, says):
    assert supported(claim, text) is says


def test_a_sentence_that_leans_on_the_one_before_is_read_with_it():
    assert (
        supported(
            "Photosynthesis happens in green leaves of plants.",
            "Plants have green leaves. Photosynthesis happens there.",
        )
        is False
    )
    assert places_of("Magma rises. It is hot.")[2:] == ["Magma rises. It is hot."]
    assert places_of("Magma rises. Lava flows.") == ["Magma rises.", "Lava flows."]


def test_questions_directions_and_talk_of_the_lesson_are_no_claims():
    text = (
        "Have you seen a leaf in the sun? Think of a green leaf on a tree. Today we learn how plants eat. "
        "Turn to a partner and explain photosynthesis. Plants make sugar in their leaves. So it is."
    )
    assert claims_in(text) == ["Plants make sugar in their leaves."]


def test_in_a_story_only_sentences_about_the_subject_are_claims():
    story = "A baker cuts his cake for hungry guests. Fractions with unlike denominators need a common one."
    about = content("adding fractions denominator")
    assert claims_in(story, about) == ["Fractions with unlike denominators need a common one."]
    assert len(claims_in(story)) == 2


def test_stems_meet_across_endings():
    pairs = [
        ("leaves", "leaf"),
        ("stored", "stores"),
        ("running", "ran"),
        ("denominators", "denominator"),
        ("bodies", "body"),
    ]
    assert [(a, b) for a, b in pairs if stem(a) != stem(b)] == []
    assert content("Über die Blätter und 光合作用") == ["über", "die", "blätte", "und", "光合", "合作", "作用"]
    assert [denials("It is not so."), denials("It isn't never so."), denials("It is so.")] == [1, 0, 0]
