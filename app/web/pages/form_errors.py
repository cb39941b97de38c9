"""What went wrong with a form, for the page that it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import TakebackError
from app.web.http.text import printable
from app.web.networks.forms import VALUE


@dataclass(frozen=True, slots=True)
class Notice:
    """What went wrong, shown on the page where it did.

    Attributes:
        details: sentences.
        fields: the sentence of each field that is to blame, by the field's name.
        typed: what the person had typed, by the field's name, to be kept.
        moved_on: whether the page now shows another moment than before.
    """

    details: tuple[str, ...]
    fields: Mapping[str, str]
    typed: Mapping[str, str]
    moved_on: bool = False


def field_name(error: TakebackError) -> str:
    """The name of the form's field that an error blames."""
    pointer = error.pointer or ""
    if pointer.startswith("/values/"):
        return VALUE + pointer.removeprefix("/values/")
    return pointer.lstrip("/")


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed; what the page itself had filled in gives way to what holds now."""
    found = {key: printable(text) for key, text in typed.items() if key.startswith(VALUE)}
    rate = typed.get("learning_rate")
    if rate is not None and rate != typed.get("shown_rate"):
        found["learning_rate"] = printable(rate)
    return found


def kept_run(typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed into the run's form, where no script keeps it there."""
    return {key: printable(typed[key])[:24] for key in ("count", "until") if key in typed}
