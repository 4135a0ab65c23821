"""Finding records by words and codes. Any text a person types is a valid question."""

import re
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, text

from app.domain.archive import ArchiveNumber, SearchHit
from app.store.records import codes_from_json

# Ranking looks at every hit: 36 ms for a common word over 100,000 reports, 0.9 ms newest
# first (design.md, section 7). A word that common does not tell one report from another.
RANKED_AT_MOST = 2_000
_MOST_WORDS = 32
_SNIPPET_WORDS = 24
_BEGINNING_CHARACTERS = 160
_READ_CHARACTERS = 600
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


def full_text_query(words: str) -> str | None:
    """The person's words in the index's language; None if there is nothing to look for.

    Every word must occur; "several words" in quotes stand together; the last word may be
    the beginning of one, as it is while someone types.
    """
    readable = words.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    parts = [match.groups() for match in _PART.finditer(readable)]
    found = [
        (phrase if phrase is not None else word, phrase is not None)
        for phrase, word in parts
        if any(each.isalnum() for each in phrase or word or "")
    ][:_MOST_WORDS]
    if not found:
        return None
    terms = [f'"{term}"' for term, _is_phrase in found]
    if not found[-1][1]:
        terms[-1] += " *"
    return " AND ".join(terms)


def find_records(
    connection: Connection,
    words: str,
    where: Mapping[str, str],
    shelf: str | None,
    limit: int,
    offset: int = 0,
) -> tuple[SearchHit, ...]:
    """The best hits, or the newest where the words are common or there are none.

    where: code by field; "special:unknown" for a special value. All must fit.
    offset: how many of the best are passed over.
    """
    conditions, values = _filters(where, shelf)
    values |= {"limit": limit, "offset": offset}
    query = full_text_query(words)
    if query is None:
        return () if words.strip() else _newest(connection, conditions, values)
    values["query"] = query
    # The number decides between equals: pages of results must not overlap.
    order = "rank, record_index.rowid DESC"
    if not _is_rare(connection, query):
        order = "record_index.rowid DESC"
    statement = f"""
        SELECT records.number, records.shelf, records.title,
            snippet(record_index, 1, char(2), char(3), '…', {_SNIPPET_WORDS}),
            records.codes
        FROM record_index CROSS JOIN records ON records.number = record_index.rowid
        WHERE record_index MATCH :query {"".join(conditions)}
        ORDER BY {order} LIMIT :limit OFFSET :offset
    """  # noqa: S608  (every part of it stands in this module)
    return _hits(connection, statement, values)


def _newest(
    connection: Connection, conditions: list[str], values: dict[str, object]
) -> tuple[SearchHit, ...]:
    statement = f"""
        SELECT records.number, records.shelf, records.title,
            substr(records.body, 1, {_READ_CHARACTERS}), records.codes
        FROM records
        WHERE 1 {"".join(conditions)}
        ORDER BY records.number DESC LIMIT :limit OFFSET :offset
    """  # noqa: S608  (every part of it stands in this module)
    return tuple(
        replace(hit, snippet=_beginning(hit.title, hit.snippet))
        for hit in _hits(connection, statement, values)
    )


def _beginning(title: str, body: str) -> str:
    """How the body begins, or goes on where the title was taken from its beginning."""
    stem = title.rstrip(". …")
    if stem and body.startswith(stem):
        body = "… " + body[len(stem) :].lstrip(". …\n")
    return body[:_BEGINNING_CHARACTERS]


def _filters(where: Mapping[str, str], shelf: str | None) -> tuple[list[str], dict[str, object]]:
    conditions: list[str] = []
    values: dict[str, object] = {}
    if shelf is not None:
        conditions.append(" AND records.shelf = :shelf")
        values["shelf"] = shelf
    for place, (field, code) in enumerate(where.items()):
        conditions.append(
            f" AND EXISTS (SELECT 1 FROM record_codes WHERE field = :field_{place}"  # noqa: S608
            f" AND code = :code_{place} AND number = records.number)"
        )
        values |= {f"field_{place}": field, f"code_{place}": code}
    return conditions, values


def _is_rare(connection: Connection, query: str) -> bool:
    statement = text(
        "SELECT count(*) FROM"
        " (SELECT 1 FROM record_index WHERE record_index MATCH :query LIMIT :most)"
    )
    values = {"query": query, "most": RANKED_AT_MOST + 1}
    return int(connection.execute(statement, values).scalar_one()) <= RANKED_AT_MOST


def _hits(
    connection: Connection, statement: str, values: dict[str, object]
) -> tuple[SearchHit, ...]:
    return tuple(
        SearchHit(ArchiveNumber(number), shelf, title, snippet or "", codes_from_json(codes))
        for number, shelf, title, snippet, codes in connection.execute(text(statement), values)
    )
