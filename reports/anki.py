"""The lesson's problems and words as an Anki deck (.apkg): a ZIP with an SQLite collection of schema 11.

Schema 11 is what every Anki since 2012 imports. A note is known by its guid, which is made from the problem: importing
a lesson again updates its cards and keeps what a student has learned.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from classwright.classroom.plan import LessonPlan
from classwright.reports.latex import markup_with_latex
from classwright.reports.printed import printed_answer
from classwright.reports.stable_zip import pack

FIELDS = ("Front", "Back", "Steps")
_MODEL, _OPTIONS = "Classwright card", 1
_BEGIN = 1_600_000_000
"""Seconds since 1970 that stand for a run without a time."""
_CSS = (
    ".card { font-family: Calibri, Carlito, sans-serif; font-size: 22px; text-align: center; color: #1d2433; "
    "background: white; } .steps { font-size: 17px; text-align: left; max-width: 34em; margin: 1em auto; }"
)
_BACK = '{{FrontSide}}<hr id="answer"><b>{{Back}}</b>{{#Steps}}<div class="steps">{{Steps}}</div>{{/Steps}}'
_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
  ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
  models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld text NOT NULL, csum integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
  ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
  left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
  ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
  type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


@dataclass(frozen=True)
class Card:
    """A front and a back as HTML, what they are known by, and their tags."""

    key: str
    front: str
    back: str
    steps: str
    tags: tuple[str, ...]


def cards(plan: LessonPlan) -> list[Card]:
    """The words, then every problem that learners see, each once."""
    return list({card.key: card for card in _cards(plan)}.values())


def anki_deck(plan: LessonPlan, created: datetime | None) -> bytes:
    """The deck as an .apkg file; the same plan gives the same bytes."""
    when = int(created.timestamp()) if created else _BEGIN
    deck = _number(f"deck {plan.skill} {plan.title}", 1 << 40)
    model = _number(_MODEL, 1 << 40)
    with closing(sqlite3.connect(":memory:")) as collection:
        collection.executescript(_TABLES)
        collection.execute(
            "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
            (when, when * 1000, when * 1000, *(json.dumps(part) for part in (
                _settings(model), {str(model): _model(model, when)}, _decks(deck, plan.title, when), {"1": _options()}
            ))),
        )  # fmt: skip
        for due, card in enumerate(cards(plan), 1):
            note = 1_400_000_000_000 + _number(card.key, 10**11)
            fields, sort = "\x1f".join((card.front, card.back, card.steps)), card.front
            check = int(sha1_of(sort)[:8], 16)
            tags = f" {' '.join(card.tags)} "
            collection.execute(
                "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
                (note, guid(card), model, when, tags, fields, sort, check),
            )
            collection.execute(
                "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
                (note + 1, note, deck, when, due),
            )
        collection.commit()
        return pack({"collection.anki2": collection.serialize(), "media": b"{}"})


def guid(card: Card) -> str:
    """What Anki knows a note by."""
    return sha256(card.key.encode()).hexdigest()[:16]


def sha1_of(text: str) -> str:
    """The checksum by which Anki finds notes with the same first field."""
    from hashlib import sha1

    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def _cards(plan: LessonPlan) -> Iterator[Card]:
    for term, meaning in plan.vocabulary.items():
        yield Card(f"word {plan.skill} {term}", markup_with_latex(f"What does “{term}” mean?"),
                   markup_with_latex(meaning), "", ("classwright", "vocabulary", _tag(plan.skill)))  # fmt: skip
    for p in [*plan.practice_problems(), *plan.exit_ticket.problems]:
        front = p.text if not p.choices else f"{p.text}\n({', '.join(p.choices)})"
        yield Card(f"problem {p.id}", markup_with_latex(front), markup_with_latex(printed_answer(p)),
                   markup_with_latex("\n".join(p.steps)), ("classwright", _tag(p.skill)))  # fmt: skip


def _tag(skill: str) -> str:
    return "_".join(skill.split())


def _number(text: str, below: int) -> int:
    return 1 + int.from_bytes(sha256(text.encode()).digest()[:8], "big") % (below - 1)


def _model(model: int, when: int) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": i, "font": "Calibri", "size": 20, "sticky": False, "rtl": False, "media": []}
        for i, name in enumerate(FIELDS)
    ]
    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": _BACK, "bqfmt": "", "bafmt": "", "did": None}
    return {
        "id": model, "name": _MODEL, "type": 0, "mod": when, "usn": -1, "sortf": 0, "did": 1, "tags": [], "vers": [],
        "flds": fields, "tmpls": [template], "css": _CSS, "req": [[0, "any", [0]]], "latexPre": "", "latexPost": "",
    }  # fmt: skip


def _decks(deck: int, title: str, when: int) -> dict[str, Any]:
    def one(number: int, name: str) -> dict[str, Any]:
        return {
            "id": number, "name": name, "desc": "", "mod": when, "usn": -1, "dyn": 0, "conf": _OPTIONS,
            "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0,
            "newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0],
        }  # fmt: skip

    return {"1": one(1, "Default"), str(deck): one(deck, f"Classwright::{title.replace('::', ': ')}")}


def _settings(model: int) -> dict[str, Any]:
    return {
        "activeDecks": [1], "curDeck": 1, "curModel": str(model), "newSpread": 0, "nextPos": 1, "sortType": "noteFld",
        "sortBackwards": False, "addToCur": True, "collapseTime": 1200, "timeLim": 0, "estTimes": True,
        "dueCounts": True,
    }  # fmt: skip


def _options() -> dict[str, Any]:
    return {
        "id": _OPTIONS, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": True, "timer": 0,
        "replayq": True, "dyn": False,
        "new": {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1,
                "perDay": 20},
        "rev": {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2},
        "lapse": {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0},
    }  # fmt: skip
