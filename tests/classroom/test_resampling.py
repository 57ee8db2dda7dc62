import numpy as np
import pytest

from classwright.classroom import resampling
from classwright.classroom.resampling import resampled_means


@pytest.mark.parametrize("block", [1, 50, 10_000_000])
def test_the_draws_are_those_of_one_block_whatever_its_size(monkeypatch, block):
    monkeypatch.setattr(resampling, "BLOCK", block)
    values = np.random.default_rng(1).random((37, 2))
    draws = np.random.default_rng(5).integers(0, 37, (200, 37))
    assert np.array_equal(resampled_means(values, np.random.default_rng(5), 200), values[draws].mean(axis=1))


def test_columns_are_resampled_together():
    values = np.stack([np.arange(10.0), np.arange(10.0) * 2], axis=1)
    means = resampled_means(values, np.random.default_rng(0), 100)
    assert np.allclose(means[:, 1], 2 * means[:, 0])
