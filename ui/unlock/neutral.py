"""Names of vaults that everybody at this computer can read: they must not tell whose they are."""

import getpass
import re

_SHORTEST = 3


def is_telling(name: str, login: str) -> bool:
    """Whether a vault's name holds a part of the account's name, such as both of "ann.miller"."""
    parts = [each for each in re.split("[^a-z]+", login.casefold()) if len(each) >= _SHORTEST]
    return any(part in name.casefold() for part in parts)


def find_login() -> str:
    """The account's name, or an empty text."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
