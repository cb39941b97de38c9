"""docs/settings.md says of every setting what app/settings.py says."""

import re

import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from app.settings import Settings
from tests.support import ROOT

ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]]
    for line in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
]
BY_FIELD = {row[0].rpartition("TAKEBACK_")[2].strip("`").lower(): row for row in ROWS}
FIELDS = Settings.model_fields


def variables(name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(one) for one in alias.choices]
    return [f"TAKEBACK_{name.upper()}"]


def limits(field: FieldInfo) -> list[object]:
    """The numbers of a field's limits."""
    return [
        getattr(one, name)
        for one in field.metadata
        for name in ("ge", "gt", "le")
        if hasattr(one, name)
    ]


def test_every_setting_is_documented_and_no_other() -> None:
    assert BY_FIELD.keys() == FIELDS.keys()
    assert all(len(row) == 4 and row[3] for row in ROWS)


@pytest.mark.parametrize("name", FIELDS)
def test_a_settings_names_default_and_limits_are_documented(name: str) -> None:
    field, (names, default, limit, _) = FIELDS[name], BY_FIELD[name]
    assert re.findall(r"`([^`]+)`", names) == variables(name, field)
    if name not in ("run_workers", "data_dir"):  # depend on the machine
        assert default.strip("`") == (str(field.default) or "empty")
    for number in limits(field):
        assert re.search(rf"\b{number}\b", limit)
    assert bool(re.search(r"\d", limit)) == bool(limits(field))
