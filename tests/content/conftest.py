"""What the content tests share: the tables of the shipped content, read straight from the TOML files."""

import tomllib
from importlib.resources import files

import pytest


def shipped(table: str) -> list[dict]:
    """Every [[skills]] or [[misconceptions]] record of the shipped content."""
    found = []
    for file in sorted(files("classwright.skilltree.content").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            found += tomllib.loads(file.read_text(encoding="utf-8")).get(table, [])
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for argument, table in (("skill", "skills"), ("misconception", "misconceptions")):
        if argument in metafunc.fixturenames:
            records = shipped(table)
            metafunc.parametrize(argument, records, ids=[record["id"] for record in records])
