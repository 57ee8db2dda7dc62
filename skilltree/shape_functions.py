"""Functions of the expression language on shapes, angles, points and lines."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from classwright.errors import InputError
from classwright.skilltree.polynomial import Number, Value, letter, lift, lower, square_root
from classwright.skilltree.values import Relation, show

_SIDES = {"circle": 0, "triangle": 3, "square": 4, "rectangle": 4, "rhombus": 4, "trapezoid": 4, "parallelogram": 4,
          "quadrilateral": 4, "pentagon": 5, "hexagon": 6, "heptagon": 7, "octagon": 8, "decagon": 10}  # fmt: skip
_SHARES = {2: "halves", 3: "thirds", 4: "fourths", 5: "fifths", 6: "sixths", 8: "eighths"}
_SAME_SHAPE = {"turned": True, "flipped": True, "moved": True, "made bigger": True, "made smaller": True,
               "painted": True, "cut in half": False, "given one more corner": False}  # fmt: skip


def sides(shape: str) -> int:
    """Number of straight sides of a named shape."""
    if shape not in _SIDES:
        raise InputError(f"the number of sides of a {shape} is not known")
    return _SIDES[shape]


def which_shape(n: Number, *shapes: str) -> str:
    """The one of the named shapes that has n sides."""
    found = [shape for shape in shapes if sides(shape) == n]
    if len(found) != 1:
        raise InputError(f"{len(found)} of the shapes have {n} sides, not one")
    return found[0]


def still_shape(shape: str, change: str) -> bool:
    """Whether a shape keeps its name after a change such as "turned" or "cut in half"."""
    if sides(shape) is None or change not in _SAME_SHAPE:
        raise InputError(f"what {change!r} does to a shape is not known")
    return _SAME_SHAPE[change]


def quad_names(a: Number, b: Number, c: Number, d: Number, right_angles: Number) -> list[str]:
    """Every name that fits a quadrilateral with these sides in order, the most special one last."""
    names = ["quadrilateral"]
    if a == c and b == d and right_angles == 4:
        names.append("rectangle")
    if a == b == c == d:
        names.append("rhombus")
        if right_angles == 4:
            names.append("square")
    return names


def triangle_by_sides(a: Value, b: Value, c: Value) -> str:
    """ "equilateral", "isosceles" or "scalene"."""
    return {1: "equilateral", 2: "isosceles", 3: "scalene"}[len({a, b, c})]


def angle_type(degrees: Number) -> str:
    """ "acute", "right", "obtuse" or "straight"."""
    if not 0 < degrees <= 180:
        raise InputError(f"an angle of {degrees} degrees has no type here")
    return "acute" if degrees < 90 else "right" if degrees == 90 else "obtuse" if degrees < 180 else "straight"


def symmetry_lines(shape: str, *size: Number) -> int:
    """Lines of symmetry: rectangle (a, b), slanted parallelogram (a, b), triangle (a, b, c), regular polygon (n)."""
    match shape, size:
        case "rectangle", (a, b):
            return 4 if a == b else 2
        case "parallelogram", (a, b):
            return 2 if a == b else 0
        case "triangle", (a, b, c):
            return {1: 3, 2: 1, 3: 0}[len({a, b, c})]
        case "regular polygon", (n,):
            return int(n)
    raise InputError(f"the lines of symmetry of {shape} {size} are not known")


def distance(*coordinates: Value) -> Value:
    """Distance of two points x1, y1, x2, y2, or of two numbers on a line; exact, with a root where needed."""
    half = len(coordinates) // 2
    if half not in (1, 2) or len(coordinates) % 2:
        raise InputError("distance needs two numbers or two points")
    squares = [(lift(a) - lift(b)) ** 2 for a, b in zip(coordinates[:half], coordinates[half:], strict=True)]
    return square_root(lower(sum(squares[1:], squares[0])))


def slope(x1: Number, y1: Number, x2: Number, y2: Number) -> Number | str:
    """Slope of the line through two points, "undefined" when it is vertical."""
    return "undefined" if x1 == x2 else Fraction(y2 - y1) / (x2 - x1)


def line(gradient: Value, intercept: Value) -> Relation:
    """The equation y = gradient x + intercept."""
    return Relation((letter("y"), lift(gradient) * letter("x") + lift(intercept)), ("=",))


def line_through(x1: Number, y1: Number, x2: Number, y2: Number) -> Relation:
    """The equation y = mx + b of the line through two points."""
    gradient = slope(x1, y1, x2, y2)
    if isinstance(gradient, str):
        return Relation((letter("x"), x1), ("=",))
    return line(gradient, y1 - gradient * x1)


def quadrant(x: Number, y: Number) -> str:
    """ "I", "II", "III" or "IV".

    Raises:
        InputError: the point is on an axis.
    """
    if not x or not y:
        raise InputError(f"({x}, {y}) is on an axis, in no quadrant")
    return {(True, True): "I", (False, True): "II", (False, False): "III", (True, False): "IV"}[x > 0, y > 0]


def proportional(*pairs: Number) -> bool:
    """Whether y/x is the same for all pairs x1, y1, x2, y2, ..."""
    return len({Fraction(y) / x for x, y in zip(pairs[::2], pairs[1::2], strict=True)}) == 1


def is_function(*pairs: Number) -> bool:
    """Whether no x among x1, y1, x2, y2, ... has two different y."""
    seen: dict[Number, Number] = {}
    return all(seen.setdefault(x, y) == y for x, y in zip(pairs[::2], pairs[1::2], strict=True))


def share_name(n: Number) -> str:
    """What n equal parts of a whole are called: "fourths"."""
    if n not in _SHARES:
        raise InputError(f"{show(n)} equal shares have no name here")
    return _SHARES[int(n)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sides": sides,
    "which_shape": which_shape,
    "still_shape": still_shape,
    "quad_name": lambda a, b, c, d, right: quad_names(a, b, c, d, right)[-1],
    "quad_is": lambda name, a, b, c, d, right: name in quad_names(a, b, c, d, right),
    "quad_count": lambda a, b, c, d, right: len(quad_names(a, b, c, d, right)),
    "triangle_by_sides": triangle_by_sides,
    "all_equal": lambda *x: len(set(x)) == 1,
    "share_name": share_name,
    "angle_type": angle_type,
    "symmetry_lines": symmetry_lines,
    "distance": distance,
    "slope": slope,
    "line": line,
    "line_through": line_through,
    "point": lambda *x: tuple(x),
    "quadrant": quadrant,
    "reflect_x": lambda x, y: (x, -y),
    "reflect_y": lambda x, y: (-x, y),
    "translate": lambda x, y, dx, dy: (x + dx, y + dy),
    "rotate90": lambda x, y: (-y, x),
    "rotate180": lambda x, y: (-x, -y),
    "dilate": lambda x, y, scale: (x * scale, y * scale),
    "proportional": proportional,
    "is_function": is_function,
}
