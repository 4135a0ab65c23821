"""What a text may contain: what can be seen, and nothing that hides or reorders it.

An invisible character inside a name would hide it from the scrubber, and one that reorders
text would show the reporter something else than what leaves.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Zero-width space, word joiner, byte-order mark, soft hyphen: left over from copying.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Unicode Technical Report 36: embeddings, overrides and isolates change the order shown.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")


class UnfitTextError(ValueError):
    """The text holds a character that is not accepted; the message says which kind."""


def clean_text(text: str, *, one_line: bool) -> str:
    """The text with uniform line ends, composed letters (NFC) and no invisible leftovers.

    Leading and trailing white space goes; in `one_line` every run of it becomes one space.
    Cleaning twice changes nothing more. Raises UnfitTextError for control characters (other
    than line ends and tabs), characters that reorder text, and halves of characters.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    if _REORDERING.search(text):
        raise UnfitTextError("it contains characters that change the order of the text")
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs":
            raise UnfitTextError("it contains half a character")
        if category == "Cc" and character not in "\n\t":
            raise UnfitTextError("it contains control characters")
    text = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", text).strip() if one_line else text.strip()
