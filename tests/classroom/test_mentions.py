"""Numbers as people, and people who want to slip one by, write them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.computations import computations
from classwright.classroom.mentions import mentions, unified
from classwright.classroom.spoken_numbers import words_to_digits

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def spoken(n: int) -> str:
    if n >= 1000:
        return f"{spoken(n // 1000)} thousand" + (f" {spoken(n % 1000)}" if n % 1000 else "")
    if n >= 100:
        return f"{ONES[n // 100]} hundred" + (f" {spoken(n % 100)}" if n % 100 else "")
    return ONES[n] if n < 20 else TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")


@given(st.integers(0, 999_999))
def test_any_number_in_english_words(n):
    assert words_to_digits(f"The answer is {spoken(n)}.") == f"The answer is {n}."


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("cuarenta y dos", "42"),
        ("mil cuatrocientos sesenta y cuatro", "1464"),
        ("trescientos veintiuno", "321"),
        ("quatre-vingt-dix-sept", "97"),
        ("soixante et onze", "71"),
        ("mille quatre cent soixante-quatre", "1464"),
        ("deux cents", "200"),
        ("septante-deux", "72"),
        ("zweiundvierzig", "42"),
        ("vierzigtausendfünfhundertzweiundsiebzig", "40572"),
        ("dreißig", "30"),
        ("cinquenta e dois", "52"),
        ("cento e quarenta e três", "143"),
        ("dezasseis", "16"),
        ("quarantadue", "42"),
        ("millequattrocentosessantaquattro", "1464"),
        ("ventotto", "28"),
        ("fünf Sechstel", "5/6"),
        ("cinq sixièmes", "5/6"),
        ("tres cuartos", "3/4"),
        ("trece quinceavos", "13/15"),
        ("sette quarantacinquesimi", "7/45"),
        ("seven forty-fifths", "7/45"),
        ("five over six", "5/6"),
        ("cinco sobre seis", "5/6"),
        ("zero point six two", "0.62"),
        ("null Komma sechs zwei", "0.62"),
        ("sept virgule cinq", "7.5"),
        ("one and a half", "1 1/2"),
        ("eineinhalb", "1 1/2"),
        ("thirty-three hundred", "3300"),
        ("minus three", "-3"),
        ("two dozen", "24"),
    ],
)
def test_number_words(words, digits):
    assert words_to_digits(words) == digits


@pytest.mark.parametrize(
    "text",
    ["Once more, one step at a time.", "It is due on Monday.", "I sat in the second row.", "Which one is it?",
     "Une autre fois.", "The elf has a cent."],
)  # fmt: skip
def test_ordinary_words_stay(text):
    assert words_to_digits(text) == text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("4️⃣2️⃣", [42]),
        ("**4**2", [42]),
        ("<b>42</b>", [42]),
        ("&#52;2", [42]),
        ("４２", [42]),
        ("٤٢", [42]),
        ("④②", [42]),
        ("4\u200b2", [42]),
        ("XLII", [42]),
        ("f o r t y - t w o", [42]),
        ("½", [Fraction(1, 2)]),
        ("1½", [Fraction(3, 2)]),
        ("\\frac{5}{6}", [Fraction(5, 6)]),
        ("1,250,000 m", [1250000]),
        ("-24", [-24]),
        ("−24", [-24]),
        ("7 - 3", [7, 3]),
        ("52%", [Fraction(13, 25)]),
        ("$6.70", [Fraction(67, 10)]),
        ("the 2nd step at 8:52", []),
        ("I got it", []),
    ],
)
def test_numbers_are_found_in_disguise(text, values):
    assert [m.value for m in mentions(unified(text))] == values


def test_an_ambiguous_spelling_has_both_readings():
    assert {m.value for m in mentions("25,46")} == {Fraction("25.46"), 25, 46}
    assert {m.value for m in mentions("1,250 m")} == {1250, Fraction("1.25")}
    assert {m.value for m in mentions("1.250 metros")} == {Fraction("1.25"), 1250}
    assert Fraction(5, 6) in {m.value for m in mentions("5 out of 6")}


def test_a_unit_gives_a_size():
    half = mentions(unified("half an hour"))[0]
    assert half.size == ("time", 1800)


def test_a_number_of_ten_thousand_digits_is_none():
    assert mentions("9" * 10_000) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3", 5),
        ("half of ten", 5),
        ("one more than 41", 42),
        ("two less than forty-four", 42),
        ("20% of 50", 10),
        ("the number after 41", 42),
        ("6 squared", 36),
        ("seven times six", 42),
        ("4 tens and 2 ones", 42),
        ("the sum of 40 and 2", 42),
        ("the square root of 36", 6),
        ("das Doppelte von 21", 42),
        ("la mitad de 84", 42),
        ("sieben mal sechs", 42),
        ("(2+3)*4", 20),
        ("2^3", 8),
    ],
)
def test_computations_are_worked_out(text, value):
    assert value in [c.value for c in computations(unified(text))]


def test_a_huge_power_is_not_worked_out():
    assert computations("9^999999") == ()
    assert computations("1/0 + 2") == ()
