"""How many records of a search have each code, counted on columns of bits in memory.

A column is one integer for each code: bit n stands for the nth record. Counting is then an
"and" and a count of bits, which Python does at the speed of the machine: 100,000 records are
12 kB a code. GROUP BY over the same rows takes some 90 ms (design.md, section 7).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from app.domain.archive import ArchiveNumber, CodeValue, SearchHit
from app.store.records import SPECIAL, code_words, codes_from_json
from app.store.search import full_text_query

SHELF = "shelf"
"""The name under which the shelf is counted, as if it were a coded field."""
_ONE = ord("1")
_CODES = "SELECT code, json_group_array(number) FROM record_codes WHERE field = :field GROUP BY 1"
_SHELVES = "SELECT shelf, json_group_array(number) FROM records GROUP BY 1"
_FOUND = "SELECT json_group_array(rowid) FROM record_index WHERE record_index MATCH :query"
# The codes of the record are handed over as one JSON list of [field, code].
_SIMILAR = """
    WITH wanted AS (
        SELECT json_extract(value, '$[0]') AS field, json_extract(value, '$[1]') AS code
        FROM json_each(:wanted)
    ), near AS (
        SELECT record_codes.number, count(*) AS shared
        FROM wanted CROSS JOIN record_codes USING (field, code)
        WHERE record_codes.number <> :number
        GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT :limit
    )
    SELECT records.number, shelf, title, codes
    FROM near CROSS JOIN records USING (number) ORDER BY shared DESC, number DESC
"""


@dataclass(frozen=True, slots=True)
class Facets:
    """total: records that fit the whole search. counts: by field, then by code.

    A field's counts leave its own filter out, so that one sees what another choice would
    give; codes that no record has are not named.
    """

    total: int
    counts: Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class Columns:
    """The bits of one edition of the archive; a column is read when it is first asked for.

    stamp: what `read_stamp` gave when it was begun.
    """

    stamp: tuple[object, ...]
    places: Mapping[int, int]
    _bits: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def column(self, connection: Connection, name: str) -> Mapping[str, int]:
        """The bits of each code of a field, or of each shelf."""
        if name not in self._bits:
            statement = text(_SHELVES if name == SHELF else _CODES)
            rows = connection.execute(statement, {} if name == SHELF else {"field": name})
            self._bits[name] = {code: self.gather(json.loads(numbers)) for code, numbers in rows}
        return self._bits[name]

    def gather(self, numbers: Iterable[int]) -> int:
        """The bits of these records."""
        digits = bytearray(b"0") * max(len(self.places), 1)
        for number in numbers:
            digits[self.places[number]] = _ONE
        return int(digits, 2)

    @property
    def all(self) -> int:
        """The bits of all records."""
        return (1 << len(self.places)) - 1


def read_stamp(connection: Connection) -> tuple[object, ...]:
    """What changes whenever another edition is applied, also by another program."""
    marks = connection.execute(text("SELECT name, value FROM marks ORDER BY name")).all()
    records = connection.execute(text("SELECT count(*), max(number) FROM records")).one()
    return (*(tuple(row) for row in marks), tuple(records))


def read_columns(connection: Connection, known: Columns | None) -> Columns:
    """Those already known, if the archive is still the same; else new ones, still empty."""
    stamp = read_stamp(connection)
    if known is not None and known.stamp == stamp:
        return known
    statement = text("SELECT json_group_array(number) FROM records")
    numbers: list[int] = json.loads(connection.execute(statement).scalar_one())
    return Columns(stamp, {number: place for place, number in enumerate(sorted(numbers))})


def count_facets(
    connection: Connection,
    columns: Columns,
    words: str,
    where: Mapping[str, str],
    shelf: str | None,
    fields: Sequence[str],
) -> Facets:
    """Count over the records with these words and codes. fields: which; "shelf" is one too.

    where: code by field; "special:unknown" for a special value. All must fit.
    """
    chosen = dict(where) if shelf is None else {**where, SHELF: shelf}
    found = _find(connection, columns, words)
    filters = {name: columns.column(connection, name).get(code, 0) for name, code in chosen.items()}
    counts: dict[str, Mapping[str, int]] = {}
    for name in fields:
        here = _narrow(found, [bits for other, bits in filters.items() if other != name])
        column = columns.column(connection, name)
        counted = {code: (bits & here).bit_count() for code, bits in column.items()}
        counts[name] = {code: count for code, count in counted.items() if count}
    return Facets(_narrow(found, filters.values()).bit_count(), counts)


def find_similar(
    connection: Connection,
    number: ArchiveNumber,
    codes: Mapping[str, CodeValue],
    limit: int,
) -> tuple[SearchHit, ...]:
    """Other records by how many of these codes they share; of the same number, the newest.

    A special value makes nothing alike. Records that share nothing are left out.
    """
    wanted = [
        [name, code]
        for name, value in codes.items()
        for code in code_words(value)
        if not code.startswith(SPECIAL)
    ]
    if not wanted:
        return ()
    values = {"wanted": json.dumps(wanted), "number": number, "limit": limit}
    return tuple(
        SearchHit(ArchiveNumber(other), shelf, title, "", codes_from_json(found))
        for other, shelf, title, found in connection.execute(text(_SIMILAR), values)
    )


def _find(connection: Connection, columns: Columns, words: str) -> int:
    query = full_text_query(words)
    if query is None:
        return 0 if words.strip() else columns.all
    numbers = connection.execute(text(_FOUND), {"query": query}).scalar_one()
    return columns.gather(json.loads(numbers))


def _narrow(found: int, filters: Iterable[int]) -> int:
    for bits in filters:
        found &= bits
    return found
