"""What tells a follower's device from others: a mark that the server issues with the page.

A mark is random and sealed with what nobody who follows knows. It is in the page alone: there are
no cookies, and nothing is stored in a browser.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode

from app.errors import InvalidInput
from app.store.classrooms import Classroom

_MARK = re.compile(r"([\w-]{12})([\w-]{16})", re.ASCII)


def new_mark(room: Classroom) -> str:
    """A mark for a device that comes into a room: 72 random bits, and a seal of 96."""
    device = secrets.token_urlsafe(9)
    return device + _seal(room, device)


def device_of(room: Classroom, mark: str) -> str:
    """The device that a mark is of. Raises InvalidInput if this room has not issued it."""
    found = _MARK.fullmatch(mark)
    if not found or not hmac.compare_digest(found[2], _seal(room, found[1])):
        raise InvalidInput("forged_mark", pointer="/me")
    return found[1]


def is_of(room: Classroom, mark: str) -> bool:
    """Whether this room has issued a mark."""
    try:
        device_of(room, mark)
    except InvalidInput:
        return False
    return True


def _seal(room: Classroom, device: str) -> str:
    text = f"{room.token} {device}".encode()
    return urlsafe_b64encode(hmac.digest(room.first, text, "sha256")[:12]).decode()
