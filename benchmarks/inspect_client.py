"""The dialogues of `dialogue_clients.py` held by inspect_ai, run by a Python that has it (`--inspect-python`).

PYTHON benchmarks/inspect_client.py URL DIALOGUES TURNS SLOTS
"""

import json
import os
import resource
import sys
import tempfile
import time

RULES = "A tutor and a student talk about one problem. You speak for one of them, as the last lines say. " * 4


def main() -> None:
    url, *numbers = sys.argv[1:]
    dialogues, turns, slots = map(int, numbers)
    os.environ |= {"OPENAI_API_KEY": "none", "INSPECT_DISPLAY": "none", "INSPECT_LOG_LEVEL": "error"}
    from inspect_ai import Task, eval
    from inspect_ai.dataset import Sample
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, get_model
    from inspect_ai.solver import Generate, TaskState, solver

    spent: dict[object, float] = {}

    @solver
    def talk():
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            said = f"Problem {state.sample_id}"
            model = get_model()
            for k in range(2 * turns):
                messages = [
                    ChatMessageSystem(content=RULES),
                    ChatMessageUser(content=f"The talk so far:\n{said}\n\n---\nSay the next turn."),
                ]
                config = GenerateConfig(seed=1000 * int(state.sample_id) + k, max_tokens=120)
                output = await model.generate(messages, config=config)
                spent[state.sample_id] = spent.get(state.sample_id, 0.0) + (output.time or 0.0)
                said += "\n" + output.completion
            return state

        return solve

    model = get_model(
        "openai/sim", base_url=url, responses_api=False, config=GenerateConfig(max_connections=slots, timeout=600)
    )
    task = Task(dataset=[Sample(input="talk", id=d + 1) for d in range(dialogues)], solver=talk())
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        logs = eval(task, model=model, log_dir=folder, max_samples=dialogues, max_connections=slots, display="none")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert logs[0].status == "success", logs[0].error
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    calls = 2 * turns * dialogues
    print(json.dumps({"wall_s": wall, "cpu_s": cpu, "calls": calls, "longest_s": max(spent.values()), "rss_mb": rss}))


if __name__ == "__main__":
    main()
