"""Names and other marks of a person, taken out of texts before they leave the process, and put back for its reader.

Tutor CoPilot (Wang et al. 2024) removes names before a model is asked; how is not published in detail, so the way is
ours. Known names (speaker labels, a names file, learners' files) are found in any case, with or without accents; others
by how people are called ("Good job, Luca"), by titles, by first names in common use, and by capitals within a sentence.
Marks of other kinds (e-mail, phone, links, handles, schools, addresses, numbers of people) have patterns. Too much is
taken rather than too little: a tag costs a prompt little, and every tag is put back on the reader's own screen.

What this cannot find: an uncommon name that nobody gave, written small, in the middle of a sentence.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from classwright.classroom.name_words import ALSO_WORDS, FIRST_NAMES, ORDINARY
from classwright.errors import InputError

_CAP = r"[^\W\d_a-z][\w'’-]*[^\W\d_]"
_ORG = r"(?:School|Academy|College|University|Institute|Elementary|Preparatory|Montessori)"
_CALLED = (
    r"(?:hi|hello|hey|dear|bye|goodbye|thanks|thank you|welcome|sorry|please|ok|okay|yes|no|exactly|correct|perfect|"
    r"excellent|brilliant|fantastic|awesome|amazing|super|bravo|congratulations|congrats|well done|spot on|"
    r"(?:good|great|nice|excellent|awesome|fantastic|amazing|lovely) (?:job|work|try|thinking|start|going|effort|question|"
    r"point|one|morning|afternoon|evening)|good night|come on|go on|what about you|you are right|that's right)"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+%-]+(?:@| @ )[\w-]+(?:\.[\w-]+)+")),
    ("EMAIL", re.compile(r"\b[\w.]+ ?[\[(]?\bat\b[\])]? ?[\w-]+ ?[\[(]?\bdot\b[\])]? ?(?:com|org|edu|net|[a-z]{2})\b", re.I)),
    ("LINK", re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|edu|net)(?:/\S*)?\b", re.I)),
    ("HANDLE", re.compile(r"(?<![\w.])@\w[\w.]{1,29}(?<!\.)")),
    ("ID", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("ID", re.compile(r"(?i:\b(?:student|pupil|school) (?:id|number)\b\D{0,12})(?P<mark>\d{4,})\b")),
    ("PHONE", re.compile(r"(?<![\w.+])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}\b")),
    ("PHONE", re.compile(r"(?<![\w.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}\b")),
    ("PHONE", re.compile(r"(?i:\b(?:call|phone|text|cell|mobile|whatsapp|dial|reach)\b[^.!?\d]{0,30})(?P<mark>[\d(][\d ().-]{5,15}\d)")),
    ("DATE", re.compile(r"(?i:\b(?:born|birthday|birth date|date of birth|dob)\b[^.!?\d]{0,25})(?P<mark>\d[\d/. -]*\d)\b")),
    ("ADDRESS", re.compile(
        rf"\b\d{{1,5}} (?:{_CAP} ){{1,3}}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Court|Way|Place)\b"
    )),
    ("SCHOOL", re.compile(rf"(?:{_CAP} |St\. ){{1,4}}(?:(?:Middle|High|Junior|Senior|Primary|Secondary|Grammar|Charter) )*{_ORG}(?: School)?\b")),
    ("SCHOOL", re.compile(rf"(?:{_CAP} |St\. ){{1,4}}(?:Middle|High|Junior High|Primary|Prep)\b")),
    ("SCHOOL", re.compile(rf"\b(?:University|College|Academy|School|Institute) of (?:{_CAP})(?: {_CAP})*")),
    ("SCHOOL", re.compile(r"\b[Pp]\.?[Ss]\.? ?#? ?\d{1,3}\b")),
    ("SCHOOL", re.compile(r"\b[^\W\d_]{3,} (?:elementary|middle school|high school|primary school|academy|university)\b", re.I)),
)  # fmt: skip
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Mx|Miss|Mister|Dr|Prof|Professor|Coach|Principal|Sr|Sra|Señor|Señora|Herr|Frau|Mme|"
                     rf"Madame|Monsieur|Teacher|Uncle|Aunt|Auntie|Sister|Brother)\.? (?P<name>{_CAP}(?: {_CAP})?)")  # fmt: skip
_SAYS_OWN = re.compile(rf"(?i:\b(?:my name is|my name's|call me|i am called|name:)) (?P<name>[^\W\d_][\w'’-]+(?: {_CAP})?)"
                       rf"|(?i:\b(?:i'm|i am|this is|it's|here is)) (?P<cap>{_CAP}(?: {_CAP})?)")  # fmt: skip
_VOCATIVES = (
    re.compile(rf"(?i:\b{_CALLED})[,!.:]? (?P<name>{_CAP})(?=[ ,.!?:;)]|$)"),
    re.compile(rf"(?:^|(?<=[.!?:;\n\"“(] ))(?P<name>{_CAP})(?=, |! |: )", re.M),
    re.compile(rf", (?P<name>{_CAP})(?=[,.!?;]|$)", re.M),
    re.compile(rf"\b(?:and|with|like|as|to|from|by|asked|told|says|said|ask|tell) (?P<name>{_CAP})\b"),
    re.compile(
        rf"(?:^|(?<=[.!?:;\n] ))(?P<name>{_CAP}) (?=(?:says|said|thinks|thought|told|asked|got|gets|wants|helped|"
        rf"showed|wrote|please)\b)",
        re.M,
    ),
)
_CALLED_SMALL = r"(?:[,!.]|\b(?i:hi|hey|hello|job|work|try|thanks|you|done|bye|ok|okay|yes|no|right)) {}\s*(?:$|[,.!?])"
_WORD = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")
_ROLE = re.compile(
    r"(?:the )?(?:teacher|tutor|instructor|coach|student|pupil|learner|child|kid|boy|girl|class|all|everyone|assistant|"
    r"user|system|observer|unknown|speaker|participant|group|multiple students|several students|ss?|t|st|stu|tch|tr|[a-z])"
    r"[ _-]*\d{0,3}[a-z]?",
    re.I,
)
_PARTICLES = frozenset("de la las los van von der den del da di do dos bin al el le du y".split())
_TAG = re.compile(r"\[([A-Z]+)-(\d+)\]")
_CJK = re.compile(r"[぀-ヿ㐀-鿿가-힯]")


class Tags:
    """The tags that stand for people and their marks, the same one wherever the same name occurs.

    Args:
        known: Names known beforehand: one a person, as "Mia" or "Mia Example" (each part counts).
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._surface: dict[str, str] = {}  # tag -> what it stands for, as the reader is shown it
        self._marks: dict[tuple[str, str], str] = {}  # (kind, folded) -> tag
        self._names: dict[str, str] = {}  # folded name or part -> tag
        self._matcher: re.Pattern[str] | None = None
        for name in known:
            self._add_name(name, given=True)

    def learn(self, texts: Iterable[str], *, capitals: bool = True) -> None:
        """Find the names in texts, so that they are known in every text, whatever their spelling there.

        Args:
            texts: What people said or wrote.
            capitals: Also take a word for a name because it stands with a capital where others do not, or is called;
                without, only titles, first names in common use and who says what they are called.
        """
        cleaned = [_visible(t) for t in texts]
        small = {w for t in cleaned for w in re.findall(r"(?<![^\W\d_])[a-z][a-z'’-]+", t)}
        for text in cleaned:
            text = _TAG.sub("0", self._hide_marks(text))
            for name in _names_in(text, small, capitals):
                self._add_name(name)

    def hide(self, text: str) -> str:
        """A text with tags in place of every known name and every mark that has a pattern."""
        text = self._hide_marks(_visible(text))
        if not self._names:
            return text
        if self._matcher is None:
            self._matcher = _matcher(self._names)
        folded, places = _fold(text)
        taken = [(m.start(), m.end()) for m in _TAG.finditer(text)]
        out, end = [], 0
        for match in self._matcher.finditer(folded):
            start, stop = places[match.start()], places[match.end() - 1] + 1
            inside = any(a < stop and start < b for a, b in taken)
            if start < end or inside or not self._is_meant(match[0], text, start, stop):
                continue
            out += [text[end:start], self._names[_plain(match[0])]]
            end = stop
        return "".join([*out, text[end:]])

    def restore(self, text: str) -> str:
        """A text with what the tags stand for; for the reader's own screen only."""
        return _TAG.sub(lambda m: self._surface.get(m[0], m[0]), text)

    def left_in(self, text: str) -> bool:
        """Whether a text that is about to leave still holds a name or mark."""
        return self.hide(text) != _visible(text)

    def __len__(self) -> int:
        return len(self._surface)

    def _add_name(self, name: str, *, given: bool = False) -> None:
        name = " ".join(_visible(name).split()).strip(" ,.;:-'’\"")
        parts = [p for p in re.split(r"[\s.]+", name) if len(_plain(p)) > 1 and not re.search(r"\d", p)]
        parts = [p for p in parts if (given and p not in _PARTICLES) or _plain(p) not in ORDINARY or _plain(p) in ALSO_WORDS]
        if not parts:
            return
        found = next((self._names[_plain(p)] for p in parts if _plain(p) in self._names), None)
        tag = found or self._new("NAME", parts[0])
        joined = [sep.join(map(_plain, parts)) for sep in (" ", "", "_", "-", ".")] if len(parts) > 1 else []
        for spelled in (*map(_plain, parts), *joined):
            if spelled not in self._names:
                self._names[spelled] = tag
                self._matcher = None

    def _new(self, kind: str, surface: str) -> str:
        tag = f"[{kind}-{sum(t.startswith(f'[{kind}-') for t in self._surface) + 1}]"
        self._surface[tag] = surface
        return tag

    def _hide_marks(self, text: str) -> str:
        for kind, pattern in _PATTERNS:
            text = pattern.sub(lambda m, kind=kind: self._marked(kind, m), text)
        return text

    def _marked(self, kind: str, match: re.Match[str]) -> str:
        mark = match.groupdict().get("mark") or match[0]
        return match[0].removesuffix(mark) + self._mark(kind, mark)

    def _mark(self, kind: str, found: str) -> str:
        if _TAG.search(found):
            return found
        words = [_plain(w) for w in _WORD.findall(found)]
        if kind == "SCHOOL" and words and all(w in ORDINARY | _SCHOOL_WORDS for w in words):
            return found
        key = (kind, _plain(found))
        if key not in self._marks:
            self._marks[key] = self._new(kind, found)
        return self._marks[key]

    def _is_meant(self, name: str, text: str, start: int, stop: int) -> bool:
        """Whether a known name that is a word too ("will") is the name here."""
        if _plain(name) not in ALSO_WORDS | ORDINARY or text[start].isupper():
            return True
        called = re.compile(_CALLED_SMALL.format(re.escape(text[start:stop])))
        return called.search(text, max(0, start - 12), min(len(text), stop + 3)) is not None


