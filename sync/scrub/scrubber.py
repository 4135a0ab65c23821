"""The way from a report's texts to its findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.report import Finding, Kind, Span
from app.errors import DamagedError
from sync.scrub.candidates import RANK, Candidate
from sync.scrub.joints import join_neighbours
from sync.scrub.known import NOTHING_KNOWN, Identities, find_known
from sync.scrub.language import is_english
from sync.scrub.lexicon import LISTS, Lexicon, read_lexicon
from sync.scrub.listed import find_listed
from sync.scrub.model import MODEL_FILES
from sync.scrub.normalise import GAP, Plain, cut_out, make_plain
from sync.scrub.overlaps import settle_overlaps
from sync.scrub.propagation import Accepted, collect_accepted, find_same
from sync.scrub.replacement import Found, Identity, number_findings
from sync.scrub.residual import find_leftovers
from sync.scrub.rules.addresses import find_addresses
from sync.scrub.rules.agencies import find_agencies
from sync.scrub.rules.contact import CONTACT, GEO, PHONE
from sync.scrub.rules.dates import find_dates
from sync.scrub.rules.doctrine import find_codes, find_sections
from sync.scrub.rules.identifiers import find_identifiers
from sync.scrub.rules.numbers import find_numbers
from sync.scrub.rules.patterns import find_patterns
from sync.scrub.rules.people import find_people
from sync.scrub.rules.places import find_places
from sync.scrub.rules.times import TIMES
from sync.scrub.tokens import Words, cut_words
from sync.scrub.weigh import hold_back, weigh

if TYPE_CHECKING:
    # numpy and onnxruntime take a quarter of a second to import: not before a text is read.
    from sync.scrub.model.opinion import Opinion
    from sync.scrub.model.tagger import Tagger

RESOURCES = (*LISTS, *MODEL_FILES)
# Masking one identifier can leave a piece of another that overlapped it; a second look finds
# it. Two looks are the rule, more than four have not been seen.
_MOST_LOOKS = 8
_VETOED = frozenset({Kind.NAME, Kind.PLACE, Kind.AGENCY})
# What a section of a law ("327.35") is taken for.
_NUMBERED = frozenset(Kind) - _VETOED - {Kind.EMAIL, Kind.URL, Kind.GEO}


class Doubt(StrEnum):
    """Why the findings are not enough, so that a person has to read every word."""

    MODEL = "model"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, repr=False)
class ScrubResult:
    """What a scrub found in the texts of one report.

    findings: by field, sorted, not overlapping; spans are code points of the text given.
    identities: the scrub map, replacement → what it stands for. It stays in the vault.
    leftovers: by field, words with a capital or a number that nothing explains; please look.
    doubts: what asks for a full manual review: no model, or a text that is not in English.
    """

    findings: Mapping[str, tuple[Finding, ...]]
    identities: Mapping[str, Identity]
    leftovers: Mapping[str, tuple[Span, ...]]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class _Look:
    """What one look at a field needs. opinion: the model's, None without a model."""

    words: Words
    plain: Plain
    opinion: "Opinion | None"
    was_scrubbed: bool


