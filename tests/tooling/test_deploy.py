"""The files of deploy/ and the workflow say what they ought to, as far as reading them can tell."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.main import _ROOMS
from app.settings import Settings
from tests.support import ROOT

DEPLOY = ROOT / "deploy"
KIB = 1024
BESIDE_A_FILE = 64 * KIB  # of an upload's body


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def default(setting: str) -> Any:
    return Settings.model_fields[setting].default


# --- the compose file -------------------------------------------------------------------------


@pytest.fixture
def compose() -> Any:
    return yaml.safe_load(read("compose.yaml"))


@pytest.mark.parametrize("name", ["takeback", "caddy"])
def test_a_container_may_do_little(compose: Any, name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not service.get("privileged")


def test_two_containers_share_a_server_that_keeps_everything() -> None:
    services = yaml.safe_load(read("compose.shared.yaml"))["services"]
    key_server = services["valkey"]
    assert key_server["networks"] == ["inside"]
    assert "ports" not in key_server
    words = " ".join(key_server["command"])
    assert "--appendonly yes" in words
    assert "--maxmemory-policy noeviction" in words
    both = ("takeback", "takeback-2")
    assert {services[name]["environment"]["TAKEBACK_STORE"] for name in both} == {
        "valkey://valkey:6379/0"
    }
    upstream = services["caddy"]["environment"]["TAKEBACK_UPSTREAM"].split()
    assert upstream == [f"{name}:8000" for name in both]


def test_only_caddy_is_reached_from_outside(compose: Any) -> None:
    inner = compose["services"]["takeback"]
    assert "ports" not in inner
    assert inner["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_networks_are_kept_where_the_image_has_them(compose: Any) -> None:
    [volume] = compose["services"]["takeback"]["volumes"]
    name, place = volume.split(":")
    assert name in compose["volumes"]
    assert f"TAKEBACK_DATA_DIR={place}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_proxy_waits_until_takeback_can_serve(compose: Any) -> None:
    assert "/health/ready" in compose["services"]["takeback"]["healthcheck"]["test"][-1]
    assert compose["services"]["caddy"]["depends_on"] == {
        "takeback": {"condition": "service_healthy"}
    }


def test_a_container_is_given_the_settings_that_there_are(compose: Any) -> None:
    for name in compose["services"]["takeback"]["environment"]:
        assert name.removeprefix("TAKEBACK_").lower() in Settings.model_fields


# --- the proxies ------------------------------------------------------------------------------


def test_caddy_takes_the_bodies_that_takeback_takes() -> None:
    sizes = dict(
        re.findall(
            r"request_body @(\w+) \{\s+max_size (\d+)KiB", read("caddy/takeback/proxy.caddy")
        )
    )
    assert int(sizes["small"]) * KIB == default("max_body_bytes")
    assert int(sizes["large"]) * KIB == default("max_import_bytes") + BESIDE_A_FILE


def test_caddys_two_kinds_of_paths_are_each_others_rest() -> None:
    text = read("caddy/takeback/proxy.caddy")
    [large] = re.findall(r"^@large path (.+)$", text, re.MULTILINE)
    [small] = re.findall(r"^@small not path (.+)$", text, re.MULTILINE)
    assert large == small


@pytest.mark.parametrize("site", ["root", "subpath"])
def test_nginx_takes_the_bodies_that_takeback_takes(site: str) -> None:
    small, large = re.findall(r"client_max_body_size (\d+)k;", read(f"nginx/{site}.conf"))
    assert int(small) * KIB == default("max_body_bytes")
    assert int(large) * KIB == default("max_import_bytes") + BESIDE_A_FILE


def test_nginx_logs_no_address_and_no_referer() -> None:
    [log_format] = re.findall(r"log_format takeback ([^;]+);", read("nginx/takeback-http.conf"))
    assert set(re.findall(r"\$(\w+)", log_format)) == {
        "remote_addr", "time_iso8601", "request_method", "takeback_kind", "server_protocol",
        "status", "body_bytes_sent", "request_time", "upstream_status",
    }  # fmt: skip
    for name in ("root.conf", "subpath.conf", "takeback-proxy.conf"):
        for log in re.findall(r"access_log ([^;]+);", read(f"nginx/{name}")):
            assert log.endswith(" takeback")
    assert "error_log /dev/null emerg;" in read("nginx/takeback-proxy.conf")


def test_nginx_logs_each_kind_of_address_by_its_name() -> None:
    [kinds] = re.findall(r"<takeback_part>([^)]+)\)", read("nginx/takeback-http.conf"))
    paths = (getattr(one, "path", "/") for module in _ROOMS for one in module.router.routes)
    assert kinds.split("|") == sorted({path.split("/")[1] for path in paths} - {""})


def test_each_log_of_caddy_is_filtered() -> None:
    fields = read("caddy/takeback/log.caddy")
    for name in ("request>headers", "resp_headers"):
        assert f"{name} delete\n" in fields
    [(pattern, kept)] = re.findall(r'request>uri regexp "(.+)" "(.+)"', fields)
    kept = re.sub(r"\$\{(\d)\}", r"\\g<\1>", kept)
    for address, logged in {
        "/networks/AbC?open=w1": "/networks",
        "/takeback/embed/networks/AbC": "/takeback/embed",
        "/api/v1/networks/AbC": "/api",
        "//networks/AbC": "/",
        "/AbC": "/",
    }.items():
        assert re.sub(pattern, kept, address) == logged
    for name in ("options", "site"):
        text = read(f"caddy/takeback/{name}.caddy")
        logs = re.findall(r"^log [^{]*\{\n(.*?)\n\}", text, re.MULTILINE | re.DOTALL)
        assert [log.strip() for log in logs] == ["import log.caddy"]


@pytest.mark.parametrize("name", ["caddy/takeback/site.caddy", "nginx/takeback-proxy.conf"])
def test_browsers_are_told_to_come_by_tls(name: str) -> None:
    assert 'Strict-Transport-Security "max-age=31536000"' in read(name)


# --- the unit ---------------------------------------------------------------------------------


def test_the_unit_may_do_little() -> None:
    lines = set(read("systemd/takeback.service").splitlines())
    assert lines >= {
        "User=takeback", "StateDirectory=takeback", "CacheDirectory=takeback", "UMask=0077",
        "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes",
        "PrivateTmp=yes", "PrivateDevices=yes", "RestrictNamespaces=yes", "RestrictSUIDSGID=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources",
        "MemoryMax=1G", "TasksMax=256", "TimeoutStopSec=30s", "IPAddressDeny=any",
    }  # fmt: skip


def test_systemd_rates_the_unit_as_hardly_exposed(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("needs systemd")
    unit = tmp_path / "takeback.service"
    text = read("systemd/takeback.service")
    unit.write_text(text.replace("/opt/takeback/bin/takeback", sys.executable), encoding="utf-8")
    for arguments in (["verify"], ["security", "--offline=true", "--threshold=15", "--no-pager"]):
        command = [analyze, *arguments, str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Unknown" not in done.stderr


def test_the_units_folders_are_those_that_takeback_is_told() -> None:
    text = read("systemd/takeback.service")
    assert "TAKEBACK_DATA_DIR=/var/lib/takeback " in text
    assert "NUMBA_CACHE_DIR=/var/cache/takeback\n" in text
    assert "u takeback - " in read("systemd/takeback.sysusers")


# --- the workflow -----------------------------------------------------------------------------


@pytest.fixture
def workflow() -> Any:
    return yaml.safe_load((ROOT / ".github/workflows/test.yaml").read_text(encoding="utf-8"))


def test_the_workflow_tests_and_audits(workflow: Any) -> None:
    commands = {
        name: [step["run"].partition(" PYTHON=")[0] for step in job["steps"] if "run" in step]
        for name, job in workflow["jobs"].items()
    }
    assert commands == {"test": ["make test"], "audit": ["make audit"]}


def test_the_workflow_may_only_read_and_uses_what_is_pinned(workflow: Any) -> None:
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", f"a/b@{'0' * 40}"))
