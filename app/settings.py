"""Settings, read from the environment: HOST and PORT, and the rest under TAKEBACK_."""

import os
import re
from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from limits import parse_many
from platformdirs import user_data_path
from pydantic import AfterValidator, AliasChoices, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"
KernelSetting = Literal["auto", "numpy"]
LogSetting = Literal["text", "json"]
_HOST = r"(\*|(\*\.)?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
_STORE = r"sqlite|(valkey|redis)s?://[^/\s]+(/[0-9]+)?(\?\S*)?"
_PASSWORD = re.compile("//.*@")
_URL = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*"


def _is_rate(text: str) -> str:
    if text and not all(item.amount for item in parse_many(text)):
        raise ValueError
    return text


Rate = Annotated[
    str,
    AfterValidator(_is_rate),
    Field(
        description="write it like 20/minute; 400/hour, 1 at least, by second, minute, hour or day"
    ),
]
"""How many requests an address may send in which time, as the package limits writes it."""


def _are_proxies(text: str) -> str:
    if text != "*":
        for one in filter(None, map(str.strip, text.split(","))):
            ip_network(one) if "/" in one else ip_address(one)  # ValueError
    return text


_ANCESTORS = "name who may, such as 'self' https://lab.example, with blanks and no ; , between them"

_OTHERS = {
    "TAKEBACK_SITE", "TAKEBACK_UPSTREAM", "TAKEBACK_CADDYFILE", "TAKEBACK_CHROMIUM",
    "TAKEBACK_VALKEY",
}  # fmt: skip
"""Names that the hosting kit and the tests read."""


def _has_a_place(text: str) -> str:
    _ = urlsplit(text).port  # ValueError: of a host or port that there cannot be
    return text


class Settings(BaseSettings):
    """Everything that a deployment may choose. Each field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="TAKEBACK_", env_ignore_empty=True, frozen=True, populate_by_name=True,
    )  # fmt: skip

    host: str = Field(
        "127.0.0.1", validation_alias=AliasChoices("HOST", "TAKEBACK_HOST"),
        description="name an address of this machine, such as 127.0.0.1 or ::1, or all: 0.0.0.0",
    )  # fmt: skip
    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("PORT", "TAKEBACK_PORT"))
    root_path: str = Field(
        "", pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="write it like /lab, without / at its end, of letters, digits and . _ ~ -",
    )  # fmt: skip
    forwarded_allow_ips: Annotated[str, AfterValidator(_are_proxies)] = Field(
        "127.0.0.1",
        description="name addresses or networks, such as 10.0.0.7, 10.1.0.0/16, or say * alone",
    )
    allowed_hosts: str = Field(
        "*", pattern=rf"^{_HOST}( *, *{_HOST})*$",
        description="name hosts, such as lab.example, *.lab.example, [::1], without a port",
    )  # fmt: skip
    public_url: str = Field(
        "", pattern=rf"^({_URL})?$",
        description="write it like https://lab.example or https://lab.example/lab, no / at its end",
    )  # fmt: skip

    workers: int = Field(1, ge=1, le=64)

    store: Annotated[str, AfterValidator(_has_a_place)] = Field(
        "sqlite", pattern=rf"^({_STORE})$",
        description="write sqlite, or an address like valkey://HOST:6379/0 or redis://HOST:6379/0",
    )  # fmt: skip
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("takeback", appauthor=False),
        description="name a directory that can be written",
    )
    max_networks: int = Field(10_000, ge=1)
    max_database_mb: int = Field(1024, ge=1)
    network_ttl_hours: float = Field(24.0, gt=0, le=87_600)  # ten years
    untouched_ttl_hours: float = Field(2.0, gt=0, le=87_600)
    network_rate: Rate = "2000/minute; 4000/hour"
    run_rate: Rate = "3000/minute"
    import_rate: Rate = "600/minute"
    picture_rate: Rate = "600/minute"
    room_rate: Rate = "40/hour"
    join_rate: Rate = "10/minute"
    site_join_rate: Rate = "100/minute"
    every_join_rate: Rate = "1000/minute"
    first_join_rate: Rate = "5000/minute"
    answer_rate: Rate = "3000/minute"
    room_answer_rate: Rate = "6000/minute"
    max_rooms: int = Field(1000, ge=1)
    max_followers: int = Field(750, ge=1)
    cache_networks: int = Field(1024, ge=1)
    cache_mb: int = Field(64, ge=1)

    kernel: KernelSetting = "auto"
    run_workers: int = Field(max(1, (os.cpu_count() or 2) - 1), ge=1, le=256)
    max_runs: int = Field(64, ge=1)

    max_body_bytes: int = Field(64 * 1024, ge=1024)
    max_import_bytes: int = Field(32 * 1024 * 1024, ge=1024)
    max_sockets: int = Field(1000, ge=16)
    max_sockets_per_address: int = Field(800, ge=16)
    max_spool_mb: int = Field(512, ge=1)
    frame_ancestors: str = Field("'self'", pattern=r"^[^;,\r\n]+$", description=_ANCESTORS)
    embed_ancestors: str = Field("*", pattern=r"^[^;,\r\n]+$", description=_ANCESTORS)

    log: LogSetting = "text"
    access_log: bool = False
    metrics_port: int = Field(0, ge=0, le=65535)
    metrics_host: str = Field(
        "127.0.0.1", description="name an address of this machine, as for HOST"
    )

    @property
    def is_shared(self) -> bool:
        """Whether several processes may use the store."""
        return self.store != "sqlite"

    @property
    def hosts(self) -> list[str]:
        """The hosts that are allowed, the public address's among them."""
        allowed = [host.strip() for host in self.allowed_hosts.split(",")]
        public = re.match(r"https?://(\[[^]]*\]|[^:/]+)", self.public_url)
        return [*allowed, public[1]] if public else allowed


