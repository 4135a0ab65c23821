"""Questions with given answers: one of a few, one of many, any of several."""

from collections.abc import Sequence

from ui.widgets.radio_choice import Option, RadioChoice
from ui.widgets.searchable_choice import SearchableChoice
from ui.widgets.tick_choice import TickChoice

__all__ = ["FEW", "Option", "RadioChoice", "SearchableChoice", "TickChoice", "choose_one"]

FEW = 6  # up to this many options are radio buttons


def choose_one(
    options: Sequence[Option], specials: Sequence[Option] = ()
) -> RadioChoice | SearchableChoice:
    """The fitting editor for one code: radio buttons up to six options, a list beyond."""
    if len(options) <= FEW:
        return RadioChoice(options, specials)
    return SearchableChoice(options, specials)
