"""The mathematics of a word problem without its story: what a rewritten context must keep, found by code.

A text is reduced sentence by sentence to the tokens that carry the mathematics: numbers as written, people, letters,
signs and drawn marks in their order; words that say how quantities are related ("more", "each", "left", units of
measure) as a set with repetitions; and whether things come or go. Two texts with the same skeleton ask the same.
"""

import re
from collections import Counter
from typing import NamedTuple

from classwright.skilltree.scenes import NAMES
from classwright.skilltree.units import measure

# words of one line mean the same to a problem and may stand for each other
_ROLES = """
more additional extra | fewer less | than | remain remains remaining left | each every apiece | per
together altogether combined total | times | twice double doubles doubled | triple triples tripled | half halves
equal equally evenly equals | same | difference | sum | product | quotient | ratio | rate | average mean | median
mode | most greatest largest biggest maximum | least smallest minimum | longer | shorter | taller | heavier
lighter | farther | longest | shortest | older | younger | cheaper | cost costs price prices priced | discount
sale | tax | tip | coupon | before | after | ago | first | last | start starts started begin begins | end ends ended
missing unknown | both | area | perimeter | volume | radius | diameter | circumference | height high tall
width wide | length long | deep depth | square squares | cubic | rectangle rectangular rectangles
triangle triangular triangles | round circle circles circular | parallelogram | rhombus | trapezoid | hexagon
pentagon | octagon | cone | cylinder | angle angles | side sides | base | corner corners | slope | intercept
function | equation equations | inequality | expression | solution solutions | solve | simplest | fraction fractions
mixed | improper | decimal | percent | digit digits | place | rounded nearest | compare compares
probability chance | random randomly | odd | even | prime | factor factors | multiple multiples | positive
negative | opposite | absolute | tens ten's | ones | hundreds | tenths | hundredths | thousandths thousands
thirds third | fourths fourth quarters quarter | fifths fifth | sixths sixth | eighths eighth | tenth | hundredth
only | except | not no never | graph | scale | share shares divide divides split splits | group groups
dozen dozens | increase increases grows | decrease decreases shrinks | write | order
"""
_GAIN = frozenset(
    "gets get gains gain receives receive adds add added brings bring brought finds collects collect wins win earns "
    "earn buys buy bought joins join arrive arrives came come comes".split()
)
_USE = frozenset("uses use used needs need spends spend pays pay cooks pours".split())
_LOSS = frozenset(
    "gives give gave loses lose lost eats eat ate takes take took sells sell sold removes remove removed breaks break "
    "broke leaves leave drops drop throws away".split()
)
_ROLE = {
    word: words.split()[0] for words in _ROLES.replace("\n", "|").split("|") if words.split() for word in words.split()
}
_NUMBER_WORDS = {
    word: str(n)
    for n, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        2,
    )
}
_NOT_UNITS = frozenset("in m s g h l t c d f r cup cups second seconds min mi ton tons mode pt oz".split())
"""Spellings of units that are more often other words (or, as cups, things of a scene)."""
_TOKEN = re.compile(
    r"""(?P<number>(?<![\w.)])[-−–]?\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?)"""
    r"""|(?P<capitals>\b[A-Z]{2,}\b)"""
    r"""|(?P<word>[A-Za-z]+(?:['’](?:s|t)\b|['’](?=\W))?)"""
    r"""|(?P<sign>[^\w\s.,;:!?'"“”‘’()&-]|_+|(?<=[\s\w)])[-−–](?=[\s(]))"""
)
_SENTENCE = re.compile(r"(?<=[.!?])[\s]+(?=[A-Z\"“$(|\d●★○□▢-])")
_DIRECTION = re.compile(r"\d+(?: units?| steps?| blocks?)?(?: to the)? (left|right|up|down)\b")
_TOGETHER = re.compile(r"\bin (?:all|total)\b")


