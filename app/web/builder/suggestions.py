"""What would mend a draft: the buttons beside its errors, each of which was tried."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

from app.data.csv_samples import gap_rows
from app.data.data_columns import LITERALS
from app.data.table_rows import rejoined
from app.errors import TakebackError
from app.lab import builder
from app.lab.limits import MAX_WEIGHTS, fitting_layers
from app.messages.fixes import FIX_OPEN, FIXES, NO_VALUE
from app.messages.marking import Listed
from app.web.builder.draft import Draft
from app.web.builder.fields import SUGGESTED, fingerprint, value_text
from app.web.builder.sent_form import with_suggestion

_LITERAL = frozenset(code for code, ways in FIXES.items() if ways[0][0].startswith("literals."))
_NEXT: Mapping[str, Set[str]] = {
    **dict.fromkeys(_LITERAL, _LITERAL),
    "open_list": {"open_matrix", "open_indices"},
    "csv_open_nines": {"csv_open_nines"},
}  # fmt: skip
"""To the code of an error those of questions that a working button may lead to."""
_CHOICES = ("open_number", "open_list", "open_matrix", "open_indices", "minimum", "maximum")
"""Errors that a button answers, in whatever field it stands."""
_MOST = {"table": 3, "literals": 4, "dates": 3}
"""Buttons beside a field: cells may be a season, a month, a number or a word."""
_WITH_MANY = ("csv_decimal_commas", "csv_open_nines")
_MOST_SUGGESTED, _MOST_WAYS, _MOST_MARKS = 8, 16, 3
"""Fields, and ways to join cells: each is tried, which may take as long as drawing the page."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button beside an error: what it changes, as a query, and its text."""

    change: str
    text: str


def suggestions_of(
    draft: Draft, again: Callable[[Mapping[str, str]], Draft]
) -> dict[str, tuple[Suggestion, ...]]:
    """For each of the first fields that cannot be, the nearest choices that can.

    Each was tried: ``again`` makes a draft of changed fields.
    """
    blamed = (
        name
        for name, found in draft.errors.items()
        if name in SUGGESTED or name == "table" or found[0].code in _CHOICES
    )
    return {name: _working(draft, name, again) for name in islice(blamed, _MOST_SUGGESTED)}


def _working(
    draft: Draft, name: str, again: Callable[[Mapping[str, str]], Draft]
) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for change, text in _candidates(draft, name):
        changed = again(with_suggestion({**draft.typed, "fix": change}, name.__eq__))
        touched = {key for key, _ in parse_qsl(change, keep_blank_values=True)}
        left = (
            _follows(draft.errors[name][0], one, told=key in touched | {name})
            for key in (touched | {name, "table"}) & changed.errors.keys()
            for one in changed.errors[key]
        )
        if all(left):
            usual = value_text(name, changed.left_open(name))
            form = FIX_OPEN.get(name, FIX_OPEN["" if usual else "nothing"])
            text = text or form.format(value=usual)
            found.setdefault(text, Suggestion(change, text))
    most = _MOST_SUGGESTED if draft.errors[name][0].code in _WITH_MANY else _MOST.get(name, 2)
    return tuple(found.values())[:most]


def _follows(asked: TakebackError, left: TakebackError, *, told: bool) -> bool:
    """Whether a button that answers one error may leave another: the next, or a column's own.

    ``told``: that one is beside the fields that the button tells, or the button itself.
    """
    if left.code in _NEXT.get(asked.code, ()):
        return True
    if left.code in ("csv_missing", "csv_more", "csv_range"):
        return left.code != asked.code
    here, there = asked.values.get("index"), left.values.get("index")
    return there not in (None, here) if here else not told


