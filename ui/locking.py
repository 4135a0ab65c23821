"""Locks the window: clears it, keeps what is unsaved, closes the vault, remembers the place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import UserError
from ui.guard.guard import Guard
from ui.guard.idle import Reason
from ui.left_place import LeftPlace
from ui.messages import ask
from ui.place import Place
from ui.places import Places
from ui.unlock.page import UnlockPage

if TYPE_CHECKING:  # it imports this module once it is painted
    from ui.main_window import MainWindow

_TYPED = frozenset(
    {"mail", "new-vault", "recover", "move"}
)  # words and passphrases are typed there


class Cover(QWidget):
    """An empty surface over the whole window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAutoFillBackground(True)
        self.hide()

    def put_on(self) -> bool:
        """Nothing of the program can be seen when this returns. Whether dialogs were open."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()
        self.repaint()
        others = [
            each
            for each in QApplication.topLevelWidgets()
            if each is not self._window and each.isVisible()
        ]
        for each in others:
            each.hide()  # a dialog is rejected by it
        return bool(others)


class Locking:
    """Belongs to the window, once that can open vaults."""

    def __init__(self, frame: "MainWindow", pages: Places) -> None:
        self._frame = frame
        self._pages = pages
        self._cover: Cover | None = None
        guard = Guard(frame, pages.wish)
        guard.left.connect(self.leave)
        pages.session.unlocked.connect(guard.restart)
        pages.session.locked.connect(guard.clipboard.clear)
        frame.closed.connect(guard.clipboard.clear)

    def lock(self) -> None:
        """Clear the window first; then save, close the vault, and leave nothing of it here.

        What cannot be saved is kept in memory, sealed, until the vault is open again.
        """
        if self._cover is not None:
            return
        self._cover = Cover(self._frame)
        if self._cover.put_on():
            # Whoever has opened the dialog goes on first, on pages that are still there.
            QTimer.singleShot(0, self._frame, self._close_up)
        else:
            self._close_up()

    def leave(self, reason: Reason) -> None:
        """Nobody sits here any more. Where no vault is open, only what was typed is taken away."""
        door = self._frame.place("door")
        if self._pages.session.is_unlocked or reason is Reason.KEY or self._frame.shown in _TYPED:
            self.lock()
        elif door is not None and isinstance(door.widget, UnlockPage):
            door.widget.clear_typed()

    def may_close(self) -> bool:
        """Before the window closes: whether all is saved, or the person gives it up."""
        if self._keep(self._frame.place(self._frame.shown)) and not self._pages.left.has_unsaved:
            return True
        return ask(
            self._frame,
            "Close without the last words?",
            "They could not be saved: the disk took nothing more. They are in this window only, "
            "and are lost when it closes. Make room on the disk, then go on.",
            "Close and lose them",
            "Keep the window open",
            danger=True,
        )

    def _close_up(self) -> None:
        was_open, is_saved = self._pages.session.is_unlocked, True
        try:
            if was_open:
                is_saved = self._leave_place()
        finally:
            self._frame.forget_all()
            if was_open:
                self._pages.close_vault()
            self._frame.show_place("reports", None)
            if self._cover is not None:
                self._cover.hide()
                self._cover.deleteLater()
                self._cover = None
        door = self._frame.place("door")
        if was_open and door is not None and isinstance(door.widget, UnlockPage):
            door.widget.say_locked(is_unsaved=not is_saved)

    def _leave_place(self) -> bool:
        """Remember where somebody is; False if not all of it is on the disk."""
        place = self._frame.place(self._frame.shown)
        if place is None:
            return True
        try:
            memory = place.remember()
        finally:
            is_saved = self._keep(place)
        left = LeftPlace(self._frame.shown, memory, is_saved)
        self._pages.left.keep(self._pages.session, left)
        return is_saved

    @staticmethod
    def _keep(place: Place | None) -> bool:
        try:
            return place is None or place.flush()
        except UserError:
            return False  # the disk or the vault could not take it
