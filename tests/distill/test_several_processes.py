"""Two processes on the CPU (gloo) train as one: the way that several GPUs take."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from classwright.distill.train import train
from tests.distill.test_train import losses, settings
from tests.distill.tiny_base import tiny_base, tiny_data

pytestmark = pytest.mark.filterwarnings("ignore")


def test_two_processes_train_as_one_of_twice_the_batch(tmp_path):
    base, data = tiny_base(tmp_path / "base"), tiny_data(tmp_path / "data")
    two = tmp_path / "two"
    # As `accelerate launch` does it for GPUs: torchrun's processes, whose number and rank are in the environment.
    words = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2",
        str(Path(sys.executable).with_name("classwright")), "distill", "train", str(data),
        "--base", str(base), "--out", str(two), "--lora-rank", "4", "--batch", "4", "--threads", "1", "--lr", "0.01",
        "--reply-tokens", "4", "--eval-items", "2", "--precision", "fp32", "--length", "64", "--epochs", "2",
        "--no-before", "--quiet",
    ]  # fmt: skip
    env = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"}
    done = subprocess.run(words, capture_output=True, text=True, env=env, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    one = tmp_path / "one"
    train(data, settings(base, batch=8, epochs=2), one)
    assert len(losses(two)) == 4
    assert losses(two) == pytest.approx(losses(one), rel=1e-4)
    assert (two / "student.gguf").is_file()
