"""What is locked, packed and committed is what it ought to be. Nothing here uses the network."""

import hashlib
import json
import os
import re
import runpy
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
LOCKS = [
    RUNTIME, DEVELOPMENT,
    *(f".ci/requirements-{name}.txt" for name in ("audit", "build", "contract", "node")),
]  # fmt: skip

# Put together here, so that this file passes its own test.
HOSTS = [
    "pypi." + "org",
    "pypi." + "python.org",
    "python" + "hosted.org",
    "npmjs." + "org",
    "yarnpkg." + "com",
    "debian." + "org",
]
MACHINE_PATHS = ["/" + "work/", "/" + "opt/pypi", "/" + "root/"]
INDEX_VARIABLES = ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, Version]:
    found = re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", read(lock), re.MULTILINE)
    return {name: Version(version) for name, version in found}


def git(*arguments: str) -> str:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")


def committed_files() -> list[Path]:
    """List the files that are in git, and those that a commit of everything would add."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index(lock: str) -> None:
    text = read(lock)
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", read(lock), flags=re.MULTILINE)
    requirements = [block for block in blocks if "==" in block]
    assert requirements
    for requirement in requirements:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement.splitlines()[0]


def test_development_runs_on_the_versions_that_are_shipped() -> None:
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_the_locks_satisfy_pyproject() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    for line in project["project"]["dependencies"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins(RUNTIME)[requirement.name]), line
    for line in project["dependency-groups"]["dev"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins(DEVELOPMENT)[requirement.name]), line


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("fastapi", "0.132"),
        ("h11", "0.16"),
        ("jinja2", "3.1.6"),
        ("numpy", "2"),
        ("python-multipart", "0.0.27"),
        ("starlette", "1.3.1"),
    ],
)
def test_no_release_below_a_floor_is_allowed(name: str, floor: str) -> None:
    dependencies = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]
    requirement = next(r for r in map(Requirement, dependencies) if r.name == name)
    [specifier] = requirement.specifier
    assert specifier.operator == ">="
    assert Version(specifier.version) >= Version(floor)


def test_the_npm_lock_is_exact_and_names_no_host() -> None:
    text = read("package-lock.json")
    assert '"resolved"' not in text
    assert "://" not in text
    wanted = json.loads(read("package.json"))["dependencies"]
    packages = json.loads(text)["packages"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for path, package in packages.items():
        assert not path or package["integrity"].startswith("sha512-"), path


def test_vendored_files_are_the_locked_ones_with_their_licences() -> None:
    vendor = ROOT / "static" / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text(encoding="utf-8"))
    table = json.loads(read("package.json"))["takeback"]["vendor"]
    assert manifest["lock"] == hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    assert manifest["files"].keys() == table.keys()
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name
    licensed = {path.partition("/")[0] for path in table.values() if path.endswith("/LICENSE")}
    assert licensed == {path.partition("/")[0] for path in table.values()}


def test_git_ignores_what_is_built() -> None:
    for name in [".venv/x", "data/x", "dist/x", "node_modules/x", "static/vendor/x"]:
        assert git("check-ignore", name).strip() == name


def test_what_is_committed_is_text_or_a_picture_a_font_or_a_stored_network() -> None:
    offences = [
        file.relative_to(ROOT).as_posix()
        for file in committed_files()
        if b"\0" in file.read_bytes() and file.suffix not in {".png", ".sqlite3", ".ttf"}
    ]
    assert offences == []


def test_no_committed_file_names_a_registry_or_this_machine() -> None:
    configured = [
        urlsplit(url).hostname
        for variable in INDEX_VARIABLES
        for url in os.environ.get(variable, "").split()
    ]
    forbidden = [*HOSTS, *MACHINE_PATHS, *filter(None, configured)]
    offences = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in committed_files()
        for word in forbidden
        if word in file.read_text(encoding="utf-8", errors="ignore")
    ]
    assert offences == []


def test_the_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    begun, *stages = read("Dockerfile").split("\nFROM ")
    final = stages[-1]
    assert len(stages) == 2
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.\d+-slim", begun, re.MULTILINE)
    assert all(stage.startswith("${PYTHON_IMAGE}") for stage in stages)
    user = re.search(r"^USER (\d+):(\d+)$", final, re.MULTILINE)
    assert user
    assert "0" not in user.groups()
    assert "/health/live" in final.partition("\nHEALTHCHECK ")[2]
    assert '\nCMD ["takeback"]\n' in final
    assert "\nSTOPSIGNAL SIGTERM\n" in final
    assert "\nVOLUME /data\n" in final


def test_the_image_installs_nothing_without_a_hash() -> None:
    text = read("Dockerfile").replace("\\\n", " ")
    installs = re.findall(r"pip (install|wheel) ([^&\n]*)", text)
    assert len(installs) == 4
    for command, arguments in installs:
        hashed = "--require-hashes" in arguments
        ours = "--no-deps" in arguments and arguments.rstrip().endswith(("/wheel/*.whl", " ."))
        assert hashed or (ours and (command == "install" or "--no-build-isolation" in arguments))
    built_with = Requirement(tomllib.loads(read("pyproject.toml"))["build-system"]["requires"][0])
    assert built_with.specifier.contains(pins(".ci/requirements-build.txt")[built_with.name])


def test_data_lies_where_it_lay() -> None:
    assert 'TAKEBACK_DATA_DIR="$${TAKEBACK_DATA_DIR:-data}"' in read("Makefile")
    assert "TAKEBACK_DATA_DIR=/data" in read("Dockerfile")


def test_an_index_page_gets_a_readme_that_stands_alone() -> None:
    for_index = runpy.run_path(str(ROOT / ".ci" / "readme.py"))["for_index"]
    assert "](docs/" in read("README.md"), "there is something to leave out"
    text = for_index(read("README.md"))
    assert "docs/hosting.md" in text
    assert not re.findall(r"\]\((?!https?://)", text)
    assert for_index("a [b](https://c.example) ![d](e.png) [f](g)\n") == (
        "a [b](https://c.example) ![d](e.png) f\n"
    )


def test_an_index_page_knows_whose_it_is() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert {"Homepage", "Documentation", "Changelog", "Security"} <= project["urls"].keys()
    assert all(url.startswith("https://") for url in project["urls"].values())
    assert "Programming Language :: Python :: 3.11" in project["classifiers"]
    for name in ("SECURITY.md", "CHANGELOG.md"):
        assert (ROOT / name).exists()


def test_ci_is_make_test() -> None:
    *_, last = read(".ci/run").splitlines()
    assert last == "make test"
    for script in ["run", "browser.sh", "venv.sh"]:
        assert os.access(ROOT / ".ci" / script, os.X_OK), script
