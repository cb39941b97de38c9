"""docs/settings.md says of every setting what app/settings.py says."""

import re

import pytest
from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo

from app.settings import Settings, unknown_names, unusable
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


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("TAKEBACK_ROOT_PATH", "/x/", "TAKEBACK_ROOT_PATH cannot be '/x/': its form is in docs"),
        ("TAKEBACK_NETWORK_TTL_HOURS", "inf", "less than or equal to 87600"),
        ("TAKEBACK_UNTOUCHED_TTL_HOURS", "nan", "TAKEBACK_UNTOUCHED_TTL_HOURS cannot be 'nan'"),
        ("PORT", "70000", "PORT cannot be '70000': Input should be less than or equal to 65535"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, told: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert told in unusable(refused.value)
    assert "pydantic" not in unusable(refused.value)


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "TAKEBACK_DATA_DIR", "TAKEBACK_MAX_NETWORKS"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.data_dir.is_absolute()
    assert settings.max_networks == 10_000


def test_names_that_are_no_settings_are_found() -> None:
    environment = [
        "TAKEBACK_MAX_RUN",
        "TAKEBACK_MAX_RUNS",
        "TAKEBACK_PORT",
        "TAKEBACK_SITE",
        "PATH",
    ]
    assert unknown_names(environment) == ["TAKEBACK_MAX_RUN"]
