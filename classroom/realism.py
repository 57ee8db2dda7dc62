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
_NUMBER = r"(?P<number>\$?\d[\d,]*(?:\.\d+)?)"
_IS = re.compile(
    rf"(?P<thing>[a-z]+)(?:\s+[a-z]+){{0,2}}?\s+(?P<verb>is|are|weighs?|measures?|costs?|stands?)\s+(?:about\s+|only\s+)?{_NUMBER}\s*(?P<unit>[a-z°]*)",
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
        for rule in (_whole_beings, _ages, _speeds, _sizes):
            fault, heard = rule(sentence)
            spoke = spoke or heard
            if fault:
                return Realism(fault, True)
    return Realism("", spoke)


def _whole_beings(sentence: str) -> Realism:
    for match in _FRACTIONAL.finditer(sentence):
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
        unit, thing = measure(match["unit"]) if match["unit"] else None, singular(match["thing"].lower())
        size = _value(match["number"])
        if match["number"].startswith("$") or unit == "dollar":
            dimension = "price"
        elif unit in _METERS:
            dimension, size = "length", size * Fraction(_METERS[unit])
        elif unit in _KILOGRAMS:
            dimension, size = "mass", size * Fraction(_KILOGRAMS[unit])
        else:
            continue
        if (thing, dimension) in _TABLE:
            spoke = True
            least, most = _TABLE[thing, dimension]
            if not least <= size <= most:
                return Realism(f"{match.group().strip()}: not plausible for a {thing}", True)
    return Realism("", spoke)


def _value(number: str) -> Fraction:
    return Fraction(number.strip("$").replace(",", ""))


_TABLE = {
    (thing, dimension.strip()): (Fraction(limits.split(",")[0].strip()), Fraction(limits.split(",")[1].strip()))
    for things, dimension, limits in (row.split("|") for row in _RANGES.strip().splitlines())
    for thing in things.split()
}
