"""The commands ``backup`` and ``restore``."""

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from app.errors import StorageUnavailable
from app.hosting.arguments import Arguments
from app.hosting.check import directory_refused
from app.hosting.control import COPY, SOCKET, ask
from app.messages.marking import Count
from app.settings import Settings
from app.store.copies import Contents, contents_of, copy_of, inspect, put_back
from app.store.database_file import NAME


def copied(asked: Arguments, settings: Settings) -> str:
    """Carry out ``backup`` or ``restore``; what was done, or the end of the program saying why."""
    if settings.is_shared:
        raise SystemExit(
            "takeback: the networks are on the server of TAKEBACK_STORE, whose own files are"
            " copied, while it runs, with valkey-cli --rdb FILE (or redis-cli); docs/hosting.md,"
            " Several processes, says how they come back. This command is for a SQLite store."
        )
    if refusal := directory_refused(settings):
        raise SystemExit(f"takeback: {refusal}")
    directory = settings.data_dir
    try:
        if asked.command == "backup":
            return backup(directory, asked.file, force=asked.force)
        return restore(asked.file, directory, force=asked.force)
    except StorageUnavailable as error:
        raise SystemExit(f"takeback: {error.values['reason']}") from None
    except (OSError, sqlite3.Error) as error:
        raise SystemExit(f"takeback: {error}") from None


def backup(directory: Path, target: Path, *, force: bool = False) -> str:
    """Copy the store to ``target``, whether a server runs or not; what was done, in words.

    The file appears when it is complete and sound, for its owner's eyes only. StorageUnavailable if
    there is no store, or ``target`` cannot be written, is the server's own, or exists and nobody
    uses ``force``.
    """
    if _is_of_server(target, directory):
        names = f"{NAME}, {SOCKET} or {COPY}"
        own = f"names in {directory} that begin with {names} are the server's own"
        reason = f"{own}; choose another name or directory than {target}"
        raise StorageUnavailable(reason=reason)
    if target.exists() and not target.is_file():
        raise StorageUnavailable(reason=f"{target} is no file; name the file that the copy becomes")
    if target.exists() and not force:
        raise StorageUnavailable(reason=f"{target} exists (--force replaces it)")
    if not target.absolute().parent.is_dir():
        raise StorageUnavailable(reason=f"{target.absolute().parent} is no directory")
    if not (directory / NAME).exists():
        raise StorageUnavailable(reason=f"there is no store in {directory}")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as place:
        copy = Path(place) / "copy"
        _fetch(directory, copy)
        found = contents_of(copy)
        copy.chmod(0o600)
        with copy.open("rb") as written:
            os.fsync(written.fileno())
        size = copy.stat().st_size
        copy.replace(target)
    return f"{_said(found)} in {target}, {size / 1e6:.1f} MB"


def _is_of_server(target: Path, directory: Path) -> bool:
    """Whether a file, or what it links to, has a name that the server writes or clears away."""
    store = directory / NAME
    own = (str(directory.resolve() / name) for name in (NAME, SOCKET, COPY))
    names = (*own, str(store.resolve()))
    places = (target.absolute().parent.resolve() / target.name, target.resolve())
    return any(str(place).startswith(names) for place in places)


def _fetch(directory: Path, copy: Path) -> None:
    try:
        made = directory / ask(directory, "backup")
    except (ConnectionError, FileNotFoundError):
        copy_of(directory, copy)  # no server runs
        return
    try:
        shutil.move(made, copy)
    finally:
        made.unlink(missing_ok=True)


def restore(copy: Path, directory: Path, *, force: bool = False) -> str:
    """Make ``copy`` the store of a server that does not run; what was done, in words.

    StorageUnavailable if ``copy`` is none, or there are networks and nobody uses ``force``.
    """
    found = contents_of(copy)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (directory / NAME).exists() and not force and (held := _networks_in(directory)):
        reason = f"{directory} holds {held}; --force replaces it and keeps it under another name"
        raise StorageUnavailable(reason=reason)
    replaced = put_back(copy, directory)
    kept = f"; what was there is kept as {replaced.name}" if replaced else ""
    return f"{_said(found)} restored to {directory}{kept}"


def _networks_in(directory: Path) -> str:
    """What of worth lies in a store that nobody uses; "" for nothing."""
    try:
        found = inspect(directory)
    except sqlite3.DatabaseError as error:
        return f"a damaged store ({error})"
    return _said(found) if found.networks else ""


def _said(found: Contents) -> str:
    return f"{Count(found.networks):network|networks}"
