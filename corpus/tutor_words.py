"""Which patterns can say a tutor's move, and what fills them: only what the move's point and example give."""

import re

from classwright.classroom.next_move import NextMove
from classwright.corpus import phrases
from classwright.corpus.dialogue_phrases import Values, Words
from classwright.corpus.voiced import voiced

_ACTS = (
    ("Ask how the learner got there.", "explain"),
    ("The learner seems to think this:", "question"),
    ("A smaller problem where the idea fails", "smaller"),
    ("Draw attention to this step of the method:", "spot"),
    ("Have the learner see it:", "picture"),
    ("Go back to what comes first", "small_piece"),
    ("Tell the method, not the answer.", "strategy"),
    ("Do not give the answer;", "withhold"),
    ("Invite the learner to begin.", "invite"),
    ("Say that it is right and close.", "close"),
    ("Let the learner go kindly.", "let_go"),
    ("Give time and an easy way in.", "wait"),
    ("Have the learner check the work.", "check"),
    ("Ask for another way.", "again"),
    ("The answer is right. Have the learner say why the first", "success"),
    ("Ask how the learner worked out", "worked_out"),
    ("Have the learner work out", "rework"),
    ("Have the learner find out whether", "roughly"),
    ("Say how to work it out", "tell_parts"),
    ("Ask why the learner wrote", "why_sign"),
    ("Ask what “", "finds_out"),
    ("Ask what the numbers in", "each_number"),
    ("Ask what the ", "stands_for"),
    ("Ask for the unit", "of_what"),
    ("A tiny story in which", "tiny"),
    ("Say which operation it is", "tell_operation"),
    ("Have the learner read “", "reread"),
    ("Have the learner compare the size", "size"),
    ("Have the learner draw the story", "draw"),
    ("Ask for the plan without numbers", "plan"),
    ("One sentence of the story at a time", "one_sentence"),
    ("Leave everything else; have the learner say", "one_line"),
    ("The answer is right. Have the learner say what was wrong", "was_wrong"),
    ("Have the learner see that something must be found", "before_that"),
    ("Have the learner see that in “", "larger"),
    ("Check “", "inverse"),
    ("Have the learner say what this tells", "tells"),
    ("Have the learner say what is asked", "asked"),
    ("Ask which part of the work", "least_sure"),
    ("Ask which numbers the learner used", "numbers_used"),
    ("Ask for the step that is missing", "next_step"),
    ("Ask for what can be found out first", "first_thing"),
    ("Say how to go about it", "tell_lines"),
    ("Say that a step comes before", "tell_before"),
    ("Say that a step is missing", "tell_missing"),
)
"""How a move's point begins -> the act; more special ones stand after none that they begin like."""
_FORMS = (
    (re.compile(r"Have the learner see that \S+ does not belong"), "belong"),
    (re.compile(r"Have the learner see that \S+ is not yet"), "not_yet"),
    (re.compile(r"Have the learner say what \S+ counts\."), "counts"),
    (re.compile(r"Have the learner notice that \S+ was not used"), "unused_told"),
    (re.compile(r"Have the learner notice that the \S+ of an earlier line"), "unused_found"),
)
"""Points with a number near their beginning -> the act."""
_KINDS = {
    "check": (("Are you sure?", "other"), ("Put your answer", "back"), ("Go through", "steps")),
    "again": (("Start fresh", "fresh"), ("Put your work", "friend"), ("Which part", "sure")),
    "wait": (("Take your time", "find"), ("No hurry", "know")),
    "success": (("You changed", "idea"), ("Yes. How", "classmate"), ("That fits.", "saw")),
}
"""Acts whose curated words ask for different things, by how these begin."""
_LONGEST = 20
"""Words of a step that can stand inside another sentence."""
_QUOTED = re.compile(r"“(.+?)”")
_SUM = re.compile(
    r"(?:Have the learner work out|Have the learner find out whether) (.+?) (?:again in another way|can be .+)\.$"
)
_PARTS = re.compile(r"^Take (.+) apart: ")
_TINY = re.compile(r"^Try it small: (.+)$")
_HINT = re.compile(r"^(In that line you .+?\.) Which ")
_STANDS = re.compile(r"Ask what the (\S+) in “")
_NUMBER = re.compile(r"(?:see|say what|notice) (?:that )?(?:the )?(\$?[\d][\d.,/]*) ")
_KNOWN = re.compile(r"Now that you know the (\S+),")
_UNDONE = re.compile(r"does (?P<calc>.+) bring you back to (?P<start>.+)\?$")
_FIRST = re.compile(r"larger or smaller than (.+?)\?")
_TELL = re.compile(r"^(You are not at the end yet.+|There is a step before that line.*?\.)(?: Which |$)")
_SMALL = re.compile(r"count it out: (.+) Does your way give the same as your drawing\?$")
_PIECE = re.compile(
    r"^Let us take one small piece\. (?:You have met (?P<name>.+?) before\. )?(?P<step>.+) What do you get\?$"
)
_METHOD = re.compile(r"^Here is the way to do it: (.+) Now try it with these numbers\.$")
_GOT = re.compile(r"\bgot (.+?)(?:\. What was your first step\?|\?)$")


