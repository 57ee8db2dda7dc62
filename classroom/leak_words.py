"""Whether a reply states an answer that is a word or a sign of comparison: "odd", "yes", "<"."""

import re

from classwright.classroom.leak_context import Context, asks, sentences
from classwright.classroom.leak_forms import states_special
from classwright.classroom.mentions import mentions, unified
from classwright.skilltree.word_answers import is_special

_IN_OTHER_LANGUAGES = {
    "even": "par pair gerade pari", "odd": "impar impair ungerade dispari", "yes": "sí si oui ja sim",
    "no": "non nein não nao", "acute": "agudo aigu spitz spitzer acuto", "right": "recto droit rechter reto retto",
    "obtuse": "obtuso obtus stumpf stumpfer ottuso", "straight": "llano plat gestreckt gestreckter raso piatto",
    "square": "cuadrado carré quadrat quadrado quadrato", "rectangle": "rectángulo rechteck retângulo rettangolo",
    "positive": "positiva positive positiv positivo", "negative": "negativa négative negativ negativo",
    "mean": "media moyenne mittelwert média", "median": "mediana médiane", "dots": "puntos points punkte pontos punti",
    "squares": "cuadrados carrés quadrate quadrados quadrati", "red": "rojo rouge rot vermelho rosso",
    "blue": "azul bleu blau blu", "green": "verde vert grün", "yellow": "amarillo jaune gelb amarelo giallo",
    "prime": "primo premier prim", "none": "ninguna aucune keine nenhuma nessuna",
}  # fmt: skip
_QUADRANTS = {"I": "first", "II": "second", "III": "third", "IV": "fourth"}
_COPULA = (
    r"(?:is|are|'s|was|be|called|has|have|wins?|answer|answer\s+is|answer:|pick|choose|say|write|it:|=|es|est|ist|é|è|"
    r"son|sont|sind|são|sono|respuesta:|antwort:|réponse:|resposta:|risposta:)"
)
_GENERAL = re.compile(
    r"\b(?:if|when|whenever|means|mean\s+that|called\s+\w+\s+when|whether|could|might|maybe|either|each\s+\w+\s+(?:that|which)|"
    r"any|always|definition|for\s+example|e\.g|you\s+(?:said|wrote|say|think|told|answered|picked|chose)|how\s+(?:do|can)\s+(?:you|we)|unless|only|compare|check|says?\s+that)\b",
    re.I,
)


def states_choice(text: str, asked: Context) -> str:
    """A choice or word, claimed of the thing in question; a definition or the choices side by side are no claim."""
    problem = asked.problem
    answer, shown = problem.answer.lower(), re.escape(unified(problem.answer))
    if is_special(answer) and not problem.choices:
        return states_special(text, asked)
    if re.search(
        rf"\banswer(?:\s+(?:here|to\s+this))?\s*(?:is|=|:|must\s+be|should\s+be)\s*[\"'(]*{shown}(?!\w)", text, re.I
    ):
        return f"states the answer {problem.answer}"
    if answer in ("yes", "no"):
        return _predicate(text, asked, answer == "yes")
    others = [c for c in problem.choices if c.lower() != answer]
    forms = [shown, *_IN_OTHER_LANGUAGES.get(answer, "").split()]
    if problem.answer in _QUADRANTS:
        forms.append(_QUADRANTS[problem.answer])
    pattern = re.compile(rf"(?<![\w/.])(?:{'|'.join(forms)})(?![\w/]|\.\d)", re.I)
    for _, sentence in sentences(text):
        if asks(sentence) or any(
            re.search(rf"\b{re.escape(unified(o))}\b", sentence, re.I) for o in others if o.lower() not in answer
        ):
            named = _claimed_alone(sentence, pattern, others)
            if not named:
                continue
        for match in pattern.finditer(sentence):
            if _claims_choice(sentence, match):
                return f"states the answer {problem.answer}"
    return ""


def _claimed_alone(sentence: str, pattern: re.Pattern[str], others: list[str]) -> bool:
    """A sentence that names other choices too claims one if it denies them: "it is odd, not even"."""
    rest = "|".join(re.escape(unified(o)) for o in others)
    denies = re.search(
        rf"\b(?:not|isn't|rather\s+than|instead\s+of|more\s+\w+\s+than|than)\s+(?:an?\s+|the\s+)?(?:{rest})\b",
        sentence,
        re.I,
    )
    return bool(denies and pattern.search(sentence) and not asks(sentence))


def _general(sentence: str, position: int) -> bool:
    """Whether what is said at a position is a rule or a definition, not a claim about the thing in question."""
    clause = _clause(sentence, position)
    if re.search(r"\b(?:so|therefore|thus|hence)\b", sentence[:position], re.I):
        return bool(re.match(r"\W*(?:if|when)\b", clause, re.I))
    start = re.compile(r"\W*(?:if|when|whenever|every|any|all|in\s+an?)\b", re.I)
    rule = start.match(sentence) or start.match(clause)
    defines = re.match(r"\W*(?:(?:and|or|but)\s+)?(?:an?|any|every|some)\s+(?!\d)", clause, re.I)
    return bool(rule or defines or _GENERAL.search(clause))


