"""Where sentences come from, on cases worked out by hand."""

from math import log

import pytest

from classwright.distill.provenance import (
    origin,
    provenance,
    sentence_probabilities,
    sentence_spans,
    trace,
)
from classwright.distill.rows import Message
from classwright.distill.scored_tokens import ScoredReply, score_reply
from tests.distill.small_models import byte_tokenizer, small_model

TEXT = "I add. It is 5."
SPANS = ((0, 1), (1, 5), (5, 6), (6, 9), (9, 14), (14, 15))  # "I", " add", ".", " It", " is 5", "."


@pytest.mark.parametrize(
    ("teacher", "student", "distilled", "found"),
    [
        (0.75, 0.5, 0.9, "teacher"),
        (0.5, 0.75, 0.9, "student"),
        (0.5, 0.5, 0.75, "boosted"),
        (0.5, 0.625, 0.75, "shared"),  # .125 above the student: within the margin
        (0.5, 0.5, 0.1, "shared"),
        (0.7, 0.5, 0.5, "shared"),  # .7 - .5 is not more than .2
        (0.0, 0.0, 1.0, "boosted"),
    ],
)
def test_the_four_origins(teacher, student, distilled, found):
    assert origin(teacher, student, distilled) == found


def scored(*p: float) -> ScoredReply:
    return ScoredReply(tuple(log(x) for x in p), SPANS)


def test_a_sentence_has_the_geometric_mean_of_its_tokens():
    assert [TEXT[a:b] for a, b in sentence_spans(TEXT)] == ["I add.", "It is 5."]
    found = sentence_probabilities(TEXT, scored(0.5, 0.5, 0.125, 0.9, 0.9, 0.9))
    # the token " It" begins with the space between, and counts for the second sentence
    assert found == pytest.approx([(0.5 * 0.5 * 0.125) ** (1 / 3), 0.9])


def test_a_sentence_without_a_token_of_its_own_is_not_scored():
    whole = ScoredReply((log(0.5),), ((0, 15),))
    assert sentence_probabilities(TEXT, whole) == [pytest.approx(0.5), None]
    assert trace(TEXT, whole, whole, whole)[1] is None


def test_shares_over_replies():
    high, low = scored(*[0.9] * 6), scored(*[0.3] * 6)
    mixed = scored(*[0.9] * 3, *[0.3] * 3)
    replies = [trace(TEXT, high, low, high), trace(TEXT, mixed, low, low), trace(TEXT, low, low, high)]
    assert [[s.origin for s in r if s] for r in replies] == [["teacher"] * 2, ["teacher", "shared"], ["boosted"] * 2]
    p = provenance([*replies, [None]], seed=0)
    assert {o: e.mean for o, e in p.shares.items()} == pytest.approx(
        {"teacher": 0.5, "student": 0.0, "boosted": 1 / 3, "shared": 1 / 6}
    )
    assert (p.replies, p.sentences, p.unscored) == (3, 6, 1)


def test_models_with_random_weights_share_what_the_same_model_says():
    model, tokenizer = small_model(), byte_tokenizer()
    reply = score_reply(model, tokenizer, (Message(role="user", content="?"),), TEXT)
    assert [s.origin for s in trace(TEXT, reply, reply, reply) if s] == ["shared", "shared"]
