"""The build's own scripts, without the network: an npm that only pretends takes npm's place."""

import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / ".ci"

FAKE_NPM = """#!/bin/sh
[ "$1" = --version ] && echo 11.0.0 && exit
echo "$@" >> {log}
mkdir -p node_modules/shiny/dist
echo code > node_modules/shiny/dist/shiny.js
echo terms > node_modules/shiny/LICENSE
exit {status}
"""

Build = Callable[[Path], None]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    table = {"shiny.js": "shiny/dist/shiny.js", "shiny.LICENSE.txt": "shiny/LICENSE"}
    locked = {"": {}, "node_modules/shiny": {"version": "1.0.0", "license": "MIT"}}
    (tmp_path / "package.json").write_text(json.dumps({"takeback": {"vendor": table}}))
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": locked}))
    (tmp_path / ".npmrc").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    install_npm(tmp_path)
    return tmp_path


@pytest.fixture
def build() -> Build:
    function: Build = runpy.run_path(str(SCRIPTS / "vendor.py"))["build"]
    return function


def install_npm(checkout: Path, status: int = 0) -> None:
    npm = checkout / "bin" / "npm"
    npm.parent.mkdir(exist_ok=True)
    npm.write_text(FAKE_NPM.format(log=checkout / "log", status=status))
    npm.chmod(0o755)


def calls(checkout: Path) -> int:
    return len((checkout / "log").read_text().splitlines())


def test_vendor_copies_the_table_and_writes_down_what_it_is(checkout: Path, build: Build) -> None:
    build(checkout)
    vendor = checkout / "static" / "vendor"
    assert (vendor / "shiny.js").read_text() == "code\n"
    assert (vendor / "shiny.LICENSE.txt").read_text() == "terms\n"
    manifest = json.loads((vendor / "manifest.json").read_text())
    assert manifest["packages"] == {"shiny": {"version": "1.0.0", "license": "MIT"}}
    assert not (checkout / "node_modules").exists()


def test_vendor_does_its_work_once(checkout: Path, build: Build) -> None:
    build(checkout)
    build(checkout)
    assert calls(checkout) == 1


@pytest.mark.parametrize("change", ["lock", "edit", "removal"])
def test_vendor_does_its_work_again_when_something_changed(
    checkout: Path, build: Build, change: str
) -> None:
    build(checkout)
    file = checkout / "static" / "vendor" / "shiny.js"
    if change == "lock":
        (checkout / "package-lock.json").write_text(json.dumps({"packages": {}}))
    elif change == "edit":
        file.write_text("other")
    else:
        file.unlink()
    build(checkout)
    assert calls(checkout) == 2
    assert file.read_text() == "code\n"


def test_vendor_says_what_npm_said_and_leaves_nothing_behind(checkout: Path, build: Build) -> None:
    install_npm(checkout, status=1)
    with pytest.raises(RuntimeError, match="npm ci failed"):
        build(checkout)
    assert not (checkout / "static").exists()


def test_venv_says_which_python_it_needs(tmp_path: Path) -> None:
    sh = shutil.which("sh")
    assert sh
    done = subprocess.run(
        [sh, SCRIPTS / "venv.sh"],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": "no-such-python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()
