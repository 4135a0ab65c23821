"""The colours, sizes and distances of the window, once for light and once for dark.

Colours follow the U.S. Web Design System (designsystem.digital.gov/design-tokens/color). The
dark half is our own. Every pair that is used meets WCAG 2.1 AA, which a test computes.
"""

from enum import StrEnum
from typing import NamedTuple


class Scheme(StrEnum):
    """Which half of the tokens is shown."""

    LIGHT = "light"
    DARK = "dark"


class Tokens(NamedTuple):
    """Colours as "#rrggbb".

    ink, secondary, error_text: text on page, card or a tint. control: the border of what can be
    operated. page, card, hover: surfaces; line: quiet separators only. *_strip: the strip at the
    side of a banner. *_mark: icons and shapes on the tint of the same name. on_*: text on it.
    """

    scheme: Scheme
    ink: str
    secondary: str
    page: str
    card: str
    hover: str
    line: str
    control: str
    primary: str
    primary_hover: str
    primary_pressed: str
    on_primary: str
    chosen: str
    danger: str
    danger_hover: str
    danger_pressed: str
    on_danger: str
    error_text: str
    disabled: str
    on_disabled: str
    ring: str
    success_strip: str
    success_tint: str
    success_mark: str
    warning_strip: str
    warning_tint: str
    warning_mark: str
    error_strip: str
    error_tint: str
    error_mark: str
    info_strip: str
    info_tint: str
    info_mark: str
    leaves_strip: str
    leaves_tint: str
    leaves_mark: str
    stays_strip: str
    stays_tint: str
    stays_mark: str

    def colour(self, role: str) -> str:
        """The colour of a role by its name. Raises AttributeError for an unknown one."""
        return str(getattr(self, role))


LIGHT = Tokens(
    scheme=Scheme.LIGHT,
    ink="#1b1b1b",
    secondary="#565c65",
    page="#f0f0f0",
    card="#ffffff",
    hover="#f3f6f9",
    line="#dfe1e2",
    control="#71767a",
    primary="#005ea2",
    primary_hover="#1a4480",
    primary_pressed="#162e51",
    on_primary="#ffffff",
    chosen="#e1edf7",
    danger="#b50909",
    danger_hover="#8b0a03",
    danger_pressed="#5c1111",
    on_danger="#ffffff",
    error_text="#b50909",
    disabled="#dfe1e2",
    on_disabled="#565c65",
    # A shade darker than USWDS's #2491ff, which has only 2.8:1 on the page's grey.
    ring="#1f8af7",
    success_strip="#00a91c",
    success_tint="#ecf3ec",
    success_mark="#216e1f",
    warning_strip="#ffbe2e",
    warning_tint="#faf3d1",
    warning_mark="#7a591a",
    error_strip="#b50909",
    error_tint="#f8e9e4",
    error_mark="#b50909",
    info_strip="#00bde3",
    info_tint="#e7f6f8",
    info_mark="#07648d",
    leaves_strip="#005ea2",
    leaves_tint="#e8f1f9",
    leaves_mark="#005ea2",
    stays_strip="#71767a",
    stays_tint="#edeff0",
    stays_mark="#565c65",
)

DARK = Tokens(
    scheme=Scheme.DARK,
    ink="#f0f0f0",
    secondary="#a9aeb1",
    page="#13171f",
    card="#1c2430",
    hover="#263040",
    line="#3d4551",
    control="#8d9297",
    primary="#73b3e7",
    primary_hover="#a1cdf0",
    primary_pressed="#cfe6f8",
    on_primary="#13171f",
    chosen="#1f3a54",
    danger="#f2938c",
    danger_hover="#f8b9b3",
    danger_pressed="#fbdcd9",
    on_danger="#13171f",
    error_text="#f2938c",
    disabled="#3d4551",
    on_disabled="#c6cace",
    ring="#2491ff",
    success_strip="#00a91c",
    success_tint="#16301d",
    success_mark="#70d88b",
    warning_strip="#ffbe2e",
    warning_tint="#352c14",
    warning_mark="#ffbe2e",
    error_strip="#e5564b",
    error_tint="#3a1d1c",
    error_mark="#f2938c",
    info_strip="#00bde3",
    info_tint="#11303a",
    info_mark="#52daf2",
    leaves_strip="#73b3e7",
    leaves_tint="#192f45",
    leaves_mark="#73b3e7",
    stays_strip="#8d9297",
    stays_tint="#2a313c",
    stays_mark="#c6cace",
)

SPACES = (4, 8, 12, 16, 24, 32, 48)
CAPTION, BODY, LABEL, READING, SECTION, TITLE = 13, 16, 17, 18, 22, 32
TARGET = 44  # the least height of what is pressed or clicked
RING = 3
CORNER = 4


def tokens_of(scheme: Scheme) -> Tokens:
    """The half of the tokens that belongs to a scheme."""
    return DARK if scheme is Scheme.DARK else LIGHT
