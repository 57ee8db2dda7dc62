"""Memory goes back to the system."""

import os
import sys

import pytest

from classwright.distill.memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_what_was_freed_in_the_middle_of_the_heap_is_given_back():
    """Blocks below the size at which glibc maps memory apart, with small ones that stay between them."""
    kept, freed = [], []
    for _ in range(3000):
        freed.append(bytearray(100_000))
        kept.append(bytearray(2000))
    freed.clear()
    before = _resident()
    give_back()
    assert _resident() < before - 50e6
    assert len(kept) == 3000


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
