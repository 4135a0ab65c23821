"""Small sets of words that belong to a rule."""


def make_set(words: str) -> frozenset[str]:
    """The words of a line, apart by blanks."""
    return frozenset(words.split())
