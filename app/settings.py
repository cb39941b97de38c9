"""Settings, read from the environment: HOST and PORT, and the rest under TAKEBACK_."""

import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

KernelSetting = Literal["auto", "numpy"]


class Settings(BaseSettings):
    """Everything that a deployment may choose. Each field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="TAKEBACK_", frozen=True, populate_by_name=True)

    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST", "TAKEBACK_HOST"))
    port: int = Field(8000, ge=0, le=65535, validation_alias=AliasChoices("PORT", "TAKEBACK_PORT"))
    root_path: str = Field("", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    forwarded_allow_ips: str = "127.0.0.1"

    data_dir: Path = Path("data")
    max_networks: int = Field(10_000, ge=1)
    max_database_mb: int = Field(1024, ge=1)
    network_ttl_hours: float = Field(24.0, gt=0)
    cache_networks: int = Field(256, ge=1)
    cache_mb: int = Field(200, ge=1)

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
