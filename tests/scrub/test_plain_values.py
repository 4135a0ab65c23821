"""A value that holds a story, or a name of it, does not show it where it is printed or logged."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.answer_reading import parse_answers
from app.domain.form import FieldId
from app.domain.form_file import load_form
from app.domain.report import Certainty, Kind, Span
from app.use_cases.write_report import DraftId
from resources.read import read_form_files
from sync.decision_history import History
from sync.decisions import begin
from sync.outgoing import leave, review
from sync.scrub import Identities, Identity, Scrubber
from sync.scrub.normalise import make_plain
from sync.scrub.replacement import Found
from ui.models.answer_rows import list_answers
from ui.models.marked_text import cut_written
from ui.pages.check_review import OpenReview
from ui.wizard.piecewise import PiecewiseLook, _Piece

SECRET = "Zzyqarov"
STORY = FieldId("what_happened")


def make_values(rules: Scrubber) -> Iterator[object]:
    """One value of each class that holds texts."""
    text = f"Ofc. {SECRET} fell at the old mill, and {SECRET} got up again."
    form, labels = load_form(*read_form_files())
    answers, notes = parse_answers(form, {"what_happened": text, "local_people": [SECRET]})
    reviewed = review(form, answers, notes, rules)
    yield reviewed
    decisions = begin(reviewed)
    yield from (decisions, History(decisions), leave(form, reviewed))
    known = Identities(names=(SECRET,), moments=(datetime(2026, 1, 2),))  # noqa: DTZ001
    yield from (known, Identity(Kind.NAME, (SECRET,)), make_plain(text))
    yield Found(Span(0, 1), Kind.NAME, Certainty.SURE, "a reason", "rule", SECRET)
    yield from (reviewed.scrub_map.identities["[NAME-1]"], _Piece(STORY, 0, text))
    yield PiecewiseLook(lambda: rules).look({STORY: text}, known, None, 1.0)
    yield from cut_written(decisions, {}, lambda _field: SECRET)
    yield OpenReview(
        draft_id=DraftId("0" * 16),
        is_sealed=False,
        answers=answers,
        reviewed=reviewed,
        decisions=decisions,
        rows=tuple(list_answers(form, labels, answers, reviewed.coarse)),
        not_asked=0,
        notes=1,
        opener=None,
        obstacle=None,
    )


def test_nothing_of_a_text_is_in_a_repr(rules_only: Scrubber) -> None:
    values = list(make_values(rules_only))
    assert {type(each).__name__ for each in values} >= {
        "Reviewed",
        "ScrubbedReport",
        "Decisions",
        "History",
        "Identities",
        "Identity",
        "Plain",
        "Found",
        "Looked",
        "OpenReview",
        "Piece",
    }
    for each in values:
        assert SECRET not in repr(each), type(each)
        assert "old mill" not in repr(each), type(each)