def _candidates(draft: Draft, name: str) -> list[tuple[str, str]]:
    """Changes with their buttons' texts; last the one that leaves the field open."""
    error = draft.errors[name][0]
    values = {**error.values, "field": name}
    if error.code == "too_many_weights" and draft.samples:
        values |= _fewer_units(builder.layers_of(draft.values, draft.samples))
    if name == "table" or draft.table:
        values |= _of_table(draft, name, error.code)
    fixes = FIXES.get(error.code, ())
    known = [(change.format(**values), text.format(**values)) for change, text in fixes]
    if error.code == "csv_decimal_commas":
        known = [*_joined_cells(str(values["cells"]).split(","), int(str(values["expected"])))]
    if error.code == "csv_open_nines":
        known += _each_mark(draft, _marks(draft, name, error.code))
    opens = name != "table" and draft.typed.get(name)
    return [*known, (urlencode({name: ""}), "")] if opens else known


def _joined_cells(cells: Sequence[str], expected: int) -> Iterator[tuple[str, str]]:
    """Ways to take commas between so many cells for decimal ones, with the row as it reads."""
    columns = range(1, expected + 1)
    ways = combinations(columns, max(0, len(cells) - expected))
    for commas in islice(ways, _MOST_WAYS):  # of 48 cells in 32 columns there are 601,080,390
        row = "; ".join(rejoined(cells, commas))
        yield urlencode({"commas": ", ".join(map(str, commas))}), row


def _each_mark(draft: Draft, marks: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Ways to take one of a few marks for no value, and to be asked about the others."""
    for mark in marks if len(marks) <= _MOST_MARKS else ():
        change, text = NO_VALUE
        yield change.format(missing=_missing(draft, [mark])), text.format(marks=mark)


def _missing(draft: Draft, marks: Sequence[str]) -> str:
    return quote_plus("; ".join(filter(None, (draft.typed.get("missing", "").strip(), *marks))))


def _of_table(draft: Draft, name: str, code: str) -> dict[str, Any]:
    """What the buttons beside a table's errors need: rows with gaps, lines to leave out."""
    blamed = (e.values.get("line") for e in draft.errors[name] if e.code == code)
    lines = [*dict.fromkeys(str(line) for line in blamed if line is not None)]
    omitted = ", ".join(filter(None, (draft.typed.get("omit", "").strip(), *lines)))
    marks = _marks(draft, name, code)
    alike = [f"literals.{number}" for number in _alike(draft, name, code)]
    found: dict[str, Any] = {
        "lines": Listed(", ".join(lines)), "omit": omitted, "missing": _missing(draft, marks),
        **{f"as_{kind}": urlencode(dict.fromkeys(alike, kind)) for kind in LITERALS},
        "marks": "; ".join(marks[:_MOST_MARKS]) + " …" * (len(marks) > _MOST_MARKS),
    }  # fmt: skip
    if draft.table:
        found |= {
            "rows": gap_rows(draft.table, draft.roles),
            "mark": fingerprint(draft.table.names),
        }
    return found


def _alike(draft: Draft, name: str, code: str) -> list[int]:
    """The numbers of the columns that a table's error is about, from 1, or its question alike."""
    used = [i for i, role in enumerate(draft.roles) if role != "ignore"]
    columns = draft.table.columns if draft.table else ()
    if code == "csv_open_nines":
        return [i + 1 for i in used if columns[i].sentinels]
    if code == "csv_words_or_numbers":
        return [i + 1 for i in used if columns[i].holds == "words" and columns[i].literal]
    blamed = (e.values for e in draft.errors[name] if e.code == code)
    return [*dict.fromkeys(int(str(one["index"])) for one in blamed if "index" in one)]


def _marks(draft: Draft, name: str, code: str) -> list[str]:
    """The different cells that errors of this ``code`` name, or columns in use are asked about."""
    used = [i for i, role in enumerate(draft.roles) if role != "ignore"]
    columns = draft.table.columns if draft.table and code == "csv_open_nines" else ()
    blamed = (
        str(e.values["cell"]) for e in draft.errors[name] if e.code == code and "cell" in e.values
    )
    asked = (cell for i in used if columns for cell in columns[i].sentinels)
    return [*dict.fromkeys((*asked, *blamed))]


def _fewer_units(layers: tuple[int, ...]) -> dict[str, str]:
    fewer = fitting_layers(layers, MAX_WEIGHTS)
    units = {f"units.{layer}": size for layer, size in enumerate(fewer[1:-1], start=1)}
    return {"units": urlencode(units), "layers": "-".join(map(str, fewer))}
