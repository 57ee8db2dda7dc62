"""Reading the texts that lessons and trees are built from: PDF, Word, Markdown, web pages, plain text.

A file is read once. Its text is kept in the run's directory, so that resuming and replaying need no original.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from classwright.classroom.source import Source, SourceRef, from_text, sentences, to_text
from classwright.errors import InputError, JournalError
from classwright.graphs.source_formats import read_docx, read_html, read_pdf
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress

__all__ = ["keep_sources", "kept_sources", "load_sources", "read_source", "read_sources", "sentences", "split"]

PASSAGE = 2_400
"""Longest passage of a tree's source in characters: about 600 tokens, so that a small model's context holds it with the
answer."""
MOST_PASSAGES = 60
MOST_BYTES = 200 << 20
MOST_CHARACTERS = 5_000_000
"""About 2,500 pages. More than that is a library, and no lesson is about it."""
KINDS = (".pdf", ".docx", ".md", ".markdown", ".html", ".htm", ".txt")
FOLDER = "sources"


def read_sources(paths: Sequence[Path | str], progress: Progress | None = None) -> list[Source]:
    """The texts of a teacher's files, each under a name of its own; a text given twice is read once.

    Args:
        paths: .pdf, .docx, .md, .html or .txt files.
        progress: Told which file is read, and its pages.

    Raises:
        InputError: As `read_file`.
    """
    found: dict[str, Source] = {}
    names: set[str] = set()
    for path in map(Path, paths):
        source = read_file(path, progress)
        if source.digest in found:
            continue
        name, n = source.name, 1
        while name.lower() in names:
            n += 1
            name = f"{path.stem} ({n}){path.suffix}"
        names.add(name.lower())
        found[source.digest] = source.model_copy(update={"name": name})
    return list(found.values())


def read_file(path: Path, progress: Progress | None = None) -> Source:
    """The text of one file.

    Raises:
        InputError: Another kind of file, unreadable, encrypted, of an unknown encoding, without text (a scan), or too
            long; one line that names the file and the fix.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(f"{path}: a source is read from .pdf, .docx, .md, .html or .txt")
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if size > MOST_BYTES:
        raise InputError(
            f"{path}: {size >> 20} MB are too much for a source; give the chapter that the lesson is about"
        )
    said = progress or (lambda what, done, total: None)
    label = f"reading {path.name}"
    said(label, 0, 0)
    if kind == ".pdf":
        pages = read_pdf(path, raw, lambda done, total: said(label, done, total))
    elif kind == ".docx":
        pages = [read_docx(path, raw)]
    else:
        text = decode(path, raw)
        pages = [read_html(text) if kind in (".html", ".htm") else text]
    pages = [clean(page) for page in pages]
    if not any(page.strip() for page in pages):
        raise InputError(f"{path}: holds no text" + (" (a scan?); run OCR on it first" if kind == ".pdf" else ""))
    if sum(map(len, pages)) > MOST_CHARACTERS:
        raise InputError(f"{path}: too long for a source; give the chapter that the lesson is about")
    return Source(name=clean(path.name).replace("\n", " "), pages=tuple(pages), paged=kind == ".pdf")


def keep_sources(folder: Path, sources: Sequence[Source]) -> None:
    """Keep the texts in a run's directory, as sources/<name>.txt with page marks.

    Raises:
        ClasswrightError: They cannot be written.
    """
    for number, source in enumerate(sources, 1):
        short = source.name.encode()[:200].decode(errors="ignore")  # a file's name has 255 bytes at most
        write_atomic(folder / FOLDER / f"{number:02}-{short}.txt", to_text(source))


def load_sources(folder: Path) -> list[Source]:
    """The texts that `keep_sources` has kept, in the same order; none where the run has none.

    Raises:
        InputError: A file cannot be read.
    """
    found = []
    for path in sorted((folder / FOLDER).glob("*.txt")):
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: cannot be read ({error}); put it back or start a new run") from error
        found.append(from_text(path.name.split("-", 1)[1].removesuffix(".txt"), text))
    return found


def kept_sources(folder: Path, refs: Sequence[SourceRef]) -> list[Source]:
    """The texts kept in a run's directory, if they are those that the run was asked for.

    Raises:
        InputError: A file cannot be read.
        JournalError: One is missing or says something else: what was asked before rests on another text.
    """
    found = {source.digest: source for source in load_sources(folder)} if refs else {}
    for ref in refs:
        if ref.digest not in found:
            raise JournalError(
                f"{folder / FOLDER}: the text of {ref.name} is missing or was changed since the run began; put it back "
                "or start a new run"
            )
    return [found[ref.digest].model_copy(update={"name": ref.name}) for ref in refs]


def decode(path: Path, raw: bytes) -> str:
    """Text of bytes in UTF-8, UTF-16 with its mark, or what a web page says of itself.

    Raises:
        InputError: None of these.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", raw[:2048], re.I)
        encoding = declared[1].decode("ascii") if declared and path.suffix.lower().startswith(".htm") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not {encoding[:5].upper()} (byte {error.start}); save it as UTF-8") from error
    except LookupError as error:
        raise InputError(f"{path}: says that its encoding is {encoding}, which is unknown; save it as UTF-8") from error
    if "\0" in text:
        raise InputError(f"{path}: is no text file (it holds zero bytes)")
    return text


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


def clean(text: str) -> str:
    """A text without invisible characters, with plain spaces and line ends, and at most one empty line in a row."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .translate(_INVISIBLE | {ord(c): s for c, s in _LIGATURES.items()})
    )
    text = "".join(
        c for c in text if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f" and not "\ud800" <= c <= "\udfff")
    )
    lines = [re.sub(r"[ \t\u00a0\u2007\u202f]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def read_source(path: Path | str) -> list[str]:
    """The passages of a text that a tree is built from, each of whole paragraphs where they are short enough.

    Raises:
        InputError: As `read_file`, or too long for one tree.
    """
    path = Path(path)
    passages = split("\n\n".join(read_file(path).pages))
    if len(passages) > MOST_PASSAGES:
        raise InputError(
            f"{path}: too long for one tree ({len(passages)} passages, at most {MOST_PASSAGES}); "
            "give a chapter at a time"
        )
    return passages


def split(text: str, longest: int = PASSAGE) -> list[str]:
    """Passages of at most `longest` characters, cut at paragraphs, else at sentences, else at words."""
    pieces: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        paragraph = " ".join(paragraph.split())
        while len(paragraph) > longest:
            cut = max(paragraph.rfind(". ", 0, longest) + 1, 0) or paragraph.rfind(" ", 0, longest)
            cut = cut if cut > 0 else longest
            pieces.append(paragraph[:cut].strip())
            paragraph = paragraph[cut:].strip()
        if paragraph:
            pieces.append(paragraph)
    passages: list[str] = []
    for piece in pieces:
        if passages and len(passages[-1]) + len(piece) + 2 <= longest:
            passages[-1] += "\n\n" + piece
        else:
            passages.append(piece)
    return passages
