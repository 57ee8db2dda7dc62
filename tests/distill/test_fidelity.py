"""Agreement and divergence on cases that are worked out by hand, and on real models."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classwright.distill.fidelity import answer_fidelity, check_vocabulary, compare, compare_models, fidelity
from classwright.errors import InputError
from tests.distill.small_models import byte_tokenizer, small_model

TEACHER = np.log([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5]])
STUDENT = np.log([[0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.125, 0.125, 0.75]])
GOLD = [0, 2, 2]


def test_divergences_are_over_the_whole_vocabulary_in_nats():
    c = compare(TEACHER, STUDENT, GOLD)
    # row 1: .5 ln(.5/.25) + .25 ln(.25/.5) = .25 ln 2; row 3: .5 ln(.5/.75) + 2 * .25 ln 2
    assert c.forward == pytest.approx([0.25 * log(2), 0, 0.5 * log(2 / 3) + 0.5 * log(2)])
    assert c.reverse == pytest.approx([0.25 * log(2), 0, 0.25 * log(0.5) + 0.75 * log(1.5)])


def test_agreement_and_accuracy_are_separate_figures():
    f = fidelity([compare(TEACHER, STUDENT, GOLD)], seed=0)
    assert f.top1.mean == pytest.approx(2 / 3)
    assert f.teacher_accuracy.mean == pytest.approx(2 / 3)
    assert f.student_accuracy.mean == pytest.approx(1 / 3)
    assert (f.same_when_wrong.mean, f.same_when_wrong.values) == (1.0, 1)  # the teacher errs once, and is followed
    assert f.forward_kl is not None
    assert f.forward_kl.values == 3


def test_tokens_are_pooled_and_texts_resampled():
    short, long = compare(TEACHER[:1], STUDENT[:1], [0]), compare(TEACHER[1:], STUDENT[1:], [1, 2])
    f = fidelity([short, long], seed=1)
    assert (f.top1.mean, f.top1.items, f.top1.values) == (pytest.approx(2 / 3), 2, 3)  # not the mean of 0 and 1
    assert (f.top1.low, f.top1.high) == (0.0, 1.0)


def test_nobody_says_what_is_right():
    f = fidelity([compare(TEACHER, STUDENT)], seed=0)
    assert f.top1.mean == pytest.approx(2 / 3)
    assert f.teacher_accuracy.mean is f.same_when_wrong.mean is None


def test_other_vocabularies_are_refused():
    with pytest.raises(InputError, match="3 tokens in its vocabulary and the student 2"):
        compare(TEACHER, np.log([[0.5, 0.5]] * 3))
    with pytest.raises(InputError, match="same text"):
        compare(TEACHER, STUDENT[:2])


def test_what_is_no_distribution_is_refused():
    with pytest.raises(ValueError, match="teacher's rows are no log-probabilities"):
        compare(TEACHER * 2, STUDENT)
    impossible = np.array([[0.0, -np.inf, -np.inf]])
    with pytest.raises(ValueError, match="infinite"):
        compare(TEACHER[:1], impossible)
    assert compare(impossible, impossible).forward == pytest.approx([0])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=2, max_size=6), st.integers(0, 9))
def test_a_divergence_is_never_negative_and_zero_against_itself(rows, seed):
    logits = np.array(rows)
    a = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    b = a[np.random.default_rng(seed).permutation(len(a))]
    c, same = compare(a, b), compare(a, a)
    assert (c.forward >= 0).all()
    assert (c.reverse >= 0).all()
    assert same.forward == pytest.approx(np.zeros(len(a)), abs=1e-12)
    assert same.same.all()


def test_answers_of_models_with_other_vocabularies():
    f = answer_fidelity(["5", "7", None, "9"], ["5", "7", None, "2"], ["5", "8", "3", "2"], seed=0)
    assert f.top1.mean == 0.5  # two answers that could not be read are not the same
    assert (f.teacher_accuracy.mean, f.student_accuracy.mean) == (0.25, 0.5)
    assert (f.same_when_wrong.mean, f.same_when_wrong.values) == (pytest.approx(1 / 3), 3)
    assert f.forward_kl is None
    with pytest.raises(ValueError, match="questions"):
        answer_fidelity([], [], [], seed=0)


def test_a_model_follows_itself_and_not_another():
    teacher, student = small_model(1), small_model(2)
    texts = [byte_tokenizer()(t)["input_ids"] for t in ("one and two", "three")]
    itself = compare_models(teacher, teacher, texts, seed=0)
    assert (itself.top1.mean, itself.top1.values) == (1.0, 14)
    assert itself.forward_kl is not None
    assert itself.forward_kl.mean == pytest.approx(0, abs=1e-6)
    other = compare_models(teacher, student, texts, seed=0)
    assert other.forward_kl is not None
    assert other.reverse_kl is not None
    assert other.forward_kl.mean is not None
    assert other.forward_kl.mean > 0.1
    assert other.forward_kl.mean != other.reverse_kl.mean
    with pytest.raises(InputError, match="256 tokens in its vocabulary and the student 300"):
        compare_models(teacher, small_model(2, 300), texts, seed=0)


def test_tokenizers_that_number_tokens_otherwise_are_refused():
    class Other:
        def get_vocab(self):
            return byte_tokenizer().get_vocab() | {"A": 999}

    check_vocabulary(byte_tokenizer(), byte_tokenizer())
    with pytest.raises(InputError, match="'A' is 32 and 999"):
        check_vocabulary(byte_tokenizer(), Other())
