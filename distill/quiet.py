"""Keeping the training libraries from talking: their bars and warnings are not ours to show."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGERS = ("transformers", "trl", "peft", "accelerate", "datasets", "torch", "huggingface_hub")


def wait_idly() -> None:
    """Let OpenMP's threads sleep soon when they wait for each other; works before torch is imported.

    They spin for milliseconds otherwise: with other work on two cores, two threads took 19 s of processor time for what
    one did in 6.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")


@contextmanager
def quiet() -> Iterator[None]:
    """Inside, transformers and its kin show errors only."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # read by tqdm when it is imported
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    import datasets
    import transformers

    levels = {name: logging.getLogger(name).level for name in _LOGGERS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.ERROR)
        transformers.utils.logging.disable_progress_bar()
        datasets.disable_progress_bars()
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
