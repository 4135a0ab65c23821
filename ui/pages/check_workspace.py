"""The two columns and the list: what is written, what leaves, and the decisions between."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.form import FieldId
from app.domain.labels import Labels
from app.domain.report import Kind, Span
from sync import decisions as made
from sync.decision_history import History
from sync.decisions import Decisions, Place
from sync.outgoing import Reviewed
from ui.models.kinds import KIND_WORDS
from ui.models.marked_text import cut_leaving, cut_written
from ui.pages.check_findings import FindingsPanel
from ui.pages.check_legend import LOOK, CheckLegend
from ui.pages.check_text import LINE_PX, MarkedTextView
from ui.widgets.buttons import QuietButton
from ui.widgets.heading import PlainLabel
from ui.widgets.short_line import ShortLine

LEAST_TEXT_PX = 8 * LINE_PX + 34  # eight lines, the heading's margin and the frame
_WIDE_PX = 1000  # from here on there is room for the list beside the texts
_PANEL_PX = 340
_ANY_PX = 16_777_215
_GAP_PX = 2


class CheckWorkspace(QWidget):
    """Holds the history of decisions. decided: after each step, with the Decisions.

    count: the sentence of how many are to decide; the page puts it above.
    """

    decided = Signal(object)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._history: History | None = None
        self._leftovers: dict[FieldId, tuple[Span, ...]] = {}
        self._looked_at = -1
        self.written = MarkedTextView("Your text, with what was found in it")
        self.leaving = MarkedTextView("The text as it will leave")
        self.panel = FindingsPanel()
        self.count = PlainLabel("", "label", wrap=False)
        self._add = QuietButton("Mark the selection (N)")
        self._look = QuietButton("Please look (J)")
        self._look.setAccessibleDescription(LOOK)
        self._about = ShortLine("help")
        self.legend = CheckLegend()
        self._lay_out()
        self._connect()

    @property
    def decisions(self) -> Decisions | None:
        """The decisions as they stand; None while nothing is shown."""
        return None if self._history is None else self._history.now

    def show_review(self, reviewed: Reviewed, decisions: Decisions) -> None:
        """Show a draft. The steps before can be undone if nothing else has changed."""
        if self._history is None or self._history.now != decisions:
            self._history = History(decisions)
        self._leftovers = {
            FieldId(field): spans for field, spans in reviewed.scrub_map.leftovers.items()
        }
        self._looked_at = -1
        self._show(None)

    def confirm_reading(self, is_read: bool) -> None:
        """Note whether the person has read every word; a step like the others."""
        if self._history is not None:
            self._history = self._history.do(lambda now: made.confirm_reading(now, is_read=is_read))
            self._show(self.panel.current())
            self.decided.emit(self._history.now)

    def fit(self, width: int, height: int) -> None:
        """Fill this room: the list beside the texts where it is wide, below them where not.

        It becomes higher than the room before the texts have fewer than eight lines.
        """
        is_beside = width >= _WIDE_PX
        direction = QBoxLayout.Direction
        self._whole.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)
        self.panel.set_narrow(is_narrow=is_beside)
        panel_px = max(width * 7 // 20, _PANEL_PX)
        self.panel.setMinimumWidth(panel_px if is_beside else 0)
        self.panel.setMaximumWidth(panel_px if is_beside else _ANY_PX)
        least = LEAST_TEXT_PX + 2 * (self._about.sizeHint().height() + _GAP_PX)
        least += self.legend.sizeHint().height() + _GAP_PX
        if not is_beside:
            least += self._whole.spacing() + self.panel.height_for(width)
        self.setFixedHeight(max(height, least))
        QTimer.singleShot(0, self.panel.table, self.panel.show_current)  # once it is laid out

    def clear(self) -> None:
        """Show nothing, and forget what was shown."""
        self._history = None
        self._leftovers = {}
        self.count.setText("")
        self._about.say("")
        self.legend.explain(None, 0)
        self.written.show_pieces(())
        self.leaving.show_pieces(())
        self.panel.show_decisions(None, None, can_undo=False, can_redo=False)

    def mark_selection(self, kind: Kind) -> None:
        """Mask what is selected on the left, as this kind."""
        selected = self.written.selected()
        if selected is not None:
            field, start, end = selected
            at = Place(FieldId(field), Span(start, end))
            self._step(lambda now: made.add(now, at.field, start, end, kind), at)

    def open_leftovers(self) -> list[Place]:
        """The words left over that nothing covers yet."""
        if self._history is None:
            return []
        return [
            Place(field, span)
            for field, spans in self._leftovers.items()
            for span in spans
            if not any(
                span.overlaps(found.span) for found in self._history.now.findings.get(field, ())
            )
        ]

    def _step(
        self, step: Callable[[Decisions], Decisions], at: Place, *, onward: bool = False
    ) -> None:
        """Take a step, show it, and go on to the next that is to decide."""
        if self._history is None:
            return
        was_open = self._history.now.to_decide
        self._history = self._history.do(step)
        self._show(at)
        if onward and self._history.now.to_decide < was_open:
            self.panel.go_to(self.panel.model.next_open(self.panel.model.row_of(at)))
        self.decided.emit(self._history.now)

    def _travel(self, travel: Callable[[History], History]) -> None:
        if self._history is not None:
            self._history = travel(self._history)
            self._show(self.panel.current())
            self.decided.emit(self._history.now)

    def _show(self, current: Place | None) -> None:
        if self._history is None:
            return
        now = self._history.now
        self.written.show_pieces(cut_written(now, self._leftovers, self._labels.field))
        self.leaving.show_pieces(cut_leaving(now, self._labels.field))
        self.count.setText(f"{now.to_decide} to decide, {now.removed} removed")
        left = len(self.open_leftovers())
        self.panel.name_action(self._look, f"Please look: {left} (J)", f"Look: {left} (J)")
        self.legend.explain(now, left)
        self._look.setEnabled(left > 0)
        self.panel.show_decisions(
            now,
            current,
            can_undo=bool(self._history.past),
            can_redo=bool(self._history.undone),
        )
        self._bring_out(self.panel.current())

    def _bring_out(self, place: Place | None) -> None:
        self.written.show_current(place)
        self.leaving.show_current(place)
        about = ""
        if place is not None and self._history is not None:
            found = self._history.now.find(place)
            words = " ".join(self._history.now.text_at(place).split())
            about = f"“{words}”  {KIND_WORDS[found.kind]}: {found.reason}"
        self._about.say(about)

    def _on_masked(self, place: Place) -> None:
        """Mask the current finding; a word that "please look" has selected comes before it."""
        if self.written.hasFocus() and self.written.selected() is not None:
            self._ask_kind()
            return
        self._step(lambda now: made.mask(now, place), place, onward=True)

    def _on_applied(self, place: Place) -> None:
        if self._history is not None:
            self._step(lambda now: _apply(now, place), place, onward=True)

    def _ask_kind(self) -> None:
        if self.written.selected() is None:
            self.written.setFocus()
            return
        below = self._add.mapToGlobal(QPoint(0, self._add.height()))
        menu = self.panel.ask_new_kind(below, "What kind is the selected text?")
        menu.triggered.connect(lambda action: self.mark_selection(Kind(action.data())))

    def _look_at_next(self) -> None:
        places = self.open_leftovers()
        if places:
            self._looked_at = (self._looked_at + 1) % len(places)
            self.written.select_place(places[self._looked_at])
            self.written.setFocus()

    def _lay_out(self) -> None:
        self._whole = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(_GAP_PX)
        texts.addWidget(self._about)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        for name, view in (("Your text", self.written), ("As it will leave", self.leaving)):
            column = QVBoxLayout()
            column.setSpacing(_GAP_PX)
            column.addWidget(PlainLabel(name, "strong", wrap=False))
            column.addWidget(view, 1)
            columns.addLayout(column, 1)
            view.setMinimumHeight(LEAST_TEXT_PX)
        texts.addLayout(columns, 1)
        texts.addWidget(self.legend)
        self._whole.addLayout(texts, 1)
        self._whole.addWidget(self.panel)
        self.panel.add_actions(self._add, self._look)
        self.panel.name_action(self._add, "Mark the selection (N)", "Mark (N)")

    def _connect(self) -> None:
        panel = self.panel
        panel.chosen.connect(self._bring_out)
        panel.masked.connect(self._on_masked)
        panel.left.connect(
            lambda at, why: self._step(lambda now: made.leave_in(now, at, why), at, onward=True)
        )
        panel.kind_changed.connect(
            lambda at, kind: self._step(lambda now: made.change_kind(now, at, kind), at)
        )
        panel.applied.connect(self._on_applied)
        panel.undone.connect(lambda: self._travel(History.undo))
        panel.redone.connect(lambda: self._travel(History.redo))
        self.written.chosen.connect(panel.choose)
        self.leaving.chosen.connect(panel.choose)
        self._add.clicked.connect(self._ask_kind)
        self._look.clicked.connect(self._look_at_next)
        panel.add_shortcuts(self, ("N", self._add), ("J", self._look))
        _scroll_together(self.written, self.leaving)


def _apply(now: Decisions, place: Place) -> Decisions:
    """The decision here for all mentions; one that is still to decide is masked."""
    if made.is_open(now.find(place)):
        now = made.mask(now, place)
    return made.apply_to_all(now, place)


def _scroll_together(one: MarkedTextView, other: MarkedTextView) -> None:
    """Each follows the other, by the share of its own length."""

    def follow(source: MarkedTextView, target: MarkedTextView) -> None:
        if not source.hasFocus() and not source.underMouse():
            return
        bar, moved = source.verticalScrollBar(), target.verticalScrollBar()
        moved.setValue(round(bar.value() / max(bar.maximum(), 1) * moved.maximum()))

    one.verticalScrollBar().valueChanged.connect(lambda: follow(one, other))
    other.verticalScrollBar().valueChanged.connect(lambda: follow(other, one))
