"""Words that the spelling check was told to know: in the vault, and nowhere else."""

import json

from sqlalchemy import delete, insert, select

from app.store.engine import StoreFile
from app.store.tables.vault import WISHES

_NAME = "learned_words"
_MOST = 5_000


class LearnedWords:
    """A set of words in lower case, kept as one entry of the vault's wishes."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def all(self) -> frozenset[str]:
        """All of them."""
        query = select(WISHES.c.value).where(WISHES.c.name == _NAME)
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return frozenset(json.loads(found)) if found else frozenset()

    def learn(self, word: str) -> None:
        """Know a word from now on. Beyond 5,000 nothing more is learned."""
        known = self.all()
        if len(known) < _MOST:
            self._keep(known | {word.casefold()})

    def forget(self, word: str) -> None:
        """Know it no longer."""
        self._keep(self.all() - {word.casefold()})

    def _keep(self, words: frozenset[str]) -> None:
        value = json.dumps(sorted(words), ensure_ascii=False)
        with self._file.writing() as connection:
            connection.execute(delete(WISHES).where(WISHES.c.name == _NAME))
            if words:
                connection.execute(insert(WISHES).values(name=_NAME, value=value))
