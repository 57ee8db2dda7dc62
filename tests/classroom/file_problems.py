"""Problems as a file gives them, with the wrong solutions of pupils; written for these tests."""

from classwright.classroom.dialogue import problem_from_text
from classwright.skilltree.problem import Problem

SHELF = problem_from_text(
    "file/shelf",
    "Ida has 6 shelves with 14 books on each. On Monday she gives 30 books away. On Tuesday 5 friends each bring her "
    "4 books. How many books does Ida have now?",
    "74",
    ("At first Ida has 6 x 14 = 84 books.", "After Monday there are 84 - 30 = 54 books.", "The friends bring 5 x 4 = 20 books.",
     "Now Ida has 54 + 20 = 74 books."),
)  # fmt: skip
"""Two chains of steps that meet in the last."""

SLIP = ("At first Ida has 6 x 14 = 64 books.\nAfter Monday there are 64 - 30 = 34 books.\nThe friends bring 5 x 4 = 20 "
        "books.\nNow Ida has 34 + 20 = 54 books.\nThe answer is 54.")  # fmt: skip
SIGN = ("At first Ida has 6 x 14 = 84 books.\nAfter Monday there are 84 + 30 = 114 books.\nThe friends bring 5 x 4 = 20 "
        "books.\nNow Ida has 114 + 20 = 134 books.\nThe answer is 134.")  # fmt: skip
NUMBER = ("At first Ida has 6 x 14 = 84 books.\nAfter Monday there are 84 - 30 = 54 books.\nThe friends bring 5 x 6 = 30 "
          "books.\nNow Ida has 54 + 30 = 84 books.\nThe answer is 84.")  # fmt: skip
LEFT_OUT = ("At first Ida has 6 x 14 = 84 books.\nAfter Monday there are 84 - 30 = 54 books.\n"
            "Now Ida has 54 + 4 = 58 books.\nThe answer is 58.")  # fmt: skip
STOPPED = "At first Ida has 6 x 14 = 84 books.\nAfter Monday there are 84 - 30 = 54 books.\nThe answer is 54."

WRONG: dict[str, tuple[str, str]] = {
    "slip": (SLIP, "54"),
    "sign": (SIGN, "134"),
    "number": (NUMBER, "84"),
    "left out": (LEFT_OUT, "58"),
    "stopped": (STOPPED, "54"),
}
"""Name -> (wrong solution, its answer)."""


def shelf(**changes: object) -> Problem:
    """The problem with changes."""
    return SHELF.model_copy(update=changes)
