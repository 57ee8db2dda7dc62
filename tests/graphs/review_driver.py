"""A process that reviews a plan: a run with one node. `python review_driver.py start|resume|replay ROOT RECIPE`."""

import asyncio
import sys
from pathlib import Path
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from classwright.agents.memory import open_memory
from classwright.agents.teacher_edits import edits_of
from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import make_exam
from classwright.classroom.review import Review, begin, conclude
from classwright.classroom.verify import verify
from classwright.cli.output import complain
from classwright.cli.review import at_terminal
from classwright.errors import ClasswrightError
from classwright.graphs.review import review_step
from classwright.graphs.review_desk import Decide, Desk
from classwright.graphs.review_drive import run_with_teacher, saver
from classwright.models.endpoint import Transport
from classwright.models.roles import open_models
from classwright.runs.recipe import Recipe, load_recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"


class State(TypedDict):
    review: Review


async def review(state: State, runtime: Runtime[Desk]) -> dict[str, Any]:
    return {"review": await review_step(state["review"], runtime.context)}


def graph() -> Any:
    g = StateGraph(State, context_schema=Desk)
    g.add_node("review", review)
    g.add_edge(START, "review")
    g.add_conditional_edges("review", lambda s: "review" if s["review"].status == "open" else END, ["review", END])
    return g.compile(checkpointer=saver())


def picked() -> tuple[LessonPlan, Any, Any]:
    tree = default_tree()
    audience = assemble(sample_class(6, 7, tree, GOAL), GOAL, tree)
    exam = make_exam([*audience.missing, GOAL], 7)
    held_out = [*exam.before, *exam.after]
    return draft_plan(tree, audience, 45, "balanced", 7, "baking", held_out), audience, held_out


async def carry_out(run: Run, recipe: Recipe, decide: Decide, endpoint: Transport | None = None) -> Review:
    plan, audience, held_out = picked()
    tree = default_tree()
    async with open_models(recipe, run.journal, seed=7, endpoint=endpoint) as models:
        desk = Desk(
            run=run.id, journal=run.journal, verify=lambda p: verify(p, tree, held_out), audience=audience, tree=tree,
            chat=models.chat("teacher"), embed=models.embed, interest="baking", seed=7, avoid=held_out,
            about=["Rehearsal: gain 0.41"],
        )  # fmt: skip
        state = await run_with_teacher(graph(), {"review": begin(plan)}, decide, context=desk)
        done: Review = state["review"]
        if run.mode == "append":
            with open_memory(run.path.parent / "memory", models.embed) as memory:
                await memory.remember_edits(edits_of(done, tree, run=run.id))
            await run.add_result("lesson", conclude(done).model_dump(mode="json"))
            await run.add_result("plan", done.plan.model_dump(mode="json"))
            run.finish({"status": done.status})
    return done


def main(what: str, root: str, recipe: str) -> int:
    try:
        if what == "start":
            run = create_run(root, "lesson", GOAL, {})
        else:
            [path] = [p for p in Path(root).iterdir() if (p / "config.json").exists()]
            run = open_run(path, mode="replay" if what == "replay" else "append")
        with run:
            done = asyncio.run(carry_out(run, load_recipe(recipe), at_terminal()))
    except ClasswrightError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(f"{done.status}\n")
    return int(done.status == "rejected")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
