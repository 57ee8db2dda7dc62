"""Structured output: the schema that is asked for, and the JSON found in what comes back."""

import json
import re
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

S = TypeVar("S", bound=BaseModel)

_FENCE = re.compile(r"```[a-zA-Z]*\s*\n(.*?)(?:\n\s*```|\Z)", re.DOTALL)


@lru_cache(maxsize=256)
def response_format(schema: type[BaseModel]) -> dict[str, Any]:
    """The `response_format` that makes an endpoint hold to a schema.

    Strict mode wants every field required and no other allowed; small models need flat ones: fields may be strings,
    numbers, booleans, choices (`Literal`, an enum), lists of those, or one of those or None. Titles and defaults are
    left out; a model would read them as text.

    Args:
        schema: A flat pydantic model. Its name, docstring and field descriptions reach the model.

    Raises:
        TypeError: A field holds another model or a mapping; a mistake of the program, not of a user.
    """
    full = schema.model_json_schema()
    definitions = full.get("$defs", {})
    properties = {}
    for name, field in full.get("properties", {}).items():
        properties[name] = _flat(field, definitions, f"{schema.__name__}.{name}")
    inner: dict[str, Any] = {"type": "object", "properties": properties}
    inner |= {"required": list(properties), "additionalProperties": False}
    return {"type": "json_schema", "json_schema": {"name": schema.__name__, "schema": inner, "strict": True}}


def in_words(schema: type[BaseModel]) -> str:
    """The schema as an instruction, for an endpoint that takes none."""
    asked = json.dumps(response_format(schema)["json_schema"]["schema"], ensure_ascii=False)
    return f"Answer with one JSON object only, nothing before or after it, that fits this JSON schema: {asked}"


def _flat(field: dict[str, Any], definitions: dict[str, Any], where: str) -> dict[str, Any]:
    if "$ref" in field:
        extra = {key: value for key, value in field.items() if key == "description"}
        field = definitions[field["$ref"].rsplit("/", 1)[-1]] | extra
    if field.get("type") == "object" or "prefixItems" in field:
        raise TypeError(f"{where}: schemas for models are flat; no model, mapping or fixed tuple inside")
    flat = {key: value for key, value in field.items() if key not in ("title", "default")}
    if "items" in flat:
        flat["items"] = _flat(flat["items"], definitions, where)
    if "anyOf" in flat:
        flat["anyOf"] = [_flat(option, definitions, where) for option in flat["anyOf"]]
    return flat


def read_structured(schema: type[S], text: str) -> S:
    """The schema's instance in a reply that may put its JSON in a code fence or between sentences.

    Raises:
        ValueError: There is none; the message says in a few words what is wrong, for the model and for people.
    """
    if not text:
        raise ValueError("the reply is empty")
    raw = _find_object(text)
    if raw is None:
        raise ValueError("the reply holds no JSON object" if "{" not in text else "the reply is not valid JSON")
    try:
        return schema.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, problem['loc'])) or 'the object'}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_context=False)
        ]
        raise ValueError("; ".join(problems[:5])) from error


def _find_object(text: str) -> dict[str, Any] | None:
    """The first JSON object in the whole text, in a code fence, or anywhere."""
    fenced = _FENCE.search(text)
    for candidate in (text, fenced.group(1) if fenced else None):
        if candidate is not None:
            try:
                value = json.loads(candidate)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                return value
    decoder = json.JSONDecoder()
    start = text.find("{")
    if start >= 0:
        try:
            value, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None
    return None
