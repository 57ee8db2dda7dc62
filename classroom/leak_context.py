"""What the leak guard knows beside a reply: the question, the answer, what the student has mentioned already.

And the two judgements that every kind of answer needs: whether a number is only a number of a step or of things
("step 2", "the two fractions"), and whether a reply claims something to be the answer.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from classwright.classroom.mentions import Mention, mentions, unified
from classwright.skilltree.problem import Problem

STRUCTURAL = 12
"""Up to this number a number may count steps or things; larger ones are never taken for that."""


@dataclass(frozen=True)
class Context:
    """A problem as the guard sees it.

    Attributes:
        problem: The problem.
        question: Its text, unified.
        surfaces: How the numbers of the question are written.
        values: The numbers of the question.
        counted: Nouns that the question asks "how many" of; they are never structure.
        heard: Values that the student has mentioned without giving them as the answer.
        spelled: Whether the question says the answer in words and asks for the digits.
    """

    problem: Problem
    question: str
    surfaces: frozenset[str]
    values: frozenset[Fraction]
    counted: frozenset[str]
    heard: frozenset[Fraction] = frozenset()
    spelled: bool = False

    def given(self, mention: Mention) -> bool:
        """Whether the question writes this number just so, or the student has mentioned it."""
        return mention.surface in self.surfaces or mention.value in self.heard

    def made_of_given(self, mention: Mention) -> bool:
        """Whether a fraction only puts two numbers of the question over each other."""
        parts = mention.surface.split("/")
        return len(parts) == 2 and all(part in self.surfaces for part in parts)


_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\s$]")


def stands_in(piece: str, text: str) -> bool:
    """Whether a text has a piece of it just so, spaces, capitals and dollar signs aside: "z >= 7" is not in "10z >= 70"."""
    wanted, tokens = (" ".join(_TOKEN.findall(t.lower())) for t in (piece, text))
    return bool(wanted) and f" {wanted} " in f" {tokens} "


def context(problem: Problem, heard: frozenset[Fraction] = frozenset()) -> Context:
    """The context of a problem."""
    question, surfaces, values, counted = _read(problem.text)
    written = {m.surface for m in mentions(unified(problem.text, words=False))}
    spelled = problem.answer in surfaces and problem.answer not in written
    return Context(problem, question, surfaces, values, counted, heard, spelled)


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[str, frozenset[str], frozenset[Fraction], frozenset[str]]:
    question = unified(text)
    found = mentions(question)
    asked = re.findall(r"\bhow (?:many|much)((?:\s+\w+){1,5})", question, re.I)
    counted = {_stem(w) for words in asked for w in words.split() if len(w) > 3}
    surfaces = {m.surface for m in found} | {m.surface.lstrip("-") for m in found}
    return question, frozenset(surfaces), frozenset(m.value for m in found), frozenset(counted)


def is_counted(word: str, asked: Context) -> bool:
    """Whether a word names what the question asks for how many of."""
    return _stem(word) in asked.counted | {_stem(w) for w in asked.problem.unit.split()}


def _stem(word: str) -> str:
    return word.lower().removesuffix("s").removesuffix("e")


_BEFORE = re.compile(
    r"\b(?:steps?|questions?|problems?|parts?|exercises?|line|page|hint|tip|method|option|example|grade|level|round|"
    r"quadrant|try|attempt|paso|étape|schritt|passo)\s*#?$",
    re.I,
)
_THINGS = (
    "numbers? fractions? steps? parts? things? ways? terms? digits? columns? rows? equations? sides? questions? problems? "
    "pieces? ideas? quantities amounts? groups? sentences? minutes? examples? answers? points? operations? expressions? "
    "denominators? numerators? tries times? decimals? places? shapes? factors? halves sets? kinds? types? facts? hints? "
    "words? methods? angles? lines? bars? sums? values? clues? choices? options? rules? strategies bottoms? tops? "
    "binomials? brackets? parentheses pairs? bags? boxes piles? corners? hands? coordinates? variables? inequalities "
    "solutions? cases? cubes? rates? names? letters? days? hours? of more moves? chunks? colors? conditions? signs? "
    "statements? candidates? multiples? squares? zeros? nines? towers? dots? halfs?"
).replace(" ", "|")
_AFTER = re.compile(
    rf"\s*(?:(?:of\s+)?(?:the|these|those|your|them)\b|(?:[a-z-]+\s+){{0,2}}?(?:{_THINGS})\b|at\s+a\s+time\b|by\s+1\b)",
    re.I,
)
_ONE_AFTER = re.compile(r"\s*(?:more|less|back|each|jump|hop|step|unit|whole|extra|at a time)\b", re.I)


def structural(text: str, mention: Mention, asked: Context) -> bool:
    """Whether a small whole number only numbers a step or counts things that nobody asked for."""
    if mention.value.denominator != 1 or not 0 <= mention.value <= STRUCTURAL or not mention.surface.isdigit():
        return False
    before, after = text[max(0, mention.start - 24) : mention.start], text[mention.end : mention.end + 48]
    if before.endswith("^") or _BEFORE.search(before):
        return True
    if re.match(r"[.)]\s", after) and (not before or before.endswith("\n")) and _is_list(text, mention.value):
        return True
    if mention.value == 1 and _ONE_AFTER.match(after) and not claims(text, mention.start, mention.end):
        return True
    if mention.unit and is_counted(mention.unit, asked):
        return False
    things = _AFTER.match(after)
    if things is None or any(_stem(w) in asked.counted for w in things[0].split() if len(w) > 3):
        return False
    return not re.search(r"(?:answer|result|=|equals|solution|it|that)(?:\s+is|'s)?\s*$", before, re.I)


def _is_list(text: str, number: Fraction) -> bool:
    """Whether 1. ... number. stand at the beginnings of lines."""
    return all(re.search(rf"^\s*{n}[.)]\s", text, re.M) for n in range(1, int(number) + 1))


_IT = (
    r"(?:\b(?:final|right|correct|missing|next|exact|whole|full)?\s*(?:answer|result|solution|total|sum|difference|"
    r"product|quotient|outcome|missing\s+number|next\s+number|unknown|mean|median|area|perimeter|volume|slope|"
    r"respuesta|resultado|réponse|résultat|antwort|ergebnis|lösung|resposta|risposta|risultato|solución|solução|"
    r"soluzione)(?:\s+(?:here|to\s+this|of\s+the\s+problem|you\s+want|we\s+want|you\s+need))?\s*"
    r"(?:is|=|:|are|must\s+be|should\s+be|would\s+be|will\s+be|equals|comes\s+to|turns\s+out\s+to\s+be|es|est|ist|é|è|da)|"
    r"(?:(?:^|[.!?;,:]\s*|\b(?:so|then|that|because|yes|no|well|and|course|say)\s+)"
    r"(?:it|that|this|which|they|[a-z])\s*(?:'s|'ll\s+be|is|are|stays|remains|will\s+be|would\s+be|must\s+be|should\s+be|equals?|makes?|gives?|=|comes\s+to))|"
    r"\b(?:you|we)(?:'ll|\s+will|\s+should|\s+would|\s+can|\s+must)?\s+(?:get|obtain|end\s+up\s+with|arrive\s+at|find|have)|"
    r"\b(?:write|put|enter|type|say|choose|pick|circle|fill\s+in|answer|écris|escribe|schreib|escreve|scrivi)(?:\s+down)?(?:\s+the)?(?:\s+number)?|"
    r"\bworth|\bequals?|\bmakes|\bgives|\bobtienes|\bobtien[st]|\bergibt|\bbekommst|\bviene|\bte\s+da|\bdá|\bcome\s+out\s+(?:as|at)|"
    r"\b(?:is|could|might|would)\s+it\s+(?:be\s+)?|\b(?:key|book|solution|teacher|friend|sheet)\s+says|\bwhat\s+about|\bbetween\s+us|(?<![<>])=)"
    r"[\s:\"'(]*(?:(?:just|simply|really|exactly|only|equal\s+to|the\s+same\s+as|a|an|the|of|about|actually|in\s+fact|worth|number|y|x|z|=)\s+)*[$\"'(]*$"
)
_CLAIM_BEFORE = re.compile(_IT, re.I)
_CLAIM_AFTER = re.compile(
    r"^[\s\"')*]*(?:[a-z°]+\s+){0,2}?(?:is|was|es|est|ist|é|è|would\s+be|has\s+to\s+be|must\s+be|will\s+be)\s+"
    r"(?:the|your|our|my|la|le|die|das|a|il|what\s+(?:you|we)\s+(?:want|need|are\s+looking))?\s*"
    r"(?:(?:final|right|correct|missing|next|exact)\s+)?"
    r"(?:answer|result|solution|right|correct|it\b|number\s+(?:you|we|that)|total|want|need|respuesta|réponse|antwort|"
    r"resposta|risposta|correcto|richtig|juste|missing)",
    re.I,
)


_SUMS_UP = re.compile(
    r"\s*(?:[a-z]+\s+)?(?:more|fewer|less|left(?:\s+over)?|in\s+all|altogether|in\s+total|longer|shorter)\b", re.I
)


def claims(text: str, start: int, end: int) -> bool:
    """Whether a text gives what stands between start and end as the answer: "it is ...", "you get ...", "... is right"."""
    before, after = text[max(0, start - 90) : start], text[end : end + 60]
    if re.search(r"\b(?:so|thus|therefore)\s*$", before, re.I) and _SUMS_UP.match(after):
        return True
    if re.match(r"\W{0,3}(?:works|fits|solves\s+it|makes\s+it\s+true)\b", after, re.I):
        return True
    return bool(_CLAIM_BEFORE.search(before) or _CLAIM_AFTER.match(after))


_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\d)[^.!?\n]*)*[.!?\n]?")
_ASKS = re.compile(
    r"^\W*(?:(?:so|and|but|now|okay|ok|well|then|hmm|good|great|right|yes|next|first)\b[\s,.:]*)*"
    r"(?:what|which|how|why|when|where|who|is|are|am|do|does|did|can|could|would|will|should|may|was|were|has|have|"
    r"isn't|aren't|qué|cuál|cuánto|es|quel|quelle|combien|est|was|wie|ist|welche\w*|qual|quanto|quanti|come)\b",
    re.I,
)


def sentences(text: str) -> list[tuple[int, str]]:
    """(start, sentence) of each sentence; a point inside a number ends none."""
    return [(m.start(), m[0]) for m in _SENTENCE.finditer(text) if m[0].strip()]


def asks(sentence: str) -> bool:
    """Whether a sentence is a real question; "it is 5, right?" is a statement."""
    if not re.search(r"\?[\s\"')*]*$", sentence):
        return False
    clause = re.split(r"[,;:]\s+", sentence.strip())
    return any(_ASKS.match(part) for part in clause) and not re.search(r"\b(?:right|correct|no|yes|ok)\?\W*$", sentence)


def sentence_at(text: str, position: int) -> str:
    """The sentence that a position lies in."""
    for start, sentence in sentences(text):
        if start <= position < start + len(sentence):
            return sentence
    return text
