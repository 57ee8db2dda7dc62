"""Rows from the corpus: our own texts for lessons and dialogues, under the prompts that the agents render."""

from collections import Counter
from collections.abc import Iterable, Iterator

from classwright.corpus.analogies import analogy_pairs
from classwright.corpus.dialogue_pairs import dialogue_pairs
from classwright.corpus.lesson_pairs import lesson_pairs
from classwright.corpus.optimizer_pairs import optimizer_pairs
from classwright.corpus.pair import Pair
from classwright.distill.candidates import OWN, Candidate, DataRequest
from classwright.distill.rows import Message, Row
from classwright.skilltree.tree import SkillTree

SOURCE = "corpus"


def corpus_rows(tree: SkillTree, request: DataRequest) -> Iterator[Candidate]:
    """All rows of the corpus, the same for the same seed."""
    yield from as_candidates(lesson_pairs(tree, seed=request.seed))
    yield from as_candidates(analogy_pairs(tree, seed=request.seed))
    yield from as_candidates(optimizer_pairs(tree, seed=request.seed))
    yield from as_candidates(dialogue_pairs(tree, seed=request.seed))


def as_candidates(pairs: Iterable[Pair]) -> Iterator[Candidate]:
    """Pairs as candidates: the family is skill and task; interest, misconception and pattern can be held out, too."""
    numbers: Counter[str] = Counter()
    for pair in pairs:
        family = f"{pair.skill}/{pair.task}"
        numbers[family] += 1
        messages = (
            *(Message.model_validate(m) for m in pair.messages), Message(role="assistant", content=pair.text),
        )  # fmt: skip
        # Few-shot examples in a prompt are assistant messages as well; only the text itself is trained.
        row = Row(
            id=f"{SOURCE}/{family}/{numbers[family]}", messages=messages, trained=(len(messages) - 1,),
            skill=pair.skill, family=family, task=pair.task, pattern=pair.pattern, source=SOURCE,
        )  # fmt: skip
        places = (
            (f"pattern {pair.task}", pair.pattern),
            ("interest", pair.interest),
            ("misconception", pair.misconception),
        )
        yield Candidate(row, (OWN,), (pair.task,), apart=tuple((kind, value) for kind, value in places if value),
                        asked=pair.asked)  # fmt: skip
