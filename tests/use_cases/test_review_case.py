"""What the desk may set, what it must, and what of it is published."""

import random

import pytest

from app.domain.answer_reading import answers_to_json
from app.domain.answers import PrivateNotes, ReportAnswers, Words
from app.domain.archive import ArchiveNumber, Record
from app.domain.case import CaseId, CaseState
from app.domain.form import Form, Publish, ReportField
from app.errors import InputError
from app.store.cases import CaseMovedError, CaseStore
from app.store.publications import Publications
from app.use_cases import review_case, write_report
from sync.generalise import generalise

CODES: dict[str, object] = {
    "screen1": "in_scope",
    "alert": "none",
    "coded_event": ["search_vehicle"],
    "primary_problem": "human_factors",
    "risk_harm": "5",
    "risk_likelihood": "3",
    "deid_checklist": [
        "names_numbers",
        "places",
        "dates_times",
        "people_traits",
        "rare_detail",
        "news_search",
        "quotes",
    ],
    "deid_second": "agreed",
}
TEXTS = {"synopsis": "A pistol under the seat.", "lessons_edit": "Search first."}


def _add(
    cases: CaseStore, form: Form, parsed: tuple[ReportAnswers, PrivateNotes], *, number: int = 0
) -> CaseId:
    coarse = generalise(form, write_report.finish(form, parsed[0]))
    texts = {field: each.text for field, each in parsed[0].items() if isinstance(each, Words)}
    envelope = {"codes": answers_to_json(form, coarse), "texts": texts}
    return cases.add(bytes([number]) * 16, "2026-03", envelope)


Parsed = tuple[ReportAnswers, PrivateNotes]


