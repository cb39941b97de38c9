"""The command line's words."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.settings import VERSION

_EPILOG = """\
Settings are environment variables: HOST, PORT, TAKEBACK_DATA_DIR and others, all of them with
defaults; takeback settings lists them, docs/settings.md of the project says what each is for.
Without a command, takeback serves.
"""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the command line asks for."""

    command: str
    file: Path = Path()
    force: bool = False


def read_arguments(words: Sequence[str] | None) -> Arguments:
    """The command line, or ``words``; ends the program after --help, --version or nonsense."""
    parser = ArgumentParser(
        "takeback", description="An interactive backpropagation lab.", epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"takeback {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve until interrupted")
    commands.add_parser("settings", help="list the settings: what they are and may be")
    commands.add_parser("check", help="say what works and what does not; 1 if serving cannot work")
    backup = commands.add_parser("backup", help="copy the store, also while the server runs")
    restore = commands.add_parser("restore", help="make a copy the store, while no server runs")
    for one, text, replaced in (
        (backup, "where the copy goes", "an existing file"),
        (restore, "a copy that backup made", "a store with networks in it; that is kept aside"),
    ):
        one.add_argument("file", type=_file, metavar="FILE", help=text)
        one.add_argument("--force", action="store_true", help=f"replace {replaced}")
    asked = parser.parse_args(words)
    if asked.command in ("backup", "restore"):
        return Arguments(asked.command, asked.file, asked.force)
    return Arguments(asked.command or "serve")


@contextmanager
def quiet_pipe() -> Iterator[None]:
    """End the program without a word if nobody reads it, as of ``takeback check | head -1``."""
    try:
        try:
            yield
        finally:
            print(end="", flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python flushes
        raise SystemExit(1) from None


def _file(name: str) -> Path:
    if name == "-":
        raise ArgumentTypeError("it is a file with a name; a copy cannot be piped")
    return Path(name)
