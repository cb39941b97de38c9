"""Settings, read from the environment: HOST and PORT, and the rest under TAKEBACK_."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from limits import parse_many
from platformdirs import user_data_path
from pydantic import AfterValidator, AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"
KernelSetting = Literal["auto", "numpy"]
LogSetting = Literal["text", "json"]
_HOST = r"(\*|(\*\.)?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
_STORE = r"sqlite|(valkey|redis)s?://[^/\s]+(/[0-9]+)?(\?\S*)?"
_URL = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*"


def _is_rate(text: str) -> str:
    if text:
        parse_many(text)  # ValueError
    return text


Rate = Annotated[str, AfterValidator(_is_rate)]
"""How many requests an address may send in which time, as the package limits writes it."""


_OTHERS = {"TAKEBACK_SITE", "TAKEBACK_CADDYFILE", "TAKEBACK_CHROMIUM", "TAKEBACK_VALKEY"}
"""Names that the hosting kit and the tests read."""


class Settings(BaseSettings):
    """Everything that a deployment may choose. Each field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="TAKEBACK_", env_ignore_empty=True, frozen=True, populate_by_name=True,
    )  # fmt: skip

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "TAKEBACK_HOST"))
    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("PORT", "TAKEBACK_PORT"))
    root_path: str = Field("", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    forwarded_allow_ips: str = "127.0.0.1"
    allowed_hosts: str = Field("*", pattern=rf"^{_HOST}( *, *{_HOST})*$")
    public_url: str = Field("", pattern=rf"^({_URL})?$")

    workers: int = Field(1, ge=1, le=64)

    store: str = Field("sqlite", pattern=rf"^({_STORE})$")
    data_dir: Path = Field(default_factory=lambda: user_data_path("takeback", appauthor=False))
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
    every_join_rate: Rate = "1000/minute"
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
    frame_ancestors: str = Field("'self'", pattern=r"^[^;,\r\n]+$")
    embed_ancestors: str = Field("*", pattern=r"^[^;,\r\n]+$")

    log: LogSetting = "text"
    access_log: bool = False
    metrics_port: int = Field(0, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"

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
        form = "its form is in docs/settings.md" if "pattern" in one["type"] else one["msg"]
        given = re.sub("//.*@", "//***@", str(one["input"]))  # a password, perhaps
        lines.append(f"{name} cannot be {given[:100]!r}: {form}")
    return "\n".join(lines)


def unknown_names(environment: Iterable[str]) -> list[str]:
    """Variables that look like settings and are none, such as one that is misspelt."""
    known = {variable(name) for name in Settings.model_fields} | {"TAKEBACK_HOST", "TAKEBACK_PORT"}
    found = {name for name in environment if name.upper().startswith("TAKEBACK_")}
    return sorted(name for name in found if name.upper() not in known | _OTHERS)


def variable(name: str) -> str:
    """The environment variable of a setting, by its own name or by its variable's."""
    return name if name.isupper() else f"TAKEBACK_{name.upper()}"
