"""What can go wrong, as a tree; each class carries its HTTP status.

    TakebackError
        InvalidInput            422  a field of a request cannot be used
            SpecError                a Spec makes no sense (``app.engine.validation``)
            InvalidTable             a table cannot be read, or its cells cannot be used
            MalformedRequest    400  the request cannot be read at all
            TooLarge            413  the request's body is over the limit
            UnsupportedMediaType 415    the request's body is of a type that is not understood
                UnsupportedEncoding     or compressed
            UnusableLink        400  a link is cut off, changed, or holds what cannot be
            LinkTooLarge        422  a network that no link can hold
        NotFound                404  no such network or example: unknown and expired look the same
        MethodNotAllowed        405
        NotComputed             409  what is asked for lies ahead of the phase in view
        VersionConflict         409  the network has moved on since the page was drawn
            PreconditionFailed  412  the same, told to an If-Match header
        Diverged                422  a step would not be finite; nothing was changed
        CapacityReached         503  no room for another network
        Busy                    503  too many runs at once
        StorageFull             507  the disk is full
        StorageUnavailable      503  the store cannot be reached

What people read stands in ``app.messages``, under each error's ``code``.
"""

from collections.abc import Sequence


class TakebackError(Exception):
    """The root.

    Attributes:
        status: the HTTP status that it is answered with.
        code: the key of its sentence in the messages module, and the problem's type.
        pointer: JSON pointer to the field that is to blame, or None.
        values: what the sentence needs.
    """

    status = 500
    code = "internal"

    def __init__(
        self, code: str | None = None, *, pointer: str | None = None, **values: object
    ) -> None:
        self.code = code or type(self).code
        self.pointer = pointer
        self.values = values
        super().__init__(self.code, pointer, values)


class InvalidInput(TakebackError):
    """A field of a request cannot be used; ``code`` says why."""

    status = 422
    code = "invalid"

    def under(self, where: str) -> "InvalidInput":
        """The same of a field below the pointer ``where``."""
        return InvalidInput(self.code, pointer=where + (self.pointer or ""), **self.values)


class InvalidTable(InvalidInput):
    """A table cannot be read or used; ``others`` are the errors after this first one."""

    def __init__(
        self,
        code: str | None = None,
        *,
        pointer: str | None = None,
        others: Sequence["InvalidInput"] = (),
        **values: object,
    ) -> None:
        super().__init__(code, pointer=pointer, **values)
        self.others = tuple(others)


class MalformedRequest(InvalidInput):
    """The request cannot be read at all."""

    status = 400
    code = "malformed"


class TooLarge(InvalidInput):
    """The request's body is over the limit."""

    status = 413
    code = "body_too_large"


class UnsupportedMediaType(InvalidInput):
    """The request's body is of a type that is not understood."""

    status = 415
    code = "unsupported_type"


class UnsupportedEncoding(UnsupportedMediaType):
    """The request's body is compressed."""

    code = "unsupported_encoding"


class UnusableLink(InvalidInput):
    """A link that is cut off, changed, or holds what cannot be."""

    status = 400
    code = "link_damaged"


class LinkTooLarge(InvalidInput):
    """A network that no link can hold."""

    code = "link_too_large"


class NotFound(TakebackError):
    """No such page, network or example."""

    status = 404
    code = "not_found"


class MethodNotAllowed(TakebackError):
    """The address exists, but not for this method."""

    status = 405
    code = "method_not_allowed"


class NotComputed(TakebackError):
    """What is asked for lies ahead of the phase that a step is walked to."""

    status = 409
    code = "not_computed"


class VersionConflict(TakebackError):
    """The network has moved on since the page was drawn."""

    status = 409
    code = "version_conflict"


class PreconditionFailed(VersionConflict):
    """The network has moved on from the version in If-Match."""

    status = 412
    code = "precondition_failed"


class Diverged(TakebackError):
    """A step would not be finite; nothing was changed.

    Attributes:
        step: the first step with an infinite or undefined result.
    """

    status = 422
    code = "diverged"

    def __init__(self, step: int, *, pointer: str | None = None) -> None:
        super().__init__(pointer=pointer, step=step)
        self.step = step


class CapacityReached(TakebackError):
    """No room for another network."""

    status = 503
    code = "capacity"


class Busy(TakebackError):
    """Too many runs and other long work at once."""

    status = 503
    code = "busy"


class StorageFull(TakebackError):
    """The disk is full; what is stored can still be read."""

    status = 507
    code = "storage_full"


class StorageUnavailable(TakebackError):
    """The store cannot be reached, or was written by a newer program."""

    status = 503
    code = "storage_unavailable"
