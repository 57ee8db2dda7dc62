"""What an endpoint really does, as it is kept in a recipe and so in the record of every run."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Capabilities(BaseModel):
    """What one model at one endpoint was seen to do; see `models/capabilities.py` for how each was found out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    json_schema: bool = Field(description="Holds to the schema of a `response_format`")
    logprobs: bool = Field(description="Lists the likeliest tokens with their log-probabilities")
    prompt_logprobs: Literal["chat", "echo", "no"] = Field(
        default="no",
        description="Log-probabilities of the prompt: vLLM's `prompt_logprobs` in a chat, the completions API's `echo`",
    )
    n: bool = Field(default=False, description="Gives several replies to one request")
    reasoning: Literal["field", "tags", "none"] = Field(
        default="none", description="Where its thinking comes: a field of its own, <think> tags in the text"
    )
    context: int | None = Field(default=None, ge=1, description="Tokens of prompt and reply; left out: it does not say")
    parallel: int = Field(default=1, ge=1, description="Of 8 requests sent at once, about how many ran at a time")
