"""The command line: what it understands, and what it says of itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.hosting.arguments import Arguments, read_arguments
from app.settings import VERSION
from tests.support import ROOT


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], Arguments("serve")),
        (["serve"], Arguments("serve")),
        (["check"], Arguments("check")),
        (["settings"], Arguments("settings")),
        (["backup", "a"], Arguments("backup", Path("a"))),
        (["restore", "a", "--force"], Arguments("restore", Path("a"), force=True)),
    ],
)
def test_commands(words: list[str], asked: Arguments) -> None:
    assert read_arguments(words) == asked


@pytest.mark.parametrize(
    "words",
    [
        ["backup"],
        ["backup", "-"],
        ["restore", "-"],
        ["restore"],
        ["sevre"],
        ["check", "x"],
        ["--verb"],
    ],
)
def test_nonsense_ends_with_the_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(words)
    assert ended.value.code == 2
    assert "usage: takeback" in capsys.readouterr().err


def test_the_program_answers_without_touching_anything(tmp_path: Path) -> None:
    for word, said in (("--help", "restore"), ("--version", f"takeback {VERSION}\n")):
        done = subprocess.run(
            [sys.executable, "-m", "app.main", word], cwd=ROOT, text=True, capture_output=True,
            env={"TAKEBACK_DATA_DIR": str(tmp_path / "no"), "HOME": str(tmp_path)}, check=True,
            timeout=120,
        )  # fmt: skip
        assert said in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("word", ["check", "settings", "--help"])
def test_nobody_has_to_read_on(tmp_path: Path, word: str) -> None:
    ends, writes = os.pipe()
    os.close(ends)
    done = subprocess.run(
        [sys.executable, "-m", "app.main", word], cwd=ROOT, text=True, stdout=writes,
        stderr=subprocess.PIPE, timeout=120, check=False,
        env={"TAKEBACK_DATA_DIR": str(tmp_path), "TAKEBACK_KERNEL": "numpy"},
    )  # fmt: skip
    os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")
