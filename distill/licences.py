"""Whether a teacher's licence lets its outputs train another model, for the models that are known here.

This is no legal advice: it keeps somebody from training on a teacher by oversight. What is not in the table is unknown,
which the dataset card says.
"""

import re
from collections.abc import Iterable

from classwright.distill.candidates import CODE, OWN
from classwright.errors import InputError

# pattern of the model's name, licence, whether training another model on its outputs is forbidden
_KNOWN: tuple[tuple[str, str, bool], ...] = (
    (rf"^{CODE}$", "Apache-2.0", False),
    (rf"^{OWN.lower()}$", "Apache-2.0", False),
    (r"smollm", "Apache-2.0", False),
    (r"qwen2\.5.*[-_](?:3b|72b)", "Qwen licence", False),
    (r"qwen|qwq", "Apache-2.0", False),
    (r"gpt-oss", "Apache-2.0", False),
    (r"mistral|mixtral|ministral", "Apache-2.0 or Mistral licence", False),
    (r"\bphi-?\d", "MIT", False),
    (r"deepseek", "MIT", False),
    (r"olmo", "Apache-2.0", False),
    (r"llama-?2|llama-?3(?![.\d])", "Llama community licence (outputs may improve Llama models only)", True),
    (r"llama", "Llama community licence (name the student after Llama)", False),
    (r"gemma", "Gemma terms (the student is bound by them)", False),
    (r"\bgpt-|\bo[1345](?:-|$)|chatgpt", "OpenAI terms (no competing models from outputs)", True),
    (r"claude", "Anthropic terms (no competing models from outputs)", True),
    (r"gemini", "Google terms (no competing models from outputs)", True),
)


def licence(teacher: str) -> tuple[str, bool]:
    """The licence of a model by its name, and whether it forbids training on its outputs; "unknown" forbids nothing."""
    name = teacher.lower()
    for pattern, text, forbids in _KNOWN:
        if re.search(pattern, name):
            return text, forbids
    return "unknown", False


def checked_licence(teachers: Iterable[str], stated: str = "", *, ok: bool = False) -> str:
    """The licence of a training set's teachers, for its card.

    Args:
        teachers: Names of models, `CODE` where no model wrote.
        stated: What somebody says the licence is; it stands for teachers that are not known here.
        ok: Somebody answers for teachers whose licence forbids training.

    Raises:
        InputError: A licence forbids training, and nobody answers for it.
    """
    found: list[str] = []
    for teacher in sorted(set(teachers)):
        text, forbids = licence(teacher)
        if forbids and not ok:
            raise InputError(
                f"the teacher {teacher}: {text}. Its texts may not train another model; take another "
                "teacher's runs, or say --licence-ok if you have the right"
            )
        found.append(stated or text if text == "unknown" else text)
    return " + ".join(dict.fromkeys(found)) or "unknown"
