"""Exact values of the worked examples, by slug."""

import json
from pathlib import Path
from typing import Any

GOLDEN: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))["exact"]
    for path in sorted(Path(__file__).parent.glob("*.json"))
}


def having(key: str) -> list[str]:
    """The examples that have golden values under ``key``."""
    return [slug for slug, exact in GOLDEN.items() if key in exact]
