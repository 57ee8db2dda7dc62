"""A coded student reads material: what answers its misconception repairs it, what does not leaves it."""

from classwright.agents.material_reader import answered_ideas, passages, read, sit
from classwright.classroom.student import KnowledgeStudent
from classwright.models.embeddings import WordEmbedder
from classwright.skilltree.bank import problems
from classwright.skilltree.tree import default_tree

SKILL = "counting.subtract_within_10"
REPAIRS = {m.id: m.repair for m in default_tree().misconceptions_of(SKILL)}


async def test_material_is_read_sentence_by_sentence():
    tree = default_tree()
    problem = problems(SKILL, 1, 1, 1)[0]
    student = KnowledgeStudent("s", 1, {SKILL: 0.4, "counting.subtract_within_5": 0.9}, set(REPAIRS), tree)
    embed = WordEmbedder().embed
    text = f"Subtraction is fun. {REPAIRS['counting.adds_for_take_away']} Here is an example: 9 - 2 = 7."
    assert await answered_ideas(text, problem, student, embed) == ["counting.adds_for_take_away"]
    assert await answered_ideas("The weather is nice today.", problem, student, embed) == []
    after = await read(student, text, problem, embed)
    assert after.mastery[SKILL] > student.mastery[SKILL]
    assert student.held == set(REPAIRS)  # the student itself is as before
    assert "counting.counts_back_from_the_start_number" in after.held
    same = await read(student, "", problem, embed)
    assert same.mastery == student.mastery


def test_passages_are_sentences_and_pairs_of_them():
    assert passages("One. Two!\nThree?") == ["One.", "Two!", "Three?", "One. Two!", "Two! Three?"]
    assert passages("  ") == []


async def test_another_text_that_answers_the_idea_is_another_chance():
    tree = default_tree()
    problem = problems(SKILL, 1, 1, 1)[0]
    idea = "counting.adds_for_take_away"
    mastery = {SKILL: 0.3} | dict.fromkeys(tree.prerequisites(SKILL), 0.9)
    repaired = 0
    for n in range(40):
        student = KnowledgeStudent("s", 3, dict(mastery), {idea}, tree)
        text = f"{REPAIRS[idea]} Text {n}."
        after = await read(student, text, problem, WordEmbedder().embed)
        assert after.held == (await read(student, text, problem, WordEmbedder().embed)).held
        repaired += not after.held
    # half of full repairs free a ready learner (LearningModel.repair)
    assert 10 <= repaired <= 30


async def test_an_exam_after_reading_nothing_is_the_student_as_it_is():
    tree = default_tree()
    items = problems(SKILL, 8, 1, 1)
    student = KnowledgeStudent("s", 2, {SKILL: 0.3}, {"counting.adds_for_take_away"}, tree)
    sat = await sit(student, "", items, WordEmbedder().embed)
    assert sat == [(r.answer, r.right) for r in map(student.answer, items)]
    assert any(said == str(int(p.values["a"]) + int(p.values["b"])) for (said, _), p in zip(sat, items, strict=True))
    assert await sit(student, "", [], WordEmbedder().embed) == []
