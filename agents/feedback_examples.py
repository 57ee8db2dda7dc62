"""Three worked examples a label for SIGHT's questions, written for this; the reasoning comes before the answer."""

from classwright.classroom.feedback_labels import Label

EXAMPLES: dict[Label, tuple[tuple[str, str, str], ...]] = {
    "general": (
        (
            "What a superb lecture, best one on limits so far!",
            "The writer praises the lecture as a whole and does not say what about the teaching is good. "
            "That is a general opinion.",
            "yes",
        ),
        (
            "Why does he divide by n-1 here and not by n?",
            "This is a question about a step. No opinion is given.",
            "no",
        ),
        (
            "Kind of boring, I expected more from this course.",
            "The writer gives an opinion of the course as a whole, a bad one. That is general too.",
            "yes",
        ),
    ),
    "confusion": (
        (
            "12:40 where does the minus sign come from?",
            "The writer asks about a step that is not clear to them.",
            "yes",
        ),
        (
            "The minus sign comes from the chain rule, see 12:10.",
            "The writer explains something to others and shows no confusion of their own.",
            "no",
        ),
        (
            "I watched this three times and still do not get what a basis is.",
            "There is no question mark, but the writer says that they do not understand.",
            "yes",
        ),
    ),
    "pedagogy": (
        (
            "Starting with the picture of the two lines before any formula made it click.",
            "The writer speaks of a way of presenting the content, a picture before a formula.",
            "yes",
        ),
        (
            "Great lecture!",
            "This is praise, but nothing is said about how it is taught.",
            "no",
        ),
        (
            "He skips steps and goes far too quickly through the proof.",
            "The writer speaks of the pace and of left-out steps, which is how it is taught.",
            "yes",
        ),
    ),
    "setup": (
        (
            "Please fix the microphone, I can hardly hear anything in the second half.",
            "The writer speaks of the sound of the recording.",
            "yes",
        ),
        (
            "The explanation in the second half is hard to follow.",
            "This is about the explanation, not about sound, picture or room.",
            "no",
        ),
        (
            "The camera should stay on the board while she writes.",
            "This is about the camera.",
            "yes",
        ),
    ),
    "personal_experience": (
        (
            "I am a nurse and came back to math after 20 years because of these videos.",
            "The writer tells of their job and how they came to this.",
            "yes",
        ),
        (
            "The teacher is so funny.",
            "Nothing about the writer's own life is told.",
            "no",
        ),
        (
            "We had this in my second semester and nobody explained it like this.",
            "The writer tells of their own studies.",
            "yes",
        ),
    ),
    "clarification": (
        (
            "At 8:15 it should be 3x, not 3; he corrects it a minute later.",
            "The writer points out a slip and clears it up for others.",
            "yes",
        ),
        (
            "Is it 3x or 3 at 8:15?",
            "The writer asks; they clear up nothing.",
            "no",
        ),
        (
            "@viewer a set is closed under addition if every sum stays in the set.",
            "The writer answers somebody's question with an explanation.",
            "yes",
        ),
    ),
    "gratitude": (
        (
            "thx a lot, this saved my exam",
            "The writer says thanks, in short.",
            "yes",
        ),
        (
            "Amazing lecture, I love it.",
            "The writer praises but does not thank anybody.",
            "no",
        ),
        (
            "I am so grateful that these lectures are free.",
            "Being grateful is a way of saying thanks.",
            "yes",
        ),
    ),
    "non_english": (
        (
            "Muchas gracias por la clase",
            "The comment is in Spanish.",
            "yes",
        ),
        (
            "merci! that was a good lecture",
            "Apart from one borrowed word the comment is in English.",
            "no",
        ),
        (
            "बहुत अच्छा",
            "The comment is in Hindi.",
            "yes",
        ),
    ),
    "na": (
        (
            "first!!! who else is here at 3 am",
            "This is chatter and says nothing about the lecture.",
            "yes",
        ),
        (
            "The second example was very clear.",
            "This says something about the lecture.",
            "no",
        ),
        (
            '"Trust me, this will be fun." LOL',
            "The writer only quotes a funny line. That says nothing about the lecture.",
            "yes",
        ),
    ),
}
"""Label -> (comment, reasoning, answer)."""
