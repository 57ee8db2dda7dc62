"""The names of numbers and of parts of a whole in six languages, generated."""

import unicodedata
from functools import cache

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
    "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
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


def german(n: int) -> list[str]:
    """The spellings of 0 to 999 in German, the usual one first."""
    if n < 20:
        return [_DE[n], *{1: ["ein", "eine", "einen"], 2: ["zwo"]}.get(n, [])]
    if n < 100:
        tens, ones = _DE_TENS[n // 10], n % 10
        starts = ["ein" if ones == 1 else _DE[ones]] + (["zwo"] if ones == 2 else [])
        return [f"{s}und{tens}" for s in starts] if ones else [tens]
    heads = german(n // 100)[:2] if n > 199 else ["ein", ""]
    rest = german(n % 100)[0] if n % 100 else ""
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


_NAMES = (_english, _spanish, _french, german, _portuguese, _italian)

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
_EN_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
                "nine": "ninth", "twelve": "twelfth"}  # fmt: skip


@cache
def number_names() -> dict[str, int]:
    """Name (tokens with single spaces, lower case, no accents) -> number."""
    found: dict[str, int] = {}
    for name in _NAMES:
        for n in range(1000):
            for spelled in name(n):
                found.setdefault(bared(spelled), n)
    return found


@cache
def part_names() -> dict[str, int]:
    """Name of a part -> its denominator: "sixths", "forty fifths", "doceavos", "Fünfundvierzigstel"."""
    found = {word: n for words, n in _PARTS.items() for word in words.split()}
    for n in range(3, 101):
        head, _, last = _english(n)[0].rpartition(" ")
        ordinal = _EN_ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
        spanish = _spanish(n)[0].replace(" y ", "i")
        names = [f"{head} {ordinal}".strip(), _french(n)[0].removesuffix("e") + "ieme", german(n)[0] + "stel",
                 german(n)[0] + "tel", f"{_portuguese(n)[0]} avo", spanish + "avo", _spanish(n)[0] + "avo",
                 _italian(n)[0][:-1] + "esimo"]  # fmt: skip
        for spelled in names:
            bare = bared(spelled)
            plural = bare[:-1] + "i" if bare.endswith("esimo") else bare + "s"
            found.setdefault(bare, n)
            found.setdefault(plural, n)
    return found


def bared(text: str) -> str:
    """Lower case without accents; ß is ss."""
    if text.isascii():
        return text.lower()
    marks = unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))
    return "".join(c for c in marks if not unicodedata.combining(c))
