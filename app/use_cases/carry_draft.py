"""Take one draft to another vault or computer, as an encrypted file."""

import json
from collections.abc import Mapping

from app.domain.answer_reading import parse_answers
from app.domain.form import Form
from app.domain.labels import Labels
from app.errors import InputError
from app.store import draft_file
from app.store.draft_file import (
    ENDING,
    LARGEST_BYTES,
    DamagedDraftFileError,
    open_draft,
    seal_draft,
)
from app.store.drafts import DraftId, Drafts
from app.use_cases import write_report

__all__ = ["ENDING", "LARGEST_BYTES", "export_draft", "import_draft", "open_draft"]


class OtherFormError(InputError):
    """It was written with another version of the questions."""

    def __init__(self) -> None:
        super().__init__(
            "This draft was written with another version of the form.",
            "Nothing was taken in.",
            "Install the version of the program here that it was written with.",
        )


def export_draft(drafts: Drafts, form: Form, draft_id: DraftId, passphrase: str) -> bytes:
    """A file with answers and private notes; the draft stays where it is.

    Decisions on findings and the words of a receipt are not in it. Raises InputError as
    `write_report.load`, LargeDraftError.
    """
    summary = write_report.load(drafts, form, draft_id).summary
    values = {**drafts.answers(draft_id), **drafts.private_answers(draft_id)}
    content: dict[str, object] = {
        "form": summary.form_id,
        "version": summary.form_version,
        "answers": {field: json.loads(value) for field, value in values.items()},
    }
    return seal_draft(content, passphrase)


def import_draft(
    drafts: Drafts, form: Form, labels: Labels, raw: bytes, passphrase: str
) -> DraftId:
    """Keep the draft in a file as a new one, after every answer was checked against the form.

    Raises as `open_draft`; OtherFormError; InputError for an answer that the form does not have;
    StoppedAtGateError for one that ends the report. Nothing is then kept.
    """
    content = draft_file.open_draft(raw, passphrase)
    answers = content.get("answers")
    if set(content) != {"form", "version", "answers"} or not isinstance(answers, Mapping):
        raise DamagedDraftFileError
    if (content["form"], content["version"]) != (form.id, form.version):
        raise OtherFormError
    report, notes = parse_answers(form, answers)
    return write_report.start(drafts, form, labels, report, notes)
