"""Finished runs with scripted models, that training sets are made of."""

from pathlib import Path
from typing import Any

from classwright.distill.candidates import DataRequest
from classwright.distill.data import build
from classwright.graphs import dialogues
from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from tests.graphs.scripted_talk import talk

SKILLS = ("whole.add_regroup", "fractions.add_unlike")


def quiet(label: str, done: int, total: int) -> None:
    pass


def dialogue_run(root: Path, script: Any = talk, teacher: str = "smollm2", **more: Any) -> Path:
    """The directory of a run of dialogues."""
    asked = DialogueRequest(**({"skills": SKILLS, "n": 16, "students": 4, "seed": 4, "words": "code"} | more))
    model = ScriptedModel(script, teacher)
    return Path(dialogues.start(asked, Recipe(), root=root, progress=quiet, endpoint=model)["run"])


def dataset(out: Path, *runs: Path, **request: Any) -> dict[str, Any]:
    """What `build` says of a training set."""
    return build(DataRequest(**request), runs, out, progress=quiet)
