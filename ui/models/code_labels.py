"""Codes of published reports in the words of the form, and short names for the main fields."""

from collections.abc import Iterable, Mapping

from app.domain.archive import NEAR_MISS_SHELF, CodeValue
from app.domain.form import Code, FieldId, SpecialValue
from app.domain.labels import Labels
from app.use_cases.read_archive import SHELF, SPECIAL, code_words
from ui.models.shown_text import shown_line

# The form's labels are questions to the reporter; a filter needs the name of the matter.
_NAMES = {
    SHELF: "Collection",
    "activity": "Kind of work",
    "activity_detail": "Activity",
    "hazard": "Hazard",
    "contributing": "Risk factors",
    "location_type": "Place",
    "agency_type": "Agency",
    "light": "Light",
    "time_block": "Time of day",
    "event_year": "Year",
}
_SHELVES = {NEAR_MISS_SHELF: "Near misses", "sister-systems": "Sister systems"}
_TEXTS = {
    "synopsis": "Event summary",
    "what_happened": "What happened",
    "decisions": "What the officer saw and decided",
    "went_well": "What went well",
    "lessons": "Lessons",
    "lessons_edit": "Lessons",
    "prevention": "Prevention",
    "action_taken": "What has been done since",
    "source": "Source",
    "source_codes": "Codes of the source",
}


class CodeLabels:
    """Labels for whatever an archive holds, also for what this version does not know yet."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def name(self, field: str) -> str:
        """The short name of a coded field, or else the form's question."""
        if field in _NAMES:
            return _NAMES[field]
        return shown_line(self._labels.fields.get(FieldId(field), _words_of(field)), 120)

    def heading(self, field: str) -> str:
        """What stands above a text of the report."""
        return _TEXTS.get(field) or self.name(field)

    def label(self, field: str, code: str) -> str:
        """The label of a code, of "special:unknown", or of a shelf."""
        if field == SHELF:
            return shelf_label(code)
        if code.startswith(SPECIAL):
            return self._special(code.removeprefix(SPECIAL))
        known = self._labels.options.get(FieldId(field), {})
        return known.get(Code(code)) or shown_line(_words_of(code), 80)

    def place(self, field: str, code: str) -> int:
        """Where the form has the code; strange ones come last."""
        known = list(self._labels.options.get(FieldId(field), {}))
        return known.index(Code(code)) if Code(code) in known else len(known)

    def in_order(self, fields: Iterable[str]) -> list[str]:
        """Fields as the form asks them; strange ones come last."""
        order = {str(field): place for place, field in enumerate(self._labels.fields)}
        return sorted(fields, key=lambda field: order.get(field, len(order)))

    def labels(self, field: str, value: CodeValue) -> tuple[str, ...]:
        """The labels of an answer."""
        return tuple(self.label(field, code) for code in code_words(value))

    def chips(self, codes: Mapping[str, CodeValue], fields: tuple[str, ...]) -> tuple[str, ...]:
        """The first label of each of these fields that has an answer."""
        found = (self.first_label(codes, field) for field in fields)
        return tuple(each for each in found if each)

    def first_label(self, codes: Mapping[str, CodeValue], field: str) -> str:
        """The label of the field's first code; empty if there is none or a special value."""
        words = code_words(codes[field]) if field in codes else ()
        return "" if not words or is_special(words[0]) else self.label(field, words[0])

    def _special(self, value: str) -> str:
        known = {str(each): each for each in SpecialValue}
        return self._labels.special(known[value]) if value in known else "No answer"


def is_special(code: str) -> bool:
    """Whether the code stands for the lack of an answer."""
    return code.startswith(SPECIAL)


def shelf_label(shelf: str) -> str:
    """What a shelf is called."""
    return _SHELVES.get(shelf) or shown_line(_words_of(shelf), 60)


def _words_of(code: str) -> str:
    return code.replace("_", " ").replace("-", " ").strip().capitalize() or "Without a name"
