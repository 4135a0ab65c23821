"""What becomes of an answer before it leaves, beside the question and in plain words."""

from app.domain.answers import Answer, Chosen, Special
from app.domain.form import Leaves, ReportField
from app.domain.labels import Labels
from ui.widgets.cards import Banner

_TITLE = "What this becomes"


def describe_outcome(field: ReportField, labels: Labels, answer: Answer | None) -> str:
    """What leaves of an answer to a field that is made coarser."""
    if isinstance(answer, Special):
        return labels.special(answer.value)
    if isinstance(answer, Chosen):
        coarse = dict.fromkeys(field.coarsen(code) for code in answer.codes)
        return "; ".join(labels.option(field.id, code) for code in coarse)
    return "Your exact answer does not leave, only the group it belongs to."


class SideNote(Banner):
    """The note beside a question whose answer does not leave as it is given."""

    def __init__(self, field: ReportField, labels: Labels) -> None:
        self._field = field
        self._labels = labels
        if field.leaves is Leaves.SCRUBBED:
            super().__init__(
                "leaves",
                _TITLE,
                "Names, numbers and places are found and replaced before it leaves. "
                "You see it on the last page.",
            )
        else:
            super().__init__("leaves", _TITLE, describe_outcome(field, labels, None))

    def follow(self, answer: Answer | None) -> None:
        """Say what becomes of this answer."""
        if self._field.leaves is Leaves.GENERALISED:
            self.set_content("leaves", _TITLE, describe_outcome(self._field, self._labels, answer))
