"""A base's chat template with `{% generation %}` around what an assistant says, for trainers that ask for it.

`masks` needs none of this; TRL's `assistant_only_loss` does. The rewritten template must render every chat to the same
bytes as the base's own, which is tried before it is given out.
"""

import re
from collections.abc import Sequence
from typing import Any

from classwright.errors import InputError

_MARKED = re.compile(r"\{%-?\s*generation\b")
_SAYS = re.compile(
    r"\{\{-?\s*(?P<before>[^{}]*?\+\s*)?(?P<content>message(?:\['content'\]|\[\"content\"\]|\.content)(?:\s*\|\s*trim)?)"
    r"\s*\+\s*(?P<stop>'[^']*'|\"[^\"]*\"|eos_token)(?P<after>[^{}]*?)\s*-?\}\}"
)
_TRIED: tuple[tuple[tuple[str, str], ...], ...] = (
    (("user", "Hi"), ("assistant", "What do you notice?")),
    (("system", "You tutor."), ("user", "2 + 3?"), ("assistant", "Count on."), ("user", " 5\n"), ("assistant", "Yes.")),
    (("user", "“é” {{ x }}"), ("assistant", "a\n\nb"), ("user", "c")),
)


def generation_template(tokenizer: Any) -> str:
    """The chat template of a tokenizer with assistant masks; its own where it has them.

    Templates that write a message as one sum ("... + message['content'] + '<|im_end|>' ...", ChatML) are rewritten;
    for others TRL's own training templates are looked through.

    Raises:
        InputError: The base has no template, or none with masks can be made that renders the same.
    """
    own = tokenizer.chat_template
    if not isinstance(own, str) or not own:
        raise InputError(f"{tokenizer.name_or_path or 'the base'}: has no chat template; take an instruct model")
    if _MARKED.search(own):
        return own
    rewritten = _SAYS.sub(_with_masks, own)
    if rewritten == own:
        from trl.chat_template_utils import get_training_chat_template

        try:
            rewritten = get_training_chat_template(tokenizer)
        except ValueError:
            rewritten = None
    if not rewritten or not _MARKED.search(rewritten) or not renders_alike(tokenizer, own, rewritten):
        raise InputError(
            f"{tokenizer.name_or_path}: no chat template with assistant masks can be made that renders like its own"
        )
    return rewritten


def renders_alike(tokenizer: Any, a: str, b: str) -> bool:
    """Whether two templates render a set of chats to the same bytes, with and without the beginning of a reply."""

    def rendered(template: str, chat: Sequence[tuple[str, str]], reply: bool) -> str | None:
        from jinja2 import TemplateError

        messages = [{"role": role, "content": content} for role, content in chat]
        try:
            return tokenizer.apply_chat_template(
                messages, chat_template=template, tokenize=False, add_generation_prompt=reply
            )
        except TemplateError:
            return None  # a role that the template does not know

    return all(rendered(a, chat, reply) == rendered(b, chat, reply) for chat in _TRIED for reply in (False, True))


def _with_masks(found: re.Match[str]) -> str:
    before, content, stop, after = found["before"], found["content"], found["stop"], found["after"].strip()
    lead = f"{{{{ {before.rstrip().rstrip('+')} }}}}" if before else ""
    rest = f"{{{{ {after.lstrip('+')} }}}}" if after else ""
    marked = f"{lead}{{% generation %}}{{{{ {content} + {stop} }}}}{{% endgeneration %}}{rest}"
    return f"{{% if message['role'] == 'assistant' %}}{marked}{{% else %}}{found[0]}{{% endif %}}"
