"""What would leave of a draft: the texts with their findings, and the coarse answers.

The review page shows exactly this, and approval seals exactly this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.answers import (
    Answer,
    CoarseAnswers,
    PrivateNotes,
    ReportAnswers,
    Several,
    Words,
)
from app.domain.form import FieldId, FieldType, Form, Leaves
from app.domain.report import Finding, Kind, apply_findings
from sync.generalise import generalise
from sync.scrub import NOBODY_LISTED, Doubt, Identities, Roster, Scrubber, ScrubResult

_PLACES = frozenset({Kind.PLACE, Kind.ADDRESS, Kind.AGENCY})


@dataclass(frozen=True, slots=True, repr=False)
class Reviewed:
    """The texts of a report with what was found in them. Private notes only helped to find.

    exact: the texts as written. findings: by field, for the person to decide.
    scrub_map: what stands behind each replacement; it stays in the vault.
    """

    exact: Mapping[FieldId, str]
    findings: Mapping[FieldId, tuple[Finding, ...]]
    scrub_map: ScrubResult
    coarse: CoarseAnswers

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Why a person has to read every word, whatever was found."""
        return self.scrub_map.doubts

    def with_all_masked(self) -> "Reviewed":
        """The same, with what is only possible masked too."""
        masked = {
            field: tuple(replace(finding, masked=True) for finding in found)
            for field, found in self.findings.items()
        }
        return replace(self, findings=masked)


@dataclass(frozen=True, slots=True, repr=False)
class ScrubbedReport:
    """What leaves, word for word. Made of coarse answers and scrubbed texts by type, so that a
    private note has no way in.
    """

    form: str
    form_version: int
    coarse: CoarseAnswers
    texts: Mapping[FieldId, str]


def review(
    form: Form,
    answers: ReportAnswers,
    notes: PrivateNotes,
    scrubber: Scrubber,
    roster: Roster = NOBODY_LISTED,
) -> Reviewed:
    """Find identifiers in all texts that may leave, and make the other answers coarse.

    roster: the agency's list of names.
    """
    exact = {
        field.id: answer.text
        for field in form.report_fields()
        if field.leaves is Leaves.SCRUBBED and isinstance(answer := answers.get(field.id), Words)
    }
    result = scrubber.scrub(
        {str(field): text for field, text in exact.items()}, list_watched(form, notes, roster)
    )
    return Reviewed(
        exact=exact,
        findings={field: result.findings[field] for field in exact},
        scrub_map=result,
        coarse=generalise(form, answers),
    )


def leave(form: Form, reviewed: Reviewed) -> ScrubbedReport:
    """The report with every masked finding replaced."""
    texts = {
        field: apply_findings(text, reviewed.findings[field])
        for field, text in reviewed.exact.items()
    }
    return ScrubbedReport(form.id, form.version, reviewed.coarse, texts)


def explain_doubt(doubt: Doubt) -> tuple[str, str]:
    """What is amiss, in one sentence, and what that means, for whoever approves the report."""
    title, meaning = (
        (
            "The part that finds names is missing or damaged.",
            "Only rules have looked at this text, and they find less.",
        )
        if doubt is Doubt.MODEL
        else (
            "This text does not seem to be in English.",
            "The finder knows English only.",
        )
    )
    return title, f"{meaning} Read every word yourself before it is sealed."


def list_watched(form: Form, notes: PrivateNotes, roster: Roster = NOBODY_LISTED) -> Identities:
    """The names, numbers, places and moments of private notes and roster, to be found in texts."""
    found: dict[str, list[str]] = {"names": [], "numbers": [], "places": []}
    moments: list[datetime] = []
    for field in form.private:
        if field.watch_as is None:
            continue
        if field.type is FieldType.DATE_TIME:
            moments += map(datetime.fromisoformat, _words_of(notes.get(field.id)))
            continue
        group = "names" if field.watch_as is Kind.NAME else "numbers"
        group = "places" if field.watch_as in _PLACES else group
        found[group] += _words_of(notes.get(field.id))
    return Identities(
        names=tuple(found["names"]),
        numbers=tuple(found["numbers"]),
        places=tuple(found["places"]),
        roster=roster,
        moments=tuple(moments),
    )


def _words_of(answer: Answer | None) -> list[str]:
    if isinstance(answer, Several):
        return list(answer.texts)
    return [answer.text] if isinstance(answer, Words) else []