def test_a_coded_case_is_approved_and_published_without_what_is_not_for_all(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    review_case.code_case(cases, form, case_id, CODES, TEXTS)
    assert review_case.approve_case(cases, form, case_id) is CaseState.APPROVED
    record = review_case.make_record(form, cases.get(case_id), ArchiveNumber(10_001))
    assert record.texts["synopsis"] == TEXTS["synopsis"]
    withheld = {
        str(field.id)
        for field in form.by_id.values()
        if isinstance(field, ReportField)
        and field.publish in {Publish.NO, Publish.AFTER_K, Publish.AGGREGATE_ONLY}
    }
    assert withheld >= {"state", "event_month", "age_band", "policy_state"}
    assert not withheld & ({*record.codes} | {*record.texts})
    assert record.codes["sleep_24h"] == {"special": "declined"}


def test_the_desks_words_win_over_the_reporters(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    codes = {**CODES, "weather": ["2", "1"], "light": {"special": "deidentified"}}
    texts = {**TEXTS, "title": "A quieter title"}
    review_case.code_case(cases, form, case_id, codes, texts)
    record = review_case.make_record(form, cases.get(case_id), ArchiveNumber(10_001))
    assert record.texts["title"] == "A quieter title"
    assert record.codes["weather"] == ["1", "2"]
    assert record.codes["light"] == {"special": "deidentified"}


def test_an_uncoded_case_is_not_approved_and_every_gap_is_named(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    review_case.code_case(cases, form, case_id, {"alert": "none"}, {})
    with pytest.raises(InputError) as caught:
        review_case.approve_case(cases, form, case_id)
    for missing in ("screen1", "synopsis", "deid_second"):
        assert missing in caught.value.text
    assert cases.get(case_id).state is CaseState.CODED


@pytest.mark.parametrize(
    ("codes", "texts"),
    [
        ({"no_such_field": "1"}, {}),
        ({"local_people": "x"}, {}),
        ({"accession": "7"}, {}),
        ({"alert": "loud"}, {}),
        ({"event_month": "03"}, {}),
        ({"synopsis": "a text as a code"}, {}),
        ({}, {"alert": "none"}),
        ({}, {"synopsis": "x" * 5_000}),
    ],
    ids=["unknown", "private", "by program", "bad code", "too exact", "text", "code", "too long"],
)
def test_what_does_not_fit_changes_nothing(
    cases: CaseStore,
    form: Form,
    parsed: Parsed,
    codes: dict[str, object],
    texts: dict[str, str],
) -> None:
    case_id = _add(cases, form, parsed)
    with pytest.raises(InputError):
        review_case.code_case(cases, form, case_id, {"screen1": "in_scope", **codes}, texts)
    case = cases.get(case_id)
    assert (dict(case.codes), dict(case.texts), case.state) == ({}, {}, CaseState.RECEIVED)


def test_who_agreed_to_statistics_only_is_not_published(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    codes = {**CODES, "consent_publish": "statistics_only"}
    review_case.code_case(cases, form, case_id, codes, TEXTS)
    assert review_case.approve_case(cases, form, case_id) is CaseState.STATISTICS_ONLY
    publications = Publications(cases)
    assert review_case.number_approved(cases, publications, form, random.Random(1)) == 0


@pytest.mark.parametrize("consent", ["statistics_only", None])
def test_the_desk_cannot_override_a_reporter_who_did_not_agree_to_be_published(
    cases: CaseStore, form: Form, parsed: Parsed, consent: str | None
) -> None:
    coarse = answers_to_json(form, generalise(form, write_report.finish(form, parsed[0])))
    sent: dict[str, object] = {**coarse, "consent_publish": consent}
    codes = {name: value for name, value in sent.items() if value is not None}
    case_id = cases.add(bytes(16), "2026-03", {"codes": codes, "texts": {}})
    review_case.code_case(cases, form, case_id, {**CODES, "consent_publish": "yes"}, TEXTS)
    assert review_case.approve_case(cases, form, case_id) is CaseState.STATISTICS_ONLY


@pytest.mark.parametrize("code", [{"screen1": "abusive"}, {"deid_second": "returned"}])
def test_what_was_screened_out_or_returned_by_the_second_reader_is_not_released(
    cases: CaseStore, form: Form, parsed: Parsed, code: dict[str, object]
) -> None:
    case_id = _add(cases, form, parsed)
    review_case.code_case(cases, form, case_id, {**CODES, **code}, TEXTS)
    with pytest.raises(InputError, match=next(iter(code))):
        review_case.approve_case(cases, form, case_id)
    assert cases.get(case_id).state is CaseState.CODED


def test_a_text_that_the_desk_empties_is_withheld_until_it_is_given_back(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)

    def record() -> Record:
        return review_case.make_record(form, cases.get(case_id), ArchiveNumber(10_001))

    sent = record().texts["decisions"]
    review_case.code_case(cases, form, case_id, {}, {"decisions": "rewritten"})
    assert record().texts["decisions"] == "rewritten"
    review_case.code_case(cases, form, case_id, {}, {"decisions": ""})
    assert "decisions" not in record().texts
    assert record().codes["decisions"] == {"special": "deidentified"}
    review_case.code_case(cases, form, case_id, {}, {"decisions": "shorter"})
    assert record().texts["decisions"] == "shorter"
    assert "decisions" not in record().codes
    review_case.code_case(cases, form, case_id, {"decisions": {"special": "deidentified"}}, {})
    review_case.code_case(cases, form, case_id, {"decisions": ""}, {"lessons": ""})
    review_case.code_case(cases, form, case_id, {}, {"lessons_edit": ""})
    assert record().texts["decisions"] == "shorter"
    assert "lessons_edit" not in record().codes
    assert sent != "shorter"


def test_numbers_do_not_follow_the_order_of_arrival_and_are_given_once(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    ids = [_add(cases, form, parsed, number=each) for each in range(12)]
    for case_id in ids:
        review_case.code_case(cases, form, case_id, CODES, TEXTS)
        review_case.approve_case(cases, form, case_id)
    publications = Publications(cases)
    assert review_case.number_approved(cases, publications, form, random.Random(3)) == 12
    assert review_case.number_approved(cases, publications, form, random.Random(3)) == 0
    records = [publications.of_case(case_id) for case_id in ids]
    numbers = [record.number for record in records if record is not None]
    assert len(set(numbers)) == 12
    by_id = [number for _, number in sorted(zip(ids, numbers, strict=True))]
    assert numbers != sorted(numbers)
    assert by_id != sorted(by_id)


def test_an_approved_case_is_not_changed_behind_its_readers_back(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    review_case.code_case(cases, form, case_id, CODES, TEXTS)
    review_case.approve_case(cases, form, case_id)
    with pytest.raises(CaseMovedError):
        review_case.code_case(cases, form, case_id, {"alert": "fyi"}, {})


def test_a_case_that_was_changed_and_approved_again_is_not_published_as_it_was(
    cases: CaseStore, form: Form, parsed: Parsed
) -> None:
    case_id = _add(cases, form, parsed)
    review_case.code_case(cases, form, case_id, CODES, TEXTS)
    review_case.approve_case(cases, form, case_id)
    publications = Publications(cases)
    assert review_case.number_approved(cases, publications, form, random.Random(1)) == 1
    before = publications.of_case(case_id)
    cases.move(case_id, CaseState.CODED)
    review_case.code_case(cases, form, case_id, {}, {"title": "Without the street"})
    review_case.approve_case(cases, form, case_id)
    for _ in range(2):
        assert review_case.number_approved(cases, publications, form, random.Random(1)) == 0
        after = publications.of_case(case_id)
        assert before is not None
        assert after is not None
        assert (after.number, after.revision) == (before.number, before.revision + 1)
        assert after.texts["title"] == "Without the street"
    assert len(publications.waiting()) == 1
