"""Whether the quantities of a word problem can be real, as far as code can know: whole people, ages, prices, sizes.

The ranges are wide on purpose: they refuse a player of 50 feet, not an expensive ticket. Where no rule speaks about a
text, nothing is claimed.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from classwright.classroom.skeleton import sentences
from classwright.skilltree.units import measure
from classwright.skilltree.word_answers import singular

_PEOPLE = frozenset(
    "person people child children kid student player fan runner swimmer dancer singer rider passenger visitor friend "
    "teammate coach actor astronaut chef baker teacher adult boy girl team dog cat horse puppy pony animal bird fish "
    "helper family member crew pilot goalkeeper spectator".split()
)
_METERS = {"mm": "1/1000", "cm": "1/100", "m": "1", "km": "1000", "in": "127/5000", "ft": "381/1250", "yd": "1143/1250",
           "mi": "201168/125"}  # fmt: skip
_KILOGRAMS = {"mg": "1/1000000", "g": "1/1000", "kg": "1", "oz": "567/20000", "lb": "4536/10000"}

# what is measured | dimension | least, most (meters, kilograms, dollars)
_RANGES = """
person player child kid student friend boy girl coach dancer swimmer teacher runner rider | length | 0.3, 2.6
person player child kid student friend boy girl coach dancer swimmer teacher runner rider | mass | 2, 300
ball football basketball | length | 0.02, 1
ball football basketball | mass | 0.001, 10
pitch field court stadium | length | 5, 1000
dog puppy cat | mass | 0.05, 120
horse pony | mass | 20, 1200
book notebook card ticket | length | 0.01, 1
bike bicycle | length | 0.3, 4
pool | length | 1, 200
ticket pass | price | 0.01, 5000
pencil eraser sticker card marker spoon cookie muffin egg apple banana | price | 0.01, 100
ball shirt jersey scarf towel helmet book game poster toy leash collar headband apron | price | 0.05, 1000
bike guitar piano horse pony robot telescope | price | 1, 1000000
"""
# the last word of what is poured, and of what is filled
_LIQUIDS = frozenset(
    "water juice drink lemonade milk tea coffee cocoa soup sauce oil paint ink glue fuel gas diesel gasoline soap "
    "shampoo syrup honey dough batter broth stew punch smoothie shake yogurt cream potion lava slime plaster "
    "cement bait food feed flour sugar rice sand soil salt popcorn cereal oats butterbeer nectar sap coolant "
    "cleaner varnish dye stage lotion sunscreen ice liquid air helium vinegar dressing chocolate pudding gravy "
    "wax acid solution mix mixture".split()
)
_CONTAINERS = frozenset(
    "box bag basket crate bucket case folder drawer shelf rack tray jar chest pack packet kit set bowl plate "
    "locker row stall cup bin trunk backpack pouch cart wagon car boat bus van truck tank bottle glass "
    "container barrel tub tube pot pan album binder envelope pocket purse sack suitcase tin can tent cabin cage "
    "bed hutch pond pool pit table desk board grid seat bench stadium room cauldron shelves vault hold stable sheet "
    "cooler net stand".split()
)
_POURED = re.compile(
    r"\b(?:liters?|milliliters?|gallons?|quarts?|pints?)(?: each)? of (?P<what>[a-z][a-z' -]*?)"
    r"(?= (?:for|in|on|into|at|and|each|from|to|with|is|are|equally|among|that|per|every|after|before|by)\b|[.,?])",
    re.I,
)
_HOLDS = re.compile(
    r"\b(?:each|every|one) (?P<what>[a-z][a-z ]*?) (?:is|has|holds|contains) [\d/. ,]+ "
    r"(?:liters?|milliliters?|gallons?|quarts?|pints?)\b",
    re.I,
)
_SHARES = frozenset("portion serving helping part sip drop share piece one of amount".split())
_FILLED = re.compile(r"\bfills? \d+ (?P<what>[a-z][a-z ]*?)(?= (?:and|with|of|at|in|equally|for|to)\b|[.,?])", re.I)
_NUMBER = r"(?P<number>\$?\d[\d,]*(?:\.\d+)?)"
_IS = re.compile(
    r"(?:^|[,;:] |\band |\bthat )(?:(?:the|a|an|one|each|every|this|that|\w+'s) )?(?P<thing>(?:[a-z]+ )?[a-z]+) "
    rf"(?:is|are|weighs?|measures?|costs?|stands?) (?:about |only )?{_NUMBER}\s*(?P<unit>[a-z°]*)",
    re.I,
)
_FRACTIONAL = re.compile(r"(?<![\d.,/$])(?:\d+\.\d+|\d+\s+\d+/\d+|\d+/\d+)\s+(?P<thing>[a-z]+)", re.I)
_AGE = re.compile(r"(\d[\d,]*(?:\.\d+)?)[\s-]+years?[\s-]+old", re.I)
_SPEED = re.compile(
    rf"\b(?P<who>walks?|runs?|swims?|rides?|cycles?|pedals?)\b[^.]*?{_NUMBER}\s*(?:km/h|kilometers per hour)", re.I
)
_FASTEST = {"walk": 15, "run": 45, "swim": 12, "ride": 120, "cycle": 120, "pedal": 120}


class Realism(NamedTuple):
    """What code says: the fault ("" for none) and whether any rule spoke about a quantity of the text."""

    fault: str
    spoke: bool


def realism(text: str) -> Realism:
    """Whether the quantities of a problem are possible."""
    spoke = False
    for sentence in sentences(text):
        for rule in (_whole_beings, _ages, _speeds, _sizes, _kinds):
            fault, heard = rule(sentence)
            spoke = spoke or heard
            if fault:
                return Realism(fault, True)
    return Realism("", spoke)


def _whole_beings(sentence: str) -> Realism:
    averaged = re.search(r"\b(?:mean|average)\b", sentence, re.I)  # a mean of 2.5 children is no half child
    for match in () if averaged else _FRACTIONAL.finditer(sentence):
        if singular(match["thing"].lower()) in _PEOPLE:
            return Realism(f"{match.group()}: people and animals come in whole numbers", True)
    counted = re.findall(r"(?<![\d.,/$])\d[\d,]* ([a-z]+)", sentence, re.I)
    return Realism("", any(singular(word.lower()) in _PEOPLE for word in counted))


def _ages(sentence: str) -> Realism:
    ages = [Fraction(age.replace(",", "")) for age in _AGE.findall(sentence)]
    beings = any(singular(w.lower()) in _PEOPLE for w in re.findall(r"[a-z]+", sentence, re.I))
    if any(age > 120 for age in ages) and beings:
        return Realism(f"nobody is {float(max(ages)):g} years old", True)
    return Realism("", bool(ages))


def _speeds(sentence: str) -> Realism:
    match = _SPEED.search(sentence)
    if match is None:
        return Realism("", False)
    fastest = _FASTEST[match["who"].lower().removesuffix("s")]
    if _value(match["number"]) > fastest:
        return Realism(f"{match['number']} kilometers per hour is too fast to {match['who'].lower()}", True)
    return Realism("", True)


def _sizes(sentence: str) -> Realism:
    spoke = False
    for match in _IS.finditer(sentence):
        size, thing = _in_base(match["number"], match["unit"]), singular(match["thing"].lower().split()[-1])
        limits = _TABLE.get((thing, size[0])) if size else None
        if size and limits:
            spoke = True
            if not limits[0] <= size[1] <= limits[1]:
                return Realism(f"{match.group().strip(' ,;:')}: not plausible for a {thing}", True)
    return Realism("", spoke)


def _in_base(number: str, unit: str) -> tuple[str, Fraction] | None:
    """(dimension, size in meters, kilograms or dollars) of a measured number; None for other units."""
    known = measure(unit) if unit else None
    if number.startswith("$") or known == "dollar":
        return "price", _value(number)
    for dimension, table in (("length", _METERS), ("mass", _KILOGRAMS)):
        if known in table:
            return dimension, _value(number) * Fraction(table[known])
    return None


def _kinds(sentence: str) -> Realism:
    """Whether what is measured by the liter can be poured, and what is filled can hold something."""
    spoke = False
    for pattern, known, what in (
        (_POURED, _LIQUIDS, "is not measured by volume"),
        (_FILLED, _CONTAINERS, "holds nothing"),
        (_HOLDS, _LIQUIDS | _CONTAINERS | _SHARES, "is not measured by volume"),
    ):
        for match in pattern.finditer(sentence):
            spoke = True
            last = match["what"].lower().split(" of ")[0].split()[-1]
            if not {last, singular(last), last.replace("ves", "f").removesuffix("es")} & known:
                return Realism(f"{match['what']}: {what}, as far as code knows", True)
    return Realism("", spoke)


def _value(number: str) -> Fraction:
    return Fraction(number.strip("$").replace(",", ""))


_TABLE = {
    (thing, dimension.strip()): (Fraction(limits.split(",")[0].strip()), Fraction(limits.split(",")[1].strip()))
    for things, dimension, limits in (row.split("|") for row in _RANGES.strip().splitlines())
    for thing in things.split()
}
