"""Names and other marks of a person, taken out of texts before they leave the process, and put back for its reader.

Tutor CoPilot (Wang et al. 2024) removes names before a model is asked; how is not published in detail, so the way is
ours. Known names (speaker labels, a names file, learners' files) are found in any case, with or without accents; others
by how people are called ("Good job, Luca"), by titles, by first names in common use, and by capitals within a sentence.
Marks of other kinds (e-mail, phone, links, handles, schools, addresses, numbers of people) have patterns. Too much is
taken rather than too little: a tag costs a prompt little, and every tag is put back on the reader's own screen.

What this cannot find: an uncommon name that nobody gave, written small, in the middle of a sentence.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from classwright.classroom.called_names import WORD, names_in
from classwright.classroom.folded_text import fold, plain, visible
from classwright.classroom.marks import PATTERNS, SCHOOL_WORDS
from classwright.classroom.name_words import ALSO_WORDS, ORDINARY
from classwright.errors import InputError

_CALLED_SMALL = r"(?:[,!.]|\b(?i:hi|hey|hello|job|work|try|thanks|you|done|bye|ok|okay|yes|no|right)) {}\s*(?:$|[,.!?])"
_ROLE = re.compile(
    r"(?:the )?(?:teacher|tutor|instructor|coach|student|pupil|learner|child|kid|boy|girl|class|all|everyone|assistant|"
    r"user|system|observer|unknown|speaker|participant|group|multiple students|several students|ss?|t|st|stu|tch|tr|"
    r"[a-z])"
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
        cleaned = [visible(t) for t in texts]
        small = {w for t in cleaned for w in re.findall(r"(?<![^\W\d_])[a-z][a-z'’-]+", t)}
        for text in cleaned:
            text = _TAG.sub("0", self._hide_marks(text))
            for name in names_in(text, small, capitals):
                self._add_name(name)

    def reserve(self, tags: Iterable[str]) -> None:
        """Keep tags for people that nobody here knows any more; they stand for themselves."""
        for tag in tags:
            self._surface.setdefault(tag, tag)

    def hide(self, text: str) -> str:
        """A text with tags in place of every known name and every mark that has a pattern."""
        text = self._hide_marks(visible(text))
        if not self._names:
            return text
        if self._matcher is None:
            self._matcher = _matcher(self._names)
        folded, places = fold(text)
        taken = [(m.start(), m.end()) for m in _TAG.finditer(text)]
        out, end = [], 0
        for match in self._matcher.finditer(folded):
            start, stop = places[match.start()], places[match.end() - 1] + 1
            inside = any(a < stop and start < b for a, b in taken)
            if start < end or inside or not self._is_meant(match[0], text, start, stop):
                continue
            out += [text[end:start], self._names[plain(match[0])]]
            end = stop
        return "".join([*out, text[end:]])

    def restore(self, text: str) -> str:
        """A text with what the tags stand for; for the reader's own screen only."""
        return _TAG.sub(lambda m: self._surface.get(m[0], m[0]), text)

    def left_in(self, text: str) -> bool:
        """Whether a text that is about to leave still holds a name or mark."""
        return self.hide(text) != visible(text)

    def __len__(self) -> int:
        return len(self._surface)

    def _add_name(self, name: str, *, given: bool = False) -> None:
        name = " ".join(visible(name).split()).strip(" ,.;:-'’\"")
        parts = [p for p in re.split(r"[\s.]+", name) if len(plain(p)) > 1 and not re.search(r"\d", p)]
        parts = [
            p for p in parts if (given and p not in _PARTICLES) or plain(p) not in ORDINARY or plain(p) in ALSO_WORDS
        ]
        if not parts:
            return
        found = next((self._names[plain(p)] for p in parts if plain(p) in self._names), None)
        tag = found or self._new("NAME", parts[0])
        joined = [sep.join(map(plain, parts)) for sep in (" ", "", "_", "-", ".")] if len(parts) > 1 else []
        for spelled in (*map(plain, parts), *joined):
            if spelled not in self._names:
                self._names[spelled] = tag
                self._matcher = None

    def _new(self, kind: str, surface: str) -> str:
        last = max((int(t.split("-")[1][:-1]) for t in self._surface if t.startswith(f"[{kind}-")), default=0)
        tag = f"[{kind}-{last + 1}]"
        self._surface[tag] = surface
        return tag

    def _hide_marks(self, text: str) -> str:
        for kind, pattern in PATTERNS:
            text = pattern.sub(lambda m, kind=kind: self._marked(kind, m), text)
        return text

    def _marked(self, kind: str, match: re.Match[str]) -> str:
        mark = match.groupdict().get("mark") or match[0]
        return match[0].removesuffix(mark) + self._mark(kind, mark)

    def _mark(self, kind: str, found: str) -> str:
        if _TAG.search(found):
            return found
        words = [plain(w) for w in WORD.findall(found)]
        if kind == "SCHOOL" and words and all(w in ORDINARY | SCHOOL_WORDS for w in words):
            return found
        key = (kind, plain(found))
        if key not in self._marks:
            self._marks[key] = self._new(kind, found)
        return self._marks[key]

    def _is_meant(self, name: str, text: str, start: int, stop: int) -> bool:
        """Whether a known name that is a word too ("will") is the name here."""
        if plain(name) not in ALSO_WORDS | ORDINARY or text[start].isupper():
            return True
        called = re.compile(_CALLED_SMALL.format(re.escape(text[start:stop])))
        return called.search(text, max(0, start - 12), min(len(text), stop + 3)) is not None


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
        bare = re.sub(
            r"^(?:mr|mrs|ms|mx|miss|dr|prof|professor)\.? ", "", re.sub(r"\(.*?\)", "", label).strip(), flags=re.I
        )
        bare = re.sub(r"^(?:teacher|tutor|student|pupil|coach)[ _:-]+(?=[^\W\d_]{2})", "", bare, flags=re.I)
        if bare and not _ROLE.fullmatch(bare):
            found.append(bare)
    return found


def _matcher(names: Sequence[str] | dict[str, str]) -> re.Pattern[str]:
    """What finds the names in a folded text: the longest first, between letters that are not theirs."""
    parts = []
    for name in sorted(names, key=len, reverse=True):
        spelled = re.escape(name).replace(r"\ ", r"\s+")
        parts.append(spelled if _CJK.search(name) else rf"(?<![^\W\d_]){spelled}(?![^\W\d_])")
    return re.compile("|".join(parts))
