"""What a check of the judges is asked for, and what comes out: one record, from which page and text are made."""

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.trial import Bar, Standing


class CheckRequest(BaseModel):
    """What is to be checked; with the recipe it decides everything.

    Attributes:
        lessons: Real lessons drafted by code; 0 asks only about the labels.
        labels: Path of a file of labeled texts, None for none.
        digest: SHA-256 of that file, so that a resumed run reads the same.
        rows: Texts taken from it, 0 for all.
        thorough: Ask every judge everything, also what cannot change its standing any more.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lessons: int = Field(ge=0, le=100)
    seed: int = 0
    labels: str | None = None
    format: str = "mrbench"
    digest: str = ""
    rows: int = Field(default=100, ge=0)
    thorough: bool = False


class ControlLevel(BaseModel):
    """A control's mean CIDDP level by one judge; `below` says whether that is under the real lesson's."""

    control: str
    level: float | None
    below: bool | None


class SelfPreference(BaseModel):
    """Whether a judge prefers words of its own model more than another judge prefers them; `bias` is the difference."""

    bias: float | None = None
    pairs: int = 0
    note: str = ""


class DimensionScore(BaseModel):
    """A judge's labels of one dimension against people's; see `agreement.LabelScore`.

    Attributes:
        usable: Whether the judge is clearly better than always saying the most frequent label: the low end of its
            accuracy is above that baseline's accuracy, and its macro-F1 above that baseline's.
    """

    dimension: str
    n: int
    missing: int
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    macro_f1: float | None = None
    majority: str
    majority_accuracy: float
    majority_f1: float
    usable: bool = False


class JudgeReport(BaseModel):
    """Everything that was found out about one judge."""

    standing: Standing
    controls: list[ControlLevel] = []
    own_words: SelfPreference = SelfPreference()
    labels: list[DimensionScore] = []


class Agreement(BaseModel):
    """Krippendorff's alpha between the judges with its interval; `note` says why there is none."""

    what: str
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    units: int = 0
    note: str = ""


class CheckResult(BaseModel):
    """The outcome.

    Attributes:
        lessons: The real lessons, by skill.
        texts, of: Labeled texts used and in the file.
    """

    lessons: list[str]
    bar: Bar
    judges: list[JudgeReport]
    agreement: list[Agreement]
    texts: int = 0
    of: int = 0
