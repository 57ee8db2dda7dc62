"""What happens beside the steps of a training: log, progress, evaluation by generation, checkpoints, early stop."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from classwright.distill.checkpoints import best_folder, keep_only_best, mark_whole, save_best
from classwright.distill.examine import examine, total
from classwright.distill.memory import give_back
from classwright.distill.rows import ExamItem
from classwright.distill.settings import TrainSettings
from classwright.distill.setup import EVALUATIONS
from classwright.distill.train_log import TrainLog
from classwright.errors import ClasswrightError
from classwright.runs.progress import Progress

_LOGGED = {
    "loss": "loss",
    "token_accuracy": "token_accuracy",
    "mean_token_accuracy": "token_accuracy",
    "rewards/accuracies": "preferred",
    "rewards/margins": "margin",
    "reward": "reward",
    "learning_rate": "rate",
    "grad_norm": "grad_norm",
}


def watch(trainer: Any, log: TrainLog, settings: TrainSettings, items: Sequence[ExamItem], progress: Progress) -> Any:
    """The callback of a training, for `trainer.add_callback`.

    Evaluates before the first step, every `eval_every` steps and after the last; saves a checkpoint each time, and the
    model where it is the best so far. Stops after `patience` evaluations without a better one.
    """
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        """See `watch`."""

        def __init__(self) -> None:
            self.began = time.monotonic() - log.seconds
            self.every = settings.eval_every

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Evaluate the base; a resumed training has done so."""
            self.every = self.every or max(1, -(-state.max_steps // EVALUATIONS))
            if state.global_step == 0:
                self.evaluate(state)

        def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Stop before a step that would spoil the weights: a loss that is no number has such gradients."""
            import torch

            norms = [p.grad.float().norm() for p in trainer.model.parameters() if p.grad is not None]
            if norms and not torch.stack(norms).sum().isfinite():
                raise ClasswrightError(
                    f"the loss is no number after step {state.global_step}; the last good checkpoint is kept in "
                    f"{args.output_dir}. Try a lower --lr than {settings.learning_rate:g}, or --precision fp32"
                )

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
            """A line of the log, and the progress line."""
            if not state.is_world_process_zero or not logs or "loss" not in logs:
                return
            line = {name: round(float(logs[key]), 6) for key, name in _LOGGED.items() if key in logs}
            log.add(step=state.global_step, epoch=epoch_of(state), **line, seconds=self.seconds())
            progress(f"Training ({self.words(line)})", state.global_step, state.max_steps)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Evaluation and a checkpoint where they are due."""
            give_back()
            if state.global_step % self.every and state.global_step < state.max_steps:
                return
            self.evaluate(state)
            control.should_save = True
            if settings.patience and items and log.worse_since >= settings.patience:
                control.should_training_stop = True

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """The checkpoint is whole."""
            if state.is_world_process_zero:
                mark_whole(Path(args.output_dir) / f"checkpoint-{state.global_step}")
                best = log.best
                keep_only_best(Path(args.output_dir), best["step"] if best else state.global_step)

        def evaluate(self, state: Any) -> None:
            """Ask the held-out items, note how many are right, and keep the model if it is the best."""
            import torch

            step, folder = state.global_step, Path(trainer.args.output_dir)
            if items:
                model = trainer.accelerator.unwrap_model(trainer.model_wrapped)
                with torch.autocast(model.device.type, torch.bfloat16, enabled=trainer.args.bf16):
                    marks = examine(
                        items,
                        model,
                        trainer.processing_class,
                        max_tokens=settings.reply_tokens,
                        progress=lambda done, of: progress(f"Evaluating (step {step})", done, of),
                    )
                score = total(marks)
                if state.is_world_process_zero:
                    log.add(step=step, right=score.right, items=score.items, accuracy=score.share,
                            seconds=self.seconds())  # fmt: skip
                give_back()
            best = log.best
            if step and (not items or (best is not None and best["step"] == step)):
                save_best(folder, step, lambda to: trainer.save_model(str(to)))

        def seconds(self) -> float:
            """Seconds of training so far, this process and those before."""
            return round(time.monotonic() - self.began, 2)

        def words(self, line: dict[str, float]) -> str:
            """Loss and accuracy for a person."""
            told = [f"loss {line['loss']:.3f}"]
            for name in ("token_accuracy", "preferred", "reward"):
                if name in line:
                    told.append(f"{name.replace('_', ' ')} {line[name]:.2f}")
            if log.evaluations:
                last = log.evaluations[-1]
                told.append(f"{last['right']}/{last['items']} right at step {last['step']}")
            return ", ".join(told)

    def epoch_of(state: Any) -> float:
        return round(settings.epochs * state.global_step / max(1, state.max_steps), 3)

    return Watch()


def chosen(log: TrainLog, checkpoints: Path) -> Path:
    """The directory of the model that a finished training chose: the best in evaluation, else the last.

    Raises:
        ClasswrightError: There is none.
    """
    best = log.best
    step = best["step"] if best else max((line["step"] for line in log.lines), default=0)
    folder = best_folder(checkpoints, step)
    if not folder.is_dir():
        raise ClasswrightError(f"{folder}: the model that was the best is gone; remove {checkpoints} and train again")
    return folder
