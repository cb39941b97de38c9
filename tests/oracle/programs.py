"""What PyTorch prints when it runs the exported programs: python -m tests.oracle.programs

Needs ``pip install torch`` (CPU), or TAKEBACK_TORCH_PYTHON naming a Python that has it.
"""

import json

from tests.programs import RECORDED, TORCH_PYTHON, fingerprint, run_all, texts


def main() -> None:
    """Write each program's fingerprint and what it printed."""
    programs = texts("pytorch")
    printed = run_all(programs, TORCH_PYTHON)
    rows = {
        name: {"program": fingerprint(text), "printed": printed[name].splitlines()}
        for name, text in programs.items()
    }
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'), ensure_ascii=False)}"
        for name, row in rows.items()
    )
    RECORDED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
