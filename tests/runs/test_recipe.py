import json
from pathlib import Path

import pytest

from classwright.errors import InputError
from classwright.runs.recipe import ModelSpec, Recipe, load_recipe


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "my.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def failure(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_recipe(path)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert message.startswith(str(path))
    return message.removeprefix(str(path))


def test_without_a_file_everything_has_its_default_and_the_model_is_embedded():
    recipe = load_recipe()
    assert recipe == Recipe()
    specs = recipe.models.resolved()
    assert set(specs) == {"default", "teacher", "tutor", "student", "optimizer", "analyst", "evaluators[0]"}
    assert all(spec.embedded for spec in specs.values())


def test_the_shipped_recipe_is_found_by_name_and_by_path():
    by_name = load_recipe("quick")
    assert by_name.lesson.rounds == 1
    assert by_name == load_recipe(Path(__file__).parents[2] / "runs" / "quick.toml")


def test_the_recipe_of_the_design(tmp_path):
    recipe = load_recipe(
        written(
            tmp_path,
            """
seed = 7
[models.default]
[models.tutor]
base_url = "http://127.0.0.1:8000/v1"
model = "Qwen/Qwen2.5-7B-Instruct"
api_key_env = "VLLM_API_KEY"
temperature = 0.7
[[models.evaluators]]
base_url = ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"]
model = "judge"
[lesson]
rounds = 3
candidates = 3
[limits]
calls = 500
tokens = 200_000
""",
        )
    )
    assert (recipe.seed, recipe.lesson.rounds, recipe.limits.calls, recipe.limits.tokens) == (7, 3, 500, 200_000)
    specs = recipe.models.resolved()
    assert specs["tutor"].base_url == ("http://127.0.0.1:8000/v1",)
    assert specs["evaluators[0]"].base_url == ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1")
    assert specs["teacher"].embedded
    assert Recipe.model_validate(recipe.model_dump(mode="json")) == recipe


def test_a_role_takes_what_it_leaves_out_from_the_default():
    default = ModelSpec(base_url=("http://a/v1",), model="big", api_key_env="KEY", temperature=0.2, max_tokens=99)
    assert ModelSpec(temperature=1.0).over(default) == default.model_copy(update={"temperature": 1.0})
    small = ModelSpec(model="small").over(default)
    assert (small.base_url, small.model, small.api_key_env) == (("http://a/v1",), "small", "KEY")
    elsewhere = ModelSpec(base_url=("http://b/v1",), model="other").over(default)
    assert (elsewhere.api_key_env, elsewhere.temperature, elsewhere.max_tokens) == (None, 0.2, 99)
    local = ModelSpec(gguf=Path("x.gguf")).over(default)
    assert (local.base_url, local.model, local.api_key_env) == ((), None, None)
    remote = ModelSpec(base_url=("http://b/v1",), model="m").over(ModelSpec(gguf=Path("x.gguf")))
    assert remote.gguf is None


