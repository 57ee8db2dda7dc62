"""PS-KD training: supervised fine-tuning whose targets are softened by what the model itself said an epoch ago.

See `pskd`. The past is kept as weights, not as probabilities (a vocabulary of them for every token would not fit): the
trained weights after each epoch, in `past-N.safetensors` beside the checkpoints, so that a resume finds them.
"""

from math import ceil
from pathlib import Path
from typing import Any

from classwright.distill.pskd import IGNORED, alpha, pskd_loss
from classwright.distill.setup import Setup
from classwright.distill.train_sft import made, seen, supervised, tokens_of, weighted_loss, weighted_trainer
from classwright.errors import InputError


def trainer(setup: Setup) -> Any:
    """The trainer of a PS-KD training.

    Raises:
        InputError: The weights are spread over processes (FSDP), so that no process has the past ones whole.
    """
    from transformers import TrainerCallback

    class PSKDTrainer(weighted_trainer()):
        """The weighted trainer against softened targets, from the second epoch on."""

        past: tuple[int, dict[str, Any]] = (0, {})

        def loss_of(self, model: Any, inputs: dict[str, Any], total: Any) -> tuple[Any, Any]:
            """As `weighted_loss`."""
            import torch

            done = epochs_done(self.state.global_step, self.state.max_steps, setup.settings.epochs)
            if done == 0:
                return weighted_loss(model, inputs, total)
            share = alpha(done + 1, ceil(setup.settings.epochs), setup.settings.past)
            places, targets, weights = supervised(inputs)
            given = {**seen(inputs), "logits_to_keep": places}
            inner = self.accelerator.unwrap_model(model)
            with torch.no_grad():
                past = torch.func.functional_call(inner, self.weights_after(done, inner), kwargs=given).logits
                past = past.float().softmax(-1)
            logits = model(**given).logits
            labels = targets.masked_fill(weights <= 0, IGNORED)
            loss = pskd_loss(logits, labels, past, share, weights.sum() if total is None else total, weights)
            return loss, ((logits.detach().argmax(-1) == targets) & (weights > 0)).sum()

        def weights_after(self, epoch: int, model: Any) -> dict[str, Any]:
            """The trained weights after an epoch, name -> tensor."""
            from safetensors.torch import load_file

            if self.past[0] != epoch:
                self.past = epoch, load_file(past_file(setup.checkpoints, epoch), device=str(model.device))
            return self.past[1]

    class Keep(TrainerCallback):
        """Keeps the weights after each epoch."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Write them where an epoch ends; a resume that does the step again writes the same."""
            from safetensors.torch import save

            from classwright.runs.atomic import write_atomic

            before, after = (
                epochs_done(step, state.max_steps, setup.settings.epochs)
                for step in (state.global_step - 1, state.global_step)
            )
            if after == before or not state.is_world_process_zero:
                return
            model = made_trainer.accelerator.unwrap_model(made_trainer.model_wrapped)
            kept = {n: p.detach().cpu().contiguous() for n, p in model.named_parameters() if p.requires_grad}
            write_atomic(past_file(setup.checkpoints, after), save(kept))

    rows = tokens_of(setup)
    made_trainer = made(setup, [[rows[i]] for i in setup.order([len(row.ids) for row in rows])], PSKDTrainer)
    if made_trainer.is_fsdp_enabled:
        raise InputError("pskd needs the whole past weights in each process; take accelerate-ddp.yaml, not FSDP")
    made_trainer.add_callback(Keep())
    return made_trainer


def epochs_done(step: int, steps: int, epochs: float) -> int:
    """Whole epochs after so many of all steps."""
    return int(step * epochs / steps + 1e-9) if steps else 0


def past_file(checkpoints: Path, epoch: int) -> Path:
    """Where the weights after an epoch are kept."""
    return checkpoints / f"past-{epoch}.safetensors"
