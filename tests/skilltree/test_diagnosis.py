import random

import pytest

from classwright.classroom.careless import careless_answer
from classwright.errors import InputError
from classwright.skilltree import bank
from classwright.skilltree.diagnosis import ErrorModel, diagnose, telling_problem
from classwright.skilltree.tree import default_tree

TREE = default_tree()
ADDS_BOTH = "fractions.add_numerators_and_denominators"


def wrong_answers(skills, held: str | None, seed: object, n: int = 6):
    """`n` wrong answers to random problems: the rule's with probability .85 where it applies, else slips."""
    rng = random.Random(f"{held}/{skills}/{seed}")
    found = []
    for _ in range(200):
        p = bank.problem(rng.choice(skills), rng.randrange(10**6), rng.choice((1, 2, 3)))
        rule = bank.wrong_answer(held, p) if held else None
        given = rule if rule is not None and rng.random() < 0.85 else careless_answer(p, rng.random())
        if given and (rule is not None or rng.random() < 0.3):
            found.append((p, given))
            if len(found) == n:
                return found
    return found


def test_the_misconception_is_found_in_simulated_holders_of_every_one_of_them():
    found = [diagnose(wrong_answers(m.skills, m.id, 1), TREE).likeliest == m.id for m in TREE.misconceptions.values()]
    assert len(found) > 120
    assert sum(found) / len(found) >= 0.85


def test_slips_alone_rarely_look_like_a_misconception():
    skills = [s for s in TREE if TREE.misconceptions_of(s)]
    false = [diagnose(wrong_answers((s,), None, 2), TREE).likeliest is not None for s in skills]
    assert sum(false) / len(false) < 0.1


def applying(n: int):
    problems = (bank.problem("fractions.add_unlike", seed, 2) for seed in range(99))
    return [p for p in problems if bank.wrong_answer(ADDS_BOTH, p)][:n]


def test_each_explained_answer_adds_and_a_rule_that_did_not_show_loses():
    seen = [diagnose([], TREE, candidates=[ADDS_BOTH]).posterior[ADDS_BOTH]]
    answers = []
    for p in applying(3):
        answers.append((p, bank.wrong_answer(ADDS_BOTH, p)))
        seen.append(diagnose(answers, TREE).posterior[ADDS_BOTH])
        assert diagnose(answers, TREE).explained[-1] == (ADDS_BOTH,)
    assert seen[0] == pytest.approx(0.2)
    assert seen == sorted(seen)
    assert seen[-1] > 0.95
    before = seen[-1]
    p = applying(4)[3]
    answers.append((p, careless_answer(p, 0)))
    after = diagnose(answers, TREE)
    assert after.explained[-1] == ()
    assert after.posterior[ADDS_BOTH] < before
    assert after.likeliest == ADDS_BOTH  # one slip does not undo three of its own answers


def test_the_posterior_is_bayes_rule_by_hand():
    """One candidate, one answer of its rule: 0.2 (0.85 + 0.15/8) against 0.8 / 8."""
    (p,) = applying(1)
    found = diagnose([(p, bank.wrong_answer(ADDS_BOTH, p) or "")], TREE, candidates=[ADDS_BOTH])
    held, free = 0.2 * (0.85 + 0.15 / 8), 0.8 / 8
    assert found.posterior[ADDS_BOTH] == pytest.approx(held / (held + free))
    assert found.none == pytest.approx(free / (held + free))


def test_right_answers_count_against_when_the_record_is_complete():
    two = applying(2)
    wrong = [(two[0], bank.wrong_answer(ADDS_BOTH, two[0]) or "")]
    alone = diagnose(wrong, TREE, candidates=[ADDS_BOTH])
    both = diagnose([*wrong, (two[1], two[1].answer)], TREE, candidates=[ADDS_BOTH], complete=True)
    assert both.right == 1
    assert both.posterior[ADDS_BOTH] < diagnose(wrong, TREE, candidates=[ADDS_BOTH], complete=True).posterior[ADDS_BOTH]
    picked = diagnose([*wrong, (two[1], two[1].answer)], TREE, candidates=[ADDS_BOTH], complete=False)
    assert picked.posterior == alone.posterior


def test_two_misconceptions_can_be_held_at_once():
    skill, (a, b) = next(
        (s, names)
        for s in TREE
        if len(names := [m.id for m in TREE.misconceptions_of(s)]) == 2 and s.startswith(("fractions", "whole"))
    )
    answers = []
    for seed in range(400):
        p = bank.problem(skill, seed, 2)
        one, two = bank.wrong_answer(a, p), bank.wrong_answer(b, p)
        if one and two and one != two:
            answers.append((p, (one, two)[len(answers) % 2]))
        if len(answers) == 6:
            break
    found = diagnose(answers, TREE)
    assert found.posterior[a] > 0.9
    assert found.posterior[b] > 0.9


def test_equal_values_match_and_unreadable_answers_say_nothing():
    (p,) = applying(1)
    rule = bank.wrong_answer(ADDS_BOTH, p) or ""
    said = diagnose([(p, f"I got {rule}.")], TREE)
    assert said.explained == ((ADDS_BOTH,),)
    mute = diagnose([(p, "I do not know")], TREE)
    assert mute.ungradable == 1
    assert mute.posterior == diagnose([], TREE, candidates=mute.posterior).posterior


def test_a_telling_problem_brings_out_the_rule_and_is_reproducible():
    skill = "fractions.add_unlike"
    names = {m.id: 0.2 for m in TREE.misconceptions_of(skill)}
    for seed in range(5):
        p = telling_problem(skill, names, TREE, seed)
        rules = [bank.wrong_answer(name, p) for name in names]
        assert len({r for r in rules if r}) == len(names)  # every rule shows, each in its own way
        assert p == telling_problem(skill, names, TREE, seed)


def test_weaker_holders_and_unknown_candidates():
    (p,) = applying(1)
    answer = [(p, bank.wrong_answer(ADDS_BOTH, p) or "")]
    sure = diagnose(answer, TREE).posterior[ADDS_BOTH]
    assert diagnose(answer, TREE, model=ErrorModel(express=0.3)).posterior[ADDS_BOTH] < sure
    with pytest.raises(InputError, match="no misconception"):
        diagnose(answer, TREE, candidates=["fractions.nothing"])
