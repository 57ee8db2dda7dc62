"""Number words of six languages as digits: "cuarenta y dos" is 42, "five sixths" 5/6, "null Komma fünf" 0.5.

English, Spanish, French, German, Portuguese and Italian. The names of 0 to 999 are generated and looked up, the longest
first, so that there is no grammar to get wrong; thousands are put together from them. Words that are also ordinary words somewhere ("once", "due", "one", "un") count only where the text around them says so.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

LONGEST = 9
"""Tokens that the longest name has ("novecientos noventa y nueve" has 4, with spare for variants)."""

_POINT = frozenset("point komma coma virgule virgola virgula ponto punto".split())
_MINUS = frozenset("minus negative menos moins meno".split())
_THOUSAND = frozenset("thousand tausend mil mille mila".split())
_AND = frozenset("and y et e und".split())
_OVER = frozenset("over sobre sur durch su fratto".split())
_ONE = frozenset("one a an un une una uno ein eine einen um uma".split())
_ORDINARY = frozenset(
    "one a an un une una uno ein eine einen um uma once due cent elf otto sei mil null dos seis nove vent zwo die hundred".split()
)
"""Number words that are something else too, in their own language or in another one of the six."""

_MEASURES = frozenset(
    "foot inch yard mile meter centimeter kilometer hour minute day week kilogram gram pound liter dollar".split()
)
_TELLS = frozenset(
    "is are equals equal get gets be makes gives answer number result exactly just only minus negative plus times over by "
    "es son est sont ist sind sono respuesta reponse antwort resposta risposta igual egal gleich macht fait sur sobre "
    "komma coma virgule virgola virgula point ergibt da viene kommt bekommst obtienes obtiens scrivi ecris escribe escreve "
    "schreib risultato resultado resultat ergebnis".split()
)
"""Words after which an ordinary word such as "one" is a number."""

_FOREIGN = {
    "es": "el la los las es respuesta que son tienes entonces numero de resultado escribe te da",
    "fr": "le la les est reponse que vous donc il resultat nombre de tu ecris obtiens non",
    "de": "der die das ist antwort sind also ergibt du zahl es kommt schreib heraus hin bekommst",
    "pt": "o os as a e resposta que sao entao voce da numero de resultado escreve certo",
    "it": "il lo gli e la risposta che sono quindi numero di della risultato viene scrivi giusto",
}  # fmt: skip

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve"
).split()
_ES_TENS = "_ _ _ treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()
_FR = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix_sept dix_huit "
    "dix_neuf"
).split()
_FR_TENS = "_ _ vingt trente quarante cinquante soixante".split()
_DE = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
_DE_TENS = "_ _ zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
_PT = (
    "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito "
    "dezenove"
).split()
_PT_TENS = "_ _ vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_PT_HUNDREDS = (
    "_ cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
).split()
_IT = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
).split()
_IT_TENS = "_ _ venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()


def _english(n: int) -> list[str]:
    if n < 20:
        return [_EN[n]]
    if n < 100:
        ends = (f" {_EN[n % 10]}", _EN[n % 10]) if n % 10 else ("",)
        spellings = [_EN_TENS[n // 10]] + (["fourty"] if n // 10 == 4 else [])
        return [tens + end for tens in spellings for end in ends]
    heads = [f"{_EN[n // 100]} hundred"] + (["a hundred", "hundred"] if n < 200 else [])
    rest = _english(n % 100)[0] if n % 100 else ""
    return [f"{h} {link}{rest}".strip() for h in heads for link in (("", "and ") if rest else ("",))]


def _spanish(n: int) -> list[str]:
    if n < 30:
        return [_ES[n], *{1: ["un", "una"], 21: ["veintiun", "veintiuna"]}.get(n, [])]
    if n < 100:
        ends = _spanish(n % 10) if n % 10 else [""]
        return [_ES_TENS[n // 10] + (f" y {e}" if e else "") for e in ends]
    if n == 100:
        return ["cien", "ciento"]
    heads = [_ES_HUNDREDS[n // 100], _ES_HUNDREDS[n // 100].replace("tos", "tas")]
    return [f"{h} {e}".strip() for h in dict.fromkeys(heads) for e in (_spanish(n % 100) if n % 100 else [""])]


def _french(n: int) -> list[str]:
    if n < 20:
        return [_FR[n].replace("_", " ")] + (["une"] if n == 1 else [])
    if n < 70:
        link = " et" if n % 10 == 1 else ""
        return [_FR_TENS[n // 10] + (f"{link} {e}" if e else "") for e in (_french(n % 10) if n % 10 else [""])]
    if n < 100:
        link = " et" if n == 71 else ""
        base = f"soixante{link} {_french(n - 60)[0]}" if n < 80 else "quatre vingt"
        standard = [base] if n < 80 else [f"{base} {_french(n - 80)[0]}"] if n > 80 else [base, base + "s"]
        swiss = {7: "septante", 8: "huitante", 9: "nonante"}[n // 10]
        link = " et" if n % 10 == 1 else ""
        return [*standard, swiss + (f"{link} {_french(n % 10)[0]}" if n % 10 else "")]
    head = "cent" if n < 200 else f"{_FR[n // 100]} cent"
    rest = _french(n % 100) if n % 100 else [""]
    return [f"{head} {e}".strip() for e in rest] + ([f"{head}s"] if n > 199 and not n % 100 else [])


def _german(n: int) -> list[str]:
    if n < 20:
        return [_DE[n], *{1: ["ein", "eine", "einen"], 2: ["zwo"]}.get(n, [])]
    if n < 100:
        tens, ones = _DE_TENS[n // 10], n % 10
        starts = ["ein" if ones == 1 else _DE[ones]] + (["zwo"] if ones == 2 else [])
        return [f"{s}und{tens}" for s in starts] if ones else [tens]
    heads = _german(n // 100)[:2] if n > 199 else ["ein", ""]
    rest = _german(n % 100)[0] if n % 100 else ""
    return [f"{h}hundert{link}{rest}" for h in heads for link in (("", "und") if rest else ("",))]


def _portuguese(n: int) -> list[str]:
    if n < 20:
        more = {1: ["uma"], 2: ["duas"], 14: ["catorze"], 16: ["dezasseis"], 17: ["dezassete"], 19: ["dezanove"]}
        return [_PT[n], *more.get(n, [])]
    if n < 100:
        return [_PT_TENS[n // 10] + (f" e {e}" if e else "") for e in (_portuguese(n % 10) if n % 10 else [""])]
    if n == 100:
        return ["cem", "cento"]
    heads = [_PT_HUNDREDS[n // 100], _PT_HUNDREDS[n // 100].replace("tos", "tas")]
    return [f"{h}{e}" for h in dict.fromkeys(heads)
            for e in ([f" e {r}" for r in _portuguese(n % 100)] if n % 100 else [""])]  # fmt: skip


def _italian(n: int) -> list[str]:
    if n < 20:
        return [_IT[n]] + (["un", "una"] if n == 1 else [])
    if n < 100:
        tens, ones = _IT_TENS[n // 10], n % 10
        joined = (tens[:-1] if ones in (1, 8) else tens) + (_IT[ones] if ones else "")
        return [joined] + ([joined[:-1]] if ones == 1 else [])
    head = ("" if n < 200 else _IT[n // 100]) + "cento"
    rest = _italian(n % 100)[0] if n % 100 else ""
    return [head + rest, head[:-1] + rest] if rest.startswith("o") else [head + rest]


_NAMES = (_english, _spanish, _french, _german, _portuguese, _italian)

_PARTS = {
    "half halves demi demis halb halbe halbes medio medios media meio meios meia mezzo mezzi mezza": 2,
    "third thirds tercio tercios tiers drittel terco tercos terzo terzi": 3,
    "fourth fourths quarter quarters cuarto cuartos quart quarts viertel quarto quartos quarti": 4,
    "fifth fifths quinto quintos cinquieme cinquiemes quinti": 5,
    "sixth sixths sexto sextos sixieme sixiemes sesto sesti": 6,
    "seventh sevenths septimo septimos septieme septiemes siebtel setimo setimos settimo settimi": 7,
    "eighth eighths octavo octavos huitieme huitiemes achtel oitavo oitavos ottavo ottavi": 8,
    "ninth ninths noveno novenos neuvieme neuviemes nono nonos noni": 9,
    "tenth tenths decimo decimos dixieme dixiemes decimi": 10,
    "hundredth hundredths centesimo centesimos centieme centiemes centesimi": 100,
    "thousandth thousandths milesimo milesimos millieme milliemes millesimo millesimi": 1000,
}
_HALF = ("half", "demie?", "medio", "media", "mei[oa]", "mezz[oa]")
_EN_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
                "nine": "ninth", "twelve": "twelfth"}  # fmt: skip


@cache
def _numbers() -> dict[str, int]:
    """Name (tokens with single spaces, lower case, no accents) -> number."""
    found: dict[str, int] = {}
    for name in _NAMES:
        for n in range(1000):
            for spelled in name(n):
                found.setdefault(_bare(spelled), n)
    return found


@cache
def _denominators() -> dict[str, int]:
    """Name of a part -> its denominator: "sixths", "forty fifths", "doceavos", "Fünfundvierzigstel"."""
    found = {word: n for words, n in _PARTS.items() for word in words.split()}
    for n in range(3, 101):
        head, _, last = _english(n)[0].rpartition(" ")
        ordinal = _EN_ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
        spanish = _spanish(n)[0].replace(" y ", "i")
        names = [f"{head} {ordinal}".strip(), _french(n)[0].removesuffix("e") + "ieme", _german(n)[0] + "stel",
                 _german(n)[0] + "tel", f"{_portuguese(n)[0]} avo", spanish + "avo", _spanish(n)[0] + "avo",
                 _italian(n)[0][:-1] + "esimo"]  # fmt: skip
        for spelled in names:
            bare = _bare(spelled)
            plural = bare[:-1] + "i" if bare.endswith("esimo") else bare + "s"
            found.setdefault(bare, n)
            found.setdefault(plural, n)
    return found


def _bare(text: str) -> str:
    """Lower case without accents; ß is ss."""
    marks = unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))
    return "".join(c for c in marks if not unicodedata.combining(c))


_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|\S")


def words_to_digits(text: str) -> str:
    """A text in which every number in words stands in digits; everything else stays as it is.

    Integers below a million, decimals ("zero point six two"), fractions ("five sixths", "fünf Sechstel", "cinco sobre
    seis"), mixed numbers ("one and a half") and runs of digits ("four two" becomes "42").
    """
    if not re.search(r"[^\W\d_]{2}", text):
        return text
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    bare = [_bare(t) for t, _, _ in tokens]
    foreign = _languages(bare)
    out: list[str] = []
    at = i = 0
    for i, j, digits in _spoken(text, tokens, bare, foreign):
        out += [text[at : tokens[i][1]], digits]
        at = tokens[j - 1][2]
    return _joined("".join(out) + text[at:])


def _languages(bare: list[str]) -> bool:
    """Whether a text is in one of the five languages that are not English."""
    present = set(bare)
    return any(len(present & set(words.split())) >= 2 for words in _FOREIGN.values())


def _spoken(
    text: str, tokens: list[tuple[str, int, int]], bare: list[str], foreign: bool
) -> Iterator[tuple[int, int, str]]:
    """(first token, token after the last, digits) of each number or part in words."""
    numbers, parts = _numbers(), _denominators()
    i = 0
    previous = ""  # what the token before was read as: "number", "part" or nothing
    while i < len(bare):
        found, end = None, i
        for j in range(min(len(bare), i + LONGEST), i, -1):
            phrase = _phrase(text, tokens, bare, i, j)
            if phrase is None:
                continue
            if phrase in parts and (previous == "number" or (i and bare[i - 1] in _ONE)):
                found, end, previous = f"/{parts[phrase]}", j, "part"
                break
            if (phrase in _THOUSAND or phrase == "hundred") and previous == "number":
                continue  # "trois mille": joined later
            if j == i + 1 and (whole := _compound(phrase)):
                found, end, previous = str(whole), j, "number"
                break
            if phrase in numbers and _is_number(phrase, bare, i, j, parts, foreign):
                found, end, previous = str(numbers[phrase]), j, "number"
                break
        if found is None:
            previous = "number" if bare[i].isdigit() else previous if bare[i] == "-" else ""
            i += 1
            continue
        yield i, end, found
        i = end


def _compound(word: str) -> int | None:
    """A German or Italian word for a number from a thousand on: "vierzigtausendzwei", "tremilacento"."""
    match = re.fullmatch(r"([a-z]*?)(?:tausend(?:und)?|mila|mille)([a-z]*)", word)
    if match is None or not any(match.groups()):
        return None
    head = _numbers().get(match[1]) if match[1] else 1
    rest = _numbers().get(match[2]) if match[2] else 0
    return None if head is None or rest is None else 1000 * head + rest


def _phrase(text: str, tokens: list[tuple[str, int, int]], bare: list[str], i: int, j: int) -> str | None:
    """Tokens i to j as a name, None where something other than a space or a hyphen stands between them."""
    words = []
    for k in range(i, j):
        if bare[k] == "-" and words and k + 1 < j:
            continue
        if not bare[k].isalpha():
            return None
        if words and not re.fullmatch(r"[\s\-‐‑]*", text[tokens[k - 1][2] : tokens[k][1]]):
            return None
        words.append(bare[k])
    return " ".join(words)


def _is_number(phrase: str, bare: list[str], i: int, j: int, parts: dict[str, int], foreign: bool) -> bool:
    """Whether a name is meant as a number here; always so unless it is an ordinary word too."""
    if phrase not in _ORDINARY:
        return True
    before = bare[i - 1] if i else ""
    after = bare[j] if j < len(bare) else ""
    if after in parts or after in _OVER or after in _POINT or " ".join(bare[j : j + 2]) in parts:
        return True
    if phrase in ("a", "an"):
        return False
    if phrase == "one" and after in _MEASURES:
        return True  # "one foot longer"
    if phrase in _ONE and after in ("in", "out") and any(t.isdigit() or t in _numbers() for t in bare[j + 1 : j + 3]):
        return True  # "one in four"
    if phrase in _ONE:
        if before in _POINT or before in _OVER or (before in _numbers() and _POINT & set(bare[max(0, i - 6) : i])):
            return True
        ends = after in ("", ".", "!", "?", ",", ";", ")") or after in ("plus", "minus", "times", "and")
        return ends and (before in _TELLS or before in (":", "=", "(", "<", ">") or before in _numbers())
    return foreign or before in _TELLS or before in _OVER or before in (":", "=", '"', "'", "“") or before in _numbers()


_HALVES = {name: str(n) for n in range(2, 21) for name in (_bare(_german(n)[0]) + "einhalb",)} | {
    "eineinhalb": "1", "anderthalb": "1"
}  # fmt: skip


def _any(words: frozenset[str]) -> str:
    return "|".join(sorted(words))


_JOINS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(rf"\b({'|'.join(_HALVES)})\b", re.I), lambda m: f"{_HALVES[_bare(m[1])]} 1/2"),
    (re.compile(r"\b(\d{1,2})[\s-]+hundred\b(?:,?\s+(?:and\s+)?(\d{1,2})\b)?(?!\s*/)", re.I),
     lambda m: str(int(m[1]) * 100 + int(m[2] or 0))),
    (re.compile(rf"\b(?:(\d{{1,3}})[\s-]+|(?:a|one)\s+|(?<![\w]))(?:{_any(_THOUSAND)})\b"
                rf"(?:,?\s+(?:(?:{_any(_AND)})\s+)?(\d{{1,3}})\b)?(?!\s*/)", re.I),
     lambda m: str(int(m[1] or 1) * 1000 + int(m[2] or 0)) if m[1] or m[2] else m[0]),
    (re.compile(r"\b(?:half\s+(?:a|1)\s+|(?:(\d+)|a|one)\s+)dozen\b", re.I),
     lambda m: str(12 * int(m[1] or 1)) if not m[0].lower().startswith("half") else "6"),
    (re.compile(rf"\b(\d+)\s+(?:{_any(_POINT)}|vírgula)\s+(\d+(?:[ ,]+\d)*)\b", re.I),
     lambda m: f"{m[1]}.{re.sub(r'[ ,]', '', m[2])}"),
    (re.compile(r"(?<!the )(?<!this )(?<!that )(?<!a )(?<!which )(?<!each )(?<![\w])point\s+(\d(?:[ ,]+\d)*)\b", re.I),
     lambda m: f"0.{re.sub(r'[ ,]', '', m[1])}"),
    (re.compile(r"\b(?:a|an|one|un|une|una|uno|ein|eine|um|uma)\s+/(\d+)", re.I), r"1/\1"),
    (re.compile(r"\bhalf\s+(?=an?\s)", re.I), "1/2 "),
    (re.compile(r"(\b(?:is|equals|get|answer|answer:|=)\s+)half\b(?!\s+(?:of|as|way|the|past|after)\b)", re.I), r"\g<1>1/2"),
    (re.compile(r"(\d)[\s-]*(?<![\s-]{2})/(\d+)"), r"\1/\2"),
    (re.compile(rf"\b(\d+)\s+(?:{_any(_OVER)}|über)\s+(\d+)\b", re.I), r"\1/\2"),
    (re.compile(rf"\b(\d+|one|uno?|une?|ein|eins|eine|um)\s+(?:wholes?\s+|enteros?\s+|entiers?\s+|ganze\s+|interi?o?\s+|inteiros?\s+)?"
                rf"(?:{_any(_AND)})\s+(?:(\d+/\d+)|(?:{'|'.join(_HALF)})\b)", re.I),
     lambda m: f"{m[1] if m[1].isdigit() else 1} {m[2] or '1/2'}"),
    (re.compile(rf"(?<![\w)] )(?<!\w)(?:{_any(_MINUS)})\s+(?=\d)|(?<=[a-z] )(?:{_any(_MINUS)})\s+(?=\d)", re.I), "-"),
]  # fmt: skip


def _joined(text: str) -> str:
    """Join what belongs together: thousands, dozens, decimals, fractions, mixed numbers, signs."""
    for pattern, replacement in _JOINS:
        text = pattern.sub(replacement, text)
    return text
