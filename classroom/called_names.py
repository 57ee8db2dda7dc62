"""Names that nobody gave beforehand: how people are called in a text, and what stands in it like a name."""

import re
from collections.abc import Iterator

from classwright.classroom.folded_text import plain
from classwright.classroom.marks import CAPITALIZED
from classwright.classroom.name_words import ALSO_WORDS, FIRST_NAMES, ORDINARY

_CALLED = (
    r"(?:hi|hello|hey|dear|bye|goodbye|thanks|thank you|welcome|sorry|please|ok|okay|yes|no|exactly|correct|perfect|"
    r"excellent|brilliant|fantastic|awesome|amazing|super|bravo|congratulations|congrats|well done|spot on|"
    r"(?:good|great|nice|excellent|awesome|fantastic|amazing|lovely) (?:job|work|try|thinking|start|going|effort|question|"
    r"point|one|morning|afternoon|evening)|good night|come on|go on|what about you|you are right|that's right)"
)
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Mx|Miss|Mister|Dr|Prof|Professor|Coach|Principal|Sr|Sra|Señor|Señora|Herr|Frau|Mme|"
                     rf"Madame|Monsieur|Teacher|Uncle|Aunt|Auntie|Sister|Brother)\.? (?P<name>{CAPITALIZED}(?: {CAPITALIZED})?)")  # fmt: skip
_SAYS_OWN = re.compile(rf"(?i:\b(?:my name is|my name's|call me|i am called|name:)) (?P<name>[^\W\d_][\w'’-]+(?: {CAPITALIZED})?)"
                       rf"|(?i:\b(?:i'm|i am|this is|it's|here is)) (?P<cap>{CAPITALIZED}(?: {CAPITALIZED})?)")  # fmt: skip
_VOCATIVES = (
    re.compile(rf"(?i:\b{_CALLED})[,!.:]? (?P<name>{CAPITALIZED})(?=[ ,.!?:;)]|$)"),
    re.compile(rf"(?:^|(?<=[.!?:;\n\"“(] ))(?P<name>{CAPITALIZED})(?=, |! |: )", re.M),
    re.compile(rf", (?P<name>{CAPITALIZED})(?=[,.!?;]|$)", re.M),
    re.compile(rf"\b(?:and|with|like|as|to|from|by|asked|told|says|said|ask|tell) (?P<name>{CAPITALIZED})\b"),
    re.compile(
        rf"(?:^|(?<=[.!?:;\n] ))(?P<name>{CAPITALIZED}) (?=(?:says|said|thinks|thought|told|asked|got|gets|wants|helped|"
        rf"showed|wrote|please)\b)",
        re.M,
    ),
)
WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")
"""A word of letters."""


def names_in(text: str, small: set[str], capitals: bool) -> Iterator[str]:
    """Names that a text calls, or that stand in it like names."""
    for match in _TITLED.finditer(text):
        yield match["name"]
    for match in _SAYS_OWN.finditer(text):
        found = match["name"] or match["cap"]
        if plain(found.split()[0]) not in ORDINARY:
            yield found
    for pattern in _VOCATIVES if capitals else ():
        for match in pattern.finditer(text):
            if _named(match["name"], small):
                yield match["name"]
    words = list(WORD.finditer(text))
    heading = len(words) > 3 and sum(w[0][0].isupper() for w in words) > 0.6 * len(words)
    run: list[str] = []
    last = -1
    for word in words:
        spelled = word[0].removesuffix("'s").removesuffix("’s")
        small_one = plain(spelled)
        common = small_one in FIRST_NAMES and (small_one not in ALSO_WORDS or not _starts_sentence(text, word.start()))
        capital = spelled[0].isupper()
        within = (
            capitals and capital and not heading and not _starts_sentence(text, word.start()) and _named(spelled, small)
        )
        if (common and (capital or small_one not in ALSO_WORDS)) or within:
            if run and text[last : word.start()] != " ":
                yield " ".join(run)
                run = []
            run.append(spelled)
            last = word.end()
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _named(word: str, small: set[str]) -> bool:
    """Whether a capitalized word can be a name: no ordinary word, no abbreviation, nowhere written small."""
    stem = re.sub(r"'(?:s|re|m|ll|ve|d|t)$", "", plain(word))
    if len(stem) < 2 or (word.isupper() and len(word) <= 6):
        return False
    return stem in ALSO_WORDS or (stem not in ORDINARY and (stem not in small or stem in FIRST_NAMES))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t")
    return not before or before[-1] in '.!?:;…\n"“”(*-•>|='
