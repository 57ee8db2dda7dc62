"""Learners: what a lesson or a simulated student knows about a person, and how it is read from a file.

The name stays in the learner's file. A pseudonym is made from everything in the record except the name ("otter-3f2a"),
so the same file gives the same runs and nothing of the name can be found from it. It changes when the record changes;
write `pseudonym = "..."` into the file to keep one for good.
"""

import difflib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, ValidationError

from classwright.errors import InputError
from classwright.skilltree.skill import SkillId
from classwright.skilltree.tree import SkillTree, offer
from classwright.skilltree.tree_files import explain, read_table

ABILITIES = (
    "numerical_calculation",
    "abstract_thinking",
    "logical_reasoning",
    "analogy_association",
    "spatial_imagination",
)
"""EduPlanner's five abilities (arXiv 2504.05370), each at level 1-5."""

ANIMALS = (
    "badger beaver bison camel crane dolphin eagle falcon ferret finch gecko heron ibis jackal koala lemur llama lynx "
    "marten moose newt ocelot orca otter owl panda pelican penguin puffin quail raven robin salmon seal stork swan "
    "tapir tern toucan turtle walrus weasel whale wombat wren yak zebra"
).split()

Level = Annotated[StrictInt, Field(ge=1, le=5)]
Share = Annotated[StrictFloat | StrictInt, Field(ge=0, le=1)]


class Learner(BaseModel):
    """One learner. `public` gives the record that may enter a run.

    Attributes:
        pseudonym: What runs and reports call the learner.
        name: The real name; "" in every record that leaves the learner's file.
        grade: School grade, 0 is Kindergarten.
        language: Language code of the lesson, "en" by default.
        reading_level: Grade whose texts the learner can read; None: the school grade.
        interests: What word problems may be about; any words.
        misconceptions: Ids of misconceptions that are held.
        mastery: Skill id -> share 0..1 of the skill's problems that the learner gets right; missing skills are unknown.
        abilities: Name (see `ABILITIES`) -> level 1-5.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pseudonym: StrictStr = Field(min_length=1, max_length=60)
    name: StrictStr = ""
    grade: StrictInt = Field(ge=0, le=12)
    language: StrictStr = Field(default="en", min_length=2, max_length=35)
    reading_level: StrictFloat | StrictInt | None = Field(default=None, ge=0, le=16)
    interests: tuple[Annotated[StrictStr, Field(min_length=1, max_length=60)], ...] = ()
    misconceptions: tuple[SkillId, ...] = ()
    mastery: dict[SkillId, Share] = Field(default_factory=dict)
    abilities: dict[str, Level] = Field(default_factory=dict)


def public(learner: Learner) -> Learner:
    """The record without the name: what may be written into a run, sent to a model or shown in a report."""
    return learner.model_copy(update={"name": ""})


def pseudonym(record: dict[str, Any]) -> str:
    """A pseudonym from everything in a learner's record but the name, the same for the same record: "otter-3f2a"."""
    rest = {key: value for key, value in record.items() if key not in ("name", "pseudonym")}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()
    return f"{ANIMALS[int(digest[8:16], 16) % len(ANIMALS)]}-{digest[:4]}"


def load_learners(path: Path | str, tree: SkillTree) -> list[Learner]:
    """The learners of a TOML (or JSON) file: one at the top level, or a class as `[[learners]]`.

    Args:
        path: The file.
        tree: The skill tree that skill and misconception ids must be in.

    Returns:
        The learners in the order of the file, with different pseudonyms.

    Raises:
        InputError: the file cannot be read or anything in it is wrong; names the file and every fault, with the nearest
            id or key for one that is not known.
    """
    path = Path(path)
    table = read_table(path)
    if "learners" in table:
        records, extra = table["learners"], [key for key in table if key != "learners"]
        if extra:
            raise InputError(f"{path}: {extra[0]!r} stands beside [[learners]]; put it inside a learner")
        if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
            raise InputError(f"{path}: learners should be tables, each under [[learners]]")
        if not records:
            raise InputError(f"{path}: the class is empty; write each learner under [[learners]]")
    elif table:
        records = [table]
    else:
        raise InputError(f"{path} is empty; a learner needs at least a grade")
    learners: list[Learner] = []
    faults: list[str] = []
    for i, record in enumerate(records, 1):
        place = f"learner {i}: " if len(records) > 1 or "learners" in table else ""
        learner, own = _read(record, tree)
        faults += [place + fault for fault in own]
        learners += [learner] if learner else []
    if faults:
        raise InputError(f"{path}: " + "; ".join(faults))
    return _distinct(learners, path)


def _read(record: dict[str, Any], tree: SkillTree) -> tuple[Learner | None, list[str]]:
    """A learner, or None with a line for each fault of the record."""
    try:
        learner = Learner.model_validate({"pseudonym": pseudonym(record), **record})
    except ValidationError as error:
        return None, [_advise(line) for line in explain(error, Learner)]
    names = {name: skill.name for name, skill in tree.skills.items()}
    wrong = {name: item.name for name, item in tree.misconceptions.items()}
    faults = [f"mastery: unknown skill {s!r}{offer(s, names)}" for s in learner.mastery if s not in tree]
    faults += [f"unknown misconception {m!r}{offer(m, wrong)}" for m in learner.misconceptions if m not in wrong]
    for ability in learner.abilities:
        if ability not in ABILITIES:
            near = difflib.get_close_matches(ability, ABILITIES, 1, 0.4)
            faults.append(
                f"unknown ability {ability!r}"
                + (f"; did you mean {near[0]}?" if near else f"; known: {', '.join(ABILITIES)}")
            )
    return (None if faults else learner), faults


def _advise(line: str) -> str:
    """A line of pydantic's with what to write instead, where that can be known."""
    if line.startswith("mastery.") and "less than or equal to 1" in line:
        return line.split(": ")[0] + ": mastery is between 0 and 1; a percent? write 80 % as 0.8"
    if line.startswith("mastery.") and "valid" in line:
        return line.split(": ")[0] + ": mastery is a number between 0 and 1, for example 0.8"
    return line


def _distinct(learners: Sequence[Learner], path: Path) -> list[Learner]:
    """Give equal pseudonyms a number ("otter-3f2a-2"), so that two learners with equal records stay two."""
    seen: dict[str, int] = {}
    found = []
    for learner in learners:
        n = seen[learner.pseudonym] = seen.get(learner.pseudonym, 0) + 1
        found.append(learner if n == 1 else learner.model_copy(update={"pseudonym": f"{learner.pseudonym}-{n}"}))
    if len({learner.pseudonym for learner in found}) < len(found):
        raise InputError(f"{path}: two learners have the same pseudonym; leave pseudonym out or change one")
    return found