def test_a_relative_gguf_is_taken_from_the_folder_of_the_recipe(tmp_path):
    recipe = load_recipe(
        written(tmp_path, '[models.default]\ngguf = "w/x.gguf"\n[[models.evaluators]]\ngguf = "/y.gguf"')
    )
    assert recipe.models.default.gguf == tmp_path / "w" / "x.gguf"
    assert recipe.models.evaluators[0].gguf == Path("/y.gguf")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed = 1", ": unknown key sed; did you mean seed?"),
        ("[models.tutr]", ": unknown key models.tutr; did you mean tutor?"),
        ("[models.tutor]\ntemprature = 1", ": unknown key models.tutor.temprature; did you mean temperature?"),
        ("[[models.evaluators]]\nmodl = 'x'", ": unknown key models.evaluators[0].modl; did you mean model?"),
        ("[limits]\nqqqq = 1", ": unknown key limits.qqqq; there are calls, tokens"),
        ("seed = 'seven'", ": seed: should be a valid integer, unable to parse string as an integer, not 'seven'"),
        ("[models]\ntutor = 3", ": models.tutor: should be a valid dictionary or instance of ModelSpec, not 3"),
        ("[models.tutor]\ntemperature = 3", ": models.tutor.temperature: should be less than or equal to 2, not 3"),
        (
            "[lesson]\nrounds = -1\nkeep = 0",
            ": lesson.rounds: should be greater than or equal to 0, not -1 (and 1 more)",
        ),
        ("[models.tutor]\nmodel = 'x'", ": models: tutor: model needs a base_url, the endpoint that serves it"),
        (
            "[models.tutor]\nbase_url = 'http://x/v1'",
            ": models: tutor: base_url needs a model, the name that the endpoint knows it by",
        ),
        (
            "[models.tutor]\nbase_url = 'localhost:8000'\nmodel = 'x'",
            ": models.tutor.base_url[0]: not an address such as http://127.0.0.1:8000/v1: localhost:8000",
        ),
        (
            "[models.tutor]\nbase_url = 'http://x:99999/'\nmodel = 'x'",
            ": models.tutor.base_url[0]: Port out of range 0-65535",
        ),
        (
            "[models.tutor]\nbase_url = 'http://x/v1'\ngguf = 'x.gguf'",
            ": models.tutor: base_url and gguf exclude each other: an endpoint or a file, not both",
        ),
        ("[models.embedder]\ntemperature = 1", ": models: embedder: needs a base_url and a model"),
    ],
)
def test_a_mistake_in_a_recipe_is_named_with_its_key(tmp_path, text, message):
    assert failure(written(tmp_path, text)).startswith(message)


def test_a_file_that_is_no_recipe_at_all(tmp_path):
    assert failure(tmp_path / "none.toml") == ": cannot be read: No such file or directory"
    assert failure(tmp_path) == ": cannot be read: Is a directory"
    assert failure(written(tmp_path, "seed = 1\n[models\n")).startswith(": not valid TOML: ")
    assert "(at line 2, column 8)" in failure(written(tmp_path, "seed = 1\n[models\n"))
    assert failure(written(tmp_path, b"seed = 1\n# gr\xfc\xdfe\n")) == ", line 2: not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path):
    assert load_recipe(written(tmp_path, b"\xef\xbb\xbfseed = 3\r\n")).seed == 3


def test_a_recorded_recipe_gives_the_same_models_again(tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(
        '[models.default]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n[models.teacher]\ntemperature = 0.1\n'
    )
    recipe = load_recipe(path)
    again = Recipe.model_validate(json.loads(json.dumps(recipe.record())))
    assert again == recipe
    assert again.models.resolved() == recipe.models.resolved()
    assert again.models.resolved()["tutor"].model == "m"


def test_a_role_may_be_the_file_of_its_weights(tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[models]\nstudent = "runs/tuned/student.gguf"\nevaluators = ["a.gguf"]\n[models.tutor]\nadapter = "b.gguf"\n'
    )
    recipe = load_recipe(tmp_path / "mine.toml")
    assert recipe.models.student.gguf == tmp_path / "runs/tuned/student.gguf"
    assert recipe.models.evaluators[0].gguf == tmp_path / "a.gguf"
    assert recipe.models.tutor.adapter == tmp_path / "b.gguf"
    assert not recipe.models.resolved()["tutor"].embedded, "an adapter makes another model of it"
    assert recipe.models.resolved()["teacher"].embedded
    assert Recipe.model_validate(recipe.record()) == recipe


def test_an_adapter_goes_with_weights_here_not_with_an_endpoint(tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[models.student]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "x"\nadapter = "b.gguf"\n'
    )
    with pytest.raises(InputError, match="an endpoint serves an adapter under a name of its own"):
        load_recipe(tmp_path / "mine.toml")
    default = ModelSpec(gguf=Path("base.gguf"), adapter=Path("a.gguf"))
    assert ModelSpec().over(default).adapter == Path("a.gguf")
    assert ModelSpec(gguf=Path("other.gguf")).over(default).adapter is None
    assert ModelSpec(adapter=Path("b.gguf")).over(default).gguf == Path("base.gguf")
