"""The settings of a training, as they stand in training.json."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Method = Literal["sft", "dpo", "on-policy", "gkd", "grpo", "pskd", "thinktuning"]
METHODS: tuple[Method, ...] = get_args(Method)
TAUGHT: tuple[Method, ...] = ("on-policy", "gkd")
"""Methods that learn from a teacher's next-token distributions."""
MAY_BE_TAUGHT: tuple[Method, ...] = (*TAUGHT, "thinktuning")
"""Methods that can use a teacher at training time."""
GROUPED: tuple[Method, ...] = ("grpo", "thinktuning")
"""Methods that compare several replies to one prompt."""
PreferenceLoss = Literal["sigmoid", "sigmoid_norm"]

_RATES: dict[Method, tuple[float, float]] = {
    "sft": (1e-3, 5e-5),
    "dpo": (1e-4, 2e-6),
    "on-policy": (2e-4, 1e-5),
    "gkd": (2e-4, 1e-5),
    "grpo": (5e-5, 2e-6),
    "pskd": (1e-3, 5e-5),
    "thinktuning": (5e-5, 2e-6),
}
"""Learning rate of an adapter and of full training, where none is given."""
_BETAS: dict[str, float] = {"sigmoid": 0.1, "sigmoid_norm": 5.0}
"""DPO's beta: Rafailov et al. (2023); with length-normalized log-probabilities, Geng et al. (2025), delta learning."""


class TrainSettings(BaseModel):
    """How a training is done. The same settings, data, base and threads give the same model, to the bit, on a CPU.

    Attributes:
        base, teacher: As given; see `base.trainable`.
        rank: Rank of the LoRA adapter on all linear layers (its alpha is twice that); 0 trains all weights.
        precision: Of the base's weights beside an adapter, and of the computation; weights that are trained themselves
            are float32 in any case. None: bf16 for an adapter, fp32 for full training.
        rate: Highest learning rate; it warms up over the first twentieth and falls to 0 as a cosine.
        batch: Rows of one step of the optimizer, on each device.
        micro: Rows computed at a time, a divisor of `batch`; the loss does not depend on it.
        length: Most tokens of a row; for methods that generate, of the prompt and the reply.
        eval_every: Steps between evaluations by generation, and between checkpoints; 0: four in a training.
        eval_items: Held-out exam items asked then; 0 for no evaluation.
        patience: Evaluations without a better one after which training stops; 0: never.
        keep_order: Rows are trained on as they stand in the data (a curriculum), not shuffled.
        adapter: A PEFT adapter of this base to go on from, instead of a fresh one.
        gguf: How matrices of student.gguf are kept. q8_0 is half as large and a third faster, but of 50 greedy replies
            of 12 tokens of SmolLM2-135M it changed 13, f16 one.
        loss, beta: Of DPO.
        reply_tokens: Longest reply that is generated, tokens.
        temperature: Of replies that are generated to learn from.
        generations: Replies to one prompt that GRPO and ThinkTuning compare.
        pack: Rows are put together, without padding, into sequences of up to `length` tokens, for sft; no row sees
            another. `batch` and `micro` count such sequences then.
        past: Share of the model's own past in the target of the last epoch, for pskd.
        guided: Share of a prompt's replies that hear feedback and go on, for thinktuning.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Method = "sft"
    base: str = "smollm2"
    teacher: str | None = None
    rank: int = Field(default=16, ge=0, le=1024)
    precision: Literal["bf16", "fp32"] | None = None
    rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    epochs: float = Field(default=1.0, gt=0, le=1000)
    batch: int = Field(default=8, ge=1, le=4096)
    micro: int | None = Field(default=None, ge=1)
    length: int = Field(default=512, ge=8)
    seed: int = Field(default=0, ge=0, lt=2**31)
    eval_every: int = Field(default=0, ge=0)
    eval_items: int = Field(default=32, ge=0)
    patience: int = Field(default=0, ge=0)
    threads: int | None = Field(default=None, ge=1)
    keep_order: bool = False
    adapter: str | None = None
    gguf: Literal["q8_0", "f16", "f32"] = "f16"
    loss: PreferenceLoss = "sigmoid"
    beta: float | None = Field(default=None, gt=0)
    reply_tokens: int = Field(default=96, ge=1)
    temperature: float = Field(default=0.9, gt=0, le=2)
    generations: int = Field(default=4, ge=2, le=256)
    pack: bool = False
    past: float = Field(default=0.8, gt=0, le=1)
    guided: float = Field(default=0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _fits_together(self) -> "TrainSettings":
        if self.batch % self.rows_at_a_time:
            raise ValueError(f"micro {self.micro} is no divisor of batch {self.batch}")
        if self.method in TAUGHT and self.teacher is None:
            raise ValueError(f"{self.method} learns from a teacher; name one with --teacher")
        if self.method not in MAY_BE_TAUGHT and self.teacher is not None:
            raise ValueError(f"{self.method} has no teacher at training time; leave --teacher out")
        if self.method in GROUPED and self.batch % self.generations:
            raise ValueError(f"generations {self.generations} is no divisor of batch {self.batch}")
        if self.method == "thinktuning" and round(self.guided * self.generations) == 0:
            raise ValueError(f"guided {self.guided:g} of {self.generations} replies to a prompt is none; that is grpo")
        if self.adapter is not None and (self.full or self.method != "sft"):
            raise ValueError("going on from an adapter is for sft with an adapter; merge it, and name it as --base")
        if self.pack and self.method != "sft":
            raise ValueError(f"pack is for sft; {self.method} takes rows as they are")
        if self.method == "pskd" and self.epochs <= 1:
            raise ValueError("pskd learns from its own past epoch, so it needs more than one; give --epochs")
        if self.reply_tokens >= self.length:
            raise ValueError(f"reply_tokens {self.reply_tokens} leaves no room for a prompt in length {self.length}")
        return self

    @property
    def full(self) -> bool:
        """Whether all weights are trained."""
        return self.rank == 0

    @property
    def rows_at_a_time(self) -> int:
        """Rows of one forward pass."""
        return self.micro or self.batch

    @property
    def learning_rate(self) -> float:
        """The highest learning rate."""
        return self.rate or _RATES[self.method][self.full]

    @property
    def base_precision(self) -> Literal["bf16", "fp32"]:
        """Precision of the computation."""
        return self.precision or ("fp32" if self.full else "bf16")

    @property
    def preference_beta(self) -> float:
        """DPO's beta."""
        return self.beta or _BETAS[self.loss]
