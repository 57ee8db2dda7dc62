"""Whether a word or sign that talk is full of ("right", "no", "=") is said as an answer, or only stands there.

"It is right because ..." answers which kind of angle it is; "mark it as right" does not. A text counts as an answer
when what stands around the word only introduces it, repeats the question or gives a reason. Words to the tutor or the
grader void it: such a text asks for something, and what it is about is not clear.
"""

import re

EVERYDAY = frozenset("right straight yes no same i even odd less more equal all none one true false correct".split())
"""Choices, without article and plural, that occur in talk about anything."""
_LEAD = frozenset(
    "i think it it's its is are be was that that's this these those they they're the a an so then answer answers "
    "my say says said guess believe must would should could choose chose pick picked use put write wrote get got "
    "sign symbol one ones here there well um uh okay ok oh hmm probably maybe definitely surely for in with "
    "between both two of to and called kind we you can see know therefore just only all each side sides them "
    "number numbers i'm i'd i'll sure pretty".split()
)
"""Words that introduce an answer."""
_REASON = frozenset("because cause since so when if but too also actually for than though".split())
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|pretend|reveal|prompt|instructions?|guidelines?|polic(?:y|ies)|verdicts?)\b"
    r"|\b(?:mastery|graders?|checkers?|developer|admin)\b"
    r"|\b(?:mark|count|accept|treat|grade|score)\b.{0,60}\b(?:right|correct|true|solved|done|yes)\b"
    r"|\b(?:tell|give|show|say|spell|print)\b(?: me| us)?.{0,40}\banswers?\b"
    r"|(?:==|\w=\s?'?[a-z]{3}|[{}\[\]`\\|_])",
    re.IGNORECASE,
)
"""What only somebody says who wants something of the tutor or the grader."""
_ABOUT = re.compile(
    r"\b(?:print|repeat|update|assert|output|system|rules?|results?|grades?|grading|scores?|tutors?|teachers?|professor)\b"
    r"|\b(?:principal|textbook)\b|\byou (?:must|have to|will|are)\b|\bagree\b"
    r"|\b(?:get|got|gets|did|do|does|done|have|had)\s+(?:it|this|that|them|everything|all)\s+right\b"
    r"|\b(?:am|i'm|was|are you|that i'm)\s+(?:right|correct)\b",
    re.IGNORECASE,
)
"""What can also be said about the problem, in a reason."""
_BECAUSE = re.compile(r"\b(?:be)?cause\b|\bsince\b", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:do not|don['’]?t) (?:know(?! why| how)|get|understand)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")


def gives_orders(text: str, question: str) -> bool:
    """Whether a text wants something of the tutor or the grader ("mark it as right"), not in the question's words."""
    return any(match[0].lower() not in question.lower() for match in _ORDERS.finditer(text))


def speaks_to_tutor(text: str, question: str) -> bool:
    """Whether a text gives orders, or talks of lessons and grades before any reason that it gives."""
    claim = _BECAUSE.split(text, maxsplit=1)[0]
    about = any(match[0].lower() not in question.lower() for match in _ABOUT.finditer(claim))
    return about or gives_orders(text, question)


def is_everyday(choice: str) -> bool:
    """Whether a choice, without article and plural, is a word that talk about anything has."""
    return choice.lower() in EVERYDAY


def is_stated(text: str, start: int, end: int, question: str) -> bool:
    """Whether the word or sign at a place of a text is said as the answer to a question.

    Args:
        text: The whole text.
        start, end: Where the word stands.
        question: The problem's text, whose words say nothing by themselves.
    """
    if speaks_to_tutor(text[:start] + text[end:], question) or _UNSURE.search(text):
        return False
    asked = set(_words(question))
    before = re.split(r"\b(?:so|therefore|thus)\b", text[:start], flags=re.IGNORECASE)
    reasoned = len(before) > 1 and (re.search(r"\d", before[-2]) or asked & set(_words(before[-2])))
    lead = before[-1] if reasoned else text[:start]
    if any(word not in _LEAD and word not in asked for word in _words(lead)) or re.search(r"[<>=]", lead):
        return False
    for match in re.finditer(r"[^\W\d_]+(?:['’][a-z]+)?|\S", text[end:]):
        piece = match[0].lower()
        if piece == "?":
            return False
        if piece in _REASON or piece in ".,!;:\n" or "\n" in text[end : end + match.start()]:
            return True
        if piece[0].isalpha() and piece not in _LEAD and piece not in asked:
            return False
    return True


def starts_with_it(text: str, end: int, other: str, question: str) -> bool:
    """Whether the yes or no that a text starts with is its answer: "No, because ...", not "No idea" or "Yes or no?".

    Args:
        text: The whole text.
        end: Where its first word ends.
        other: "yes" for a text that starts with no, and the other way round.
        question: The problem's text.
    """
    rest = text[end:]
    if gives_orders(text, question) or _UNSURE.search(rest):
        return False
    if re.search(rf"\b(?:or|wait|actually|mean)\W+{other}\b|\b{other}\b\s*(?:[.,!?;]|$)", rest, re.IGNORECASE):
        return False
    following = re.match(r"\s+(\S+)", rest)
    if following is None:  # the end, or a comma
        return True
    word = following[1].lower().strip(".,!?;:")
    return not word.isalpha() or word in _REASON or word in _FOLLOWS or word in _words(question)


_FOLLOWS = frozenset(
    "it its it's they the that this these those there he she we i you not all both each every a an way".split()
)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]
