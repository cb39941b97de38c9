"""docs/settings.md says of every setting what app/settings.py says."""

import re

import pytest
from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo

from app.settings import Settings, overview, unknown_names, unusable
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
        ("TAKEBACK_ROOT_PATH", "/x/", "TAKEBACK_ROOT_PATH cannot be '/x/': write it like /lab,"),
        (
            "TAKEBACK_PUBLIC_URL",
            "lab.edu",
            "cannot be 'lab.edu': write it like https://lab.example",
        ),
        ("TAKEBACK_STORE", "mysql://u:secret@h", "'mysql://***@h': write sqlite, or an address"),
        ("TAKEBACK_STORE", "valkey://h:99999/0", "write sqlite, or an address"),
        ("TAKEBACK_ALLOWED_HOSTS", "a:80", "TAKEBACK_ALLOWED_HOSTS cannot be 'a:80': name hosts"),
        ("TAKEBACK_FRAME_ANCESTORS", "a;b", "cannot be 'a;b': name who may, such as 'self'"),
        ("TAKEBACK_EMBED_ANCESTORS", "a;b", "TAKEBACK_EMBED_ANCESTORS cannot be 'a;b': name who"),
        ("TAKEBACK_NETWORK_TTL_HOURS", "inf", "it is a number, above 0 and at most 87,600"),
        ("TAKEBACK_NETWORK_TTL_HOURS", "nan", "it is a number, above 0 and at most 87,600"),
        ("TAKEBACK_UNTOUCHED_TTL_HOURS", "nan", "TAKEBACK_UNTOUCHED_TTL_HOURS cannot be 'nan'"),
        ("PORT", "70000", "PORT cannot be '70000': it is a whole number, at least 0 and at most"),
        ("TAKEBACK_PORT", "web", "PORT cannot be 'web': it is a whole number, at least 0 and at"),
        ("TAKEBACK_MAX_RUNS", "1.5", "TAKEBACK_MAX_RUNS cannot be '1.5': it is a whole number, at"),
        ("TAKEBACK_NETWORK_RATE", "20/fortnight", "'20/fortnight': write it like 20/minute; 400/"),
        ("TAKEBACK_JOIN_RATE", "many", "TAKEBACK_JOIN_RATE cannot be 'many': write it like 20/min"),
        ("TAKEBACK_JOIN_RATE", "0/minute", "'0/minute': write it like 20/minute; 400/hour, 1 at"),
        ("TAKEBACK_RUN_RATE", "9/minute; 0/day", "TAKEBACK_RUN_RATE cannot be '9/minute; 0/day'"),
        ("TAKEBACK_KERNEL", "gpu", "TAKEBACK_KERNEL cannot be 'gpu': it is auto or numpy"),
        ("TAKEBACK_ACCESS_LOG", "often", "TAKEBACK_ACCESS_LOG cannot be 'often': it is true or"),
        ("TAKEBACK_FORWARDED_ALLOW_IPS", "nonsense", "'nonsense': name addresses or networks"),
        ("TAKEBACK_FORWARDED_ALLOW_IPS", "10.0.0.1, proxy", "'10.0.0.1, proxy': name addresses"),
        ("TAKEBACK_FORWARDED_ALLOW_IPS", "*, ::1", "'*, ::1': name addresses or networks"),
        ("TAKEBACK_FORWARDED_ALLOW_IPS", "10.0.0.1/8", "'10.0.0.1/8': name addresses or networks"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, told: str
) -> None:
    monkeypatch.delenv("PORT", raising=False)  # it would come before TAKEBACK_PORT
    monkeypatch.setenv(name, text)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert told in unusable(refused.value)
    for word in ("pydantic", "Input", "Value error", "docs/"):
        assert word not in unusable(refused.value)


def test_an_overview_has_each_setting_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_STORE", "valkey://u:secret@h/0")
    monkeypatch.setenv("TAKEBACK_MAX_RUNS", "7")
    lines = overview(Settings()).splitlines()
    given = dict(line.partition(" #")[0].rstrip().split("=", 1) for line in lines)
    assert list(given) == [variables(*field)[0] for field in FIELDS.items()]
    assert (given["TAKEBACK_STORE"], given["TAKEBACK_MAX_RUNS"]) == ("valkey://***@h/0", "7")
    assert all(" # name " in line or " # it is " in line or " # write " in line for line in lines)


@pytest.mark.parametrize("text", ["*", "10.0.0.7", "10.0.0.0/8, ::1", "127.0.0.1,", "fd00::/8"])
def test_proxies_are_addresses_networks_or_all(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TAKEBACK_FORWARDED_ALLOW_IPS", text)
    assert Settings().forwarded_allow_ips == text


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
        "TAKEBACK_UPSTREAM",
        "PATH",
    ]
    assert unknown_names(environment) == ["TAKEBACK_MAX_RUN"]