def _clause(sentence: str, position: int) -> str:
    """The part of a sentence between commas that a position lies in."""
    start = max((sentence.rfind(mark, 0, position) for mark in (",", ";", ":")), default=-1)
    ends = [e for mark in (",", ";", ":") if (e := sentence.find(mark, position)) >= 0]
    return sentence[start + 1 : min(ends, default=len(sentence))]


def _claims_choice(sentence: str, match: re.Match[str]) -> bool:
    before, after = sentence[: match.start()], sentence[match.end() :]
    if re.fullmatch(r"\W*(?:(?:so|yes|well|ok)\W+)?(?:an?\s+|the\s+)?", before, re.I) and re.fullmatch(
        r"\W*(?:angle|number|one|association)?\W*", after, re.I
    ):
        return True  # the word alone
    if re.search(r"(?:^|\W)(?:an?|the)\s+$", before, re.I) and not re.search(
        rf"{_COPULA}\s+(?:in\s+)?(?:an?|the|more|really|just|clearly)\s+$", before, re.I
    ):
        # "an acute angle is ...": a definition, unless it is what the thing is called
        wins = r"\s+(?:\w+\s+)?(?:fits|is\s+the\s+(?:answer|right|best|one)|wins|it\s+is|is\s+(?:the\s+)?(?:\w*er|\w*est|more|most)\b)"
        return bool(re.match(wins, after, re.I)) and not _general(sentence, match.start())
    claimed = re.search(
        rf"{_COPULA}\W*(?:\w+\s+){{0,2}}?(?:an?\s+|the\s+|more\s+|just\s+|clearly\s+|indeed\s+|eine?\s+|une?\s+|un\s+|um\s+)*[\"'(]*$",
        before,
        re.I,
    ) or re.match(
        r"\W*\s*(?:is|are|fits|wins|would\s+be|has|have)\s+(?:the\s+)?(?:answer|right|correct|best|it\b|longer|longest|more|better)",
        after,
        re.I,
    )
    return bool(claimed) and not _general(sentence, match.start())


_SAME_LANGUAGE = {"prime": "prim|primo|premier|prime", "function": "función|fonction|funktion|função|funzione|function"}


def _predicate(text: str, asked: Context, true: bool) -> str:
    """The claim itself instead of yes or no: "39 is not prime" """
    question = [s for _, s in sentences(asked.question) if s.strip().endswith("?")] or [asked.question]
    terms = list(re.findall(r"[a-z]{4,}", question[-1].lower()))
    keys = [w for w in terms if re.search(r"(?:prime|function|proportional|rhombus|square|rectangle|parallelogram|trapezoid|kite|fourths|thirds|halves|sixths|eighths|equal|fair|solution|true|similar|congruent|even|odd|linear)", w)] or [r"\s+(?:\w+\s+)?".join(terms[-2:])]  # fmt: skip
    for key in keys:
        names = _SAME_LANGUAGE.get(key, key)
        says = re.compile(
            rf"\b(?:is|are|'s|does|do|it's|es|est|ist|é|è|represents?|shows?|isn't|aren't|n't|forms?|makes?)\s+(?P<not>not|n't|no|kein\w*|nicht|pas|non)?\s*"
            rf"(?:(?:really|indeed|actually|clearly|definitely|in\s+fact|always|also)\s+)?(?:an?\s+|the\s+|una?\s+|une\s+|eine?\s+|uma?\s+)?(?P<n2>not\s+)?(?:\w+\s+)?(?:{names})\b"
            rf"|\b(?:not|nicht|kein\w*|no|non|não|n'est\s+pas)\s+(?:es\s+|è\s+|é\s+)?(?:an?\s+|un\s+|une\s+|uma\s+|una\s+)?(?:\w+\s+)?(?P<n3>{names})\b",
            re.I,
        )
        for _, sentence in sentences(text):
            for match in says.finditer(sentence):
                if asks(sentence) or _general(sentence, match.start()):
                    continue
                negated = bool(match["not"] or match["n2"] or match["n3"]) or bool(
                    re.search(
                        r"(?:n't|\bnot|\bnever|\bno|\bnon|\bnão|\bne)\s*$",
                        sentence[: match.start()] + sentence[match.start() : match.start() + 6].split(" ")[0],
                        re.I,
                    )
                )
                subject = sentence[: match.start()].strip().lower()
                about = {m.value for m in mentions(_clause(sentence, match.start()))}
                if re.search(r"(?:^|\W)an?\s+\w+(?:\s+\w+)?$", subject) or (about and not about & asked.values):
                    continue  # "a prime number is ..." is a definition, "7 is prime" another example
                if negated != true:
                    return f"states the answer {asked.problem.answer}"
    return ""
