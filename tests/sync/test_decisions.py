"""Decisions over findings: never overlapping, never uncovering, and every step can be undone."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.form import FieldId
from app.domain.report import Certainty, Finding, Kind, Span, apply_findings
from app.errors import InputError
from resources.read import read_bytes
from sync import decisions as made
from sync import kept_decisions
from sync.decision_history import History
from sync.decisions import Decisions, Place
from sync.scrub import Doubt
from sync.scrub.lexicon import LISTS, read_lexicon

LEXICON = read_lexicon({name: read_bytes(f"scrub/{name}") for name in LISTS})
STORY, LESSONS = FieldId("what_happened"), FieldId("lessons")
WORDS = ["Dana", "Whitlock", "dana", "rain", "Gun!", "4417", "on", "Elm", "whitlock's", "(314)"]
KINDS = [Kind.NAME, Kind.BADGE, Kind.PLACE]
POSSIBLE, SURE = Certainty.POSSIBLE, Certainty.SURE


def find(text: str, words: str, kind: Kind, number: int, certainty: Certainty = SURE) -> Finding:
    start = text.index(words)
    masked = certainty is not POSSIBLE
    replacement = f"[{kind}-{number}]"
    span = Span(start, start + len(words))
    return Finding(span, kind, replacement, certainty, masked, "a reason", "rule")


def start(texts: Mapping[FieldId, str], *found: tuple[FieldId, Finding]) -> Decisions:
    findings = {
        field: tuple(sorted((each for name, each in found if name == field), key=lambda f: f.span))
        for field in texts
    }
    return Decisions(texts, findings)


def leaving(decisions: Decisions) -> dict[FieldId, str]:
    return {
        field: apply_findings(text, decisions.findings[field])
        for field, text in decisions.texts.items()
    }


@pytest.fixture
def decisions() -> Decisions:
    story = "Dana Whitlock saw Chase on Elm. Chase ran, and whitlock fell."
    lessons = "Tell Chase early; chase nobody."
    return start(
        {STORY: story, LESSONS: lessons},
        (STORY, find(story, "Dana Whitlock", Kind.NAME, 1)),
        (STORY, find(story, "Chase", Kind.NAME, 2, POSSIBLE)),
        (STORY, find(story, "Elm", Kind.PLACE, 1)),
        (LESSONS, find(lessons, "Chase", Kind.NAME, 2, POSSIBLE)),
    )


def place_of(decisions: Decisions, field: FieldId, words: str) -> Place:
    for place, _ in decisions.places():
        if place.field == field and decisions.text_at(place) == words:
            return place
    raise AssertionError(words)


@st.composite
def reports(draw: st.DrawFn) -> Decisions:
    texts = {
        field: " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)))
        for field in (STORY, LESSONS)
    }
    found: list[tuple[FieldId, Finding]] = []
    for field, text in texts.items():
        for word in re.finditer(r"\S+", text):
            if draw(st.booleans()):
                certainty = draw(st.sampled_from([SURE, POSSIBLE]))
                kind = draw(st.sampled_from(KINDS))
                masked = certainty is SURE
                number = f"[{kind}-{1 + WORDS.index(word.group())}]"
                span = Span(*word.span())
                finding = Finding(span, kind, number, certainty, masked, "a reason", "rule")
                found.append((field, finding))
    return start(texts, *found)


def draw_step(draw: st.DrawFn, now: Decisions) -> Callable[[Decisions], Decisions]:
    places = [place for place, _ in now.places()]
    field = draw(st.sampled_from([STORY, LESSONS]))
    ends = sorted(draw(st.tuples(*[st.integers(0, len(now.texts[field]))] * 2)))
    kind = draw(st.sampled_from(KINDS))
    name = draw(st.sampled_from(["mask", "leave", "kind", "all", "add"]))
    if name == "add" or not places:
        if not now.texts[field][ends[0] : ends[1]].strip():
            return lambda each: each
        return lambda each: made.add(each, field, ends[0], ends[1], kind)
    place = draw(st.sampled_from(places))
    return {
        "mask": lambda each: made.mask(each, place),
        "leave": lambda each: made.leave_in(each, place, "it is public"),
        "kind": lambda each: made.change_kind(each, place, kind),
        "all": lambda each: made.apply_to_all(each, place),
    }[name]


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History(draw(reports()))
    for _ in range(draw(st.integers(0, 6))):
        history = history.do(draw_step(draw, history.now))
    return history


@given(histories())
def test_findings_never_overlap_and_lie_within_their_text(history: History) -> None:
    for each in (*history.past, history.now):
        for field, text in each.texts.items():
            spans = [found.span for found in each.findings[field]]
            assert spans == sorted(spans)
            assert all(span.end <= len(text) for span in spans)
            assert not any(a.overlaps(b) for a, b in pairwise(spans))


@given(st.data(), histories())
def test_undo_takes_back_exactly_what_was_done_and_redo_does_it_again(
    data: st.DataObject, history: History
) -> None:
    step = data.draw(st.composite(draw_step)(history.now))
    after = history.do(step)
    if after.now == history.now:
        assert after == history
        return
    assert after.undo().now == history.now
    assert after.undo().redo().now == after.now
    back = after
    while back.past:
        back = back.undo()
    assert back.now == (history.past[0] if history.past else history.now)


@given(st.data(), histories())
def test_masking_all_mentions_masks_every_occurrence_in_every_field(
    data: st.DataObject, history: History
) -> None:
    places = [place for place, _ in history.now.places()]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    words = history.now.text_at(place)
    after = made.apply_to_all(made.mask(history.now, place), place)
    for field, text in after.texts.items():
        masked = [found.span for found in after.findings[field] if found.masked]
        for span in made.find_mentions(words, text):
            assert any(each.start <= span.start and span.end <= each.end for each in masked)


@given(st.data(), histories())
def test_no_step_but_leaving_uncovers_a_masked_character(
    data: st.DataObject, history: History
) -> None:
    name = data.draw(st.sampled_from(["mask", "kind", "add"]))
    places = [place for place, _ in history.now.places()]
    field = data.draw(st.sampled_from([STORY, LESSONS]))
    if name == "add" or not places:
        text = history.now.texts[field]
        after = made.add(history.now, field, 0, len(text), Kind.NAME)
    else:
        place = data.draw(st.sampled_from(places))
        after = (
            made.mask(history.now, place)
            if name == "mask"
            else made.change_kind(history.now, place, Kind.PLACE)
        )
    assert covered(history.now) <= covered(after)


def covered(decisions: Decisions) -> set[tuple[FieldId, int]]:
    return {
        (place.field, index)
        for place, found in decisions.places()
        if found.masked
        for index in range(place.span.start, place.span.end)
    }


@given(histories())
def test_merging_with_the_same_texts_keeps_what_leaves(history: History) -> None:
    first = history.past[0] if history.past else history.now
    merged = kept_decisions.merge(first, history.now)
    assert covered(history.now) - covered(first) <= covered(merged)
    left = {
        place
        for place, found in history.now.places()
        if found.source == made.YOU and not found.masked
    }
    for place, found in merged.places():
        if place in left and found.kind is history.now.find(place).kind:
            assert not found.masked


def test_possible_ones_are_to_decide_until_they_are_masked_or_left(decisions: Decisions) -> None:
    assert (decisions.to_decide, decisions.removed) == (2, 2)
    with pytest.raises(InputError, match="not decided"):
        made.check_decided(decisions)
    story = place_of(decisions, STORY, "Chase")
    lessons = place_of(decisions, LESSONS, "Chase")
    after = made.leave_in(made.mask(decisions, story), lessons)
    assert (after.to_decide, after.removed) == (0, 3)
    made.check_decided(after)
    assert "[NAME-2] on" in leaving(after)[STORY]
    assert "Tell Chase early" in leaving(after)[LESSONS]


def test_the_reason_for_leaving_is_kept_and_asked_for_what_is_direct_even_if_only_possible(
    decisions: Decisions,
) -> None:
    dana = place_of(decisions, STORY, "Dana Whitlock")
    assert made.wants_reason(decisions.find(dana))
    assert made.wants_reason(decisions.find(place_of(decisions, STORY, "Chase")))
    assert not made.wants_reason(decisions.find(place_of(decisions, STORY, "Elm")))
    after = made.leave_in(decisions, dana, "it is public")
    assert after.find(dana).reason == "it is public"
    assert made.mask(after, dana).find(dana).reason == "you masked it"


def test_a_reason_is_asked_for_what_was_direct_before_its_kind_was_changed(
    decisions: Decisions,
) -> None:
    chase, elm = place_of(decisions, STORY, "Chase"), place_of(decisions, STORY, "Elm")
    now = made.change_kind(decisions, chase, Kind.PLACE)
    assert made.wants_reason(now.find(chase))
    assert made.wants_reason(made.change_kind(now, chase, Kind.AGENCY).find(chase))
    left = made.leave_in(now, chase, f"{made.LEFT}the lesson needs it")
    assert made.wants_reason(made.mask(left, chase).find(chase))
    everywhere = made.apply_to_all(now, chase)
    lessons = place_of(everywhere, LESSONS, "Chase")
    assert everywhere.find(lessons).kind is Kind.PLACE
    assert made.wants_reason(everywhere.find(lessons))
    again = made.add(decisions, STORY, chase.span.start, chase.span.end, Kind.PLACE)
    assert made.wants_reason(again.find(chase))
    assert not made.wants_reason(made.change_kind(decisions, elm, Kind.AGENCY).find(elm))


def test_a_possible_one_that_was_left_without_a_reason_stays_left(decisions: Decisions) -> None:
    chase = place_of(decisions, STORY, "Chase")
    earlier = made.leave_in(decisions, chase)
    merged = kept_decisions.recall(decisions, earlier, {}, LEXICON)
    assert merged.find(chase) == earlier.find(chase)
    assert not made.is_open(merged.find(chase))


def test_another_kind_has_a_number_of_its_own_and_masks(decisions: Decisions) -> None:
    chase = place_of(decisions, STORY, "Chase")
    changed = made.change_kind(decisions, chase, Kind.PLACE).find(chase)
    assert (changed.kind, changed.replacement, changed.masked) == (Kind.PLACE, "[PLACE-2]", True)


@pytest.mark.parametrize(
    ("words", "kind", "replacement"),
    [
        ("whitlock", Kind.NAME, "[NAME-1]"),  # the only Whitlock of the report
        ("fell", Kind.NAME, "[NAME-3]"),
        ("fell", Kind.BADGE, "[BADGE-1]"),
    ],
)
def test_what_is_added_has_the_replacement_of_its_identity_or_the_next_number(
    decisions: Decisions, words: str, kind: Kind, replacement: str
) -> None:
    begin = decisions.texts[STORY].index(words)
    after = made.add(decisions, STORY, begin, begin + len(words), kind)
    found = after.find(place_of(after, STORY, words))
    assert (found.replacement, found.source) == (replacement, made.YOU)


def test_numbers_go_on_after_those_that_stand_in_the_text_already() -> None:
    now = start({STORY: "[NAME-4] and Bob"}, (STORY, find("[NAME-4] and Bob", "and", Kind.CASE, 1)))
    after = made.add(now, STORY, 13, 16, Kind.NAME)
    assert leaving(after)[STORY].endswith("[NAME-5]")


def test_what_is_added_tells_its_season_and_numbers_go_on_after_both_forms() -> None:
    text = "[DATE-2, winter] and June 9, DOB 6/9/90"
    now = start({STORY: text})
    now = made.add(now, STORY, text.index("June"), text.index(", DOB"), Kind.DATE)
    now = made.add(now, STORY, text.index("6/9"), len(text), Kind.DATE)
    assert leaving(now)[STORY] == "[DATE-2, winter] and [DATE-3, summer], DOB [DATE-4]"


def test_another_kind_drops_what_the_old_kind_told() -> None:
    text = "On June 9 we met at Lincoln Park."
    now = made.add(start({STORY: text}), STORY, 3, 9, Kind.DATE)
    assert leaving(now)[STORY].startswith("On [DATE-1, summer] we")
    changed = made.change_kind(now, place_of(now, STORY, "June 9"), Kind.NAME)
    assert leaving(changed)[STORY].startswith("On [NAME-1] we")
    park = made.add(changed, STORY, 20, 32, Kind.NAME)
    again = made.change_kind(park, place_of(park, STORY, "Lincoln Park"), Kind.PLACE)
    assert leaving(again)[STORY].endswith("at [PLACE-1, a park].")


def test_a_mask_that_told_something_is_remembered() -> None:
    text = "We met on June 9."
    kept = kept_decisions.name_originals(made.add(start({STORY: text}), STORY, 10, 16, Kind.DATE))
    assert list(kept) == ["[DATE-1, summer]", "you"]
    edited = start({STORY: "On june 9 we met."})
    assert (
        leaving(kept_decisions.remember(edited, kept, LEXICON))[STORY]
        == "On [DATE-1, summer] we met."
    )


def test_a_selection_is_widened_to_words_and_over_what_it_touches(decisions: Decisions) -> None:
    text = decisions.texts[STORY]
    after = made.add(decisions, STORY, text.index("lock saw"), text.index("aw Chase"), Kind.NAME)
    assert leaving(after)[STORY].startswith("[NAME-1] Chase")
    with pytest.raises(InputError, match="Nothing is selected"):
        made.add(decisions, STORY, 4, 5, Kind.NAME)


def test_leaving_all_mentions_leaves_only_the_same_text(decisions: Decisions) -> None:
    chase = place_of(decisions, STORY, "Chase")
    after = made.apply_to_all(made.leave_in(decisions, chase), chase)
    assert after.to_decide == 0
    assert leaving(after)[LESSONS] == decisions.texts[LESSONS]
    assert after.removed == 2


def test_masking_all_mentions_finds_other_case_and_other_spacing() -> None:
    story = "Dana Whitlock fell. DANA\nWHITLOCK got up; Danas did not."
    now = start({STORY: story}, (STORY, find(story, "Dana Whitlock", Kind.NAME, 1)))
    after = made.apply_to_all(now, place_of(now, STORY, "Dana Whitlock"))
    assert leaving(after)[STORY] == "[NAME-1] fell. [NAME-1] got up; Danas did not."


def test_a_mask_follows_its_text_and_a_mention_left_in_follows_its_place() -> None:
    before = "Smitty met Chase at noon. Later Smitty slept."
    now = start({STORY: before}, (STORY, find(before, "Chase", Kind.NAME, 1, POSSIBLE)))
    now = made.leave_in(now, place_of(now, STORY, "Chase"))
    now = made.add(now, STORY, 0, 6, Kind.NAME)
    after = "First, Smitty met Chase at noon. Later Smitty slept."
    fresh = start({STORY: after}, (STORY, find(after, "Chase", Kind.NAME, 1, POSSIBLE)))
    merged = kept_decisions.merge(fresh, now)
    assert merged.to_decide == 0
    assert leaving(merged)[STORY] == "First, [NAME-2] met Chase at noon. Later Smitty slept."


def test_a_mask_in_the_midst_of_changes_covers_every_mention_of_its_text() -> None:
    before, after = "a Smitty b", "x Smitty and y Smitty z"
    now = made.add(start({STORY: before}), STORY, 2, 8, Kind.NAME)
    assert (
        leaving(kept_decisions.merge(start({STORY: after}), now))[STORY]
        == "x [NAME-1] and y [NAME-1] z"
    )


def test_a_mention_left_in_is_asked_about_again_where_the_text_around_it_changed() -> None:
    before, after = "a Chase b", "x Chase y"
    now = start({STORY: before}, (STORY, find(before, "Chase", Kind.NAME, 1, POSSIBLE)))
    now = made.leave_in(now, place_of(now, STORY, "Chase"))
    fresh = start({STORY: after}, (STORY, find(after, "Chase", Kind.NAME, 1, POSSIBLE)))
    assert kept_decisions.merge(fresh, now).to_decide == 1


def test_a_mention_left_in_is_not_left_if_it_is_found_as_something_else_now() -> None:
    text = "a Chase b"
    now = start({STORY: text}, (STORY, find(text, "Chase", Kind.NAME, 1)))
    now = made.leave_in(now, place_of(now, STORY, "Chase"))
    fresh = start({STORY: text}, (STORY, find(text, "Chase", Kind.PLACE, 1)))
    assert kept_decisions.merge(fresh, now) == fresh


def test_the_originals_of_what_is_masked_are_named_by_replacement(decisions: Decisions) -> None:
    originals = kept_decisions.name_originals(decisions)
    assert json.loads(originals["[NAME-1]"]) == ["Dana Whitlock"]
    assert set(originals) == {"[NAME-1]", "[PLACE-1]", "you"}
    assert json.loads(originals["you"]) == {}


def test_redo_ends_with_the_next_step(decisions: Decisions) -> None:
    chase = place_of(decisions, STORY, "Chase")
    history = History(decisions).do(lambda now: made.mask(now, chase)).undo()
    assert history.redo().now.removed == 3
    other = history.do(lambda now: made.leave_in(now, chase))
    assert other.redo() == other
    assert History(decisions).undo().now == decisions


def test_a_mask_of_ones_own_survives_an_edit_even_if_its_place_is_forgotten() -> None:
    before = made.add(start({STORY: "We met at the old mill."}), STORY, 14, 22, Kind.PLACE)
    kept = kept_decisions.name_originals(before)
    assert list(kept) == ["[PLACE-1]", "you"]
    edited = start(
        {STORY: "That night we met again, at the OLD MILL, as ever.", LESSONS: "Old mill"}
    )
    after = kept_decisions.remember(edited, kept, LEXICON)
    assert leaving(after) == {
        STORY: "That night we met again, at the [PLACE-1], as ever.",
        LESSONS: "[PLACE-1]",
    }
    assert kept_decisions.remember(after, kept, LEXICON) == after


def test_what_was_left_in_is_not_remembered_as_masked() -> None:
    found = find("Ask Young first.", "Young", Kind.NAME, 1)
    before = start({STORY: "Ask Young first."}, (STORY, found))
    left = made.leave_in(before, Place(STORY, found.span))
    assert kept_decisions.name_originals(left) == {"you": "{}"}


@pytest.mark.parametrize("doubt", Doubt)
def test_a_doubt_is_decided_by_reading_every_word(doubt: Doubt) -> None:
    doubted = Decisions({STORY: "It rained."}, {STORY: ()}, (doubt,))
    with pytest.raises(InputError, match="Every word has to be read"):
        made.check_decided(doubted)
    read = made.confirm_reading(doubted, is_read=True)
    made.check_decided(read)
    assert made.confirm_reading(read, is_read=False) == doubted


def test_that_every_word_was_read_can_be_undone() -> None:
    doubted = Decisions({STORY: "It rained."}, {STORY: ()}, (Doubt.MODEL,))
    history = History(doubted).do(lambda now: made.confirm_reading(now, is_read=True))
    assert history.now.read_in_full
    assert history.undo().now == doubted


def test_that_every_word_was_read_holds_for_the_same_texts_and_doubts_only() -> None:
    doubted = Decisions({STORY: "It rained."}, {STORY: ()}, (Doubt.MODEL,))
    read = made.confirm_reading(doubted, is_read=True)
    assert kept_decisions.merge(doubted, read).read_in_full
    assert not kept_decisions.merge(
        replace(doubted, texts={STORY: "It snowed."}), read
    ).read_in_full
    assert not kept_decisions.merge(replace(doubted, doubts=tuple(Doubt)), read).read_in_full
    assert not kept_decisions.merge(doubted, doubted).read_in_full
    assert not kept_decisions.remember(doubted, {}, LEXICON).read_in_full


def test_what_the_scrubber_alone_has_masked_is_not_remembered(decisions: Decisions) -> None:
    kept = kept_decisions.name_originals(decisions)
    edited = start({STORY: "A dana whitlock tree by the elm."})
    assert kept_decisions.remember(edited, kept, LEXICON) == edited


def test_an_ordinary_word_is_remembered_only_as_it_was_written() -> None:
    before = made.add(start({STORY: "Then Young ran."}), STORY, 5, 10, Kind.NAME)
    kept = kept_decisions.name_originals(before)
    edited = start({STORY: "A young man hit Young, not Younger."})
    after = kept_decisions.remember(edited, kept, LEXICON)
    assert leaving(after)[STORY] == "A young man hit [NAME-1], not Younger."


def test_a_number_is_not_remembered_where_it_is_an_amount() -> None:
    before = made.add(start({STORY: "Then 12 ran."}), STORY, 5, 7, Kind.UNIT)
    kept = kept_decisions.name_originals(before)
    edited = start({STORY: "At 12 feet I told 12 to stop."})
    after = kept_decisions.remember(edited, kept, LEXICON)
    assert leaving(after)[STORY] == "At 12 feet I told [UNIT-1] to stop."


def test_what_is_only_possible_is_asked_about_as_what_it_is_whatever_is_remembered() -> None:
    before = made.add(start({STORY: "Then Young ran."}), STORY, 5, 10, Kind.HANDLE)
    text = "Ask Young first."
    fresh = start({STORY: text}, (STORY, find(text, "Young", Kind.NAME, 1, POSSIBLE)))
    kept = kept_decisions.name_originals(before)
    assert kept_decisions.remember(fresh, kept, LEXICON) == fresh


def test_in_a_text_that_did_not_change_only_places_count() -> None:
    text = "Zuni ran. Then Zuni fell."
    earlier = made.add(start({STORY: text}), STORY, 0, 4, Kind.NAME)
    kept = kept_decisions.name_originals(earlier)
    fresh = start({STORY: text, LESSONS: "Tell zuni."})
    by_place = kept_decisions.read_kept(fresh, {STORY: earlier.findings[STORY]})
    assert leaving(kept_decisions.recall(fresh, by_place, kept, LEXICON)) == {
        STORY: "[NAME-1] ran. Then Zuni fell.",
        LESSONS: "Tell [NAME-1].",
    }


def test_a_map_of_an_earlier_program_is_remembered_as_a_whole() -> None:
    kept = {"[NAME-1]": '["Zuni"]'}
    after = kept_decisions.remember(start({STORY: "Tell zuni."}), kept, LEXICON)
    assert leaving(after)[STORY] == "Tell [NAME-1]."
