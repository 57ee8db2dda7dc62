import asyncio

import numpy as np
import pytest

from classwright.errors import ClasswrightError, UnreachableError
from classwright.models import endpoint as endpoint_module
from classwright.models.embeddings import WordEmbedder, nearest
from classwright.models.roles import open_models
from classwright.runs.journal import Journal
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from tests.fake_openai import Answer, FakeServer, Request, failure


def test_word_vectors_are_unit_rows_offline():
    rows = WordEmbedder().embed_now(["adding fractions", "photosynthesis", ""])
    assert rows.shape == (3, 256)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows[:2], axis=1) == pytest.approx([1, 1])
    assert np.isfinite(rows).all()
    assert WordEmbedder().embed_now([]).shape == (0, 256)


async def test_nearest_finds_what_is_alike_by_meaning():
    async with open_models(Recipe()) as models:
        texts = ["photosynthesis", "fraction addition", "comparing decimals", "subtracting fractions"]
        found = await models.nearest("adding fractions with unlike denominators", texts, 2)
        assert {index for index, _ in found} == {1, 3}
        assert found[0][1] >= found[1][1] > 0.5
        assert models.identities()["embedder"]["model"] == "wordllama-l2-supercat-256"


def test_nearest_gives_cosines_in_order_and_ties_by_place():
    rows = np.array([[0, 1], [1, 0], [0.6, 0.8], [1, 0]], dtype=np.float32)
    found = nearest(np.array([1, 0], dtype=np.float32), rows, 3)
    assert [index for index, _ in found] == [1, 3, 2]
    assert [score for _, score in found] == pytest.approx([1, 1, 0.6])
    assert nearest(rows[0], rows[:0], 3) == []


def vectors(request: Request) -> Answer:
    """Three numbers a text, out of order."""
    data = [{"index": n, "embedding": [len(t), 1.0, 0.0]} for n, t in enumerate(request.body["input"])]
    return Answer({"data": data[::-1]})


def recipe(server: FakeServer) -> Recipe:
    return Recipe(models=ModelSpecs(embedder=ModelSpec(base_url=(server.url,), model="emb")))


async def test_an_endpoint_embeds_each_text_once_a_run_and_a_replay_asks_nothing(tmp_path):
    texts = ["a", "bb", "a", "ccc"]
    with FakeServer(vectors) as server:
        with Journal.open(tmp_path / "j") as journal:
            async with open_models(recipe(server), journal) as models:
                first, second = await asyncio.gather(models.embed(texts), models.embed(texts))
        assert [request.path for request in server.requests] == ["/v1/embeddings"]
        assert server.bodies == [{"model": "emb", "input": ["a", "bb", "ccc"]}]
        assert np.array_equal(first, second)
        assert np.array_equal(first[0], first[2])
        assert np.linalg.norm(first, axis=1) == pytest.approx([1] * 4)
        assert first[3] == pytest.approx(np.array([3, 1, 0]) / 10**0.5)
        with Journal.open(tmp_path / "j", "replay") as journal:
            async with open_models(recipe(server), journal) as models:
                assert np.array_equal(await models.embed(texts), first)
                with pytest.raises(ClasswrightError, match="no vector stored"):
                    await models.embed(["new"])
        assert len(server.requests) == 1


async def test_many_texts_go_in_batches():
    with FakeServer(vectors) as server:
        async with open_models(recipe(server)) as models:
            rows = await models.embed([f"{n:03}" + "x" * n for n in range(150)])
    assert sorted(len(body["input"]) for body in server.bodies) == [22, 64, 64]
    assert rows[149] == pytest.approx(np.array([152, 1, 0]) / (152**2 + 1) ** 0.5)


async def test_a_failed_batch_is_an_error_for_all_who_wait_and_asked_again_later(monkeypatch):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)
    broken = [True]

    def script(request: Request) -> Answer:
        return failure(500) if broken[0] and "x70" in request.body["input"] else vectors(request)

    texts = [f"x{n}" for n in range(100)]
    with FakeServer(script) as server:
        async with open_models(recipe(server)) as models:
            outcomes = await asyncio.gather(models.embed(texts), models.embed(["x70"]), return_exceptions=True)
            assert [type(outcome) for outcome in outcomes] == [UnreachableError] * 2
            broken[0] = False
            count = len(server.requests)
            assert (await models.embed(texts)).shape == (100, 3)
            assert sum(len(body["input"]) for body in server.bodies[count:]) == 36, "the batch that came is kept"


@pytest.mark.parametrize(
    "data",
    [
        {"data": []},
        {"data": [{"index": 0, "embedding": []}]},
        {"data": [{"index": 0, "embedding": "no"}]},
        {"data": [{"embedding": [1]}]},
        {"vectors": 1},
        [],
    ],
)
async def test_a_reply_that_is_no_vector_is_an_error(monkeypatch, data):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)
    with FakeServer([Answer(data)]) as server:
        async with open_models(recipe(server)) as models:
            with pytest.raises(UnreachableError, match="embedding"):
                await models.embed(["a"])