def act_of(move: NextMove) -> str:
    """The act of a move, "" where no patterns are written for it."""
    act = next((name for form, name in _FORMS if form.match(move.point)), "")
    act = act or next((name for start, name in _ACTS if move.point.startswith(start)), "")
    kind = next((kind for start, kind in _KINDS.get(act, ()) if move.text.startswith(start)), "")
    return f"{act}_{kind}" if kind else act


def tutor_values(move: NextMove) -> Values:
    """What can fill a pattern for a move."""
    act, values = act_of(move), dict[str, str | Words]()
    match act:
        case "explain":
            got = _GOT.search(move.text)
            values["got"] = got[1] if got and re.search(r"\d", got[1]) else ""
        case "question":
            name = move.addresses or ""
            values["ask"] = Words(tuple((f"{name}#{n}", t) for n, t in enumerate(voiced()[name].asks, 1)))
        case "smaller":
            values["small"] = _part(_SMALL, move.text)
        case "spot":
            values |= _step(move.point.partition(": ")[2])
        case "picture":
            picture = move.point.partition(": ")[2]
            values |= {"picture": picture, "see": verb_phrase(picture)}
        case "small_piece":
            piece = _PIECE.match(move.text)
            values |= {"name": piece["name"] or ""} | _step(piece["step"]) if piece else {}
        case "strategy":
            values["method"] = _part(_METHOD, move.text)
        case "reread" | "one_sentence" | "tells" | "asked" | "not_yet":
            values["line"] = _part(_QUOTED, move.point if act == "reread" else move.text)
            values["n"] = _part(_NUMBER, move.point)
        case "inverse":
            back = _UNDONE.search(move.text)
            values |= {"eq": _part(_QUOTED, move.point)} | (back.groupdict() if back else {})
        case "larger":
            values |= {"eq": _part(_QUOTED, move.point), "first": _part(_FIRST, move.text)}
        case "counts" | "unused_told" | "unused_found":
            values["n"] = _part(_NUMBER, move.point)
        case "next_step":
            values["n"] = _part(_KNOWN, move.text)
        case "tell_before" | "tell_missing":
            values["hint"] = _part(_TELL, move.text)
        case _:
            values |= {
                "eq": _part(_QUOTED, move.point),
                "n": _part(_STANDS, move.point),
                "sum": _part(_SUM, move.point) or _part(_PARTS, move.text),
                "story": _part(_TINY, move.text),
                "hint": _part(_HINT, move.text),
            }
    return values


def _step(step: str) -> dict[str, str]:
    return {"step": step, "do": verb_phrase(step)}


def _part(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def verb_phrase(sentence: str) -> str:
    """An instruction as it stands after "can you"; "" for what does not fit into another sentence."""
    said = phrases.verb_phrase(sentence, _LONGEST)
    return "" if ":" in said or ";" in said or len(said.split()) < 2 else said
