"""Reading the text that a tree is built from: notes in Markdown or plain text, or a PDF."""

import re
from pathlib import Path

from classwright.errors import InputError

PASSAGE = 2_400
"""Longest passage in characters: about 600 tokens, so that a small model's context holds it with the answer."""
MOST_PASSAGES = 60


def read_source(path: Path | str) -> list[str]:
    """The passages of a text, each of whole paragraphs where they are short enough.

    Args:
        path: A .md, .txt or .pdf file.

    Raises:
        InputError: Another kind of file, unreadable, not UTF-8, without text, or too long; names the file and the fix.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".md", ".markdown", ".txt", ".pdf"):
        raise InputError(f"{path}: a source is read from .md, .txt or .pdf")
    text = _pdf(path) if kind == ".pdf" else _plain(path)
    passages = split(text)
    if not passages:
        raise InputError(f"{path}: holds no text" + (" (a scan?); run OCR on it first" if kind == ".pdf" else ""))
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


def sentences(passage: str) -> list[str]:
    """The sentences of a passage, each as it stands there."""
    found = re.split(r"(?<=[.!?])\s+(?=[A-Z0-9“\"(])|\n+", passage)
    return [sentence.strip() for sentence in found if sentence.strip()]


def _plain(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


def _pdf(path: Path) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise InputError(f"{path}: is encrypted; save a copy without a password")
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    except PyPdfError as error:
        raise InputError(f"{path}: is no PDF that can be read: {error}") from error
