"""What can go wrong, as a tree; each class carries its HTTP status.

What people read stands in ``app.messages``, under each error's ``code``. One more class stands
where it is raised: ``app.engine.validation.SpecError``, for a Spec that makes no sense.
"""

import copyreg
from collections.abc import Sequence
from typing import Any


class TakebackError(Exception):
    """The root.

    ``code`` is the key of its sentence in ``app.messages`` and the problem's type, ``pointer`` the
    JSON pointer to the field that is to blame, ``values`` is what the sentence needs.
    """

    status, code = 500, "internal"

    def __init__(
        self, code: str | None = None, *, pointer: str | None = None, **values: object
    ) -> None:
        self.code, self.pointer, self.values = code or type(self).code, pointer, values
        super().__init__(self.code, pointer, values)

    def __reduce__(self) -> tuple[Any, ...]:
        """As its class and what it holds, since classes begin in ways of their own."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class InvalidInput(TakebackError):
    """A field of a request cannot be used; ``code`` says why."""

    status, code = 422, "invalid"

    def under(self, where: str) -> "InvalidInput":
        """The same of a field below the pointer ``where``."""
        return InvalidInput(self.code, pointer=where + (self.pointer or ""), **self.values)

    @property
    def readings(self) -> tuple[str, ...]:
        """What may be written for a number or a list that can be read in two ways, else ()."""
        keys = {"open_number": ("comma", "point"), "open_list": ("point", "apart")}
        return tuple(str(self.values[key]) for key in keys.get(self.code, ()))


class InvalidTable(InvalidInput):
    """A table cannot be read or used; ``others`` are the errors after this first one."""

    def __init__(self, code: str, *, others: Sequence[InvalidInput] = (), **values: Any) -> None:
        super().__init__(code, **values)
        self.others = tuple(others)


class RefusedDocument(TakebackError):
    """A document with several ``errors``, the first of which decides."""

    def __init__(self, errors: Sequence[InvalidInput]) -> None:
        super().__init__()
        self.errors = tuple(errors)


class MalformedRequest(InvalidInput):
    """The request cannot be read at all."""

    status, code = 400, "malformed"


class HostRefused(MalformedRequest):
    """The Host header names none that this server answers for."""

    code = "host_refused"


class TooLarge(InvalidInput):
    """The request's body is over the limit."""

    status, code = 413, "body_too_large"


class Unfinished(MalformedRequest):
    """The request did not arrive in time."""

    status, code = 408, "unfinished"


class HeadTooLarge(MalformedRequest):
    """The request's address and headers are over the limit."""

    status, code = 431, "head_too_large"


class UnsupportedMediaType(InvalidInput):
    """The request's body is of a type that is not understood."""

    status, code = 415, "unsupported_type"


class UnsupportedEncoding(UnsupportedMediaType):
    """The request's body is compressed."""

    code = "unsupported_encoding"


class UnusableLink(InvalidInput):
    """A link that is cut off, changed, or holds what cannot be."""

    status, code = 400, "link_damaged"


class LinkTooLarge(InvalidInput):
    """A network that no link can hold."""

    code = "link_too_large"


class NotFound(TakebackError):
    """No such page, network or example; unknown and expired look the same."""

    status, code = 404, "not_found"


class ClassOver(NotFound):
    """No class follows the network whose desk asks for something."""

    code = "follows_no_more"


class MethodNotAllowed(TakebackError):
    """The address exists, but not for this method."""

    status, code = 405, "method_not_allowed"


class NotComputed(TakebackError):
    """What is asked for lies ahead of the phase that a step is walked to."""

    status, code = 409, "not_computed"


class VersionConflict(TakebackError):
    """The network has moved on since the page was drawn."""

    status, code = 409, "version_conflict"


class QuestionOver(TakebackError):
    """The question that was answered is not open, or not the one that is asked."""

    status, code = 409, "question_over"


class PreconditionFailed(VersionConflict):
    """The network has moved on from the version in If-Match."""

    status, code = 412, "precondition_failed"


class Diverged(TakebackError):
    """A step would not be finite, ``step`` the first; nothing was changed."""

    status, code = 422, "diverged"

    def __init__(self, step: int, *, pointer: str | None = None) -> None:
        super().__init__(pointer=pointer, step=step)
        self.step = step


class CapacityReached(TakebackError):
    """No room for another network."""

    status, code = 503, "capacity"


class TooManyRequests(TakebackError):
    """More requests from one address than are fair to the others."""

    status, code = 429, "too_many_requests"


class Busy(TakebackError):
    """Too many runs and other long work at once."""

    status, code = 503, "busy"


class Crowded(Busy):
    """Too many sockets, or too many large bodies and answers at once."""

    code = "crowded"


class Stopping(Busy):
    """The server is asked to stop while the request is under way."""

    code = "stopping"


class Late(TakebackError):
    """Work that waited and took longer than a request may; the code says what would fit."""

    status, code = 503, "late"


class StorageFull(TakebackError):
    """The disk is full; what is stored can still be read."""

    status, code = 507, "storage_full"


class StorageUnavailable(TakebackError):
    """The store cannot be reached, or was written by a newer program."""

    status, code = 503, "storage_unavailable"
