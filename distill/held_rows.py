"""The held-out rows of the corpus with what is needed to examine a model on them: `asked.jsonl` of a dataset."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.chance import chance
from classwright.corpus.asked import Asked
from classwright.distill.candidates import Candidate
from classwright.distill.rows import HELD_OUT, Row, read_records, read_rows
from classwright.errors import InputError

ASKED = "asked.jsonl"
HeldBy = Literal["skill", "family", "misconception", "interest", "pattern"]
KINDS: tuple[HeldBy, ...] = get_args(HeldBy)


class HeldAsked(BaseModel):
    """What one held-out row asked, and by what it is held out.

    Attributes:
        id: The row's.
        task: The prompt template.
        held: Why nothing like it is in training: its skill is held out whole, its family (this task for this skill),
            its misconception, its interest, or the sentence pattern that its text was made from.
        asked: What the agent was called with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    task: str = Field(min_length=1)
    held: tuple[HeldBy, ...] = Field(min_length=1)
    asked: Asked


class HeldRow(NamedTuple):
    """A held-out row with what it asked."""

    row: Row
    about: HeldAsked

    @property
    def curated(self) -> str:
        """Our own text for it."""
        return self.row.messages[self.row.trained[0]].content

    @property
    def prompt(self) -> list[dict[str, str]]:
        """What a model is asked."""
        return [m.model_dump() for m in self.row.messages[: self.row.trained[0]]]


def held_asked(
    held: Iterable[Candidate], train: Iterable[Candidate], skills: Iterable[str], apart: set[tuple[str, str]]
) -> list[HeldAsked]:
    """What the held-out candidates of the corpus asked.

    Args:
        held, train: The two sides of a split.
        skills: Skills that are held out whole.
        apart: (kind, value) that are held out beside families.
    """
    families, whole = {c.row.family for c in train}, set(skills)
    found = []
    for c in held:
        if c.asked is None:
            continue
        kinds = {kind.split()[0] for kind, value in c.apart if (kind, value) in apart}
        kinds |= {"skill"} if c.row.skill in whole else {"family"} if c.row.family not in families else set()
        held_by: tuple[HeldBy, ...] = tuple(kind for kind in KINDS if kind in kinds)
        found.append(HeldAsked(id=c.row.id, task=c.prompts[0], held=held_by, asked=c.asked))
    return found


def read_held(data: Path) -> list[HeldRow]:
    """The held-out rows of a dataset directory.

    Raises:
        InputError: It was not made of the corpus, or by an older version; or a file is damaged.
    """
    if not (data / ASKED).is_file():
        raise InputError(
            f"{data}: holds no {ASKED}; make it with `classwright distill data --task corpus --out {data}` (with a "
            "share held out)"
        )
    about = read_records(data / ASKED, HeldAsked)
    rows = {row.id: row for row in read_rows(data / HELD_OUT) if isinstance(row, Row)}
    if strange := next((a.id for a in about if a.id not in rows), None):
        raise InputError(f"{data / ASKED}: {strange} is no row of {HELD_OUT}; make the dataset again")
    return [HeldRow(rows[a.id], a) for a in about]


def drawn(rows: Iterable[HeldRow], per_task: int, seed: int) -> list[HeldRow]:
    """Up to `per_task` rows of each task (0: all), each kind by which rows are held out in turn.

    The same seed draws the same rows, whatever model they are for.
    """
    by_task: dict[str, list[HeldRow]] = {}
    for row in sorted(rows, key=lambda r: (chance(seed, "words", r.about.id), r.about.id)):
        by_task.setdefault(row.about.task, []).append(row)
    return [row for task in sorted(by_task) for row in _in_turn(by_task[task], per_task or len(by_task[task]))]


def _in_turn(rows: list[HeldRow], n: int) -> list[HeldRow]:
    chosen: dict[str, HeldRow] = {}
    while len(chosen) < min(n, len(rows)):
        for kind in KINDS:
            fresh = next((r for r in rows if kind in r.about.held and r.about.id not in chosen), None)
            if fresh is not None and len(chosen) < n:
                chosen[fresh.about.id] = fresh
    return list(chosen.values())
