"""Copies of a vault at places that its owner chose: where they are, so that they can be deleted."""

from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel


class CopiesBanner(Banner):
    """Hidden while there are none."""

    def __init__(self, title: str) -> None:
        super().__init__(
            "info",
            title,
            "You made them yourself, so they are not touched. Delete them there if you want.",
        )
        self._paths = PlainLabel("", "help")
        self.body.addWidget(self._paths)
        self.hide()

    def show_paths(self, paths: tuple[str, ...]) -> None:
        """List them."""
        self._paths.setText("\n".join(paths))
        self.setVisible(bool(paths))
