"""The part of the settings about the way to the network: a proxy, and extra certificates."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from app.errors import InputError, UserError
from sync.inspection import describe_issuer, read_issuer
from sync.network import Network, check_proxy, is_fixed, read_bundle, read_network, write_network
from ui.file_choice import choose_file
from ui.messages import show_failure
from ui.session import Session
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row

_FIXED = "The network settings of this computer are set by its administrator."


class NetworkCard(Card):
    """Two lines and a button. grown: a sentence is shown that may lie out of sight."""

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._news = Banner("info", "")
        self._proxy = QLineEdit()
        self._bundle = QLineEdit()
        for line in (self._proxy, self._bundle):
            line.setMaximumWidth(640)
            line.returnPressed.connect(self._keep)
        self._proxy_field = Field(
            "Proxy",
            self._proxy,
            "http://HOST:PORT or socks5h://HOST:PORT; empty for none. What the system or the "
            "environment says about proxies is not used.",
            optional=True,
        )
        self._bundle_field = Field(
            "File of extra certificates",
            self._bundle,
            "Only if IT gave you one. The system's certificates are trusted without it.",
            optional=True,
        )
        self._save = SecondaryButton("Use these settings")
        self._save.clicked.connect(self._keep)
        self._choose = SecondaryButton("Choose a file")
        self._choose.clicked.connect(self._choose_bundle)
        self.body.addWidget(SectionTitle("Network"))
        self.body.addWidget(
            Prose(
                "This program speaks with the service and the archive's server only, and with "
                "each over a new connection."
            )
        )
        for part in (self._news, self._proxy_field, self._bundle_field):
            self.body.addWidget(part)
        self.body.addWidget(in_a_row(self._save, self._choose))

    def read(self) -> None:
        """Show what holds now."""
        self._proxy_field.show_error(None)
        self._bundle_field.show_error(None)
        self._news.hide()
        fixed = is_fixed()
        for part in (self._proxy, self._bundle, self._save, self._choose):
            part.setEnabled(not fixed)
        try:
            network = read_network(self._session.home)
        except UserError as error:
            self._tell("error", error.title, f"{error.text} {error.hint}".strip())
            network = Network()
        else:
            issuer = read_issuer(self._session.home)
            if issuer:
                self._tell("info", "Who vouches for the connection", describe_issuer(issuer))
            elif fixed:
                self._tell("info", _FIXED, "")
        self._proxy.setText(network.proxy)
        self._bundle.setText(network.ca_bundle)

    def _choose_bundle(self) -> None:
        path = choose_file(self, "Choose a file", "Certificates (*.pem *.crt);;All files (*)")
        if path:
            self._bundle.setText(path)

    def _keep(self) -> None:
        """Small local files, so that no task is needed."""
        try:
            if not self._are_valid():
                return
            proxy, bundle = check_proxy(self._proxy.text()), self._bundle.text().strip()
            write_network(self._session.home, Network(proxy, bundle))
        except UserError as error:
            self._tell("error", error.title, f"{error.text} {error.hint}".strip())
            return
        except Exception as error:  # noqa: BLE001  (a defect, shown as its code)
            show_failure(self, error)
            return
        self._proxy.setText(proxy)
        self._tell("success", "The network settings are kept", "They hold from the next sync on.")
        self.grown.emit()

    def _are_valid(self) -> bool:
        """Whether both lines can be used; what is wrong is said at the line."""
        are_valid = True
        for field, line, check in (
            (self._bundle_field, self._bundle, read_bundle),
            (self._proxy_field, self._proxy, check_proxy),
        ):
            field.show_error(None)
            text = line.text().strip()
            try:
                if text:
                    check(text)
            except InputError as error:
                field.show_error(error.sentence())
                field.focus_editor()
                are_valid = False
        return are_valid

    def _tell(self, kind: BannerKind, title: str, text: str) -> None:
        self._news.set_content(kind, title, text)
        self._news.show()
