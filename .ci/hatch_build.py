"""Build the vendored front-end files before a wheel or an sdist is packed."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VendorHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        vendor = runpy.run_path(str(Path(self.root) / ".ci" / "vendor.py"))
        vendor["build"](Path(self.root))
