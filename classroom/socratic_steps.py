"""Socratic moves about a worked solution, for problems that have steps but no skill with a method and misconceptions.

The tutor compares the student's calculations with the problem's own (`departure`) and points to the first that leaves
them: what its numbers stand for, which sentence of the story it belongs to, which unit comes out, whether the size can
be right. Nothing that the solution comes to is ever said; at the very end the operation is, not its result. The order
follows tutoring research: the student's own account first, then the spot, then a contrast (VanLehn 2011).
"""

from collections.abc import Sequence

from classwright.classroom.chance import chance
from classwright.classroom.departure import DOES, Departure, departure
from classwright.classroom.moves import Submove
from classwright.classroom.next_move import NextMove
from classwright.classroom.solution_steps import number_of, read_solution
from classwright.classroom.story_sentences import asking, numbers_of, sentences, telling
from classwright.classroom.turn import Turn
from classwright.classroom.wrong_lines import spelled
from classwright.skilltree.problem import Problem

WORKED = 25
"""Words from which a student's turn is taken for a worked solution."""
_UNDOES = {"+": "-", "-": "+", "*": "/", "/": "*"}
_SMALL = {
    ("+", "-"): "Try it small: you have 5 pens and give 2 away. Would you add? Which way does it go here?",
    ("-", "+"): "Try it small: you have 5 pens and get 2 more. Would you take away? Which way does it go here?",
    ("+", "*"): "Try it small: 3 boxes with 5 pens in each box. Does 3 + 5 tell how many pens there are?",
    ("*", "+"): "Try it small: 5 red pens and 3 blue pens. Does 5 x 3 tell how many pens there are?",
    ("*", "/"): "Try it small: 6 pens are shared among 3 children. Does one child get more than 6, or fewer? "
                "Which way does it go here?",
    ("/", "*"): "Try it small: 3 boxes with 5 pens in each box. Are there more than 5 pens in all, or fewer? "
                "Which way does it go here?",
    ("/", "/"): "Try it small: 6 pens shared among 3 children is not the same as 3 pens shared among 6. "
                "In your line, what is shared, and among how many?",
    ("/", "-"): "Try it small: you have 6 pens and give 2 away. Does 6 / 2 tell how many are left?",
    ("*", "-"): "Try it small: you have 6 pens and give 2 away. Does 6 x 2 tell how many are left?",
    ("-", "*"): "Try it small: 3 boxes with 5 pens in each box. Does 5 - 3 tell how many pens there are?",
    ("-", "/"): "Try it small: 6 pens are shared among 3 children. Does 6 - 3 tell what one child gets?",
    ("+", "/"): "Try it small: 6 pens are shared among 3 children. Does 6 + 3 tell what one child gets?",
}  # fmt: skip
"""(the student's sign, the due one) -> a story so small that the difference shows. The pens are in no other problem."""


def found(problem: Problem, turns: Sequence[Turn]) -> Departure | None:
    """Where the student's fullest worked solution in a talk, the last of several, leaves the problem's own."""
    best: tuple[int, Departure | None] = 0, None
    for turn in turns:
        if turn.speaker == "student" and (d := departure(turn.text, problem)):
            size = sum(len(step.calculations) for step in read_solution(turn.text))
            best = max(best, (size, d), key=lambda x: x[0]) if size != best[0] else (size, d)
    return best[1]


def step_moves(problem: Problem, turns: Sequence[Turn], seed: int) -> list[NextMove]:
    """The moves that fit after a wrong answer, the fittest first.

    Args:
        problem: What it is about.
        turns: So far.
        seed: Picks among equal wordings.
    """
    return _Spot(problem, found(problem, turns), turns, seed).moves()


def small_piece(problem: Problem, turns: Sequence[Turn]) -> NextMove:
    """A small question for a student who is lost."""
    d = found(problem, turns)
    if d is not None:
        point = f"Leave everything else; have the learner say in words what “{d.equation}” means."
        text = (
            f"Leave the rest for now and look at one line only: “{d.equation}”. What is each number in it a number of?"
        )
    else:
        first = sentences(problem.text)[:1]
        point = "One sentence of the story at a time; ask what the first one tells."
        text = f"One sentence at a time. “{first[0] if first else problem.text}” What do you know from that?"
    return NextMove("focus", "recall relevant information", None, point, text)


