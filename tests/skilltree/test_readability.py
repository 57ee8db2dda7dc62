"""Readability: syllables of the words lessons use, and grades of known sentences."""

import pytest

from classwright.skilltree.readability import readability, syllables

WORDS = """cat 1 fraction 2 fractions 2 denominator 5 denominators 5 numerator 4 common 2 together 3 multiply 3 multiplication 5
divide 2 division 3 equation 3 equations 3 number 2 numbers 2 equal 2 parts 1 pieces 2 rewrite 2 size 1 sizes 2 first 1 count 1
because 2 table 2 tables 2 little 2 middle 2 apple 2 apples 2 line 1 lines 1 square 1 squares 1 rectangle 3 added 2 multiplied 3
counted 2 moved 1 walked 1 wanted 2 shaded 2 shape 1 shapes 1 decimal 3 percent 2 ratio 3 ratios 3 quantity 3 value 2 variable 4
area 3 perimeter 4 volume 2 angle 2 angles 2 degrees 2 measure 2 circle 2 circumference 4 diameter 4 radius 3 probability 5
outcome 2 likely 2 average 3 median 3 usual 3 the 1 you 1 made 1 makes 1 away 2 regroup 2 hundred 2 thousand 2 borrow 2 digits 2
places 2 exponent 3 polynomial 5 binomial 4 quadratic 3 coefficient 4 negative 3 positive 3 opposite 3 integer 3 absolute 3
inequality 5 solution 3 solve 1 solves 1 solved 1 graph 1 slope 1 intercept 3 function 2 whole 1 three 1 seven 2 eleven 3 people 2
hours 1 minutes 2 cookies 2 shared 1 equally 3 remainder 3 estimate 3 science 2 create 2 idea 3 cubes 1 edge 1 edges 2 boxes 2
change 1 changes 2 increases 3 million 2 question 2 region 2 actual 3 equivalent 4 triangle 3 symmetrical 4 needed 2 subtracted 3
carefully 3 something 2 every 2 different 3""".split()


def test_syllables() -> None:
    wrong = {
        word: (syllables(word), int(n))
        for word, n in zip(WORDS[::2], WORDS[1::2], strict=True)
        if syllables(word) != int(n)
    }
    assert not wrong


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cat sat on the mat.", -1.45),
        # the two examples of Wikipedia's article, 24 syllables in 13 words
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3),
        ("Go. Go. Go.", -3.4),
    ],
)
def test_known_sentences(text: str, grade: float) -> None:
    assert readability(text).grade == pytest.approx(grade, abs=0.05)


def test_numbers_and_equations_are_one_easy_word() -> None:
    assert readability("Add 3.5 and 2.5. The sum is 6.")[1:] == (2, 8, 8)
    assert readability("We know 3/4 + 1/4 = 1. It is one.")[1:] == (2, 6, 6)
    assert readability("He has 1,250 books, e.g. this one.").sentences == 1
    assert readability("").grade == 0
    assert readability("7 + 5 = 12")[1:] == (1, 1, 1)


def test_longer_words_and_sentences_read_harder() -> None:
    easy = "Cut the strip in two. Each part is a half."
    hard = "Subdividing the rectangular strip symmetrically produces two congruent parts, each representing one half."
    assert readability(hard).grade > readability(easy).grade + 8
