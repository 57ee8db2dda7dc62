"""RETAIN, DASD and delta learning, each against its plain counterpart, in one table: `comparison.md`.

    .venv/bin/python benchmarks/distill_methods.py OUT [--data DATA] [--teacher DIR] [--seeds 1] [--rows 200]

Every step is a command of `classwright distill`; what is done is not done again, so the same line goes on after a stop.

- sft: the rationales (two-digit addition and subtraction, made by code); the training of the first seed is the teacher.
- retain: those students merged back toward the base, at the alpha that `distill measure` chooses on general text.
- plain, dasd: trained on the teacher's own right replies of as many draws: any of them; or low temperature first, those
  richest in what the teacher finds likelier than the student (`distill sample`).
- dpo, delta: the teacher's right replies against the base's wrong ones; loss as published, and length-normalized.

General text is the paragraphs of the repository's own README and CONTRIBUTING: not trained on, but of one kind.
"""

import argparse
import json
from pathlib import Path

from classwright.cli.main import run

HERE = Path(__file__).resolve().parent.parent
PAIRS = ("retain:sft", "dasd:plain", "delta:dpo")
LEAST = 120
"""Characters of a paragraph that counts as general text."""


def general_texts() -> list[str]:
    """Paragraphs of the repository's own pages, one a line."""
    found = []
    for name in ("README.md", "CONTRIBUTING.md"):
        for part in (HERE / name).read_text("utf-8").split("\n\n"):
            line = " ".join(part.split())
            if len(line) >= LEAST and not line.startswith(("```", "|", "#")):
                found.append(line)
    return found


def step(words: list[str], done: Path) -> None:
    """Do a command of `classwright distill` unless its last file is there.

    Raises:
        SystemExit: It failed.
    """
    if not done.is_file():
        print("distill", *words, flush=True)
        if code := run(["distill", *words, "--quiet"]):
            raise SystemExit(code)


def finished(folder: Path) -> bool:
    """Whether a training is done."""
    path = folder / "training.json"
    return path.is_file() and json.loads(path.read_text("utf-8"))["state"] == "done"


def train(data: Path, out: Path, seed: int, options: list[str], more: list[str]) -> None:
    """One training; it goes on where it was ended."""
    if not finished(out):
        words = ["train", str(data), "--out", str(out), "--seed", str(seed), *options, *more]
        print("distill", *words, flush=True)
        if code := run(["distill", *words, "--quiet"]):
            raise SystemExit(code)


def main(arguments: list[str] | None = None) -> None:
    """Do all that is not done, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, help="rationales; else 800 are made")
    parser.add_argument("--teacher", type=Path, help="a training on them, as the sft of the first seed")
    parser.add_argument("--base", default="smollm2")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=200, help="prompts that the teacher is asked")
    parser.add_argument("--samples", type=int, default=4, help="replies drawn a prompt and stage")
    parser.add_argument("--reply-tokens", type=int, default=64)
    parser.add_argument("--train", default="", help="further options of every `distill train`, in one string")
    got = parser.parse_args(arguments)
    out: Path = got.out
    out.mkdir(parents=True, exist_ok=True)
    data = got.data or out / "rationales"
    texts = out / "texts.txt"
    texts.write_text("\n".join(general_texts()) + "\n", "utf-8")
    step(["data", "--task", "rationale", "--out", str(data)], data / "card.json")

    shared = ["--base", got.base, "--reply-tokens", str(got.reply_tokens), *got.train.split()]
    arms: dict[str, list[Path]] = {name: [] for name in ("sft", "retain", "plain", "dasd", "dpo", "delta")}
    teacher = got.teacher or out / "sft-0"
    for seed in range(got.seeds):
        sft = teacher if seed == 0 else out / f"sft-{seed}"
        train(data, sft, seed, shared, [])
        step(["measure", str(sft), "--texts", str(texts)], sft / "retain.json")
        merged = out / f"retain-{seed}"
        step(["retain", str(sft), "--out", str(merged), "--texts", str(texts)], merged / "exam.after.json")
        arms["sft"].append(sft)
        arms["retain"].append(merged)
    for how in ("plain", "dasd", "pairs"):
        words = ["sample", str(data), "--how", how, "--teacher", str(teacher), "--student", got.base, "--rows",
                 str(got.rows), "--samples", str(got.samples), "--reply-tokens", str(got.reply_tokens),
                 "--out", str(out / how)]  # fmt: skip
        step(words, out / how / "card.json")
    for seed in range(got.seeds):
        for name, source, more in (
            ("plain", "plain", []),
            ("dasd", "dasd", ["--keep-order"]),
            ("dpo", "pairs", ["--method", "dpo", "--loss", "sigmoid"]),
            ("delta", "pairs", ["--method", "dpo", "--loss", "sigmoid_norm"]),
        ):
            student = out / f"{name}-{seed}"
            train(out / source, student, seed, shared, more)
            arms[name].append(student)
    named = [f"{name}={','.join(map(str, folders))}" for name, folders in arms.items()]
    pairs = [word for pair in PAIRS for word in ("--pair", pair)]
    if code := run(["distill", "compare", *named, *pairs, "--out", str(out)]):
        raise SystemExit(code)


if __name__ == "__main__":
    main()