def what_was_wrong(problem: Problem, turns: Sequence[Turn], seed: int) -> NextMove | None:
    """After success, a question about the wrong line; None where there is none."""
    d = found(problem, turns)
    if d is None:
        return None
    text = (
        f"Yes. You first had {_number(d)} there. What was still missing, and how did you notice?",
        f"Yes, that fits. You first stopped at {_number(d)}. What does that number tell, if not the answer?",
    ) if d.kind == "stopped" else (
        f"Yes. You first had “{d.equation}”. What was wrong with that?",
        f"That fits. What would you tell a classmate who writes “{d.equation}”?",
        f"Yes. What made you change “{d.equation}”?",
    )  # fmt: skip
    return NextMove("probing", "ask for explanation", None,
                    f"The answer is right. Have the learner say what was wrong with “{d.equation}”.",
                    text[int(chance(seed, "what was wrong", problem.id) * len(text))])  # fmt: skip


class _Spot:
    """One wrong line, and what can be asked about it."""

    def __init__(self, problem: Problem, d: Departure | None, turns: Sequence[Turn], seed: int) -> None:
        self.problem, self.d, self.turns, self.seed = problem, d, turns, seed

    def moves(self) -> list[NextMove]:
        match self.d:
            case None:
                own = self._unknown()
            case Departure(kind="slip"):
                own = self._slip(self.d)
            case Departure(kind="plan"):
                own = self._plan(self.d)
            case Departure(kind="left out"):
                own = self._left_out(self.d)
            case _:
                own = self._stopped(self.d)
        early, late = own[:-1], own[-1:]  # the last one of each tells
        return [*early, self._size(), self._draw(), *late, self._plan_aloud()]

    def _slip(self, d: Departure) -> list[NextMove]:
        left = spelled(d.done.terms)
        moves = [
            _ask("ask for explanation", f"Ask how the learner worked out “{d.equation}”.",
                 self._pick("how", f"Your plan looks clear. How did you work out “{d.equation}”?",
                            f"Look at “{d.equation}” in your work. How did you get the {d.result}?")),
            _look(f"Have the learner work out {left} again in another way.",
                  f"Do just that one once more, on a fresh line and in another way: {left}. What do you get?"),
        ]  # fmt: skip
        numbers = [t for t in d.done.terms if t.is_number]
        sign = d.signs[0]
        if len(numbers) == 2 and sign:
            moves.append(_ask("seek self-correction", f"Check “{d.equation}” with the inverse operation.",
                              f"Check it backward: does {d.result} {_shown(_UNDOES[sign])} {numbers[1].written} bring "
                              f"you back to {numbers[0].written}?"))  # fmt: skip
        moves.append(_ask("seek self-correction", f"Have the learner find out whether {left} can be {d.result}.",
                          self._another_way(d, left)))  # fmt: skip
        moves.append(_tell("Say how to work it out, not the result.",
                           f"Take {left} apart: do the tens and the ones by themselves and put them together. "
                           "Write each part down."))  # fmt: skip
        return moves

    def _another_way(self, d: Departure, left: str) -> str:
        numbers = [(x, t.written) for t in d.done.terms if t.is_number and (x := number_of(t.text)) is not None]
        if max(x for x, _ in numbers) > 12:
            return f"Round the numbers in {left} and work it out roughly. Is {d.result} near that?"
        if len(numbers) == 2 and d.signs[0] == "*":
            return f"Draw {numbers[0][1]} rows with {numbers[1][1]} dots in each and count them. Is it {d.result}?"
        return f"Show {left} with counters or on a number line. Where do you land?"

    def _plan(self, d: Departure) -> list[NextMove]:
        mine, due = d.signs
        odd = d.odd
        if odd:
            moves = [self._stands_for(d, odd[0])]
        elif mine and mine != due:
            moves = [_ask("ask for explanation", f"Ask why the learner wrote “{d.equation}”.",
                          f"You wrote “{d.equation}”. What in the story made you {DOES[mine]} there?")]  # fmt: skip
        else:
            moves = [_ask("ask for explanation", f"Ask what “{d.equation}” finds out.",
                          f"You wrote “{d.equation}”. What did you want to find out there, and do you have all the "
                          "numbers for it?")]  # fmt: skip
        moves += self._reread(d)
        if odd:
            moves.append(_look(f"Have the learner see that {odd[0]} does not belong into “{d.equation}”.",
                               f"In “{d.equation}”, say for each number what it is a number of. Do they belong "
                               "together in the story?"))  # fmt: skip
        elif mine and due and mine != due:
            first = next(t.written for t in d.done.terms if t.is_number)
            moves.append(_look(f"Have the learner see that in “{d.equation}” the operation does not fit the story.",
                               f"At that place in the story, should what you get be larger or smaller than {first}? "
                               f"Does “{d.equation}” do that?"))  # fmt: skip
        moves += self._unused(d)
        moves.append(self._of_what(d))
        if (small := _SMALL.get((mine, due))) and (mine != due or not odd):
            moves.append(_ask("perturb the question", "A tiny story in which the operation fails.", small))
        if due and mine != due:
            not_mine = f", not {DOES[mine]}" if mine else ""
            tell = f"In that line you have to {DOES[due]}{not_mine}. Which numbers go together?"
        else:
            wrong = "one number does not belong there" if odd else "a number is still missing"
            tell = f"In that line you do the right kind of calculation, but {wrong}. Which one is it?"
        return [*moves, _tell("Say which operation it is, not the result.", tell)]

    def _left_out(self, d: Departure) -> list[NextMove]:
        odd = d.odd
        moves = [
            self._stands_for(d, odd[0]) if odd else
            _ask("ask for explanation", f"Ask what the numbers in “{d.equation}” stand for.",
                 f"You wrote “{d.equation}”. What does each number in it stand for?"),
            *self._reread(d),
            _look(f"Have the learner see that something must be found out before “{d.equation}”.",
                  f"Before you can write “{d.equation}”, is there something that the story does not tell directly, and "
                  "that you have to find out first?"),
            *self._unused(d),
            self._of_what(d),
        ]  # fmt: skip
        due = d.signs[1]
        tell = f"There is a step before that line, in which you have to {DOES[due]}." if due else \
            "There is a step before that line."  # fmt: skip
        return [
            *moves,
            _tell("Say that a step comes before, and which operation.", f"{tell} Which numbers are for it?"),
        ]

    def _stopped(self, d: Departure) -> list[NextMove]:
        n, asked = _number(d), asking(self.problem.text)
        due = d.signs[1]
        tell = f"You are not at the end yet: with what you found you have to {DOES[due]} once more." if due else \
            "You are not at the end yet: there is one more thing to work out with what you found."  # fmt: skip
        return [
            _look(f"Have the learner see that {n} is not yet what is asked.",
                  f"Your work is right so far. Now read what is asked: “{asked}” Is {n} the number for that?",
                  "recall relevant information"),
            _look(f"Have the learner say what {n} counts.",
                  f"Say in a sentence what your {n} tells. And what does the question want to know?"),
            *self._reread(d),
            NextMove("focus", "seek strategy", None, "Ask for the step that is missing.",
                     f"Now that you know the {n}, what can you find out next with it?"),
            *self._unused(d),
            _tell("Say that a step is missing, and which operation.", tell),
        ]  # fmt: skip

    def _unknown(self) -> list[NextMove]:
        """Nothing is known but the answer: the story, sentence by sentence."""
        told = [s for s in sentences(self.problem.text) if numbers_of(s) and not s.endswith("?")]
        shown = any(len(t.text.split()) >= WORKED for t in self.turns if t.speaker == "student")
        return [
            _ask("ask for explanation", "Ask which part of the work the learner is least sure of.",
                 "Which of your lines are you least sure of, and what did you want to find out there?") if shown else
            _ask("ask for explanation", "Ask which numbers the learner used, and for what.",
                 "Which numbers of the story did you use, and what did you do with them?"),
            *(_look(f"Have the learner say what this tells: “{s}”", f"Go back to this: “{s}” What does it tell you?",
                    "recall relevant information") for s in told[:3]),
            NextMove("focus", "seek strategy", None, "Ask for what can be found out first.",
                     "What could you find out first, before the whole question?"),
            _look("Have the learner say what is asked for.",
                  f"Read what is asked: “{asking(self.problem.text)}” What will your answer be a number of?"),
            _tell("Say how to go about it.",
                  "Write one short line for each thing the story tells, then one line for what is asked. Work from the "
                  "first line to the last."),
        ]  # fmt: skip

    def _stands_for(self, d: Departure, number: str) -> NextMove:
        return _ask("ask for explanation", f"Ask what the {number} in “{d.equation}” stands for.",
                    self._pick("stands for",
                               f"You wrote “{d.equation}”. What does the {number} stand for in the story?",
                               f"Tell me about the {number} in “{d.equation}”. Where in the story is it from, and what "
                               "does it count?"))  # fmt: skip

    def _reread(self, d: Departure) -> list[NextMove]:
        step = self.problem.steps[d.step] if d.step < len(self.problem.steps) else ""
        numbers = d.wanted if d.kind == "plan" else {x for n in d.wanted | d.shared for x in (n, n / 100)}
        sentence = telling(self.problem.text, numbers, step)
        if not sentence:
            return []
        if sentence.endswith("?"):
            lead, ask = "Read what is asked", "What do you need for that, and does your line find it"
        elif d.kind in ("stopped", "left out"):
            lead, ask = "Read this again", "Where is that in your work"
        elif d.odd:
            lead, ask = "Read this again", "What does each number there count, and which one does your line need"
        else:
            lead, ask = "Read this again", "What happens there, and does your line say the same"
        return [_look(f"Have the learner read “{sentence}” again and compare it with “{d.equation}”.",
                      f"{lead}: “{sentence}” {ask}?", "recall relevant information")]  # fmt: skip

    def _unused(self, d: Departure) -> list[NextMove]:
        """A number that the step needs and the student has, from the story or an earlier line, and does not use."""
        mine = numbers_of("\n".join(t.text for t in self.turns if t.speaker == "student"))
        told = numbers_of(self.problem.text)
        for term in d.due.terms:
            value = number_of(term.text) if term.is_number else None
            if value not in d.wanted:
                continue
            if value in told and value not in mine:
                return [_look(f"Have the learner notice that {term.written} was not used.",
                              f"The story also tells you the number {term.written}. What is it for, and where do you "
                              "use it?")]  # fmt: skip
            if value in mine and value not in told:
                text = f"In an earlier line you found {term.written}. What is it, and where do you need it?"
                return [_look(f"Have the learner notice that the {term.written} of an earlier line is not used.", text)]
        return []

    def _of_what(self, d: Departure) -> NextMove:
        n = _number(d)
        text = self._pick("of what", f"“{d.equation}”: {n} of what? Say it as a whole sentence.",
                          f"Put a word behind every number in “{d.equation}”. What is your {n} then?")  # fmt: skip
        return _look(f"Ask for the unit: what the {n} of “{d.equation}” counts.", text)

    def _size(self) -> NextMove:
        return _ask("seek self-correction", "Have the learner compare the size of the answer with the story.",
                    "Think of the story only, without calculating: is your answer too much, too little, or about "
                    "right? How can you tell?")  # fmt: skip

    def _draw(self) -> NextMove:
        return _look("Have the learner draw the story.",
                     "Make a quick drawing of the story, a bar for each amount, and write on each bar what you know. "
                     "What is still without a number?", "recall relevant information")  # fmt: skip

    def _plan_aloud(self) -> NextMove:
        text = "Leave the numbers out. Tell me in words what you would find out first, and what after that."
        return NextMove("focus", "seek strategy", None, "Ask for the plan without numbers.", text)

    def _pick(self, occasion: str, *texts: str) -> str:
        return texts[int(chance(self.seed, occasion, self.problem.id) * len(texts))]


def _number(d: Departure) -> str:
    """What the student's calculation comes to, as it stands there."""
    return f"${d.result}" if d.equation.endswith(f"${d.result}") else d.result


def _shown(sign: str) -> str:
    return {"*": "times", "/": "divided by", "+": "plus", "-": "minus"}[sign]


def _ask(submove: Submove, point: str, text: str) -> NextMove:
    return NextMove("probing", submove, None, point, text)


def _look(point: str, text: str, submove: Submove = "guide student focus") -> NextMove:
    return NextMove("focus", submove, None, point, text)


def _tell(point: str, text: str) -> NextMove:
    return NextMove("telling", "reveal strategy", None, point, text)