_SCHOOL_WORDS = frozenset(
    "elementary middle high school junior senior primary secondary university college academy institute public prep "
    "grammar charter in my our their old new big local best same whole for during since attend at going into after "
    "before finished started summer art music law medical business night".split()
)


def tags_in(text: str) -> list[str]:
    """The tags in a text, in order."""
    return [m[0] for m in _TAG.finditer(text)]


def names_from_file(path: Path) -> list[str]:
    """The names in a file, one a line or parted by commas; lines that begin with # are left out.

    Raises:
        InputError: the file cannot be read or is not UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [name.strip() for line in lines for name in re.split(r"[,;\t]", line) if name.strip()]


def names_of_speakers(labels: Iterable[str]) -> list[str]:
    """The labels of speakers that are names: not "Teacher", "Student 2" or "S1"."""
    found = []
    for label in dict.fromkeys(labels):
        bare = re.sub(r"^(?:mr|mrs|ms|mx|miss|dr|prof|professor)\.? ", "", re.sub(r"\(.*?\)", "", label).strip(), flags=re.I)
        bare = re.sub(r"^(?:teacher|tutor|student|pupil|coach)[ _:-]+(?=[^\W\d_]{2})", "", bare, flags=re.I)
        if bare and not _ROLE.fullmatch(bare):
            found.append(bare)
    return found


def _names_in(text: str, small: set[str], capitals: bool) -> Iterator[str]:
    """Names that a text calls, or that stand in it like names."""
    for match in _TITLED.finditer(text):
        yield match["name"]
    for match in _SAYS_OWN.finditer(text):
        found = match["name"] or match["cap"]
        if _plain(found.split()[0]) not in ORDINARY:
            yield found
    for pattern in _VOCATIVES if capitals else ():
        for match in pattern.finditer(text):
            if _named(match["name"], small):
                yield match["name"]
    words = list(_WORD.finditer(text))
    heading = len(words) > 3 and sum(w[0][0].isupper() for w in words) > 0.6 * len(words)
    run: list[str] = []
    last = -1
    for word in words:
        spelled = word[0].removesuffix("'s").removesuffix("’s")
        plain = _plain(spelled)
        common = plain in FIRST_NAMES and (plain not in ALSO_WORDS or not _starts_sentence(text, word.start()))
        capital = spelled[0].isupper()
        within = capitals and capital and not heading and not _starts_sentence(text, word.start()) and _named(spelled, small)
        if (common and (capital or plain not in ALSO_WORDS)) or within:
            if run and text[last : word.start()] != " ":
                yield " ".join(run)
                run = []
            run.append(spelled)
            last = word.end()
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _named(word: str, small: set[str]) -> bool:
    """Whether a capitalized word can be a name: no ordinary word, no abbreviation, nowhere written small."""
    plain = re.sub(r"'(?:s|re|m|ll|ve|d|t)$", "", _plain(word))
    if len(plain) < 2 or (word.isupper() and len(word) <= 6) or _TAG.search(word):
        return False
    return plain in ALSO_WORDS or (plain not in ORDINARY and (plain not in small or plain in FIRST_NAMES))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t")
    return not before or before[-1] in ".!?:;…\n\"“”(*-•>|="


def _matcher(names: Sequence[str] | dict[str, str]) -> re.Pattern[str]:
    """What finds the names in a folded text: the longest first, between letters that are not theirs."""
    parts = []
    for name in sorted(names, key=len, reverse=True):
        spelled = re.escape(name).replace(r"\ ", r"\s+")
        parts.append(spelled if _CJK.search(name) else rf"(?<![^\W\d_]){spelled}(?![^\W\d_])")
    return re.compile("|".join(parts))


def _visible(text: str) -> str:
    """A text without invisible format characters, which could hide a name from every pattern."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


def _fold(text: str) -> tuple[str, list[int]]:
    """A text in small letters without accents, and for each of its characters the place in the original."""
    out: list[str] = []
    places: list[int] = []
    for i, char in enumerate(text):
        for plain in unicodedata.normalize("NFKD", char):
            if unicodedata.combining(plain):
                continue
            for folded in plain.casefold().replace("’", "'"):
                out.append(folded)
                places.append(i)
    return "".join(out), places


def _plain(text: str) -> str:
    return " ".join(_fold(text)[0].split())
