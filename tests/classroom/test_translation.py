import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.translation import Kind, Piece, pieces, put_together, unit_abroad
from classwright.classroom.translation_checks import compared, piece_faults
from classwright.skilltree.bank import problem
from classwright.skilltree.grading import grade
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

TREE = default_tree()


def faults(english, other, kind: Kind = "text", language="es", **needed):
    return piece_faults(Piece((("title",),), english, "title", "learner", kind), other, language, needed)


GOOD = [
    ("Zoe has 7 crates with 7 bananas each. How many bananas does Zoe have?", "Zoe tiene 7 cajas con 7 plátanos en cada una. ¿Cuántos plátanos tiene Zoe?", "es"),
    ("Find the missing number: 3/4 = □/12", "Encuentra el número que falta: 3/4 = □/12", "es"),
    ("An angle measures 65°. Is it acute?", "Ein Winkel misst 65°. Ist er spitz?", "de"),
    ("There are two bags with 3 balls.", "Hay 2 bolsas con 3 pelotas.", "es"),
    ("Solve 3x + 2y = 7 for x.", "Resuelve 3x + 2y = 7 para x.", "es"),
    ("A rope is 1,250 cm long and costs $3.50.", "Una cuerda mide 1,250 cm y cuesta $3.50.", "es"),
    ("Ava has 12 apples. How many are left?", "Ava有12个苹果。还剩多少个？", "zh"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "other", "language"), GOOD)
def test_a_good_translation_passes(english, other, language):
    assert faults(english, other, "problem", language) == []


@pytest.mark.parametrize(
    ("english", "other", "why"),
    [
        ("There are 12 apples in 3 bags.", "Hay 12 manzanas en tres bolsas.", "the number 3 is missing"),
        ("There are 12 apples in 3 bags.", "Hay 12 manzanas en 3 bolsas y 4 más.", "the number 4 was added"),
        ("The rope is 1.5 m long.", "La cuerda mide 1,5 m de largo.", "number"),
        ("Work out 3/4 + 1/6 = □.", "Calcula 3/4 y 1/6 = □ con papel.", "the sign + is missing"),
        ("We know that 8 + 2 = 10.", "Sabemos que 8 + 10 = 2.", "false equation"),
        ("The line is 12 cm long.", "La línea mide 12 m de largo.", "the unit"),
        ("Solve for y: 3y = 12.", "Resuelve para la letra: 3x = 12.", "the letter"),
        ("Times 2 or times 5 is easy.", "Es fácil: 2 x o 5 x por aquí.", "the letter x was added"),
        ("Ben and Zoe share the cake.", "Ella y Zoe comparten el pastel.", "Ben is missing"),
        ("Count the dots: ●●● ●● now.", "Cuenta los puntos: ●●● ● ahora.", "the sign ● is missing"),
        ("Multiplication facts", "Facts de multiplicación", "still English"),
        ("Add the tops and keep the bottom.", "Add the tops and keep the bottom.", "not translated"),
        ("Add the tops and keep the bottom.", "The tops are added and the bottom is kept.", "English"),
    ],
)
def test_what_a_translation_must_keep(english, other, why):
    found = faults(english, other)
    assert any(why in f for f in found), found


def test_a_lost_line_is_found():
    assert "1 lines, not 2" in faults("Add the tops.\nKeep the bottom.", "Suma lo de arriba y lo de abajo.", "lines")


def test_choices_must_occur_as_they_were_translated():
    text = "Is the angle acute or straight?"
    assert faults(text, "¿El ángulo es agudo o llano?", "problem", acute="agudo", straight="llano") == []
    assert faults(text, "¿Los ángulos son agudos o llanos?", "problem", acute="agudo", straight="llano") == []
    assert faults(text, "¿El ángulo es agudo o recto?", "problem", acute="agudo", straight="llano") == [
        "'straight' should be 'llano'"
    ]


@given(st.lists(st.integers(2, 9999), min_size=1, max_size=5), st.integers(0, 4), st.integers(1, 500))
def test_a_changed_number_is_always_found(numbers, which, more):
    english = "Add these numbers: " + ", ".join(map(str, numbers)) + "."
    other = numbers.copy()
    other[which % len(numbers)] += more
    spanish = "Suma estos números: {}."
    assert faults(english, spanish.format(", ".join(map(str, numbers)))) == []
    assert faults(english, spanish.format(", ".join(map(str, other))))


@pytest.mark.parametrize(
    ("unit", "translated", "shown"),
    [("liters", None, "L"), ("square cm", None, "cm²"), ("cubic inches", None, "in³"), ("meters per minute", None, "m/min"),
     ("dollars", None, ""), ("days", None, ""), ("jerseys", "camisetas", "camisetas"), ("jerseys", None, ""), ("°", None, "°"),
     ("kilometers per hour", None, "km/h")],
)  # fmt: skip
def test_units_abroad(unit, translated, shown):
    assert unit_abroad(unit, translated) == shown


def test_a_symbol_is_graded_like_the_unit():
    p = problem("decimals.add", 1, 1, "football")
    abroad = p.model_copy(update={"unit": unit_abroad(p.unit, None)})
    assert p.unit == "liters"
    assert [grade(f"{p.answer} {u}", abroad).result for u in ("L", "l", "liters", "litros", "")] == ["right"] * 5
    assert grade(f"{p.answer} mL", abroad).result == "wrong"


def lesson(text):
    plan = draft_plan(TREE, assemble(sample_class(3, 7, TREE, "fractions.add_unlike"), "fractions.add_unlike", TREE),
                      45, "balanced", 7, None)  # fmt: skip
    plan.closing.text = text
    return plan


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        ("Para que 1/2 + 1/3 = 5/6, busca 6.", []),
        ("Para que 1/2 + 1/3 sea 5/6, busca 6.", ["closing: the sign = is missing", "closing: the equation 1/2+1/3=5/6 is missing"]),
        ("Para que 1/2 + 1/3 = 4/6, busca 5 6.", ["closing: the number 4 was added", "closing: the equation 1/2+1/3=5/6 is missing",
                                              "closing: false equation: 1/2 + 1/3 = 4/6"]),
    ],
)  # fmt: skip
def test_a_whole_plan_is_held_against_its_translation(other, changed):
    found = compared(lesson("For 1/2 + 1/3 = 5/6, look for 6."), lesson(other))
    assert found.changed == changed
    assert found.equations > 10
    assert found.numbers > 100


def test_two_terms_with_one_word_abroad_stay_two():
    plan = draft_plan(TREE, assemble(sample_class(3, 7, TREE, "fractions.add_unlike"), "fractions.add_unlike", TREE),
                      60, "balanced", 1, None)  # fmt: skip
    assert len(plan.vocabulary) >= 2
    terms = [path for piece in pieces(plan) for path in piece.paths if path[0] == "vocabulary" and len(path) == 3]
    done, _ = put_together(plan, "es", dict.fromkeys(terms, "denominador"))
    assert list(done.vocabulary) == [f"denominador ({term})" for term in plan.vocabulary]
    assert list(done.vocabulary.values()) == list(plan.vocabulary.values())
    assert compared(plan, done).equations > 0
