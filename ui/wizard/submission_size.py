"""How much of a submission the answers fill. Every submission has the same size."""

from typing import cast

from app.domain.answer_reading import answers_to_json
from app.domain.answers import ReportAnswers, Words
from app.domain.form import Form, Leaves
from app.domain.navigation import complete_with_not_asked
from sync.generalise import generalise
from sync.protocol.canonical import Json
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.receipt import MAIL_TAG_LENGTH
from sync.protocol.seal import CONTENT_LIMIT

ALMOST_FULL = 0.9
# The public half of a sealing key is ML-KEM-768's (FIPS 203: 1,184 bytes) and X25519's 32.
_REPLY = Reply(bytes(MAIL_TAG_LENGTH), bytes(1184 + 32))


def measure_fill(form: Form, answers: ReportAnswers) -> float:
    """The part of a submission that is filled, 1.0 when nothing more fits.

    The texts are taken as they are written: what replaces a name is about as long as a name.
    """
    finished = complete_with_not_asked(form, answers)
    texts = {
        str(field.id): answer.text
        for field in form.report_fields()
        if field.leaves is Leaves.SCRUBBED and isinstance(answer := finished.get(field.id), Words)
    }
    codes = cast("dict[str, Json]", answers_to_json(form, generalise(form, finished)))
    content = Envelope(form.id, form.version, codes, texts, _REPLY).to_bytes()
    return len(content) / CONTENT_LIMIT


def describe_fill(length: int, most: int, fill: float) -> str:
    """The line below a long text."""
    line = f"{length:,} of {most:,} characters"
    if fill >= 1:
        return f"{line}. The report is too long to be sent; shorten it."
    if fill >= ALMOST_FULL:
        return f"{line}. All texts together fill {fill:.0%} of what can be sent."
    return line
