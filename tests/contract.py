"""The API against its own description: python -m tests.contract.

schemathesis asks each operation of networks that exist, 500 times if not told otherwise, with what
fits the description and with what does not. Without --continue-on-failure, which contract.toml
sets, it ends each operation at its first finding.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support import ROOT, server

_COMMAND = "from schemathesis.cli import schemathesis; schemathesis()"


def main() -> None:
    """Ask, and end as schemathesis does; what the command is told besides goes to it."""
    with (
        tempfile.TemporaryDirectory() as data,
        server(Path(data), TAKEBACK_NETWORK_RATE="", TAKEBACK_MAX_NETWORKS="100000") as base,
    ):
        api = f"{base}/api/v1/"
        done = subprocess.run(
            [
                sys.executable, "-c", _COMMAND, "--config-file", "tests/contract.toml", "run",
                f"{api}openapi.json", "--url", base, "--phases", "examples,coverage,fuzzing",
                # It may work for 30 seconds; the first large body begins a process.
                "--request-timeout", "40", "--max-examples", "500", "--no-color", *sys.argv[1:],
            ],
            cwd=ROOT, check=False,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.contract_hooks", "TAKEBACK_API": api},
        )  # fmt: skip
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
