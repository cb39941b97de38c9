"""What a wheel or an sdist needs: the vendored front-end files, and a README for an index page."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class VendorHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        vendor = runpy.run_path(str(Path(self.root) / ".ci" / "vendor.py"))
        vendor["build"](Path(self.root))


class ReadmeHook(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:
        for_index = runpy.run_path(str(Path(self.root) / ".ci" / "readme.py"))["for_index"]
        text = for_index((Path(self.root) / "README.md").read_text(encoding="utf-8"))
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
