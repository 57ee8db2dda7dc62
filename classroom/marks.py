"""Marks of a person that have a pattern: addresses of all kinds, numbers, schools."""

import re

CAPITALIZED = r"[^\W\d_a-z][\w'’-]*[^\W\d_]"
"""A word that begins with a capital."""
_SCHOOL = r"(?:School|Academy|College|University|Institute|Elementary|Preparatory|Montessori)"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+%-]+(?:@| @ )[\w-]+(?:\.[\w-]+)+")),
    ("EMAIL", re.compile(r"\b[\w.]+ ?[\[(]?\bat\b[\])]? ?[\w-]+ ?[\[(]?\bdot\b[\])]? ?(?:com|org|edu|net|[a-z]{2})\b", re.I)),
    ("LINK", re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|edu|net)(?:/\S*)?\b", re.I)),
    ("HANDLE", re.compile(r"(?<![\w.])@\w[\w.]{1,29}(?<!\.)")),
    ("ID", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("ID", re.compile(r"(?i:\b(?:student|pupil|school) (?:id|number)\b\D{0,12})(?P<mark>\d{4,})\b")),
    ("PHONE", re.compile(r"(?<![\w.+])\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}\b")),
    ("PHONE", re.compile(r"(?<![\w.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}\b")),
    ("PHONE", re.compile(r"(?i:\b(?:call|phone|text|cell|mobile|whatsapp|dial|reach)\b[^.!?\d]{0,30})(?P<mark>[\d(][\d ().-]{5,15}\d)")),
    ("DATE", re.compile(r"(?i:\b(?:born|birthday|birth date|date of birth|dob)\b[^.!?\d]{0,25})(?P<mark>\d[\d/. -]*\d)\b")),
    ("ADDRESS", re.compile(
        rf"\b\d{{1,5}} (?:{CAPITALIZED} ){{1,3}}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Court|Way|Place)\b"
    )),
    ("SCHOOL", re.compile(rf"(?:{CAPITALIZED} |St\. ){{1,4}}(?:(?:Middle|High|Junior|Senior|Primary|Secondary|Grammar|Charter) )*{_SCHOOL}(?: School)?\b")),
    ("SCHOOL", re.compile(rf"(?:{CAPITALIZED} |St\. ){{1,4}}(?:Middle|High|Junior High|Primary|Prep)\b")),
    ("SCHOOL", re.compile(rf"\b(?:University|College|Academy|School|Institute) of (?:{CAPITALIZED})(?: {CAPITALIZED})*")),
    ("SCHOOL", re.compile(r"\b[Pp]\.?[Ss]\.? ?#? ?\d{1,3}\b")),
    ("SCHOOL", re.compile(r"\b[^\W\d_]{3,} (?:elementary|middle school|high school|primary school|academy|university)\b", re.I)),
)  # fmt: skip
"""(kind, pattern); where a pattern has a group `mark`, only that is the mark."""
SCHOOL_WORDS = frozenset(
    "elementary middle high school junior senior primary secondary university college academy institute public prep "
    "grammar charter in my our their old new big local best same whole for during since attend at going into after "
    "before finished started summer art music law medical business night".split()
)
"""Words that beside ordinary ones make no name of a school."""
