import subprocess
import sys
import time

import pytest

from classwright.cli import main, output
from classwright.errors import ClasswrightError, InputError, UnreachableError

CLASSWRIGHT = [sys.executable, "-c", "from classwright.cli.main import main; main()"]


def command(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLASSWRIGHT, *arguments], capture_output=True, text=True, check=False, **more)


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())


def test_help_lists_every_command_and_imports_none_of_them():
    code = """
import sys
from classwright.cli.main import run
assert run(["--help"]) == 0
heavy = ("pydantic", "numpy", "networkx", "aiohttp", "openai", "chromadb", "langgraph", "sympy", "classwright.models",
         "classwright.runs", "classwright.skilltree", "classwright.cli.lesson")
sys.stderr.write(repr([name for name in sys.modules if name.startswith(heavy)]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"
    for name, (_, line) in main.COMMANDS.items():
        assert name in done.stdout
        assert line.split(":")[0] in " ".join(done.stdout.split())


def test_help_takes_little_time():
    times = []
    for _ in range(3):
        started = time.process_time(), time.perf_counter()
        assert command("--help").returncode == 0
        times.append(time.perf_counter() - started[1])
    assert min(times) < 1.5, "0.25 s on an idle machine; the bound allows for a busy one"


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_of_the_table_can_be_loaded(name):
    assert main.load(name).name == name


def test_version_is_the_installed_one():
    from importlib.metadata import version

    assert command("--version").stdout == f"classwright {version('classwright')}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lessn"], "No such command 'lessn'. Did you mean 'lesson'?"),
        (["runs", "shw"], "No such command 'shw'. Did you mean 'show'?"),
        (["runs", "list", "--jsn"], "No such option: --jsn"),
        (["runs", "show"], "Missing argument 'RUN'"),
        (["models", "--recipe", "none.toml"], "none.toml: cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line_and_exit_2(arguments, words):
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("classwright: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InputError("file.toml: wrong\nhere"), 2, "classwright: file.toml: wrong here\n"),
        (UnreachableError("nobody"), 3, "classwright: nobody\n"),
        (ClasswrightError("failed"), 1, "classwright: failed\n"),
        (ValueError("odd"), 1, "classwright: ValueError: odd; run again with --debug to see where\n"),
        (KeyboardInterrupt(), 130, "classwright: stopped; `classwright runs list` shows the run, "
                                   "`classwright runs resume RUN` goes on with it\n"),
    ],
)  # fmt: skip
def test_an_error_is_one_line_and_its_exit_code(monkeypatch, capsys, error, code, line):
    def fail(**_):
        raise error

    monkeypatch.setattr(main, "app", fail)
    assert main.run(["lesson"]) == code
    assert capsys.readouterr() == ("", line)


def test_debug_after_any_command_shows_the_traceback_before_the_line():
    done = command("runs", "show", "nothing", "--debug")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith("classwright: nothing: no such run")


def test_debug_after_two_dashes_is_an_argument_like_any_other():
    done = command("runs", "show", "--", "--debug")
    assert done.stderr.startswith("classwright: --debug: no such run")
    assert "Traceback" not in done.stderr


def test_emit_prints_one_json_object_or_text(capsys):
    output.emit({"a": "½", "n": 1}, json=True, text="never")
    assert capsys.readouterr() == ('{"a": "½", "n": 1}\n', "")
    output.emit({"a": 1}, json=False, text="for people [1/2]")
    assert capsys.readouterr() == ("for people [1/2]\n", "")
    output.emit({"a": "[b]x", "n": 1}, json=False)
    assert capsys.readouterr() == ("a: [b]x\nn: 1\n", "")
    with pytest.raises(ValueError, match="JSON"):
        output.emit({"a": float("nan")}, json=True)


def test_progress_goes_to_standard_error_a_line_a_step_where_it_is_no_terminal(capsys):
    with output.progress_bar() as progress:
        for calls in range(3):
            progress(f"drafting ({calls} replies)", 1, 4)
        progress("judging", 2, 4)
    assert capsys.readouterr() == ("", "drafting\njudging\n")


def test_quiet_means_no_progress_and_no_messages_but_errors(capsys):
    with output.progress_bar(quiet=True) as progress:
        progress("drafting", 1, 4)
    output.settings.quiet = True
    with output.progress_bar() as progress:
        progress("drafting", 1, 4)
    output.say("hello")
    output.complain("broken")
    assert capsys.readouterr() == ("", "classwright: broken\n")


def test_completion_offers_the_commands():
    environment = {"_CLASSWRIGHT_COMPLETE": "complete_bash", "COMP_WORDS": "classwright ", "COMP_CWORD": "1"}
    done = command(env=__import__("os").environ | environment)
    assert set(main.COMMANDS) <= set(done.stdout.split())
