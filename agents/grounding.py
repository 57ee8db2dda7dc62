"""Cites a teacher's text in a plan, and lists what neither the text nor the skill tree says.

Code decides both: the model never writes a citation. A mark [S1] says that passage S1 speaks of the sentence in the
same words; the passage stands in the plan, so that a teacher can look. See `classroom.claims` for how far that can be
trusted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from classwright.agents.memory import Embed
from classwright.agents.sources import Found, Material
from classwright.classroom.claims import best_support, claims_in, content, places_of
from classwright.classroom.equations import numbers_in
from classwright.classroom.free_plan import QUESTION
from classwright.classroom.plan import LessonPlan, Passage, Words
from classwright.classroom.source import sentences
from classwright.classroom.source_faults import DENIED
from classwright.classroom.support import FAULT, MARK
from classwright.skilltree.tree import SkillTree

MISTAKE = "Expect this mistake: "
"""How a note begins that states a mistake on purpose."""
UNCITED = 2
"""Best passages that a plan quotes even where no sentence cites them: the teacher's model was told of them."""
_BELIEVED = re.compile(r"^.{0,40}\b(?:believes?|thinks?|says?|assumes?)\b(?: that)?\s+", re.I)
_CITED = re.compile(r"^(?:hook|explanation|closing|note|vocabulary)\b")


@dataclass(frozen=True)
class _Claim:
    """A sentence that states something.

    Attributes:
        where: The slot, as `LessonPlan.slots` names it, or "vocabulary TERM".
        sentence: As it stands there.
        said: The sentence as it is compared (a term with its meaning).
        by_model: Whether a model wrote it.
        facts: What the tree itself says there.
    """

    where: str
    sentence: str
    said: str
    by_model: bool
    facts: tuple[str, ...]


async def ground(plan: LessonPlan, material: Material | None, tree: SkillTree | None, embed: Embed) -> LessonPlan:
    """A copy of the plan with its texts cited, the cited passages quoted, and the claims without support listed.

    Grounding a plan again gives the same plan: old marks are taken out first.

    Args:
        plan: A plan in words.
        material: What `sources.retrieve` found; None where there is no source, and nothing a model says has support.
        tree: The skill tree, whose own words need no passage; None for a subject outside it.
        embed: Embeddings.
    """
    kept = [line for line in plan.unsupported if line.startswith(QUESTION)]
    plan, answered = without_marks(plan), material is not None
    material = material or Material()
    claims = list(_claims(plan, tree))
    told = ((k, place) for k, found in enumerate(material.found) for place in places_of(found.text))
    places = [(k, place) for k, place in told if not DENIED.search(place)]  # "many believe that ..." supports nothing
    facts = list(dict.fromkeys(place for c in claims for fact in c.facts for place in places_of(fact)))
    rows = await embed([c.said for c in claims] + [place for _, place in places] + facts)
    said, passages, known = np.split(rows, [len(claims), len(claims) + len(places)])
    at = {fact: i for i, fact in enumerate(facts)}
    cited: dict[tuple[str, str], int] = {}
    unsupported: list[str] = []
    for c, vector in zip(claims, said, strict=True):
        support = best_support(c.said, [place for _, place in places], passages @ vector)
        wrong = c.where.startswith("note") and c.sentence.startswith(MISTAKE)
        if wrong:
            if support is not None:
                source = material.found[places[support.place][0]].source
                unsupported.append(f"{c.where}: calls a mistake what {source} says: {c.said}")
        elif support is not None:
            cited[c.where, c.sentence] = places[support.place][0]
        elif c.by_model:
            own = [place for fact in c.facts for place in places_of(fact)]
            if best_support(c.said, own, known[[at[place] for place in own]] @ vector) is None:
                unsupported.append(f"{c.where}: {c.sentence}")
    if tree is None and answered:
        unsupported += _answers(plan, material)
    ids = _quote(plan, material, [cited[key] for key in cited if _CITED.match(key[0])])
    marks = {key: ids[k] for key, k in cited.items() if k in ids and _CITED.match(key[0])}
    for where, words in plan.slots():
        words.text = _marked(words.text, {s: m for (slot, s), m in marks.items() if slot == where})
    plan.vocabulary = {
        term: _marked(meaning, {s: m for (slot, s), m in marks.items() if slot == f"vocabulary {term}"})
        for term, meaning in plan.vocabulary.items()
    }
    faults = [f"{FAULT}{fault}; it was not used" for fault in material.faults]
    plan.unsupported = list(dict.fromkeys([*unsupported, *kept, *faults]))
    return plan


def at_the_end(plan: LessonPlan, marked: LessonPlan) -> LessonPlan:
    """A copy of a plan that says the same as a cited one in other words (a translation), cited slot by slot.

    Args:
        plan: The plan in other words, without marks.
        marked: The cited plan that it was made from.
    """
    copy, was = plan.model_copy(deep=True), dict(marked.slots())

    def mark(text: str, cited: str) -> str:
        ids = dict.fromkeys(i for found in MARK.findall(cited) for i in re.findall(r"S\d+", found))
        return f"{text} [{', '.join(ids)}]" if ids else text

    for name, words in copy.slots():
        words.text = mark(words.text, was[name].text if name in was else "")
    if len(copy.vocabulary) == len(marked.vocabulary):
        meanings = zip(copy.vocabulary.items(), marked.vocabulary.values(), strict=True)
        copy.vocabulary = {term: mark(meaning, cited) for (term, meaning), cited in meanings}
    copy.passages, copy.unsupported = marked.passages, marked.unsupported
    return copy


