"""Whether a reply states an answer that is no plain number: lists, points, ratios, times, inequalities, algebra.

Each function takes the unified reply and the context and returns the reason, "" if there is none. What stands in the
question in the same words may be repeated.
"""

import itertools
import re
from fractions import Fraction

from classwright.classroom.leak_context import Context, asks, claims, sentence_at, stands_in, structural
from classwright.classroom.mentions import mentions, unified
from classwright.skilltree.algebra_answers import letters_of
from classwright.skilltree.grading import grade
from classwright.skilltree.reading import read_number
from classwright.skilltree.word_answers import is_special

_NUMBER = r"-?\d+(?:\.\d+)?(?:\s?/\s?\d+)?"


def answer_numbers(asked: Context) -> list[Fraction]:
    """The numbers of the answer in order, with their signs."""
    return [m.value for m in mentions(_spaced(asked.problem.answer))]


def _spaced(answer: str) -> str:
    return re.sub(r"(?<=[\d)])(?=[A-Za-z(])|(?<=[A-Za-z)])(?=[\d(])|:", " ", answer)


def in_question(piece: str, asked: Context) -> bool:
    """Whether the question has a piece of it just so."""
    return stands_in(piece, asked.question)


def states_list(text: str, asked: Context) -> str:
    """A list of numbers or words, as a whole."""
    if is_special(asked.problem.answer):
        return states_special(text, asked)
    wanted = answer_numbers(asked)
    if not wanted:
        return states_words(text, asked)
    found = [m for m in mentions(text) if not structural(text, m, asked)]
    values = [m.value for m in found]
    reason = f"states the answer {asked.problem.answer}"
    if (asked.problem.form == "set" or len(wanted) > 3) and not _run(text, wanted, asked):
        fresh = {v for v in wanted if v not in asked.heard and str(v) not in asked.surfaces}
        claimed = {m.value for m in found if not asked.given(m) or claims(text, m.start, m.end)}
        if fresh and fresh <= claimed and set(wanted) <= set(values) | asked.heard:
            return reason
        return ""
    return reason if _run(text, wanted, asked) else ""


def _run(text: str, wanted: list[Fraction], asked: Context) -> bool:
    """Whether the numbers of the answer stand one after the other with little between them."""
    found = list(mentions(text))
    for i in range(len(found) - len(wanted) + 1):
        run = found[i : i + len(wanted)]
        gaps = [text[a.end : b.start] for a, b in itertools.pairwise(run)]
        ordered = [m.value for m in run] == wanted
        if (ordered or (asked.problem.form == "set" and sorted(m.value for m in run) == sorted(wanted))) and all(
            len(g) < 48 and not re.search(r"[.!?]\s", g) and not re.fullmatch(r"\s*[+*/]\s*", g) for g in gaps
        ):
            piece = text[run[0].start : run[-1].end]
            if claims(text, run[0].start, run[-1].end):
                return True
            if not in_question(piece, asked) and not (len(piece) > 60 and all(asked.given(m) for m in run)):
                return True
    return False


def states_point(text: str, asked: Context) -> str:
    """A point, as a pair or coordinate by coordinate."""
    if is_special(asked.problem.answer):
        return states_special(text, asked)
    wanted = answer_numbers(asked)
    named = named_coordinates(text)
    letters = "xyz"[: len(wanted)]
    if [named.get(c) for c in letters] == wanted:
        return f"states the answer {asked.problem.answer}"
    for match in re.finditer(
        rf"[(\[]?\s*({_NUMBER})\s*(?:[,;|]|and|y|et|und|e)\s*({_NUMBER})(?![\w.]?[\w^])(?:\s*[,;]\s*({_NUMBER}))?", text
    ):
        values = [_fraction(g) for g in match.groups() if g]
        if values == wanted and not in_question(f"({match[1]}, {match[2]})", asked):
            return f"states the answer {asked.problem.answer}"
    return ""


def named_coordinates(text: str) -> dict[str, Fraction | None]:
    """The coordinates that a text names: "x = 3 and y is -7"."""
    pattern = rf"\b([xyz])(?:\s*-?\s*(?:coordinate|value))?\s*(?:=|is|:|equals|of)\s*({_NUMBER})"
    return {axis.lower(): _fraction(number) for axis, number in re.findall(pattern, text, re.I)}


