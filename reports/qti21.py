"""A quiz as an IMS QTI 2.1 content package: a test, its items, and the manifest (IMS QTI 2.1, 2012; IMS CP 1.1)."""

from markupsafe import Markup

from classwright.reports.mathml import markup
from classwright.reports.quiz import Question, Section
from classwright.reports.stable_zip import pack

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
RULES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
_XML = Markup('<?xml version="1.0" encoding="UTF-8"?>\n')
_SCHEMAS = Markup('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{} {}"')
_QTI_SCHEMA = _SCHEMAS.format(QTI, "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd")
_CP_SCHEMA = _SCHEMAS.format(CP, "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd")
_SCORE = Markup(
    '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
)


def qti21(title: str, name: str, sections: list[Section], language: str) -> bytes:
    """The package as a ZIP file; the same quiz gives the same bytes.

    Choices are choice interactions; typed answers are text entries mapped over every accepted spelling.

    Args:
        title: Of the test.
        name: Identifies the lesson; makes the package's identifier.
        sections: The questions.
        language: BCP 47.
    """
    files = {f"items/{q.id}.xml": _item(q, language) for s in sections for q in s.questions}
    files = {"imsmanifest.xml": _manifest(name, sections), "test.xml": _test(title, name, sections), **files}
    return pack({path: (_XML + text).encode() for path, text in files.items()})


def _item(q: Question, language: str) -> Markup:
    declared, body, rule = (_chosen if q.form == "choice" else _typed)(q)
    return Markup(
        '<assessmentItem xmlns="{space}" {schemas} identifier="{id}" title="{title}" adaptive="false" '
        'timeDependent="false" xml:lang="{language}">\n{declared}\n{score}'
        "<itemBody>\n{text}\n{body}\n</itemBody>\n"
        '<responseProcessing template="{rules}/{rule}"/>\n</assessmentItem>\n'
    ).format(
        space=QTI, schemas=_QTI_SCHEMA, id=q.id, title=q.title, language=language, declared=declared,
        score=_SCORE, text=paragraphs(q.text), body=body, rules=RULES, rule=rule,
    )  # fmt: skip


def paragraphs(text: str) -> Markup:
    """A question as XHTML, a paragraph for each line."""
    return Markup("\n").join(Markup("<p>{}</p>").format(markup(line)) for line in text.split("\n") if line.strip())


def _chosen(q: Question) -> tuple[Markup, Markup, str]:
    ids = {choice: f"C{n}" for n, choice in enumerate(q.choices, 1)}
    declared = Markup(
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
        "<correctResponse><value>{}</value></correctResponse></responseDeclaration>"
    ).format(ids[q.answers[0]])
    choices = Markup("\n").join(
        Markup('<simpleChoice identifier="{}">{}</simpleChoice>').format(ids[c], markup(c)) for c in q.choices
    )
    body = Markup(
        '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">\n{}\n</choiceInteraction>'
    ).format(choices)
    return declared, body, "match_correct"


def _typed(q: Question) -> tuple[Markup, Markup, str]:
    keys = list({answer.casefold(): answer for answer in reversed(q.answers)}.values())[::-1]  # case does not count
    entries = Markup("\n").join(
        Markup('<mapEntry mapKey="{}" mappedValue="1" caseSensitive="false"/>').format(key) for key in keys
    )
    declared = Markup(
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">\n'
        "<correctResponse><value>{}</value></correctResponse>\n"
        '<mapping lowerBound="0" upperBound="1" defaultValue="0">\n{}\n</mapping>\n</responseDeclaration>'
    ).format(q.answers[0], entries)
    unit = Markup(" {}").format(q.unit) if q.unit else ""
    body = Markup('<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="{}"/>{}</p>').format(
        max(8, 2 * len(q.answers[0])), unit
    )
    return declared, body, "map_response"


def _test(title: str, name: str, sections: list[Section]) -> Markup:
    made = Markup("\n").join(
        Markup('<assessmentSection identifier="{}" title="{}" visible="true">\n{}\n</assessmentSection>').format(
            f"section-{s.id}",
            s.title,
            Markup("\n").join(
                Markup('<assessmentItemRef identifier="{0}" href="items/{0}.xml"/>').format(q.id) for q in s.questions
            ),
        )
        for s in sections
    )
    return Markup(
        '<assessmentTest xmlns="{space}" {schemas} identifier="{id}" title="{title}">\n{score}'
        '<testPart identifier="part" navigationMode="nonlinear" submissionMode="individual">\n{made}\n</testPart>\n'
        '<outcomeProcessing><setOutcomeValue identifier="SCORE"><sum><testVariables variableIdentifier="SCORE"/></sum>'
        "</setOutcomeValue></outcomeProcessing>\n</assessmentTest>\n"
    ).format(space=QTI, schemas=_QTI_SCHEMA, id=f"test-{name}", title=title, score=_SCORE, made=made)


def _manifest(name: str, sections: list[Section]) -> Markup:
    ids = [q.id for s in sections for q in s.questions]
    needs = Markup("\n").join(Markup('<dependency identifierref="{}"/>').format(i) for i in ids)
    items = Markup("\n").join(
        Markup('<resource identifier="{0}" type="imsqti_item_xmlv2p1" href="items/{0}.xml">'
               '<file href="items/{0}.xml"/></resource>').format(i)
        for i in ids
    )  # fmt: skip
    return Markup(
        '<manifest xmlns="{space}" {schemas} identifier="manifest-{name}">\n'
        "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n"
        "<organizations/>\n<resources>\n"
        '<resource identifier="test-{name}" type="imsqti_test_xmlv2p1" href="test.xml">'
        '<file href="test.xml"/>\n{needs}\n</resource>\n{items}\n</resources>\n</manifest>\n'
    ).format(
        space=CP, schemas=_CP_SCHEMA, name=name, needs=needs, items=items
    )  # fmt: skip
