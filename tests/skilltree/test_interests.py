import hashlib

import pytest

from classwright.skilltree import bank
from classwright.skilltree.interests import GRAINS, own_words, read_interest, subtopics, vocabulary
from classwright.skilltree.scenes import INTERESTS, draw_scene, scene_words


@pytest.mark.parametrize(
    ("words", "grain", "subtopic", "topic"),
    [
        ("sports", "topic", "football", "sports"),
        ("Soccer", "subtopic", "football", "sports"),
        ("the 2022 World Cup final", "reference", "football", "sports"),
        ("Minecraft", "reference", "video games", "games"),
        ("Harry Potter and the Goblet of Fire", "reference", "reading", "stories"),
        ("women's basketball league", "subtopic", "basketball", "sports"),
        ("pottery", "subtopic", "", ""),
        ("the Tall Ships Race", "reference", "", ""),
    ],
)
def test_an_interest_is_read_at_its_grain(words, grain, subtopic, topic):
    found = read_interest(words)
    assert (found.grain, found.subtopic, found.topic) == (grain, subtopic, topic)


def test_an_interest_is_widened_and_never_narrowed():
    final = read_interest("the 2022 World Cup final")
    assert [final.at(g).words for g in GRAINS] == ["sports", "football", "the 2022 World Cup final"]
    assert [read_interest("sports").at(g).words for g in GRAINS] == ["sports"] * 3
    assert read_interest("pottery").at("topic").words == "pottery"


def test_every_interest_of_the_scenes_has_things_and_a_topic():
    for interest in INTERESTS:
        found = read_interest(interest)
        assert found.subtopic == interest
        assert len(vocabulary(found)) > 8
        assert len(scene_words(interest)) > 7
        assert found.topic
        assert set(subtopics(read_interest(found.topic))) <= set(INTERESTS)


def test_a_video_game_has_its_own_things_only():
    assert "diamond" in vocabulary(read_interest("Minecraft"))
    assert "coin" not in vocabulary(read_interest("Minecraft"))
    assert own_words(read_interest("Minecraft"))[0] in vocabulary(read_interest("Minecraft"))


def test_a_topic_and_a_reference_are_told_in_scenes_of_their_subtopics():
    games = {draw_scene("Minecraft", str(i)).place for i in range(20)}
    assert games == {"the game night"}
    sports = {draw_scene("sports", str(i)).place for i in range(40)}
    assert sports == {"the football club", "the basketball gym", "the swimming pool", "the bike shop"}
    assert draw_scene("the 2028 Robot Finals", "1").place == "the robotics club"
    assert draw_scene("the 3rd Kite Day", "1").place == "the classroom"  # no digit of a name among the numbers
    assert draw_scene("the Kite Day", "1").place == "the kite day club"


def test_known_interests_are_drawn_as_ever():
    rows = [draw_scene(i, f"scene/{n}") for i in (*INTERESTS, "pottery", "soccer", None) for n in range(20)]
    digest = hashlib.sha256("\n".join(map(repr, rows)).encode()).hexdigest()
    assert digest == "e4d8b953d2b6640c32b4af0954cd8ff9538a2abd146534ecf260b5517e65778a"


def test_problems_keep_their_numbers_at_every_grain():
    for words in ("sports", "football", "the 2022 World Cup final"):
        p = bank.problem("whole.add_3digit", 5, 2, words)
        assert p.expression == bank.problem("whole.add_3digit", 5, 2).expression
        assert "2022" not in p.text
