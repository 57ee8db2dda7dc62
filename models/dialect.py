"""What OpenAI's own service wants otherwise than the servers that follow its API."""

from typing import Any
from urllib.parse import urlsplit


def is_openai(url: str) -> bool:
    """Whether an address is OpenAI's own service, there or at Azure."""
    host = urlsplit(url).hostname or ""
    return host.endswith((".openai.com", ".openai.azure.com"))


def for_openai(body: dict[str, Any]) -> dict[str, Any]:
    """A request as OpenAI's own service takes it.

    Its newer models refuse `max_tokens`, its strict schemas refuse lengths of strings. Everywhere else both are used;
    the length of a string is checked by pydantic in any case.
    """
    changed = {("max_completion_tokens" if name == "max_tokens" else name): value for name, value in body.items()}
    if "response_format" in body:
        changed["response_format"] = _without(body["response_format"], ("minLength", "maxLength"))
    return changed


def _without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, names) for name, inner in value.items() if name not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value