@dataclass(frozen=True, slots=True, repr=False)
class Scrubber:
    """Finds identifiers. Built once, keeps nothing of what it has read.

    tagger: None if the model is missing or damaged; then every result says so (Doubt.MODEL).
    """

    lexicon: Lexicon
    tagger: "Tagger | None" = None

    @classmethod
    def from_resources(cls, files: Mapping[str, bytes]) -> "Scrubber":
        """Build it from the word lists and the model by file name (`RESOURCES` tells which).

        Raises DamagedError if a list is missing or damaged.
        """
        lexicon = read_lexicon(files)
        return cls(lexicon, _load_tagger(files, lexicon))

    def scrub_text(self, text: str, known: Identities = NOTHING_KNOWN) -> tuple[Finding, ...]:
        """The findings in a single text."""
        return self.scrub({"text": text}, known).findings["text"]

    def scrub(self, texts: Mapping[str, str], known: Identities = NOTHING_KNOWN) -> ScrubResult:
        """The findings in all texts of a report, by field; the order of fields counts."""
        plains = {field: make_plain(text) for field, text in texts.items()}
        found: dict[str, list[Found]] = {field: [] for field in texts}
        accepted = Accepted()
        cut = {field: cut_words(plain.text, self.lexicon) for field, plain in plains.items()}
        opinions, doubts = self._form_opinions(texts, plains, cut)
        was_scrubbed = {field: GAP in plain.text for field, plain in plains.items()}
        if not _is_all_english(plains.values()):
            doubts = (*doubts, Doubt.LANGUAGE)
        for _ in range(_MOST_LOOKS):
            looks = {
                field: _Look(words, plains[field], opinions.get(field), was_scrubbed[field])
                for field, words in cut.items()
            }
            settled, accepted = self._look(looks, known, accepted)
            open_ones = {field: list(_convert(plains, texts, field, settled)) for field in texts}
            for field, plain in plains.items():
                masked = [each for each in settled[field] if each.is_masked]
                found[field] += [each for each, yes in open_ones[field] if yes]
                if masked:
                    plains[field] = cut_out(plain, [(each.start, each.end) for each in masked])
                    cut[field] = cut_words(plains[field].text, self.lexicon)
            if not any(each.is_masked for field in settled.values() for each in field):
                break
        possible = {field: [each for each, yes in open_ones[field] if not yes] for field in texts}
        everything = {
            field: list(_untangle([*found[field], *possible[field]], text))
            for field, text in texts.items()
        }
        findings, identities = number_findings(everything, texts.values())
        leftovers = {
            field: tuple(
                span
                for span in find_leftovers(plains[field], words)
                if not any(span.overlaps(each.span) for each in possible[field])
            )
            for field, words in cut.items()
        }
        return ScrubResult(findings, identities, leftovers, doubts)

    def _form_opinions(
        self, texts: Mapping[str, str], plains: Mapping[str, Plain], cut: Mapping[str, Words]
    ) -> "tuple[dict[str, Opinion], tuple[Doubt, ...]]":
        """The model's opinion of each text; none, and a doubt, if it is missing or fails."""
        if self.tagger is None:
            return {}, (Doubt.MODEL,)
        try:
            opinions = {
                field: self.tagger.form_opinion(plains[field], words, len(texts[field]))
                for field, words in cut.items()
            }
        except DamagedError:
            return {}, (Doubt.MODEL,)
        return opinions, ()

    def _look(
        self, looks: Mapping[str, _Look], known: Identities, before: Accepted
    ) -> tuple[dict[str, list[Candidate]], Accepted]:
        """One look at all texts: rules and model, then propagation of what was accepted."""
        proposed = {field: list(self._propose(look, known)) for field, look in looks.items()}
        settled = {field: settle_overlaps(each) for field, each in proposed.items()}
        heard_first = ((look.words, settled[field]) for field, look in looks.items())
        accepted = collect_accepted(before, heard_first)
        for field, look in looks.items():
            same = self._take_back(look.words, find_same(look.words, accepted))
            heard = list(_hear(look, same))
            apart = settle_overlaps([*proposed[field], *heard])
            joined = join_neighbours(apart, look.words.text)
            settled[field] = _prefer_rules(settle_overlaps([*apart, *joined]), proposed[field])
        return settled, accepted

    def _propose(self, look: _Look, known: Identities) -> Iterator[Candidate]:
        words = look.words
        yield from find_known(words, known)
        yield from self._take_back(words, find_listed(words, known.roster))
        yield from _hear(look, self._apply_rules(words))
        if look.opinion is not None:
            found = look.opinion.find(words, look.plain)
            yield from _hear(look, self._take_back(words, found))

    def _apply_rules(self, words: Words) -> Iterator[Candidate]:
        yield from find_patterns(words, CONTACT)
        yield from find_patterns(words, PHONE)
        yield from find_patterns(words, GEO)
        yield from find_patterns(words, TIMES)
        yield from find_dates(words, self.lexicon)
        yield from find_numbers(words)
        yield from self._take_back(words, find_identifiers(words))
        yield from self._take_back(words, find_addresses(words))
        yield from self._take_back(words, find_agencies(words, self.lexicon))
        yield from self._take_back(words, find_places(words, self.lexicon))
        yield from self._take_back(words, find_people(words))

    def _take_back(self, words: Words, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        """Drop what belongs to a police term ("Terry stop"), sections of laws, radio codes."""
        terms: set[int] = set()
        sections = {at for start, end in find_sections(words.text) for at in range(start, end)}
        codes = {at for start, end in find_codes(words.text) for at in range(start, end)}
        for phrases in (self.lexicon.veto_phrases, self.lexicon.holidays):
            for first, last, _ in words.find_phrases(phrases):
                if last > first or phrases is self.lexicon.holidays:
                    terms.update(range(words.tokens[first].start, words.tokens[last].end))
        for each in candidates:
            inside = each.kind in _VETOED and each.start in terms and each.end - 1 in terms
            # What a rule or the rest of the report says of "11-42" weighs more than its form.
            spent = sections | codes if each.source == "model" else sections
            cited = each.kind in _NUMBERED and each.start in spent and each.end - 1 in spent
            if not inside and not cited:
                yield each


def _load_tagger(files: Mapping[str, bytes], lexicon: Lexicon) -> "Tagger | None":
    """The model, or None if a file of it is missing, is not the released one or will not load."""
    if not files.keys() >= set(MODEL_FILES):
        return None
    try:
        from sync.scrub.model.tagger import Tagger  # noqa: PLC0415  see above

        return Tagger.from_files(files, lexicon)
    except (DamagedError, ImportError, OSError, ValueError, MemoryError):
        return None  # every result tells it: Doubt.MODEL


def _is_all_english(plains: Iterable[Plain]) -> bool:
    """Each text by itself, and all together: several short ones tell more than each."""
    texts = [plain.text for plain in plains]
    return all(map(is_english, (*texts, "\n".join(texts))))


def _hear(look: _Look, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
    heard = weigh(candidates, look.words, look.plain, look.opinion)
    return hold_back(heard) if look.was_scrubbed else heard


def _prefer_rules(settled: list[Candidate], proposed: list[Candidate]) -> list[Candidate]:
    """Where a rule masks the very same as propagation does, the rule's own reason is shown."""
    by_rule = {(each.start, each.end, each.kind): each for each in proposed if each.is_masked}
    return [
        by_rule.get((each.start, each.end, each.kind), each) if each.source == "same" else each
        for each in settled
    ]


def _untangle(found: Iterable[Found], text: str) -> Iterator[Found]:
    """In order, and as one where two are parts of one character ("¼" is read as "1/4")."""
    last: Found | None = None
    for each in sorted(found, key=lambda each: each.span):
        if last is None or each.span.start >= last.span.end:
            if last is not None:
                yield last
            last = each
            continue
        surer = max(last, each, key=lambda one: RANK[one.certainty])
        span = Span(last.span.start, max(last.span.end, each.span.end))
        last = replace(surer, span=span, original=text[span.start : span.end])
    if last is not None:
        yield last


def _convert(
    plains: Mapping[str, Plain],
    texts: Mapping[str, str],
    field: str,
    settled: Mapping[str, list[Candidate]],
) -> Iterator[tuple[Found, bool]]:
    for each in settled[field]:
        span = plains[field].span(each.start, each.end)
        original = texts[field][span.start : span.end]
        yield (
            Found(span, each.kind, each.certainty, each.reason, each.source, original),
            each.is_masked,
        )
