"""Letters for the terminal and for other programs, the same for officer and analyst."""

from sync.protocol.letter import Letter, Question
from ui.cli.parts import show_plainly


def letter_to_json(letter: Letter) -> dict[str, object]:
    """A letter for another program; without its ticket."""
    common = {"turn": letter.turn, "month": letter.month, "text": letter.text}
    if isinstance(letter, Question):
        return {**common, "kind": "question"}
    return {**common, "kind": "news", "news": letter.word.value, "number": letter.number}


def print_indented(text: str, space: str = "  ") -> None:
    """The lines of a text from elsewhere, which cannot steer the terminal."""
    for line in text.splitlines():
        print(show_plainly(space + line))
