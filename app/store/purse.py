"""The issuer account and the tokens, in the post.

A token is bound to one report before it leaves, in a transaction of its own, and stays so.
How many were ever bound is counted twice, here and in a file apart: if the file has counted
further, the post comes from a backup, and its tokens may have been shown since.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection, Delete, Select, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.token import Account, AskedBatch, KeptToken, TokenCounts, TokenState
from app.paths import disk_errors, make_private_folder, replace_file
from app.store.post import Post
from app.store.tables.post import ACCOUNTS, MARKS, TOKENS

MOST_FOR_A_REPORT = 3
"""A proxy that says no to everything must not empty the purse."""
_SHOWN_MARK = "tokens/shown"
_NOTHING = b""
_NONCE_LENGTH = 32
_UNUSED = (TokenState.ASKED, TokenState.READY)


class Purse:
    """The tokens of one tenant in one post. counter_file: outside of the post's folder."""

    def __init__(self, post: Post, tenant: str, counter_file: Path) -> None:
        self._post = post
        self._file = post.file
        self._tenant = tenant
        self._counter_file = counter_file

    def account(self) -> Account | None:
        """The issuer account, None before a card was given."""
        query = select(ACCOUNTS.c.seed, ACCOUNTS.c.card).where(ACCOUNTS.c.tenant == self._tenant)
        with self._file.reading() as connection:
            found = connection.execute(query).first()
        return None if found is None else Account(bytes(found.seed), found.card)

    def keep_account(self, account: Account) -> None:
        """Keep the account, in the place of the one before."""
        values = {"seed": account.seed, "card": account.card}
        statement = upsert(ACCOUNTS).values(tenant=self._tenant, **values)
        with self._file.writing() as connection:
            connection.execute(statement.on_conflict_do_update(set_=values))

    def forget_account(self) -> None:
        """After the issuer has said no to the card."""
        with self._file.writing() as connection:
            connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.tenant == self._tenant))

    def ask(self, batch: AskedBatch) -> None:
        """Keep the secrets of a batch; when this returns, the disk has them."""
        rows = [
            {
                "nonce": each.nonce,
                "tenant": self._tenant,
                "quarter": batch.quarter,
                "state": TokenState.ASKED,
                "secret": each.secret,
                "refusals": 0,
            }
            for each in batch.tokens
        ]
        with self._file.writing() as connection:
            connection.execute(insert(TOKENS), rows)

    def asked(self) -> AskedBatch | None:
        """The batch whose answer is awaited, in the order that `ask` was given."""
        query = self._select(TokenState.ASKED).add_columns(TOKENS.c.quarter)
        with self._file.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        tokens = tuple(KeptToken(bytes(row.nonce), bytes(row.secret)) for row in rows)
        return AskedBatch(rows[0].quarter, tokens)

    def fill(self, secrets: Mapping[bytes, bytes], oldest: str) -> None:
        """The answer has come: nonce → token with its key. All of the batch, at once.

        oldest: as for `prune`, which is done with it.
        """
        with self._file.writing() as connection:
            connection.execute(_delete_before(self._tenant, oldest))
            for nonce, secret in secrets.items():
                is_it = (TOKENS.c.nonce == nonce) & (TOKENS.c.state == TokenState.ASKED)
                connection.execute(
                    update(TOKENS).where(is_it).values(state=TokenState.READY, secret=secret)
                )

    def drop_asked(self) -> None:
        """Forget the batch whose answer is awaited."""
        with self._file.writing() as connection:
            connection.execute(self._delete((TokenState.ASKED,)))

    def take(self, report_id: bytes, quarters: Iterable[str]) -> KeptToken | None:
        """A token to show with this report, bound to it from now on; None if there is none.

        One that was shown with it and never refused comes again: its answer was lost. After a
        refusal the next one is taken, and after three they come again in turn.
        """
        mine = (TOKENS.c.report_id == report_id) & TOKENS.c.quarter.in_(tuple(quarters))
        shown = self._select(TokenState.SHOWN).where(mine).add_columns(TOKENS.c.refusals)
        ready = self._select(TokenState.READY).where(TOKENS.c.quarter.in_(tuple(quarters)))
        with self._file.writing() as connection:
            bound = connection.execute(shown.order_by(None).order_by(TOKENS.c.refusals)).all()
            found = bound[0] if bound else None
            is_new = False
            if (found is None or found.refusals) and len(bound) < MOST_FOR_A_REPORT:
                fresh = connection.execute(_oldest_first(ready)).first()
                if fresh is not None:
                    found, is_new = fresh, True
                    _bind(connection, fresh.nonce, report_id)
            if found is None:
                return None
            token = KeptToken(bytes(found.nonce), bytes(found.secret))
        if is_new:
            _write_counter(self._counter_file, self._post.mark(_SHOWN_MARK))
        return token

    def can_take(self, report_ids: Iterable[bytes], quarters: Iterable[str]) -> bool:
        """Whether `take` would find a token for one of these reports."""
        ids = tuple(report_ids)
        bound = (TOKENS.c.state == TokenState.SHOWN) & TOKENS.c.report_id.in_(ids)
        query = select(TOKENS.c.nonce).where(
            TOKENS.c.tenant == self._tenant,
            TOKENS.c.quarter.in_(tuple(quarters)),
            (TOKENS.c.state == TokenState.READY) | bound,
        )
        with self._file.reading() as connection:
            return bool(ids) and connection.execute(query).first() is not None

    def note_refusal(self, nonce: bytes) -> None:
        """The service did not take it."""
        with self._file.writing() as connection:
            statement = update(TOKENS).where(TOKENS.c.nonce == nonce)
            connection.execute(statement.values(refusals=TOKENS.c.refusals + 1))

    def settle(self, waiting: Iterable[bytes]) -> None:
        """Empty the tokens that were shown with reports that wait no more, and forget their nonces:
        the service keeps each beside the id of its report. What is left is counted, no more.

        waiting: the ids that still wait.
        """
        shown = (TOKENS.c.state == TokenState.SHOWN) & TOKENS.c.report_id.not_in(tuple(waiting))
        with self._file.writing() as connection:
            is_over = (TOKENS.c.tenant == self._tenant) & shown
            connection.execute(
                update(TOKENS)
                .where(is_over)
                .values(
                    state=TokenState.SPENT,
                    nonce=func.randomblob(_NONCE_LENGTH),
                    secret=_NOTHING,
                    report_id=None,
                )
            )

    def counts(self, quarters: Iterable[str]) -> TokenCounts:
        """How many are left, of how many."""
        query = select(TOKENS.c.state, func.count()).where(
            TOKENS.c.tenant == self._tenant, TOKENS.c.quarter.in_(tuple(quarters))
        )
        with self._file.reading() as connection:
            rows = connection.execute(query.group_by(TOKENS.c.state)).all()
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        had = sum(number for state, number in found.items() if state != TokenState.ASKED)
        return TokenCounts(found.get(TokenState.READY, 0), had)

    def ready(self, quarters: Iterable[str] | None = None) -> dict[str, int]:
        """How many can be used, by quarter, where there are some. quarters: None for all."""
        query = select(TOKENS.c.quarter, func.count()).where(
            TOKENS.c.tenant == self._tenant, TOKENS.c.state == TokenState.READY
        )
        if quarters is not None:
            query = query.where(TOKENS.c.quarter.in_(tuple(quarters)))
        with self._file.reading() as connection:
            rows = connection.execute(query.group_by(TOKENS.c.quarter)).all()
        return {row[0]: row[1] for row in rows}

    def has_shown(self, report_id: bytes) -> bool:
        """Whether a token was shown with this report."""
        query = select(TOKENS.c.nonce).where(TOKENS.c.report_id == report_id)
        with self._file.reading() as connection:
            return connection.execute(query).first() is not None

    def prune(self, oldest: str) -> None:
        """Destroy the tokens of quarters before this one, spent or not.

        oldest: the earliest quarter that can still count, by something signed: a clock that
        runs ahead must not cost tokens.
        """
        with self._file.writing() as connection:
            connection.execute(_delete_before(self._tenant, oldest))

    def discard_if_restored(self) -> bool:
        """Throw away all unused tokens if this post is older than the counter beside it.

        Spending one of them a second time would link two reports. One that is bound to a
        report stays: it is only ever shown with that report.
        """
        counted = _read_counter(self._counter_file)
        if counted <= self._post.mark(_SHOWN_MARK):
            return False
        with self._file.writing() as connection:
            connection.execute(self._delete(_UNUSED))
        self._post.raise_mark(_SHOWN_MARK, counted)
        return True

    def _select(self, state: TokenState) -> Select[tuple[bytes, bytes]]:
        """In an order that says nothing and is always the same."""
        return (
            select(TOKENS.c.nonce, TOKENS.c.secret)
            .where(TOKENS.c.tenant == self._tenant, TOKENS.c.state == state)
            .order_by(TOKENS.c.nonce)
        )

    def _delete(self, states: Iterable[TokenState]) -> Delete:
        mine = TOKENS.c.tenant == self._tenant
        return delete(TOKENS).where(mine, TOKENS.c.state.in_(tuple(states)))


