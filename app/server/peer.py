"""What the kernel knows of a client that the server neither reads from nor writes to just now."""

import select
import socket
import struct

_TCP_INFO_BYTES, _UNACKED_AT, _ACKED_AT, _UNSENT_AT = 192, 24, 120, 144


def has_hung_up(one: socket.socket) -> bool:
    """Whether a client has closed its end, though not all that it sent was read; Linux tells."""
    if not hasattr(select, "POLLRDHUP"):
        return False
    poll = select.poll()
    poll.register(one.fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


def on_its_way(one: socket.socket) -> tuple[int, int]:
    """Bytes that the kernel still has for a client, and those that it took so far; Linux tells."""
    try:
        told = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        (unacked,) = struct.unpack_from("=I", told, _UNACKED_AT)
        (acked,) = struct.unpack_from("=Q", told, _ACKED_AT)
        (unsent,) = struct.unpack_from("=I", told, _UNSENT_AT)
    except (AttributeError, OSError, struct.error):
        return 0, 0
    return unacked + unsent, acked
