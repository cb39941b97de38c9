"""The command ``check``: what serving needs, and whether it works."""

import asyncio
import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from app.errors import StorageFull, StorageUnavailable
from app.hosting.addresses import Address, address_refused, addresses
from app.hosting.control import ask
from app.messages.marking import Count
from app.settings import Settings, chosen_variables, unknown_names
from app.store.copies import inspect
from app.store.database_file import NAME
from app.store.valkey_server import ValkeyServer, look

Verdict = Literal["ok", "warn", "FAIL"]
OLD_PLACE = Path("data")
"""Where data lay unless told otherwise, before it had a place of its own."""
_FEW_DESCRIPTORS, _TOO_FEW_DESCRIPTORS = 4096, 256
_LITTLE_ROOM = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing that serving needs; FAIL means that it cannot go on."""

    verdict: Verdict
    what: str
    text: str

    def __str__(self) -> str:
        """The finding as a line."""
        return f"{self.verdict:<5} {self.what:<12} {self.text}"


def check(settings: Settings, kernel: Callable[[], Finding]) -> int:
    """Print a line for each thing that serving needs; 1 if one of them does not work."""
    failed = False
    for finding in findings(settings, kernel):
        print(finding, flush=True)
        failed |= finding.verdict == "FAIL"
    return int(failed)


def check_refused(refusals: str) -> int:
    """Print a line for each setting that cannot be used, as ``unusable`` has them; 1."""
    for refusal in refusals.splitlines():
        print(Finding("FAIL", "settings", refusal), flush=True)
    return 1


def findings(settings: Settings, kernel: Callable[[], Finding]) -> Iterator[Finding]:
    """Look at one thing after the other; ``kernel`` takes seconds the first time."""
    chosen = ", ".join(sorted(chosen_variables(settings))) or "none, all defaults"
    yield Finding("ok", "settings", f"from the environment: {chosen}")
    for name in unknown_names(os.environ):
        text = f"{name} is no setting, and does nothing; takeback settings lists all"
        yield Finding("warn", "settings", text)
    yield from _directory(settings)
    if settings.is_shared:
        yield from _shared_store(settings)
    else:
        yield _store(settings)
        yield _disk(settings)
    if refusal := workers_refused(settings):
        yield Finding("FAIL", "processes", refusal)
    yield from (_address(one, settings) for one in addresses(settings))
    if refusal := address_refused(settings):
        yield Finding("FAIL", "metrics", refusal)
    yield _descriptors()
    yield kernel()
    yield _names(settings)


def store_left_behind(settings: Settings) -> str:
    """A sentence if a store of before lies in ./data and is not used; else ""."""
    old = OLD_PLACE / NAME
    if "data_dir" in settings.model_fields_set or not old.exists():
        return ""
    return (
        f"{old.resolve()} holds networks of before and is not used: data lies in"
        f" {settings.data_dir} now (TAKEBACK_DATA_DIR={OLD_PLACE.resolve()} uses it again)"
    )


def _directory(settings: Settings) -> Iterator[Finding]:
    if refusal := directory_refused(settings):
        yield Finding("FAIL", "data", refusal)
        return
    place = settings.data_dir.absolute()
    made = [one for one in (place, *place.parents) if not _exists(one)]
    refusal = directory_unwritable(settings)
    yield Finding("FAIL" if refusal else "ok", "data", refusal or f"{place} can be written")
    for one in made:  # a look leaves nothing behind
        with suppress(OSError):
            one.rmdir()
    if old := store_left_behind(settings):
        yield Finding("warn", "data", old)


def _address(address: Address, settings: Settings) -> Finding:
    error = address.taken()
    if error is None:
        return Finding("ok", address.what, f"{address} is free")
    if error.errno == errno.EADDRINUSE:
        if _runs(settings):
            return Finding("ok", address.what, f"{address} is in use, and a server runs")
        return Finding("warn", address.what, f"something listens at {address} already")
    return Finding("FAIL", address.what, address.refusal(error))


def _runs(settings: Settings) -> bool:
    """Whether a server has the store, and answers."""
    try:
        ask(settings.data_dir, "check")
    except StorageUnavailable:  # it cannot write
        return True
    except OSError:
        return False
    return True


def directory_refused(settings: Settings) -> str:
    """Why the data cannot lie where the settings say: a file is in the way; "" if none is."""
    place = settings.data_dir.absolute()
    there = next(one for one in (place, *place.parents) if _exists(one))
    if there.is_dir():
        return ""
    return f"TAKEBACK_DATA_DIR={place} cannot be used: {there} is a file, not a directory"


def directory_unwritable(settings: Settings) -> str:
    """Why nothing can be written where the settings say; "" if it can. The directory is made."""
    place = settings.data_dir.absolute()
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        return f"{place} cannot be written: {error.strerror}"
    return ""


def _exists(place: Path) -> bool:
    """Whether a place is known to exist; others' directories do not tell."""
    try:
        return place.exists()
    except OSError:
        return False


def workers_refused(settings: Settings) -> str:
    """Why there cannot be as many processes as the settings ask for; "" if there can."""
    if settings.workers == 1 or settings.is_shared:
        return ""
    return (
        f"TAKEBACK_WORKERS={settings.workers} needs a store that processes share, and a SQLite"
        " file belongs to one process: set TAKEBACK_STORE=valkey://HOST:6379/0 (or redis://...),"
        " or leave TAKEBACK_WORKERS away"
    )