def _fraction(text: str) -> Fraction | None:
    number = read_number(text.replace(" ", ""))
    return number.value if number else None


def states_ratio(text: str, asked: Context) -> str:
    """A ratio as 3:8, 3 to 8, 3/8, "for every 3 roses there are 8 tulips"."""
    wanted = [Fraction(int(n)) for n in re.findall(r"\d+", asked.problem.answer)]
    gap = r"\s*(?::|/|to|is\s+to|a|à|zu|para|per|out\s+of|gegen|::|against)\s*"
    word = r"(?:\s+[a-z]+){0,3}?,?\s+(?:(?:there\s+(?:are|is)|you\s+(?:have|see|get)|come|we\s+have|for|to|and|hay|il\s+y\s+a)\s+){1,2}"
    for pattern in (gap.join([r"(\d+)"] * len(wanted)), rf"(?:every|each|per|cada|chaque|jede)\s+(\d+){word}(\d+)",
                    r"(\d+)(?:\s+[a-z]+){1,2}\s+(?:to|for\s+every|for\s+each|per|and|go\s+with)\s+(\d+)"):  # fmt: skip
        for match in re.finditer(rf"(?<![\d.:/])(?:{pattern})(?![\d:])", text, re.I):
            values = [Fraction(int(g)) for g in match.groups() if g]
            if len(values) != len(wanted) or 0 in values:
                continue
            same = all(v * wanted[0] == w * values[0] for v, w in zip(values, wanted, strict=True))
            exact = values == wanted or asked.problem.form != "simplest"
            if same and exact and not in_question(match[0], asked):
                return f"states the answer {asked.problem.answer}"
    return ""


_CLOCK = [
    (re.compile(r"(?<![\d:])(\d{1,2})\s*(?::|\.|h|uhr|horas?\s+y|heures?|horas?\s+e|ore\s+e)\s*(\d{2})(?![\d:])", re.I), lambda a, b: a * 60 + b),
    (re.compile(r"(?<![\d:.,/-] )(?<![\d:.,/-])(\d{1,2})\s+(\d{2})(?![\d:./]| \d)", re.I), lambda a, b: a * 60 + b),
    (re.compile(r"\bhalf[\s-]+past\s+(\d{1,2})|\b(\d{1,2})\s*(?:y\s+media|heures?\s+et\s+demie|e\s+meia|e\s+mezza?o?|uhr\s+dreissig)", re.I), lambda a, b: a * 60 + 30),
    (re.compile(r"(?<![\d/])(\d{1,2})\s+1/2(?!\d)", re.I), lambda a, b: a * 60 + 30),
    (re.compile(r"\bhalb\s+(\d{1,2})", re.I), lambda a, b: (a - 1) * 60 + 30),
    (re.compile(r"\b(?:quarter|viertel|1/4)[\s-]+(?:past|after|nach)\s+(\d{1,2})|\b(\d{1,2})\s+(?:y\s+cuarto|et\s+quart|e\s+un\s+quarto|e\s+quinze)", re.I), lambda a, b: a * 60 + 15),
    (re.compile(r"\b(?:quarter|viertel|1/4)[\s-]+(?:to|before|till|of|vor)\s+(\d{1,2})", re.I), lambda a, b: a * 60 - 15),
    (re.compile(r"(?<!\d)(\d{1,2})(?:\s+min\w*)?\s+(?:past|after|nach)\s+(\d{1,2})", re.I), lambda a, b: b * 60 + a),
    (re.compile(r"(?<!\d)(\d{1,2})(?:\s+min\w*)?\s+(?:to|before|till|vor)\s+(\d{1,2})(?!\d)", re.I), lambda a, b: b * 60 - a),
    (re.compile(r"(?<![\d:])(\d{1,2})\s*(?:o'?\s?clock|[ap]\.?m\b|uhr\b|en\s+punto|heures?(?!\s*(?:et|\d)))", re.I), lambda a, b: a * 60),
]  # fmt: skip


