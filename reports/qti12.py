"""A quiz as an IMS QTI 1.2 package, which Canvas, Blackboard, D2L and older systems read (IMS QTI ASI 1.2, 2002)."""

from markupsafe import Markup

from classwright.reports.quiz import Question, Section
from classwright.reports.stable_zip import pack

ASI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_XML = Markup('<?xml version="1.0" encoding="UTF-8"?>\n')
_KINDS = {
    "choice": ("multiple_choice_question", "cc.multiple_choice.v0p1"),
    "typed": ("short_answer_question", "cc.fib.v0p1"),
}
"""Form -> question type as Canvas names it, and as Common Cartridge does."""


def qti12(title: str, name: str, sections: list[Section], language: str) -> bytes:
    """The package as a ZIP file; the same quiz gives the same bytes.

    Texts are plain: 3/4 stays 3/4, since few systems of that time show mathematics.

    Args:
        title: Of the test.
        name: Identifies the lesson; makes the package's identifiers.
        sections: The questions.
        language: BCP 47.
    """
    path = "quiz/quiz.xml"
    files = {"imsmanifest.xml": _manifest(name, path), path: _assessment(title, name, sections, language)}
    return pack({where: (_XML + text).encode() for where, text in files.items()})


def _manifest(name: str, path: str) -> Markup:
    return Markup(
        '<manifest xmlns="{space}" identifier="manifest-{name}">\n'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n<organizations/>\n"
        '<resources>\n<resource identifier="quiz-{name}" type="imsqti_xmlv1p2" href="{path}"><file href="{path}"/>'
        "</resource>\n</resources>\n</manifest>\n"
    ).format(space=CP, name=name, path=path)


def _assessment(title: str, name: str, sections: list[Section], language: str) -> Markup:
    made = Markup("\n").join(
        Markup('<section ident="section-{}" title="{}">\n{}\n</section>').format(
            s.id, s.title, Markup("\n").join(_item(q) for q in s.questions)
        )
        for s in sections
    )
    return Markup(
        '<questestinterop xmlns="{}">\n<assessment ident="quiz-{}" title="{}" xml:lang="{}">\n{}\n</assessment>\n'
        "</questestinterop>\n"
    ).format(ASI, name, title, language, made)


def _item(q: Question) -> Markup:
    asked, right = (_chosen if q.form == "choice" else _typed)(q)
    kind, profile = _KINDS[q.form]
    fields = Markup("").join(
        Markup("<qtimetadatafield><fieldlabel>{}</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>").format(
            label, entry
        )
        for label, entry in (("question_type", kind), ("points_possible", "1"), ("cc_profile", profile))
    )
    unit = f"\nAnswer in {q.unit}." if q.form == "typed" and q.unit else ""
    return Markup(
        '<item ident="{id}" title="{title}">\n<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>\n'
        '<presentation>\n<material><mattext texttype="text/html">{text}</mattext></material>\n{asked}\n'
        "</presentation>\n<resprocessing>\n"
        '<outcomes><decvar varname="SCORE" vartype="Decimal" minvalue="0" maxvalue="100"/></outcomes>\n'
        '<respcondition continue="No">\n<conditionvar>{right}</conditionvar>\n'
        '<setvar varname="SCORE" action="Set">100</setvar>\n</respcondition>\n</resprocessing>\n</item>'
    ).format(id=q.id, title=q.title, fields=fields, text=_html(q.text + unit), asked=asked, right=right)


def _html(text: str) -> str:
    """A question as HTML in a text node, and so escaped once more when it is put there."""
    return str(Markup("").join(Markup("<p>{}</p>").format(line) for line in text.split("\n") if line.strip()))


def _chosen(q: Question) -> tuple[Markup, Markup]:
    ids = {choice: f"C{n}" for n, choice in enumerate(q.choices, 1)}
    labels = Markup("\n").join(
        Markup(
            '<response_label ident="{}"><material><mattext texttype="text/plain">{}</mattext></material>'
            "</response_label>"
        ).format(ids[choice], choice)
        for choice in q.choices
    )
    asked = Markup(
        '<response_lid ident="response1" rcardinality="Single"><render_choice shuffle="No">\n{}\n</render_choice>'
        "</response_lid>"
    ).format(labels)
    return asked, Markup('<varequal respident="response1">{}</varequal>').format(ids[q.answers[0]])


def _typed(q: Question) -> tuple[Markup, Markup]:
    asked = Markup(
        '<response_str ident="response1" rcardinality="Single"><render_fib fibtype="String" prompt="Box">'
        '<response_label ident="answer1"/></render_fib></response_str>'
    )
    spellings = Markup("").join(
        Markup('<varequal respident="response1" case="No">{}</varequal>').format(answer) for answer in q.answers
    )
    return asked, Markup("<or>{}</or>").format(spellings) if len(q.answers) > 1 else spellings