def unusable(error: ValidationError) -> str:
    """What is wrong with the environment, a line for each variable."""
    lines = []
    for one in error.errors():
        name = variable(str(one["loc"][-1])) if one["loc"] else "the environment"
        field = Settings.model_fields.get(name.removeprefix("TAKEBACK_").lower())
        given = _PASSWORD.sub("//***@", str(one["input"]))
        lines.append(f"{name} cannot be {given[:100]!r}: {_form(field) if field else one['msg']}")
    return "\n".join(lines)


def _form(field: FieldInfo) -> str:
    """What a setting's value looks like."""
    if field.description:
        return field.description
    if choices := get_args(field.annotation):
        return f"it is {' or '.join(choices)}"
    if field.annotation is bool:
        return "it is true or false"
    kind = "a whole number" if field.annotation is int else "a number"
    words = {"gt": "above", "ge": "at least", "le": "at most"}
    bounds = [
        f"{words[name]} {getattr(bound, name):,}"
        for bound in field.metadata
        for name in words
        if hasattr(bound, name)
    ]
    return f"it is {kind}{', ' if bounds else ''}{' and '.join(bounds)}"


def chosen_variables(settings: Settings) -> list[str]:
    """The environment's variables that ``settings`` come from, by the names that stand there."""
    names = []
    for name in settings.model_fields_set:
        names_of = _variables(name)
        names.append(next(filter(os.environ.get, names_of), names_of[0]))
    return names


def _variables(name: str) -> list[str]:
    """The environment variables that a setting is read from."""
    aliases = Settings.model_fields[name].validation_alias
    if isinstance(aliases, AliasChoices):
        return [str(one) for one in aliases.choices]
    return [variable(name)]


def overview(settings: Settings) -> str:
    """A line for each setting: its variable, its value, and what it may be."""
    values = {name: _PASSWORD.sub("//***@", str(value)) for name, value in settings}
    return "\n".join(
        f"{_variables(name)[0]}={values[name]}".ljust(52) + f" # {_form(field)}"
        for name, field in Settings.model_fields.items()
    )


def unknown_names(environment: Iterable[str]) -> list[str]:
    """Variables that look like settings and are none, such as one that is misspelt."""
    known = {variable(name) for name in Settings.model_fields} | {"TAKEBACK_HOST", "TAKEBACK_PORT"}
    found = {name for name in environment if name.upper().startswith("TAKEBACK_")}
    return sorted(name for name in found if name.upper() not in known | _OTHERS)


def variable(name: str) -> str:
    """The environment variable of a setting, by its own name or by its variable's."""
    return name if name.isupper() else f"TAKEBACK_{name.upper()}"
