"""How hard a text is to read: the Flesch-Kincaid grade level (Kincaid et al. 1975).

`0.39 * words / sentences + 11.8 * syllables / words - 15.59`. Syllables come from a vowel-group heuristic. In a
mathematics text a numeral or an equation is looked at, not sounded out: each run of signs and digits counts as one
word of one syllable, and a period inside a number or after an abbreviation ends no sentence.
"""

import re
from typing import NamedTuple

_MATH = re.compile(
    r"[$€]?[-−+]?\d[\d,.:/%°]*(?:\s*[-−+×÷·*/=<>≤≥^]\s*[$]?\(?[-−]?[\da-z][\d,./:%°²³]*\)?(?![A-Za-z]))*"
)
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[\"”')])|\n+")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr)\.", re.IGNORECASE)
_HIATUS = re.compile(r"(?<![cstgxln])io|(?<![cstgxl])ia|(?<![gq])ua|eo|iu|iet|tio$|tios$")
_SILENT_E = re.compile(r"[^aeiouyl]e$|[aeiouy]les?$|(?<!sh)(?<!ch)[^aeiouyscxzgl]es$")
_SILENT_ED = re.compile(r"[^aeiouydt]ed$")
_EXCEPTIONS = {
    "area": 3, "areas": 3, "associate": 4, "being": 2, "business": 2, "carefully": 3, "client": 2, "coefficient": 4,
    "coefficients": 4, "create": 2, "created": 3, "creates": 2, "dishes": 2, "doing": 2, "every": 2, "everything": 3,
    "giant": 2, "going": 2, "hundred": 2, "idea": 3, "ideas": 3, "lion": 2, "lions": 2, "people": 2, "poem": 2,
    "science": 2, "someone": 2, "something": 2, "sometimes": 2, "somewhere": 2, "therefore": 2,
}  # fmt: skip


class Readability(NamedTuple):
    """The counts of a text and its Flesch-Kincaid grade (0 or less: easiest; 5.0: a fifth grader)."""

    grade: float
    sentences: int
    words: int
    syllables: int


def syllables(word: str) -> int:
    """The number of syllables of an English word, by vowel groups and the usual silent endings; at least 1."""
    word = word.lower().replace("’", "'")
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    word = word.removesuffix("'s")
    word = re.sub(r"[^a-z]", "", word)
    count = len(re.findall(r"[aeiouy]+", word))
    count += len(_HIATUS.findall(word))
    if _SILENT_E.search(word) or _SILENT_ED.search(word):
        count -= 1
    if re.search(r"[aeiouy][^aeiouy]+e(?:ly|ful|less|ment)$", word):
        count -= 1
    return max(count, 1)


def readability(text: str) -> Readability:
    """The Flesch-Kincaid grade of a text. An empty text has grade 0."""
    plain = _ABBREVIATION.sub(lambda m: m[0].replace(".", ""), text)
    numbers = 0

    def one_word(match: re.Match[str]) -> str:
        nonlocal numbers
        numbers += 1
        return "." if match[0].endswith(".") else " "

    plain = _MATH.sub(one_word, plain)
    words = _WORD.findall(plain)
    total = len(words) + numbers
    if not total:
        return Readability(0.0, 0, 0, 0)
    pieces = [piece for piece in _SENTENCE_END.split(plain) if piece.strip(" \"”')(")]
    sentences = max(1, len(pieces))
    count = numbers + sum(map(syllables, words))
    return Readability(0.39 * total / sentences + 11.8 * count / total - 15.59, sentences, total, count)
