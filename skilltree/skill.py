"""What can be learned, and the characteristic ways of getting it wrong."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

SkillId = Annotated[str, Field(min_length=1, max_length=200)]


class Skill(BaseModel):
    """One thing a learner can master: a node of the skill tree.

    The shipped tree fills every field. An imported or model-proposed skill may know only its id and name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: SkillId
    name: str = Field(min_length=1, description="A noun phrase that fits after 'today you will learn'")
    grade: int | None = Field(default=None, ge=0, le=12, description="School grade, 0 is Kindergarten, 9 is Algebra I")
    description: str = Field(default="", description="One sentence for the teacher")
    objective: str = Field(default="", description="A verb phrase that fits after 'I can'")
    explanation: str = Field(default="", description="2-4 sentences that a child of that grade can read")
    method: tuple[str, ...] = Field(default=(), description="The procedure, one imperative sentence a step")
    picture: str = Field(default="", description="1-2 sentences: a drawing or concrete model that shows the idea")
    materials: tuple[str, ...] = ()
    vocabulary: dict[str, str] = Field(default_factory=dict, description="Term -> meaning in a child's words")
    standards: tuple[str, ...] = ()
    prerequisites: tuple[SkillId, ...] = ()
    source: str = Field(default="", description="Where an imported or proposed skill comes from")


class Misconception(BaseModel):
    """A named wrong idea. Its buggy rule (see `bank.rule`) gives the wrong answer it leads to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: SkillId
    name: str = Field(min_length=1, description="A verb phrase: what the learner does")
    skills: tuple[SkillId, ...] = Field(min_length=1)
    trigger: str = Field(min_length=1, description="When it shows")
    says: str = Field(min_length=1, description="How a learner who holds it explains the work, in the first person")
    question: str = Field(min_length=1, description="A diagnostic question that brings it out")
    repair: str = Field(min_length=1, description="What a teacher does about it")
    source: str = Field(min_length=1, description="Where it is documented")
