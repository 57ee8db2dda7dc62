"""Learner files: what they give, what is wrong with them, and that a name never leaves them."""

from pathlib import Path

import pytest

from classwright.errors import InputError
from classwright.skilltree.learner import Learner, load_learners, pseudonym, public
from classwright.skilltree.tree import default_tree

MIA = """
name = "Mia Example"
grade = 5
language = "en"
reading_level = 4.5
interests = ["football", "baking"]
misconceptions = ["fractions.add_numerators_and_denominators"]
[mastery]
"fractions.equivalent" = 0.8
"fractions.add_like" = 1
[abilities]
numerical_calculation = 3
"""


def load(tmp_path: Path, text: str | bytes, name: str = "mia.toml") -> list[Learner]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_learners(path, default_tree())


def test_one_learner(tmp_path: Path) -> None:
    (mia,) = load(tmp_path, MIA)
    assert (mia.name, mia.grade, mia.reading_level) == ("Mia Example", 5, 4.5)
    assert mia.interests == ("football", "baking")
    assert mia.mastery == {"fractions.equivalent": 0.8, "fractions.add_like": 1}
    assert load(tmp_path, MIA) == [mia]


def test_the_pseudonym_says_nothing_of_the_name(tmp_path: Path) -> None:
    (mia,) = load(tmp_path, MIA)
    (ben,) = load(tmp_path, MIA.replace("Mia Example", "Ben Other"))
    assert mia.pseudonym == ben.pseudonym  # the same record under another name
    (older,) = load(tmp_path, MIA.replace("grade = 5", "grade = 6"))
    assert older.pseudonym != mia.pseudonym
    assert public(mia).name == ""
    assert "Mia" not in public(mia).model_dump_json()
    assert pseudonym({"name": "a", "grade": 5}) == pseudonym({"name": "b", "grade": 5, "pseudonym": "x"})


def test_a_class(tmp_path: Path) -> None:
    learners = load(
        tmp_path,
        '[[learners]]\nname = "A"\ngrade = 4\n[[learners]]\nname = "B"\ngrade = 4\n[[learners]]\ngrade = 3\npseudonym = "lynx"',
    )
    assert [x.name for x in learners] == ["A", "B", ""]
    assert learners[2].pseudonym == "lynx"
    assert len({x.pseudonym for x in learners}) == 3


BAD = {
    'grade = 5\n[mastery]\n"fractions.ad_unlike" = 0.5': "unknown skill 'fractions.ad_unlike'; did you mean fractions.add_unlike",
    'grade = 5\nmisconceptions = ["fractions.add_numerator_and_denominators"]': "did you mean fractions.add_numerators_and_denominators",
    'grade = 5\n[mastery]\n"fractions.add_like" = 80': "a percent? write 80 % as 0.8",
    'grade = 5\n[mastery]\n"fractions.add_like" = -0.1': "mastery",
    'grade = 5\n[mastery]\n"fractions.add_like" = "high"': "mastery is a number between 0 and 1",
    'grade = 5\n[mastery]\n"fractions.add_like" = true': "mastery",
    'grade = 5\n[mastery]\n"fractions.add_like" = nan': "mastery",
    'grade = "5"': "grade",
    "grade = 5.5": "grade",
    "grade = 14": "grade",
    'name = "Mia"': "the key 'grade' is missing",
    'grade = 5\ninterest = ["football"]': "unknown key 'interest' (did you mean 'interests'?)",
    'grade = 5\ninterests = "football"': "interests",
    "grade = 5\n[abilities]\nnumerical = 3": "unknown ability 'numerical'; did you mean numerical_calculation",
    "grade = 5\n[abilities]\nlogical_reasoning = 6": "abilities.logical_reasoning",
    "learners = []": "the class is empty",
    "": "is empty",
    "grade = ": "not valid TOML",
    "grade = 5\n[[learners]]\ngrade = 4": "'grade' stands beside [[learners]]",
    "[[learners]]\ngrade = 4\n[[learners]]\ngrade = 40": "learner 2: grade",
    '[[learners]]\ngrade = 4\npseudonym = "x"\n[[learners]]\ngrade = 5\npseudonym = "x-2"\n[[learners]]\ngrade = 6\npseudonym = "x"': "the same pseudonym",
    "learners = 3": "learners should be tables",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_is_one_clear_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, text)
    message = str(error.value)
    assert "mia.toml" in message
    assert BAD[text] in message
    assert "\n" not in message


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, '[[learners]]\ngrade = 40\ncolor = "red"\n[[learners]]\ngrade = 4\nmisconceptions = ["nope"]')
    assert all(
        part in str(error.value) for part in ("learner 1: grade", "'color'", "learner 2: unknown misconception 'nope'")
    )


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        load(tmp_path, 'name = "Zoé"\ngrade = 5'.encode("latin-1"))
    with pytest.raises(InputError, match=r"gone\.toml cannot be read"):
        load_learners(tmp_path / "gone.toml", default_tree())
