import pytest

from tests.distill.tiny_base import tiny_base


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A tiny random base, its directory."""
    import torch

    torch.set_num_threads(1)
    return tiny_base(tmp_path_factory.mktemp("tiny") / "base")
