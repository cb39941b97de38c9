"""Where the site and its measurements are served, and whether anything can listen there."""

from dataclasses import dataclass

from app.server.workers import bound
from app.settings import Settings

_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - nothing listens there


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port to listen at, and the settings that say so."""

    what: str
    host: str
    port: int
    settings: str

    def __str__(self) -> str:
        """The address as part of a sentence."""
        return f"{host_and_port(self.host, self.port)} ({self.settings})"

    def taken(self) -> OSError | None:
        """Why nothing can listen here, or None if something can."""
        try:
            for one in bound(self.host, self.port):
                one.close()
        except OSError as error:
            return error
        return None

    def refusal(self, error: OSError) -> str:
        """A sentence that says why nothing can listen here."""
        return f"cannot listen at {self}: {error.strerror}"


def addresses(settings: Settings) -> list[Address]:
    """Where the site is to be served, and its measurements, a port for each process."""
    names = "TAKEBACK_METRICS_HOST, TAKEBACK_METRICS_PORT"
    first = settings.metrics_port
    return [
        Address("address", settings.host, settings.port, "HOST, PORT"),
        *(
            Address("metrics", settings.metrics_host, first + number, names)
            for number in range(settings.workers if first else 0)
        ),
    ]


def address_refused(settings: Settings) -> str:
    """Why measurements cannot be served where the settings say: the site is there; "" if not."""
    site, *others = addresses(settings)
    for one in others:
        hosts = {site.host, one.host}
        if one.port == site.port and (len(hosts) == 1 or hosts & _EVERYWHERE):
            return f"measurements cannot be at {one}: the site is there; choose another port"
    return ""


def host_and_port(host: str, port: int) -> str:
    """An address as it stands in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
