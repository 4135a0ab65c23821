"""Rules and model heard together."""

from dataclasses import replace

import numpy as np

from app.domain.report import Certainty, Kind
from sync.scrub import Scrubber
from sync.scrub.candidates import Candidate
from sync.scrub.model.opinion import Opinion, Thresholds
from sync.scrub.model.tags import LABELS
from sync.scrub.normalise import make_plain
from sync.scrub.tokens import cut_words
from sync.scrub.weigh import hold_back, weigh

TEXT = "We saw Renner and the hunter there."
LIMITS = Thresholds(mask=dict.fromkeys(Kind, 0.5), ask=0.1, join=0.3, edge=0.5, trust=0.4)
RENNER = Candidate(7, 13, Kind.NAME, Certainty.LIKELY, "is a name in the lists")


def opinion_of(likely: dict[tuple[int, int], float]) -> Opinion:
    values = np.zeros(len(TEXT), dtype=np.float32)
    for (start, end), value in likely.items():
        values[start:end] = value
    kinds = np.full(len(TEXT), LABELS.index("NAME"), dtype=np.intp)
    return Opinion(values, kinds, LIMITS)


def heard(rules_only: Scrubber, candidate: Candidate, opinion: Opinion | None) -> list[Certainty]:
    words = cut_words(TEXT, rules_only.lexicon)
    found = weigh([candidate], words, make_plain(TEXT), opinion)
    return [each.certainty for each in found]


def test_without_a_model_rules_stand(rules_only: Scrubber) -> None:
    assert heard(rules_only, RENNER, None) == [Certainty.LIKELY]


def test_what_the_model_sees_too_stays_likely(rules_only: Scrubber) -> None:
    assert heard(rules_only, RENNER, opinion_of({(7, 13): 0.6})) == [Certainty.LIKELY]


def test_what_the_model_half_sees_is_asked_about(rules_only: Scrubber) -> None:
    assert heard(rules_only, RENNER, opinion_of({(7, 13): 0.2})) == [Certainty.POSSIBLE]


def test_what_the_model_does_not_see_at_all_is_dropped(rules_only: Scrubber) -> None:
    assert heard(rules_only, RENNER, opinion_of({})) == []


def test_what_a_rule_is_sure_of_stays_whatever_the_model_says(rules_only: Scrubber) -> None:
    sure = replace(RENNER, certainty=Certainty.SURE)
    assert heard(rules_only, sure, opinion_of({})) == [Certainty.SURE]


def test_what_is_known_stays_whatever_the_model_says(rules_only: Scrubber) -> None:
    known = replace(RENNER, source="known")
    assert heard(rules_only, known, opinion_of({})) == [Certainty.LIKELY]


def test_another_mention_of_an_accepted_name_stays(rules_only: Scrubber) -> None:
    same = replace(RENNER, source="same")
    assert heard(rules_only, same, opinion_of({})) == [Certainty.LIKELY]


def test_another_mention_that_is_an_ordinary_word_is_asked_about(rules_only: Scrubber) -> None:
    hunter = Candidate(22, 28, Kind.NAME, Certainty.LIKELY, "same", "same")
    assert heard(rules_only, hunter, opinion_of({})) == [Certainty.POSSIBLE]


def test_in_a_text_scrubbed_before_only_what_is_sure_is_masked() -> None:
    sure = replace(RENNER, certainty=Certainty.SURE)
    assert [each.is_masked for each in hold_back([RENNER, sure])] == [False, True]
