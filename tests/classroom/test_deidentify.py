"""No name is left, whatever it is written like; nothing that is no name is taken from a talk about fractions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.deidentify import Tags, names_from_file, names_of_speakers, tags_in
from classwright.errors import InputError


def hidden(text: str, *known: str) -> str:
    tags = Tags(known)
    tags.learn([text])
    return tags.hide(text)


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Hi Luca, can you explain?", ["Luca"]),
        ("hi luca can you explain", ["luca"]),
        ("Good job, Zorana!", ["Zorana"]),
        ("Great work Seth", ["Seth"]),
        ("Zorana, what did you do first?", ["Zorana"]),
        ("What comes next, Okonkwo?", ["Okonkwo"]),
        ("I worked on it with Priya and Jamal.", ["Priya", "Jamal"]),
        ("Ask Ms. O'Brien or Mr Garcia Lopez about it.", ["O'Brien", "Garcia", "Lopez"]),
        ("My name is zork and I am in class.", ["zork"]),
        ("It's Maria Lopez. Maria says 5. Lopez said so.", ["Maria", "Lopez"]),
        ("Thanks Professor Strang!", ["Strang"]),
        ("Well done, Penny!", ["Penny"]),
        ("Write to mia.k@school.org or mia @ school.org", ["mia", "school.org"]),
        ("Mail me: mia at school dot org", ["mia at"]),
        ("Call me at 555-1234 or (555) 123-4567 or +49 170 1234567.", ["1234", "4567", "170"]),
        ("I am @mia_k_09 there, see https://example.org/mia", ["mia"]),
        ("We are at Lincoln Elementary School in 5B.", ["Lincoln"]),
        ("we are at lincoln elementary", ["lincoln"]),
        ("She goes to St. Mary High now, not P.S. 118.", ["Mary", "118"]),
        ("I live at 12 Main Street.", ["12 Main"]),
        ("My student id is 4711123.", ["4711123"]),
        ("I was born on 3/4/2012.", ["2012"]),
    ],
)
def test_names_and_marks_nobody_gave_are_found(text, secrets):
    found = hidden(text)
    assert not [secret for secret in secrets if secret.lower() in found.lower()], found


@pytest.mark.parametrize(
    "text",
    [
        "Mia",
        "mia",
        "MIA!",
        "Mia's bag",
        "Mia’s",
        "mia_2012",
        "Good one,mia.",
        "M\u200bia",
        "Ｍｉａ",
        "Hi Mía",
        "(Mia)",
        "Mia/Leo",
    ],
)
def test_a_known_name_is_found_however_it_is_written(text):
    found = hidden(text, "Mia Example", "Leo")
    assert "[NAME-1]" in found
    assert "ia" not in found.lower().replace("[name-1]", "")


def test_parts_and_joined_names_are_the_same_person():
    tags = Tags(["Mia Example"])
    assert tags.hide("Mia Example, mia, Example and miaexample") == "[NAME-1], [NAME-1], [NAME-1] and [NAME-1]"
    assert tags.restore("Well done, [NAME-1]!") == "Well done, Mia!"


def test_a_name_inside_another_word_stays():
    assert hidden("Miami has 5 miaows", "Mia").count("[NAME-1]") == 0


def test_a_name_that_is_a_word_is_told_from_the_word():
    tags = Tags(["Will"])
    assert tags.hide("I will ask Will: you will do it, will?") == "I will ask [NAME-1]: you will do it, [NAME-1]?"


def test_names_without_spaces_between_words_are_found():
    assert Tags(["小明"]).hide("小明得到了5") == "[NAME-1]得到了5"


@pytest.mark.parametrize(
    "text",
    [
        "First, we add the tops. Then what is 555-123 and 12 + 5?",
        "On Monday I ate 3/4 of it. That's right! Okay, so LCM is 12 and A is 5.",
        "Let's use the Pythagorean theorem: a^2 + b^2 = c^2. Is x = 3.5?",
        "Yes. No. Good job! Great thinking. Well done! What did you get?",
        "Denominator means the bottom number; Fractions are parts.",
    ],
)
def test_talk_about_mathematics_stays_as_it_is(text):
    assert hidden(text) == text


NAMES = st.sampled_from(["Zorana", "Mia", "Kwame", "José", "O'Neil", "Anne-Marie", "Nguyễn", "Will", "Björk"])
FILLER = st.text("abc XYZ 012.,!?-'\n", max_size=20)


@given(NAMES, st.lists(FILLER, min_size=1, max_size=4), st.booleans())
def test_a_known_name_never_leaves_and_hiding_twice_changes_nothing(name, filler, learn):
    text = f" {name} ".join(filler)
    tags = Tags([name])
    if learn:
        tags.learn([text])
    out = tags.hide(text)
    assert f" {name} " not in out
    assert tags.hide(out) == out
    assert not tags.left_in(out)


@given(st.text(max_size=200))
def test_any_text_can_be_hidden_and_a_name_is_put_back(text):
    tags = Tags(["Zorana"])
    tags.learn([text])
    tags.hide(text)
    assert tags.restore(tags.hide("Zorana")) == "Zorana"


def test_speakers_that_are_roles_are_no_names():
    labels = [
        "Teacher",
        "Student",
        "Student 2",
        "S1",
        "Ms. Lopez",
        "Mia",
        "Tutor: Ann",
        "Multiple students",
        "Mr. K Ray",
    ]
    assert names_of_speakers(labels) == ["Lopez", "Mia", "Ann", "K Ray"]


def test_tags_are_found_in_order():
    assert tags_in("[NAME-2] and [EMAIL-1], not [name-3]") == ["[NAME-2]", "[EMAIL-1]"]


def test_a_file_of_names(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("# class 5b\nMia Example, Leo\n\nZoë\n")
    assert names_from_file(file) == ["Mia Example", "Leo", "Zoë"]
    file.write_bytes(b"Jos\xe9")
    with pytest.raises(InputError, match="not UTF-8"):
        names_from_file(file)
    with pytest.raises(InputError, match="cannot be read"):
        names_from_file(tmp_path / "none.txt")
