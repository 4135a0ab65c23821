"""Failures that a person can understand and act on.

A `UserError` is expected and is shown as it is: what happened, and what to do.
Everything else that reaches the top is a defect of this program and is shown as a
short code, because its text could hold an answer or a path.
"""


class UserError(Exception):
    """An expected failure, in words for the person at the screen.

    title: what happened, one short sentence.
    text: what it means, in particular whether anything was lost.
    hint: what to do next.
    """

    def __init__(self, title: str, text: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.text = text
        self.hint = hint

    def sentence(self) -> str:
        """All three parts as one paragraph, for a terminal."""
        return " ".join(part for part in (self.title, self.text, self.hint) if part)


class InputError(UserError):
    """What the person gave cannot be used: an unknown field, a wrong passphrase."""


class SurroundingsError(UserError):
    """The computer or the network is in the way: a full disk, a read-only folder."""


class DamagedError(UserError):
    """A file is not what this program wrote: broken, cut short, or exchanged."""


class UntrustedError(UserError):
    """Something that came from outside is not signed as it has to be."""
