"""What a draft is called in a list."""

from app.domain.answers import Words
from app.domain.form import FieldId
from app.errors import UserError
from app.use_cases import write_report
from app.use_cases.write_report import DraftSummary
from ui.session import Session

_TITLE = FieldId("title")


def name_draft(session: Session, summary: DraftSummary) -> str:
    """The officer's own name for it, else the title of its story, else an empty text (blocks)."""
    if summary.title:
        return summary.title
    try:
        stored = write_report.load(session.drafts, session.form, summary.draft_id)
    except UserError:  # opening it says why; the list has to be shown all the same
        return ""
    title = stored.answers.get(_TITLE)
    return title.text if isinstance(title, Words) else ""
