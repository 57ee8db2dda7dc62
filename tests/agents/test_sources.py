"""A lesson grounded in a teacher's notes: what is found, told, cited, listed and left out."""

import shutil
from pathlib import Path

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from classwright.agents.grounding import at_the_end, ground, without_marks
from classwright.agents.sources import Found, Material, quotes, retrieve, skill_queries
from classwright.agents.teacher import with_words
from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.free_plan import QUESTION
from classwright.classroom.plan import Words
from classwright.classroom.source import Source
from classwright.classroom.verify import verify
from classwright.errors import ClasswrightError, JournalError
from classwright.models.embeddings import WordEmbedder
from classwright.runs.journal import Journal
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"
NOTES = """# Fractions

A fraction is a part of a whole. The denominator says how many equal parts the whole is cut into.

Pieces of different size cannot be counted together. Two halves of a small cake are not two halves of a big one.

When the denominators are the same, add the numerators and keep the denominator.

Shortcut from an old book for adding fractions with unlike denominators: 1/2 + 1/3 = 2/5.

Some children add the denominators of both fractions and write 1/4 + 1/4 = 2/8. That is wrong.

# Class trip

The bus to the lake leaves at eight in the morning. Bring a raincoat and lunch.
"""
SOURCE = Source(name="notes.md", pages=(NOTES,))
TREE = default_tree()
embed = WordEmbedder().embed


@pytest.fixture(scope="module")
def plan():
    audience = assemble(sample_class(4, 7, TREE, GOAL), GOAL, TREE)
    return draft_plan(TREE, audience, 45, "balanced", 7, "baking", [])


async def find(folder: Path, **options) -> Material:
    return await retrieve([SOURCE], skill_queries([GOAL], TREE), embed, folder, **options)


async def test_passages_that_bear_on_the_skill_are_found_word_for_word(tmp_path):
    material = await find(tmp_path)
    texts = [f.text for f in material.found]
    assert "When the denominators are the same, add the numerators and keep the denominator." in texts
    assert all(text in NOTES for text in texts)
    assert not any("bus" in text for text in texts)
    assert material.passages == 6


async def test_what_code_knows_to_be_false_is_reported_and_never_quoted(tmp_path):
    material = await find(tmp_path)
    assert material.faults == ["notes.md says 1/2 + 1/3 = 2/5, which is false"]
    assert not any("Shortcut" in f.text or "2/8" in f.text for f in material.found)


async def test_retrieval_is_kept_in_the_journal_and_needs_no_index_again(tmp_path):
    with Journal.open(tmp_path / "journal.jsonl") as journal:
        first = await find(tmp_path / "memory", journal=journal)
    shutil.rmtree(tmp_path / "memory")
    with Journal.open(tmp_path / "journal.jsonl", "replay") as journal:
        assert await find(tmp_path / "memory", journal=journal) == first
        with pytest.raises(JournalError, match="another request"):
            await find(tmp_path / "memory", journal=journal, most=1)
    assert not (tmp_path / "memory").exists()
    with Journal.open(tmp_path / "empty.jsonl") as empty:
        empty.close()
    with Journal.open(tmp_path / "empty.jsonl", "replay") as empty, pytest.raises(ClasswrightError, match="resume it"):
        await find(tmp_path / "memory", journal=empty)


async def test_an_index_is_made_once_and_again_when_it_is_gone(tmp_path):
    told: list[tuple[str, int, int]] = []
    first = await find(tmp_path, progress=lambda *a: told.append(a))
    assert told == [("indexing notes.md", 6, 6)]
    shutil.rmtree(tmp_path)
    SharedSystemClient.clear_system_cache()  # as in another process: this one still holds the deleted files open
    assert await find(tmp_path) == first
    assert await find(tmp_path) == first


async def test_a_short_text_can_be_taken_whole(tmp_path):
    material = await find(tmp_path, whole=10)
    assert any("bus" in f.text for f in material.found)
    assert not any("Shortcut" in f.text for f in material.found)


