from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resources.read import list_names
from ui.theme.apply import apply_theme, current_tokens
from ui.theme.fonts import FAMILY, font
from ui.theme.icons import IconPicture, icon
from ui.theme.tokens import DARK, LIGHT, Scheme
from ui.widgets.buttons import PrimaryButton
from ui.widgets.heading import Caption, PageTitle, PlainLabel, Prose, SectionTitle


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, Scheme.DARK)
    yield
    apply_theme(qapp, Scheme.LIGHT)


def test_the_palette_and_the_tokens_follow_the_scheme(qapp: QApplication, dark: None) -> None:
    assert current_tokens() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.page
    apply_theme(qapp, Scheme.LIGHT)
    assert current_tokens() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Highlight).name() == LIGHT.primary


def test_public_sans_is_there_in_all_four_cuts(qapp: QApplication) -> None:
    assert set(QFontDatabase.styles(FAMILY)) >= {"Regular", "Italic", "SemiBold", "Bold"}
    assert QFontInfo(font(16, QFont.Weight.Bold)).family() == FAMILY
    assert qapp.font().family() == FAMILY


@pytest.mark.parametrize(
    ("label", "px"),
    [
        (lambda: Caption("a"), 13),
        (lambda: PlainLabel("a"), 16),
        (lambda: PlainLabel("a", "label"), 17),
        (lambda: PlainLabel("a", "reading"), 18),
        (lambda: SectionTitle("a"), 22),
        (lambda: PageTitle("a"), 32),
        (lambda: Prose("a"), 16),
    ],
)
def test_a_role_sets_the_size_of_the_text(qtbot: QtBot, label: type[PlainLabel], px: int) -> None:
    shown = label()
    qtbot.addWidget(shown)
    shown.ensurePolished()
    assert shown.fontInfo().pixelSize() == px
    assert QFontInfo(shown.font()).family() == FAMILY


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    names = [name for name in list_names("icons") if name.endswith(".svg")]
    assert len(names) >= 45
    for name in names:
        image = icon(name.removesuffix(".svg"), "primary", 96).pixmap(96, 96).toImage()
        colours = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() > 250
        }
        assert LIGHT.primary in colours, name


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_icons_are_sharp_at_every_scale(qapp: QApplication, scale: float) -> None:
    pixmap = icon("lock").pixmap(icon("lock").availableSizes()[0], scale)
    assert pixmap.width() == round(24 * scale)


def test_a_change_of_scheme_tints_icons_anew(qtbot: QtBot, qapp: QApplication) -> None:
    button = PrimaryButton("Send", "send")
    picture = IconPicture("lock", "ink")
    qtbot.addWidget(button)
    qtbot.addWidget(picture)
    before = button.icon().pixmap(20, 20).toImage()
    light = picture.grab().toImage()
    try:
        apply_theme(qapp, Scheme.DARK)
        assert button.icon().pixmap(20, 20).toImage() != before
        assert picture.grab().toImage() != light
    finally:
        apply_theme(qapp, Scheme.LIGHT)


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no_such_icon")
