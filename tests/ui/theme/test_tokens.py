import pytest

from ui.theme.style import make_style_sheet
from ui.theme.tokens import DARK, LIGHT, Scheme, Tokens, tokens_of

BOTH = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
KINDS = ("info", "success", "warning", "error", "leaves", "stays")
TINTS = tuple(f"{kind}_tint" for kind in KINDS)

# Text and what it stands on, as the style sheet and the painted widgets use them.
TEXTS = [
    *(("ink", ground) for ground in ("page", "card", "hover", "chosen", *TINTS)),
    *(("secondary", ground) for ground in ("page", "card", "hover")),
    *(("error_text", ground) for ground in ("page", "card")),
    *(("primary", ground) for ground in ("page", "card", "hover", "chosen")),
    *(("on_primary", ground) for ground in ("primary", "primary_hover", "primary_pressed")),
    *(("on_danger", ground) for ground in ("danger", "danger_hover", "danger_pressed")),
    *(("on_disabled", ground) for ground in ("disabled", "card", "page")),
]
# What has to be seen but not read: borders of controls, the ring, icons, shapes.
SIGNS = [
    *((sign, ground) for sign in ("control", "ring", "primary") for ground in ("page", "card")),
    *(("control", ground) for ground in ("hover",)),
    *((f"{kind}_mark", f"{kind}_tint") for kind in KINDS),
    *((f"{kind}_mark", "card") for kind in KINDS),
    ("primary", "chosen"),
    ("error_text", "card"),
]


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, as WCAG 2.1 defines it: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@BOTH
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_every_text_reaches_aa_on_its_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(tokens.colour(text), tokens.colour(ground)) >= 4.5


@BOTH
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_every_sign_and_border_reaches_three_to_one(tokens: Tokens, sign: str, ground: str) -> None:
    assert contrast(tokens.colour(sign), tokens.colour(ground)) >= 3


@BOTH
def test_every_colour_is_written_in_six_digits(tokens: Tokens) -> None:
    for name in Tokens._fields:
        if name != "scheme":
            assert len(tokens.colour(name)) == 7
            assert int(tokens.colour(name)[1:], 16) >= 0


@BOTH
def test_the_style_sheet_has_every_value_filled_in(tokens: Tokens) -> None:
    sheet = make_style_sheet(tokens)
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert tokens.primary in sheet


def test_each_scheme_has_its_tokens() -> None:
    assert [tokens_of(scheme).scheme for scheme in Scheme] == list(Scheme)
