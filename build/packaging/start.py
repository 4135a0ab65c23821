"""Where the packaged program starts: one executable for the commands and for the window."""

from ui.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