def without_marks(plan: LessonPlan) -> LessonPlan:
    """A copy of the plan without citations, quoted passages and the list of unsupported claims."""
    copy = plan.model_copy(deep=True)
    for _, words in copy.slots():
        words.text = MARK.sub("", words.text)
    copy.vocabulary = {term: MARK.sub("", meaning) for term, meaning in copy.vocabulary.items()}
    copy.passages, copy.unsupported = [], []
    return copy


def _claims(plan: LessonPlan, tree: SkillTree | None) -> Iterator[_Claim]:
    common, local = _facts(plan, tree)
    about = {word for text in (plan.title, *common[:3], *plan.vocabulary) for word in content(text)}
    for where, words in _texts(plan):
        facts = (*common, *local.get(where, ()))
        story = not where.startswith(("explanation", "vocabulary"))
        if words.text.startswith(MISTAKE):
            mistake = _BELIEVED.sub("", sentences(words.text.removeprefix(MISTAKE))[0])
            yield _Claim(where, words.text, mistake, words.source == "model", ())
            continue
        if where.startswith("vocabulary"):
            if len(content(words.text)) > 1:
                term = where.removeprefix("vocabulary ")
                yield _Claim(where, words.text, f"{term}: {words.text}", words.source == "model", facts)
            continue
        for sentence in claims_in(words.text, about if story else ()):
            yield _Claim(where, sentence, sentence, words.source == "model", facts)


def _texts(plan: LessonPlan) -> Iterator[tuple[str, Words]]:
    stories = {f"idea {i}" for i, idea in enumerate(plan.ideas, 1) if idea.kind != "representation"}
    yield from ((where, words) for where, words in plan.slots() if where not in stories)
    by = "curated" if plan.verified else "model"
    yield from ((f"vocabulary {term}", Words(text=text, source=by)) for term, text in plan.vocabulary.items() if text)


def _facts(plan: LessonPlan, tree: SkillTree | None) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """What the plan says by itself, for all slots and for single ones. A subject outside the tree has no facts."""
    objectives = tuple(o.text for o in plan.objectives)
    if tree is None:
        return objectives, {}
    skills = [tree[s] for s in dict.fromkeys([plan.skill, *plan.skills])]
    common = [f"{s.name}. {s.description}" for s in skills]
    common += [text for s in skills for text in (s.explanation, " ".join(s.method), s.picture) if text]
    common += [text for r in plan.repairs for text in (r.name, r.move, r.question)]
    local = {
        f"example {i}": (w.problem.text, *w.problem.steps, w.problem.answer)
        for i, w in enumerate(plan.worked_examples, 1)
    }
    local |= {f"hint {i}": (p.text, *p.steps) for i, p in enumerate(plan.guided.problems, 1)}
    local |= {f"group {g.name}": (g.why,) for g in plan.groups}
    return (*common, *objectives), {where: tuple(filter(None, texts)) for where, texts in local.items()}


def _answers(plan: LessonPlan, material: Material) -> Iterator[str]:
    """Answers whose words and numbers stand in no passage."""
    passages = [(set(content(f.text)), numbers_in(f.text)) for f in material.found]
    for p in dict.fromkeys((p.text, p.answer) for p in plan.problems()):
        words, numbers = set(content(p[1])), numbers_in(p[1])
        if not any(words <= said and numbers <= given for said, given in passages):
            yield f"answer to “{p[0]}”: {p[1]}"


def _quote(plan: LessonPlan, material: Material, cited: Sequence[int]) -> dict[int, str]:
    """Put the passages into the plan: those cited, in the order of citation, then the best of the others."""
    best = [k for k in range(len(material.found)) if k not in cited][:UNCITED]
    order = list(dict.fromkeys([*cited, *best]))
    plan.passages = [_passage(n, material.found[k]) for n, k in enumerate(order, 1)]
    return {k: f"S{n}" for n, k in enumerate(order, 1)}


def _passage(number: int, found: Found) -> Passage:
    return Passage(id=f"S{number}", source=found.source, text=found.text)


def _marked(text: str, marks: dict[str, str]) -> str:
    """The text with a mark in each cited sentence; of neighbors that cite the same passage only the last is marked."""
    whole, spots = text, list[tuple[int, str]]()
    for sentence, mark in marks.items():
        start = whole.find(sentence)
        if start >= 0:
            spots.append((start + len(sentence), mark))
    spots.sort()
    for i in reversed(range(len(spots))):
        end, mark = spots[i]
        if i + 1 < len(spots) and spots[i + 1][1] == mark and whole[end : spots[i + 1][0]].strip() in marks:
            continue
        stop = re.search(r"[.!?…]*[\"”’)]*$", text[:end])
        place = stop.start() if stop else end
        text = f"{text[:place]} [{mark}]{text[place:]}"
    return text
