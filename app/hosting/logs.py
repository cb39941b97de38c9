"""The log: as text or as JSON lines, on the standard error, bounded whatever happens."""

import logging
import time
from collections.abc import Callable

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from app.settings import LogSetting
from app.web.http.observation import Answer, request_id

_ACCESS = "takeback.access"
_MOST, _SECONDS = 20, 60.0


def configure(kind: LogSetting) -> None:
    """Send everything that is logged to the standard error, as text or JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(_json() if kind == "json" else PlainLines())
    handler.addFilter(_with_request_id)
    handler.addFilter(Bounded())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def log_answer(answer: Answer) -> None:
    """A line of the access log: neither the address of a network nor of a person."""
    logging.getLogger(_ACCESS).info(
        "%s %s %d %.1f ms",
        answer.method, answer.route or "-", answer.status, answer.seconds * 1000,
        extra={
            "event": "request", "method": answer.method, "route": answer.route,
            "status": answer.status, "seconds": round(answer.seconds, 6),
        },
    )  # fmt: skip


def _with_request_id(record: logging.LogRecord) -> bool:
    if named := request_id():
        record.request_id = named
    return True


def _json() -> logging.Formatter:
    return JsonFormatter(
        ["levelname", "name", "message"], timestamp="time",
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        reserved_attrs=[*RESERVED_ATTRS, "color_message"], json_ensure_ascii=True,
    )  # fmt: skip


class PlainLines(logging.Formatter):
    """A line a record: nothing that somebody sent can begin another one."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """The line, control characters escaped."""
        more = [
            f"{name}={value}"
            for name in ("event", "request_id", "held_back")
            if record.name != _ACCESS and (value := getattr(record, name, None))
        ]
        line = super().formatMessage(record).rstrip("\n")
        return _escaped(line + (f" ({', '.join(more)})" if more else ""))

    def formatException(self, ei: object) -> str:  # noqa: N802
        """The traceback, every line of it marked."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(f"  | {_escaped(line)}" for line in lines)


def _escaped(text: str) -> str:
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


class Bounded(logging.Filter):
    """Lets 20 records of a kind through a minute; the next one says how many were held back.

    Who logs, in which line of code and with which code, is the kind. Access lines are no kind.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if record.name == _ACCESS:
            return True
        kind = record.pathname, record.lineno, getattr(record, "code", "")
        begun, count = self._kinds.get(kind, (0.0, 0))
        now = self._clock()
        if not count or now - begun >= _SECONDS:
            if count > _MOST:
                record.held_back = count - _MOST
            begun, count = now, 0
        self._kinds[kind] = begun, count + 1
        return count < _MOST