async def test_the_writer_of_the_explanation_is_told_what_the_text_says(plan, tmp_path):
    notes = quotes(plan, await find(tmp_path))
    assert set(notes) == {f"explanation {len(plan.explanations)}"}
    assert "“When the denominators are the same, add the numerators" in notes[f"explanation {len(plan.explanations)}"]


async def test_texts_are_cited_by_code_and_unsupported_claims_are_listed(plan, tmp_path):
    material = await find(tmp_path)
    slot = f"explanation {len(plan.explanations)}"
    said = (
        "The denominator tells how many equal parts the whole is cut into. When the denominators are the same, we add "
        "the numerators and keep the denominator. Fractions were invented in Egypt long ago. Are they useful?"
    )
    worded = with_words(plan, {slot: Words(text=said, source="model")})
    grounded = await ground(worded, material, TREE, embed)
    by_text = {p.text: p.id for p in grounded.passages}
    part = next(i for t, i in by_text.items() if t.startswith("A fraction is a part"))
    same = next(i for t, i in by_text.items() if t.startswith("When the denominators are the same"))
    text = dict(grounded.slots())[slot].text
    assert f"is cut into [{part}]. When" in text
    assert f"keep the denominator [{same}]. Fractions were invented in Egypt long ago. Are" in text
    assert [p.id for p in grounded.passages] == [f"S{n}" for n in range(1, len(grounded.passages) + 1)]
    assert all(p.text in NOTES and p.source == "notes.md, “Fractions”" for p in grounded.passages)
    assert grounded.unsupported == [
        f"{slot}: Fractions were invented in Egypt long ago.",
        "source: notes.md says 1/2 + 1/3 = 2/5, which is false; it was not used",
    ]
    assert verify(grounded, TREE).findings == verify(plan, TREE).findings == []
    assert await ground(grounded, material, TREE, embed) == grounded
    assert without_marks(grounded) == worded


async def test_citations_go_with_other_words_to_the_end_of_their_text(plan, tmp_path):
    slot = f"explanation {len(plan.explanations)}"
    said = "When the denominators are the same, we add the numerators and keep the denominator. So it is fair."
    cited = await ground(with_words(plan, {slot: Words(text=said, source="model")}), await find(tmp_path), TREE, embed)
    other = with_words(without_marks(cited), {slot: Words(text="Wir zählen gleiche Teile.", source="model")})
    marked = at_the_end(other, cited)
    assert dict(marked.slots())[slot].text == "Wir zählen gleiche Teile. [S1]"
    assert marked.passages == cited.passages
    assert marked.unsupported == cited.unsupported
    assert without_marks(marked) == other


async def test_curated_words_of_the_tree_need_no_support(plan, tmp_path):
    for goal in (GOAL, "decimals.add", "algebra.one_step_equations"):
        if goal not in TREE:
            continue
        audience = assemble(sample_class(4, 7, TREE, goal), goal, TREE)
        curated = draft_plan(TREE, audience, 60, "balanced", 7, None, [])
        grounded = await ground(curated, Material(), TREE, embed)
        assert grounded == curated
    as_if_model = with_words(
        plan, {n: Words(text=w.text, source="model") for n, w in plan.slots() if n.startswith("expl")}
    )
    assert (await ground(as_if_model, Material(), TREE, embed)).unsupported == []


async def test_lines_about_questions_survive_grounding(plan):
    noted = plan.model_copy(update={"unsupported": [f"{QUESTION}“Q?” was left out", "closing: stale claim"]})
    assert (await ground(noted, Material(), TREE, embed)).unsupported == [f"{QUESTION}“Q?” was left out"]


async def test_one_mark_for_neighbors_that_cite_the_same(plan):
    text = "Plants make sugar in green leaves. Oxygen goes out into the air around."
    found = Found(source="a.md", text=text, parts=("t",), similarity=0.9)
    worded = with_words(plan, {"closing": Words(text=text, source="model")})
    worded.title = "Plants make sugar, oxygen goes into air"
    grounded = await ground(worded, Material(found=[found]), TREE, embed)
    assert grounded.closing.text == "Plants make sugar in green leaves. Oxygen goes out into the air around [S1]."
