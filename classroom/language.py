"""Whether a short text is in the language it should be in: by its script, or by its function words.

Made for one question, "was this translated?", on texts of a sentence or two, where statistical identifiers are weak. A
Latin-script language without a table here is only told apart from English; `how_checked` says which way it was.
"""

import re
from typing import Literal

# code: name, the most frequent function words
_FUNCTION_WORDS = {
    "en": "English: the of and to is in that it for on with as are this be by have from you how what many does do "
    "which has at each there can your an write we they one",
    "es": "Spanish: el la los las de que y en un una es por con para se del al lo cuántos cuántas cuánto cuál qué "
    "cómo su tiene hay más son está cada no ellas ellos quedan queda si escribe como entre puedo ¿cuántos sí",
    "fr": "French: le la les de des et en un une est que pour dans avec du au aux sur il elle combien quel quelle "
    "qui ce cette sont plus chaque ne pas son sa a y comment je peux oui non",
    "de": "German: der die das und ist in den von zu mit dem ein eine einen auf für wie viele sind hat es nicht im "
    "des auch werden was welche jeder jede pro ich kann aus nein ja schreibe zusammen",
    "pt": "Portuguese: o a os as de que e em um uma é por com para se do da dos das no na quantos quantas quanto "
    "qual como tem há mais são está cada não eu posso sim escreva ao",
    "it": "Italian: il lo la i gli le di che e in un una è per con del della dei delle al alla quanti quante quanto "
    "quale come ha sono più ogni non si da nel posso sì ci",
    "nl": "Dutch: de het een en van in is op te dat met voor zijn hoeveel welke wat aan er niet die ook heeft elk "
    "per ik kan om bij ze naar ja nee",
    "pl": "Polish: i w na z do się jest to nie że o ile jak po za dla są ma każdy które która co od ich jej jego "
    "tak mogę",
    "sv": "Swedish: och i att det som en ett är på för med av den till har hur många vilken vad inte de om jag kan "
    "varje nej ja från",
    "da": "Danish: og i at det som en et er på for med af den til har hvor mange hvilken hvad ikke de om jeg kan "
    "hver nej ja fra",
    "tr": "Turkish: ve bir bu da de için ile kaç ne var mı mi olan her daha kadar nasıl hangi toplam tane ben evet "
    "hayır",
    "id": "Indonesian: dan di yang dari untuk dengan ini itu berapa ada pada setiap ke apa adalah tidak saya dapat "
    "banyak masing ya",
    "vi": "Vietnamese: và của là có trong một những cho với các bao nhiêu mỗi không này được thì số khi hãy vào ra "
    "tôi thể",
    "ro": "Romanian: și de la în un o este cu pentru că din pe câte câți are sunt fiecare mai nu care ce cum eu pot "
    "da",
}  # fmt: skip
# code: name, the blocks of its script
_SCRIPTS = {
    "ru": "Russian:Ѐ-ӿ", "uk": "Ukrainian:Ѐ-ӿ", "bg": "Bulgarian:Ѐ-ӿ", "el": "Greek:Ͱ-Ͽ", "ar": "Arabic:؀-ۿ",
    "fa": "Persian:؀-ۿ", "ur": "Urdu:؀-ۿ", "he": "Hebrew:֐-׿", "hi": "Hindi:ऀ-ॿ", "mr": "Marathi:ऀ-ॿ",
    "bn": "Bengali:ঀ-৿", "ta": "Tamil:஀-௿", "te": "Telugu:ఀ-౿", "th": "Thai:฀-๿", "ka": "Georgian:Ⴀ-ჿ",
    "hy": "Armenian:԰-֏", "zh": "Chinese:一-鿿", "ja": "Japanese:぀-ヿ一-鿿", "ko": "Korean:가-힯ᄀ-ᇿ",
}  # fmt: skip
_OTHER_NAMES = {"sw": "Swahili", "so": "Somali", "ht": "Haitian Creole", "tl": "Tagalog", "fi": "Finnish",
                "no": "Norwegian", "nb": "Norwegian", "cs": "Czech", "sk": "Slovak", "hu": "Hungarian",
                "hr": "Croatian", "sq": "Albanian", "ms": "Malay", "ca": "Catalan", "lt": "Lithuanian"}  # fmt: skip
_WORDS = {code: frozenset(row.split(":")[1].split()) for code, row in _FUNCTION_WORDS.items()}
NO_SPACES = frozenset({"zh", "ja", "th"})
"""Languages that put no spaces between words: the length of a text is measured in letters."""

_NOT_LATIN = re.compile(r"[^\u0000-\u024f\u1e00-\u1eff]")

How = Literal["function words", "script", "not English"]


def base_code(language: str) -> str:
    """The language of a code: "es" of "es-MX"."""
    return re.split(r"[-_]", language.strip().lower())[0]


def language_name(language: str) -> str:
    """The English name of a language for a prompt; the code in words where it has no name here."""
    code = base_code(language)
    for table in (_FUNCTION_WORDS, _SCRIPTS):
        if code in table:
            return table[code].split(":")[0]
    return _OTHER_NAMES.get(code, f'the language with the code "{language}"')


def how_checked(language: str) -> How:
    """What `language_fault` can tell about a language."""
    code = base_code(language)
    return "script" if code in _SCRIPTS else "function words" if code in _WORDS else "not English"


def language_fault(text: str, language: str, known: str = "") -> str:
    """Why a text is not in a language, as far as can be told; "" if it may be.

    Args:
        text: A text of any length. With fewer than four words hardly anything can be told and only another script or
            clear English is a fault.
        language: Its language code, as "es" or "pt-BR".
        known: Words that may stay as they are whatever the language: names, symbols of units.
    """
    code, name = base_code(language), language_name(language)
    letters = re.findall(r"[^\W\d_]+", text)
    words = [w for w in letters if len(w) > 1 and w not in known.split()]
    if code in _SCRIPTS:
        blocks = _SCRIPTS[code].split(":")[1]
        told = "".join(words)
        own = len(re.findall(rf"[{blocks}]", told))
        return f"not in the script of {name}" if told and own < 0.6 * len(told) else ""
    foreign = [w for w in words if _NOT_LATIN.search(w)]
    if len(foreign) > len(words) / 3:
        return f"not in the script of {name}"
    low = [w.lower() for w in letters]
    hits = {c: sum(w in table for w in low) for c, table in _WORDS.items()}
    best = max(hits, key=lambda c: (hits[c], c == code))
    if code == "en":
        return "" if best == code or len(words) < 4 else f"not English but {language_name(best)}"
    if hits["en"] > hits.get(code, 0) and hits["en"] >= (2 if code in _WORDS else 3):
        return f"still English, not {name}"
    if code not in _WORDS or len(words) < 6:
        return ""
    if hits[code] == 0:
        return f"no word of {name} was found"
    # sister languages share most short words: only a clear lead of another one is a fault
    return f"looks like {language_name(best)}, not {name}" if hits[best] > hits[code] + 1 else ""