def states_time(text: str, asked: Context) -> str:
    """A time, in digits or as it is said."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", asked.problem.answer.strip())
    if match is None:
        return ""
    wanted = int(match[1]) % 12 * 60 + int(match[2])
    for pattern, minutes in _CLOCK:
        for found in pattern.finditer(text):
            numbers = [int(g) for g in found.groups() if g]
            if minutes(numbers[0], numbers[-1]) % 720 == wanted and not in_question(found[0], asked):
                return f"states the answer {asked.problem.answer}"
    whole = not int(match[2]) and re.search(
        rf"\b(?:time|it|clock|hour|las|heure|ore)\s*(?:is|'s|says|shows|reads|=|:)?\s*(?:exactly\s+)?{int(match[1])}\b(?!\s*(?:and|\d))",
        text,
        re.I,
    )
    if whole and claims(text, whole.end() - len(str(int(match[1]))), whole.end()):
        return f"states the answer {asked.problem.answer}"
    return ""


_SAME_OR = r"(?:\s+or\s+(?:is\s+)?equal\s+to)"
_ORDER = [
    (rf"(?:is\s+|are\s+|be\s+|must\s+be\s+)?(?:(?:less|smaller|lower|fewer)\s+than{_SAME_OR}|at\s+most|no\s+(?:more|greater|bigger|larger)\s+than|up\s+to\s+(?:and\s+including\s+)?|not\s+(?:more|greater)\s+than|menor\s+o\s+igual\s+(?:a|que)|inférieur\s+ou\s+égal\s+à|kleiner\s+(?:oder\s+)?gleich|höchstens|como\s+mucho)", "<="),
    (rf"(?:is\s+|are\s+|be\s+|must\s+be\s+)?(?:(?:greater|bigger|larger|more|higher)\s+than{_SAME_OR}|at\s+least|no\s+(?:less|smaller)\s+than|not\s+(?:less|smaller)\s+than|mayor\s+o\s+igual\s+(?:a|que)|supérieur\s+ou\s+égal\s+à|größer\s+(?:oder\s+)?gleich|mindestens|como\s+mínimo)", ">="),
    (r"(?:is\s+|are\s+|be\s+|must\s+be\s+|es\s+|est\s+|ist\s+|é\s+|è\s+)?(?:strictly\s+)?(?:(?:less|smaller|lower|fewer|shorter)\s+than|below|under|to\s+the\s+left\s+of|menor\s+(?:que|do\s+que|di)|plus\s+petit\w*\s+que|inférieur\w*\s+à|kleiner\s+als|minore\s+di|più\s+piccol\w\s+di)", "<"),
    (r"(?:is\s+|are\s+|be\s+|must\s+be\s+|es\s+|est\s+|ist\s+|é\s+|è\s+)?(?:strictly\s+)?(?:(?:greater|bigger|larger|more|higher|longer)\s+than|above|over(?=\s+-?\d)|beyond|to\s+the\s+right\s+of|mayor\s+(?:que|do\s+que)|maior\s+(?:que|do\s+que)|plus\s+grand\w*\s+que|supérieur\w*\s+à|größer\s+als|maggiore\s+di|più\s+grand\w\s+di)", ">"),
    (r"(?:is\s+|are\s+)?(?:equal\s+to|equals?|the\s+same\s+(?:size\s+)?as|as\s+(?:big|large|much)\s+as|exactly\s+the\s+same\s+as|igual\s+(?:a|que)|égal\w*\s+à|gleich(?=\s)|uguale\s+a)", "="),
]  # fmt: skip
_ORDERS = [(re.compile(rf"\b{pattern}\s*", re.I), f" {sign} ") for pattern, sign in _ORDER]


def with_signs(text: str) -> str:
    """Comparisons in words as signs: "x is at most six" is "x <= 6"."""
    text = text.replace("≤", "<=").replace("≥", ">=").replace("=<", "<=").replace("=>", ">=")
    text = re.sub(r"\b(?:must|has\s+to|have\s+to|should|can|will|would)\s+be\b", "is", text, flags=re.I)
    for pattern, sign in _ORDERS:
        text = pattern.sub(sign, text)
    text = re.sub(
        rf"({_NUMBER})\s+(?:and|or)\s+(?:less|smaller|lower|fewer|under|below|anything\s*<|everything\s*<)\b",
        r"<= \1",
        text,
    )
    text = re.sub(rf"({_NUMBER})\s+(?:and|or)\s+(?:more|greater|bigger|larger|higher|above|over|up)\b", r">= \1", text)
    return re.sub(r"\b(?:is|are|be)\s+(?=[<>])", "", text)


def states_inequality(text: str, asked: Context) -> str:
    """An inequality with its letter, or "everything below 8", "8 or less", "the interval (-3, 5]"."""
    if is_special(asked.problem.answer):
        return states_special(text, asked)
    letter = next(iter(sorted(letters_of(asked.problem.answer))), "x")
    reason = f"states the answer {asked.problem.answer}"
    signs, question = with_signs(text), with_signs(asked.question)
    sign = r"\s*(?:<=|>=|<|>)\s*"
    chain = rf"{_NUMBER}{sign}{letter}{sign}{_NUMBER}|{_NUMBER}{sign}{letter}\b|\b{letter}{sign}{_NUMBER}"
    bare = rf"(?<![\w)<>=] )(?<![\w)<>=])(?:<=|>=|<|>)\s*{_NUMBER}|\b(?:numbers?|values?|everything|anything|answers?|all|it|solutions?|that|which|one)\s*(?:<=|>=|<|>)\s*{_NUMBER}"
    for match in re.finditer(chain, signs, re.I):
        told = match[0] in text or not stands_in(match[0], question)
        if (
            told
            and not asks(sentence_at(signs, match.start()))
            and _solves(match[0], asked)
            and not in_question(match[0], asked)
        ):
            return reason
    for match in re.finditer(bare, signs, re.I):
        piece = f"{letter} {re.search(r'[<>].*', match[0])[0]}"  # type: ignore[index]
        if not stands_in(piece[2:], question) and not asks(sentence_at(signs, match.start())) and _solves(piece, asked):
            return reason
    interval = rf"([(\[])\s*({_NUMBER}|-?\s?(?:infinity|∞|inf))\s*[,;]\s*({_NUMBER}|\+?\s?(?:infinity|∞|inf))\s*([)\]])"
    for match in re.finditer(interval, text, re.I):
        low = f"{match[2]} {'<=' if match[1] == '[' else '<'} {letter}" if match[2][-1].isdigit() else ""
        high = f"{letter} {'<=' if match[4] == ']' else '<'} {match[3]}" if match[3][-1].isdigit() else ""
        piece = f"{low} {high.removeprefix(letter).strip() if low else high}".strip()
        if piece and _solves(piece, asked):
            return reason
    return ""


def _solves(piece: str, asked: Context) -> bool:
    return grade(" ".join(piece.split()), asked.problem).result == "right"


def states_special(text: str, asked: Context) -> str:
    """Words that stand for a value: "no solution", "undefined"."""
    answer = asked.problem.answer.lower()
    negated = r"(?:no|not\s+any|zero|0|never\s+any|without\s+a)\s+solutions?|(?:has|have)\s+no\s+solutions?|never\s+(?:true|equal)|sin\s+solución|pas\s+de\s+solution|keine\s+lösung|sem\s+solução|nessuna\s+soluzione"
    endless = r"infinitely\s+many|every\s+number|all\s+(?:real\s+)?numbers|any\s+number\s+works|always\s+true|infinite\w*\s+\w+"
    told = (
        negated
        if answer.startswith(("no", "none"))
        else endless
        if answer.startswith(("inf", "all", "many"))
        else re.escape(answer)
    )
    for match in re.finditer(told, text, re.I):
        sentence = sentence_at(text, match.start())
        if not asks(sentence) and not re.search(r"\b(?:or|if|whether|when|means|would)\b", sentence, re.I):
            return f"states the answer {asked.problem.answer}"
    return ""


def states_words(text: str, asked: Context) -> str:
    """A list of words in the order of the answer."""
    items = [i.strip().lower() for i in asked.problem.answer.split(",")]
    pattern = r"\W+(?:\w+\W+){0,3}?".join(re.escape(unified(i)) for i in items)
    match = re.search(pattern, text, re.I)
    return f"states the answer {asked.problem.answer}" if match and not in_question(match[0], asked) else ""
