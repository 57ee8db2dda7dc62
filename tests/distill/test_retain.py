"""Merging, on weights worked out by hand and on a real adapter."""

from typing import Any

import pytest

from classwright.distill.retain import Point, choose, merge, scale_adapter, shrink_and_perturb, sweep
from classwright.errors import InputError
from tests.distill.small_models import small_model

A, B = "m.q_proj.lora_A.weight", "m.q_proj.lora_B.weight"


def tensors(**values):
    import torch

    return {name: torch.tensor(value) for name, value in values.items()}


def adapter() -> dict[str, Any]:
    return dict(zip((A, B), tensors(a=[[1.0, 2.0]], b=[[1.0], [3.0]]).values(), strict=True))


def test_weights_lie_between_the_two_models():
    base, tuned = tensors(w=[0.0, 4.0], n=[1, 2]), tensors(w=[8.0, 0.0], n=[5, 6])
    merged = merge(base, tuned, 0.25)
    assert merged["w"].tolist() == [2.0, 3.0]
    assert merged["n"].tolist() == [5, 6]  # whole numbers are no weights
    assert base["w"].tolist() == [0.0, 4.0]


def test_the_ends_are_the_models_themselves_bit_for_bit():
    import torch

    base, tuned = small_model(1).state_dict(), small_model(2).state_dict()
    for alpha, model in ((0.0, base), (1.0, tuned)):
        merged = merge(base, tuned, alpha)
        assert all(torch.equal(merged[n], w) for n, w in model.items())
        assert all(merged[n].data_ptr() != w.data_ptr() for n, w in model.items())


def test_half_precision_is_merged_in_full():
    import torch

    base, tuned = ({"w": torch.tensor([x], dtype=torch.bfloat16)} for x in (256.0, 258.0))
    assert merge(base, tuned, 0.5)["w"].dtype == torch.bfloat16
    assert merge(base, tuned, 1.0)["w"].item() == 258.0


def test_other_models_are_refused():
    with pytest.raises(InputError, match="v is in only one"):
        merge(tensors(w=[1.0]), tensors(w=[1.0], v=[1.0]), 0.5)
    with pytest.raises(InputError, match="w is \\(1,\\) in the base and \\(2,\\)"):
        merge(tensors(w=[1.0]), tensors(w=[1.0, 2.0]), 0.5)


def test_an_adapters_delta_is_scaled_exactly():
    import torch

    made = scale_adapter(adapter(), 0.25)
    assert torch.equal(made[B] @ made[A], 0.25 * adapter()[B] @ adapter()[A])
    with pytest.raises(InputError, match="lora_magnitude_vector"):
        scale_adapter({**adapter(), "m.q_proj.lora_magnitude_vector": adapter()[A]}, 0.5)
    with pytest.raises(InputError, match="nothing"):
        scale_adapter({}, 0.5)


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")  # peft asks transformers the old way
def test_a_real_adapter_scaled_is_the_model_merged():
    import torch
    from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict

    base, ids = small_model(3), torch.tensor([[1, 2, 3]])
    before = base(ids).logits
    state = {n: w.clone() for n, w in base.state_dict().items()}
    model: Any = get_peft_model(base, LoraConfig(r=2, target_modules=["q_proj"], init_lora_weights=False))
    weights = {n: w.clone() for n, w in get_peft_model_state_dict(model).items()}  # peft gives the live tensors
    set_peft_model_state_dict(model, scale_adapter(weights, 0.0))
    assert torch.equal(model(ids).logits, before)
    set_peft_model_state_dict(model, scale_adapter(weights, 0.5))
    half = model(ids).logits
    set_peft_model_state_dict(model, weights)
    tuned = model.merge_and_unload()
    other = small_model(3)
    other.load_state_dict(merge(state, tuned.state_dict(), 0.5))
    assert torch.allclose(other(ids).logits, half, atol=1e-4)
    assert not torch.allclose(half, before, atol=1e-2)


def test_shrink_and_perturb_does_nothing_unless_told():
    import torch

    made = shrink_and_perturb(adapter())
    assert all(torch.equal(made[n], w) for n, w in adapter().items())
    assert torch.equal(shrink_and_perturb(adapter(), shrink=0.5)[B], 0.5 * adapter()[B])


def test_noise_is_seeded_and_of_the_size_that_was_asked_for():
    import torch

    big: dict[str, Any] = {A: torch.zeros(1, 2), B: torch.arange(4000.0).reshape(2000, 2)}
    noisy = shrink_and_perturb(big, noise=0.1, seed=5)
    assert torch.equal(noisy[B], shrink_and_perturb(dict(reversed(big.items())), noise=0.1, seed=5)[B])
    assert not torch.equal(noisy[B], shrink_and_perturb(big, noise=0.1, seed=6)[B])
    added = noisy[B] - big[B]
    assert float(added.std() / big[B].std(correction=0)) == pytest.approx(0.1, rel=0.05)
    assert torch.equal(noisy[A], big[A])
    for shrink, noise in ((1.5, 0.0), (1.0, -1.0)):
        with pytest.raises(ValueError, match="must be"):
            shrink_and_perturb(big, shrink=shrink, noise=noise)


def curve(target: list[float], general: list[float]) -> list[Point]:
    from classwright.classroom.effects import estimate

    rows = zip(target, general, strict=True)
    return [
        Point(alpha=n / (len(target) - 1), scores={k: estimate({"i": [v]}, seed=0) for k, v in (("t", t), ("g", g))})
        for n, (t, g) in enumerate(rows)
    ]


def test_the_choice_keeps_what_the_base_could_do():
    points = curve([0.1, 0.6, 0.9], [0.5, 0.495, 0.3])
    assert choose(points, "t", "g") == 0.5
    assert choose(points, "t", "g", give=0.3) == 1.0
    assert choose(points, "t", "g", give=0.0) == 0.0
    assert choose(curve([0.5, 0.5], [0.5, 0.9]), "t", "g") == 0.0
    with pytest.raises(ValueError, match="alpha 0"):
        choose(points[1:], "t", "g")
    with pytest.raises(ValueError, match="no x at alpha 0"):
        choose(points, "x", "g")


def test_a_sweep_scores_every_alpha_once():
    base, tuned = tensors(w=[0.0]), tensors(w=[1.0])
    asked = []

    def score(weights):
        w = float(weights["w"])
        asked.append(w)
        return {"t": {"a": w, "b": w}, "g": {"a": 1.0 if w <= 0.5 else 0.0}}

    found = sweep(lambda a: merge(base, tuned, a), score, target="t", general="g", alphas=(0.5,), seed=0)
    assert asked == [0.0, 0.5, 1.0]
    assert found.chosen == 0.5
    assert found.points[1].scores["t"].mean == 0.5
    assert found.points[1].scores["t"].items == 2