def _shared_store(settings: Settings) -> Iterator[Finding]:
    """The server that processes share: written to, what it is, and what it may forget."""
    where = urlsplit(settings.store).netloc.rpartition("@")[2]
    try:
        state = asyncio.run(look(ValkeyServer(settings.store)))
    except (StorageUnavailable, StorageFull) as error:
        reason = error.values.get("reason", "it has no room")
        yield Finding("FAIL", "store", f"the server of TAKEBACK_STORE, {where}: {reason}")
        return
    told = state.told
    name = f"Valkey {told['valkey_version']}" if "valkey_version" in told else ""
    name = name or f"Redis {told.get('redis_version', 'of some version')}"
    text = (
        f"{name} at {where} answers in {1000 * state.seconds:.1f} ms;"
        f" {Count(state.networks):network|networks},"
        f" {Count(state.processes):process serves|processes serve}; written"
    )
    if told.get("cluster_enabled"):
        yield Finding("FAIL", "store", f"{text}; it has to be one server, not a cluster")
    else:
        yield Finding("ok", "store", text)
    if told:
        yield _memory(told, settings)
        yield _persistence(told)
    else:
        text = "unknown: INFO may not be asked for; appendonly yes and noeviction are needed"
        yield Finding("warn", "memory", text)


def _memory(told: dict[str, Any], settings: Settings) -> Finding:
    used, most = int(told["used_memory"]) / 2**20, int(told["maxmemory"]) / 2**20
    policy = told["maxmemory_policy"]
    bound = f" of maxmemory {most:,.0f} MiB" if most else ", no maxmemory"
    text = f"{used:,.0f} MiB used{bound}"
    if policy != "noeviction":
        return Finding("FAIL", "memory", f"{text}; maxmemory-policy {policy} must be noeviction")
    if 0 < most < settings.max_database_mb:
        text += f", less than TAKEBACK_MAX_DATABASE_MB={settings.max_database_mb}"
        return Finding("warn", "memory", text)
    return Finding("ok", "memory", f"{text}, {policy}")


def _persistence(told: dict[str, Any]) -> Finding:
    if not int(told["aof_enabled"]):
        text = "appendonly no: what came since its last copy is lost when it stops; yes keeps it"
        return Finding("warn", "persistence", text)
    return Finding("ok", "persistence", "appendonly yes: what is written outlives the server")


def _store(settings: Settings) -> Finding:
    file = settings.data_dir / NAME
    try:
        networks = Count(ask(settings.data_dir, "check"))
        return Finding("ok", "store", f"{networks:network|networks}; a running server wrote to it")
    except StorageUnavailable as error:
        return Finding(
            "FAIL", "store", f"the running server cannot write: {error.values['reason']}"
        )
    except OSError:
        pass  # no server runs
    try:
        if not file.exists() and (settings.data_dir.is_dir() or not settings.data_dir.exists()):
            return Finding("ok", "store", "none yet; the first start makes it")
        networks = Count(inspect(settings.data_dir).networks)
        return Finding("ok", "store", f"{networks:network|networks}; written")
    except StorageUnavailable as error:
        return Finding("FAIL", "store", f"{error.values['reason']}, by no server that answers")
    except (sqlite3.Error, OSError) as error:
        return Finding("FAIL", "store", f"{file} cannot be used: {error}")


def _disk(settings: Settings) -> Finding:
    try:
        place = settings.data_dir.absolute()
        there = next(one for one in (place, *place.parents) if one.exists())
        free = shutil.disk_usage(there).free
        used = sum(one.stat().st_size for one in settings.data_dir.glob(f"{NAME}*"))
    except OSError as error:
        return Finding("FAIL", "disk", f"unknown: {error.strerror}")
    wanted = settings.max_database_mb * 1024 * 1024 - used
    text = f"{free / 2**20:,.0f} MiB free; the store may grow by {max(0, wanted) / 2**20:,.0f} MiB"
    if free < _LITTLE_ROOM:
        return Finding("FAIL", "disk", text)
    return Finding("warn" if free < wanted else "ok", "disk", text)


def _descriptors() -> Finding:
    try:
        import resource
    except ImportError:  # no Unix
        return Finding("ok", "descriptors", "no limit is known")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = soft != resource.RLIM_INFINITY and soft < _FEW_DESCRIPTORS
    text = f"{soft} for sockets and files; at most {hard}"
    if few and soft < _TOO_FEW_DESCRIPTORS:
        return Finding("FAIL", "descriptors", f"{text}; {_TOO_FEW_DESCRIPTORS} are needed")
    if few:
        text += f"; better {_FEW_DESCRIPTORS} or more (ulimit -n, LimitNOFILE)"
    return Finding("warn" if few else "ok", "descriptors", text)


def _names(settings: Settings) -> Finding:
    if settings.public_url:
        text, path = f"links say {settings.public_url}", urlsplit(settings.public_url).path
        if path == settings.root_path:
            return Finding("ok", "names", text)
        text += f", but pages are below TAKEBACK_ROOT_PATH={settings.root_path or '(none)'}"
        return Finding("warn", "names", f"{text}: their paths have to be the same")
    is_open = settings.host not in ("127.0.0.1", "::1", "localhost") and "*" in settings.hosts
    if is_open:
        text = (
            "links say what a request's Host says; set TAKEBACK_PUBLIC_URL, TAKEBACK_ALLOWED_HOSTS"
        )
        return Finding("warn", "names", text)
    return Finding("ok", "names", f"hosts that are answered: {', '.join(settings.hosts)}")
