"""Prompt templates and their rendering."""

from classwright.prompts.render import prompt_hashes, prompt_names, render

__all__ = ["prompt_hashes", "prompt_names", "render"]
