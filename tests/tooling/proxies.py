"""The proxies of deploy/, as they stand there, before a Takeback of a test's own."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support import ROOT, end_process, free_port, server

DEPLOY = ROOT / "deploy"
SUBPATH = "/takeback"


@dataclass(frozen=True)
class Front:
    """Takeback as a browser reaches it.

    Attributes:
        client: asks the proxy; addresses are those of the whole site.
        site: the site's address, with the path below which Takeback is.
        path: that path.
        logs: the folder with everything that the proxy has written.
    """

    client: httpx.Client
    site: str
    path: str
    logs: Path

    def log(self) -> str:
        """Everything that the proxy has written."""
        files = sorted(self.logs.glob("*.log"))
        return "".join(path.read_text(encoding="utf-8") for path in files)


@contextmanager
def front(kind: str, path: str, home: Path) -> Iterator[Front]:
    """A proxy, "caddy" or "nginx", before a Takeback that is served below ``path``."""
    needs(kind)
    with (
        server(home / "data", TAKEBACK_ROOT_PATH=path, TAKEBACK_KERNEL="numpy") as direct,
        proxy(kind, path, home, direct) as site,
    ):
        yield site


def needs(kind: str) -> None:
    """Skip the test where the proxy is not installed."""
    if not shutil.which(kind) or not shutil.which("openssl"):
        pytest.skip(f"needs {kind} and openssl")


@contextmanager
def proxy(kind: str, path: str, home: Path, direct: str) -> Iterator[Front]:
    """A proxy before whatever is at ``direct``."""
    start = {"caddy": _start_caddy, "nginx": _start_nginx}[kind]
    (home / "logs").mkdir()
    port = free_port()
    process = start(home, path, direct.removeprefix("http://"), port)
    origin = f"https://localhost:{port}"
    try:
        with httpx.Client(base_url=origin, verify=False, timeout=30) as client:
            _await_answer(client, process, home)
            yield Front(client, origin + path, path, home / "logs")
    finally:
        end_process(process)


def _await_answer(client: httpx.Client, process: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("".join(path.read_text() for path in (home / "logs").glob("*")))


def _started(
    home: Path, command: list[str | Path], **environment: str
) -> "subprocess.Popen[bytes]":
    with (home / "logs" / "console.log").open("wb") as console:
        return subprocess.Popen(
            command, cwd=home, env={**os.environ, **environment}, stdout=console, stderr=console
        )


def _start_caddy(home: Path, path: str, upstream: str, port: int) -> "subprocess.Popen[bytes]":
    """Caddy, but without ports of its own beside the site's."""
    shutil.copytree(DEPLOY / "caddy", home / "caddy")
    file = home / "caddy" / ("Caddyfile.subpath" if path else "Caddyfile")
    text = file.read_text(encoding="utf-8")
    quiet = "\n{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n"
    file.write_text(text.replace("\n{\n", quiet, 1), encoding="utf-8")
    return _started(
        home, ["caddy", "run", "--adapter", "caddyfile", "--config", file],
        TAKEBACK_SITE=f"https://localhost:{port}", TAKEBACK_UPSTREAM=upstream,
        XDG_DATA_HOME=str(home), XDG_CONFIG_HOME=str(home),
    )  # fmt: skip


def _start_nginx(home: Path, path: str, upstream: str, port: int) -> "subprocess.Popen[bytes]":
    """Nginx with the files where its Debian package has them, but for ports and certificates."""
    source, logs = DEPLOY / "nginx", home / "logs"
    certificate, key = home / "site.crt", home / "site.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    ports = {"80": str(free_port()), "443": str(port)}
    for name, target in {
        "takeback-http.conf": "http.conf",
        "takeback-proxy.conf": "snippets/takeback-proxy.conf",
        ("subpath.conf" if path else "root.conf"): "site.conf",
    }.items():
        text = (source / name).read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:8000", upstream).replace("/var/log/nginx", str(logs))
        text = re.sub(r"/etc/letsencrypt/\S+fullchain.pem", str(certificate), text)
        text = re.sub(r"/etc/letsencrypt/\S+privkey.pem", str(key), text)
        text = re.sub(r"listen (\d+)", lambda found: f"listen 127.0.0.1:{ports[found[1]]}", text)
        text = re.sub(r".*listen \[::\].*\n", "", text)
        (home / target).parent.mkdir(exist_ok=True)
        (home / target).write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {home}/{kind};" for kind in kinds)
    (home / "nginx.conf").write_text(
        f"daemon off; worker_processes auto; {user} pid {home}/pid;\n"
        f"error_log {logs}/error.log; events {{}}\n"
        f"http {{ {folders} include {home}/http.conf; include {home}/site.conf; }}\n"
    )
    return _started(
        home, ["nginx", "-p", home, "-e", logs / "error.log", "-c", home / "nginx.conf"]
    )