def discard_unused(post: Post) -> None:
    """Throw away all tokens that could still be shown with a report, of every tenant."""
    with post.file.writing() as connection:
        connection.execute(delete(TOKENS).where(TOKENS.c.state.in_(_UNUSED)))


def start_counter(post: Post, counter_file: Path) -> None:
    """On a computer that a post has just come to: the counter beside it begins where that is."""
    _write_counter(counter_file, post.mark(_SHOWN_MARK))


def outdate_copies(post: Post) -> int:
    """Count this post further than every copy of it; returns what `keep_counter` wants.

    A copy that is put back beside that counter loses its unused tokens.
    """
    count = post.mark(_SHOWN_MARK) + 1
    post.raise_mark(_SHOWN_MARK, count)
    return count


def keep_counter(counter_file: Path, count: int) -> None:
    """Keep how far a post has counted beside the place where it was."""
    _write_counter(counter_file, count)


def read_counter(counter_file: Path) -> int:
    """How far the post beside it has counted; 0 where nothing was counted."""
    return _read_counter(counter_file)


def _read_counter(file: Path) -> int:
    with disk_errors():
        try:
            text = file.read_text("ascii")
        except FileNotFoundError:
            return 0
    return int(text) if text.strip().isdecimal() else 0


def _write_counter(file: Path, count: int) -> None:
    """After the post: a counter that is behind does no harm, one that is ahead costs tokens."""
    make_private_folder(file.parent)
    replace_file(file, str(count).encode("ascii"))


def _delete_before(tenant: str, oldest: str) -> Delete:
    return delete(TOKENS).where(TOKENS.c.tenant == tenant, TOKENS.c.quarter < oldest)


def _oldest_first(query: Select[tuple[bytes, bytes]]) -> Select[tuple[bytes, bytes]]:
    """Those that expire first; within a quarter by nonce, which is chance."""
    return query.order_by(None).order_by(TOKENS.c.quarter, TOKENS.c.nonce)


def _bind(connection: Connection, nonce: bytes, report_id: bytes) -> None:
    connection.execute(
        update(TOKENS)
        .where(TOKENS.c.nonce == nonce)
        .values(state=TokenState.SHOWN, report_id=report_id)
    )
    statement = upsert(MARKS).values(name=_SHOWN_MARK, value=1)
    connection.execute(statement.on_conflict_do_update(set_={"value": MARKS.c.value + 1}))
