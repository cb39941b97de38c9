"""Programs that compute a network's numbers again, written by a template of each language."""

import re
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.lab.lab import Lab
from app.views.downloads.coding import coded, literal
from app.views.downloads.program import program_of
from app.web.http.templating import resource_directory


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Templates of programs: nothing is escaped, since all that a person typed is a literal."""
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(resource_directory("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["literal"] = literal
    environment.filters["coded"] = coded
    return environment


def program_text(lab: Lab, language: str) -> str:
    """A program in one of ``LANGUAGES`` that prints the losses and parameters of ``lab``."""
    program = program_of(lab)
    template = _environment().get_template(f"programs/{language}.py.jinja")
    rows = [*zip(program.spec.inputs.tolist(), program.spec.targets.tolist(), strict=True)]
    return tidied(template.render(p=program, torch=language == "pytorch", rows=rows))


def tidied(text: str) -> str:
    """A program without blanks at line ends, and with two empty lines at most, none at its head."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{4,}", "\n\n\n", lines).strip() + "\n"