class Sentence(NamedTuple):
    """The mathematics of one sentence.

    Attributes:
        tokens: Numbers, people, letters and signs in the order in which they stand.
        roles: Words of relation and units, with repetitions.
        flows: "gain", "use" and "loss" where things come, are used, or go.
        asks: Whether it ends with a question mark.
    """

    tokens: tuple[str, ...]
    roles: tuple[tuple[str, int], ...]
    flows: frozenset[str]
    asks: bool

    @property
    def empty(self) -> bool:
        """Whether nothing of the mathematics is in it: a sentence that only tells."""
        return not self.roles and not self.asks and all(t in NAMES for t in self.tokens)


def sentences(text: str) -> list[str]:
    """The sentences of a problem; a period inside a number ends none."""
    return [s for s in _SENTENCE.split(text.strip()) if s.strip()]


def skeleton(text: str, name: str = "") -> list[Sentence]:
    """The mathematics of a text, a sentence at a time.

    Args:
        text: A problem in English.
        name: A named reference whose own numbers do not count ("the 2022 World Cup final").
    """
    return [_sentence(s) for s in sentences(without_name(text, name))]


def without_name(text: str, name: str) -> str:
    """A text with every mention of a named reference replaced by a word without numbers.

    A number of the name beside another word of it is part of a mention too: "the final of the 2022 World Cup".
    """
    bare = re.sub(r"^the\s+", "", name.strip(), flags=re.I)
    if not bare:
        return text
    text = re.sub(rf"\b{re.escape(bare)}(?!\w)", "Event", text, flags=re.I)
    words = "|".join(re.escape(w) for w in re.findall(r"[A-Z]\w+", bare)) or "(?!)"
    for number in re.findall(r"\d+", bare):
        text = re.sub(rf"\b{number}\s+(?=(?:{words})\b)", "", text)
        text = re.sub(rf"\b({words})\s+{number}\b", r"\1", text)
    return text


def _sentence(text: str) -> Sentence:
    tokens: list[str] = []
    roles: Counter[str] = Counter()
    flows: set[str] = set()
    spoken = _TOGETHER.sub("altogether", text)
    roles.update(f"to the {way}" for way in _DIRECTION.findall(spoken))
    for match in _TOKEN.finditer(spoken):
        kind, piece = match.lastgroup, match.group()
        if kind == "number":
            tokens.append(piece.replace(",", "").replace("−", "-").replace("–", "-"))
        elif kind == "sign":
            tokens.append(piece.replace("−", "-").replace("–", "-"))
        elif kind == "capitals":
            tokens.append(piece)
        else:
            _word(piece, tokens, roles, flows)
    return Sentence(tuple(tokens), tuple(sorted(roles.items())), frozenset(flows), spoken.rstrip(' "”').endswith("?"))


def _word(piece: str, tokens: list[str], roles: Counter[str], flows: set[str]) -> None:
    bare = re.sub(r"['’]s?$", "", piece)
    low = bare.lower()
    if bare in NAMES:
        tokens.append(bare)
    elif low in _NUMBER_WORDS:
        tokens.append(_NUMBER_WORDS[low])
    elif len(bare) == 1:
        if bare not in "aAI":
            tokens.append(bare)
    elif low in _ROLE:
        roles[_ROLE[low]] += 1
    elif low not in _NOT_UNITS and (unit := measure(low)):
        roles[unit] += 1
    for flow, words in (("gain", _GAIN), ("use", _USE), ("loss", _LOSS)):
        if low in words:
            flows.add(flow)


def flow_fault(old: frozenset[str], new: frozenset[str]) -> str:
    """What is wrong where things come in one text and go in the other; "" if nothing."""
    if "loss" in old and not new & {"loss", "use"}:
        return "things no longer go away"
    if "loss" in new and not old & {"loss", "use"}:
        return "things go away that did not"
    if "gain" in old and "gain" not in new and new & {"use", "loss"} and not old & {"use", "loss"}:
        return "things are used up instead of gained"
    if "gain" in new and "gain" not in old and old & {"loss", "use"}:
        return "things are gained that were not"
    return ""
