"""The builder's fields as its template prints them: what was typed, what holds, what is wrong."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from app.data.table_questions import variants
from app.messages import builder
from app.messages.data import DATASETS, ENCODED, ENCODINGS
from app.web.builder.draft import Draft
from app.web.builder.fields import (
    CONVENTIONS,
    MORE,
    OPTIONAL,
    SUGGESTED,
    fingerprint,
    options_in_words,
    value_text,
)
from app.web.builder.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field by its name in the form and its id in the page.

    ``text`` is what was typed or chosen, "" while it is left open, and ``automatic`` its value
    then, in words; ``value`` is the one that holds, "" if none does. ``options`` are those of a
    choice, value and text. ``wrong`` says why it cannot be, and ``fixes`` what would do instead.
    """

    name: str
    id: str
    text: str
    automatic: str
    value: str
    options: tuple[tuple[str, str], ...]
    wrong: tuple[str, ...]
    fixes: tuple[Suggestion, ...]


@dataclass(frozen=True)
class FormView:
    """The form of a draft, with sentences of errors and buttons by field, "all" for none.

    ``asked`` are questions that its table asks, see ``asked_of``.
    ``fixed_biases``: biases that do not learn have values all the same. ``pressed``: the network
    was to be created, and was not.
    """

    draft: Draft
    errors: Mapping[str, tuple[str, ...]]
    fixes: Mapping[str, tuple[Suggestion, ...]]
    asked: Set[str] = frozenset()
    fixed_biases: bool = False
    pressed: bool = False

    def field(self, name: str) -> FieldView:
        """A field by its name; its default depends on all the others."""
        usual = self.encoded if name == "encoding" else self.draft.left_open(name)
        value = self.draft.values.get(name, usual)
        return FieldView(
            name,
            _id(name),
            self.draft.typed.get(name, ""),
            value_text(name, usual),
            "" if value is None else str(value),
            tuple(self._options(name).items()),
            self.errors.get(name, ()),
            self.fixes.get(name, ()),
        )

    def _options(self, name: str) -> Mapping[str, str]:
        options = options_in_words(name)
        base = self.draft.base
        if base and name == "scheme":
            return {**options, **builder.SCHEMES}
        if base and name == "dataset":
            source = DATASETS.get(base.data.name) if base.data else None
            kept = builder.SAMPLES_OF.format(name=source) if source else builder.SAMPLES_KEPT
            return {"keep": kept, **options}
        if name == "bias_update" and self.fixed_biases:
            return {**options, "none": builder.FIXED}
        if name.startswith("activation.") and self.draft.typed.get(name) != "softmax":
            return {key: text for key, text in options.items() if key != "softmax"}
        return options

    @property
    def focus(self) -> str:
        """Where one goes on: the field that a button just changed, or "file" when one was read.

        Where the network was to be created, the first field that is wrong.
        """
        if self.pressed:
            return next((name for name in self.errors if name != "all"), "")
        return self.draft.typed.get("mended", "file" if "uploaded" in self.draft.typed else "")

    @property
    def encoded(self) -> str:
        """The encoding that the table's file was read in, "" if it was Unicode or none."""
        found = self.draft.typed.get("encoded", "")
        return found if found in ENCODINGS else ""

    @property
    def unicode(self) -> str:
        """The name of the file's encoding if it was Unicode."""
        return ENCODED.get(self.draft.typed.get("encoded", ""), "")

    def asks(self, name: str) -> bool:
        """Whether a question about a table is shown: it is open, was answered, or cannot be."""
        return name in self.draft.chosen or name in self.errors or name in self.asked

    @property
    def asks_classes(self) -> bool:
        """Whether a table's one target holds numbers, which may stand for classes."""
        return "classes" in self.asked

    @property
    def has_conventions(self) -> bool:
        """Whether the ambiguous conventions are asked for, or one was chosen or cannot be."""
        return not {*self.draft.chosen, *self.errors}.isdisjoint(CONVENTIONS)

    def opens(self, group: str, *, fresh: bool) -> bool:
        """Whether "options" or "more" unfolds: a field in it cannot be, or a new page has one."""
        names = {"options": OPTIONAL, "more": (*MORE, *CONVENTIONS)}[group]
        typed = {name for name, text in self.draft.typed.items() if fresh and text.strip()}
        return not {*self.errors, *typed}.isdisjoint(names)

    @property
    def table(self) -> str:
        """The table as it was typed; "" where the browser has to keep it."""
        return "" if self.held else self.draft.typed.get("table", "")

    @property
    def held(self) -> bool:
        """Whether the table is too long to be sent back."""
        return "held" in self.draft.typed

    @property
    def roles_of(self) -> str:
        """What tells the columns, whose roles the form asks, from those of another table."""
        return fingerprint(self.draft.table.names) if self.draft.table else ""

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """Everything that cannot be: the id of the field, and why."""
        return self._told(self.errors)

    @property
    def wrong_in_rows(self) -> tuple[tuple[str, str], ...]:
        """The same of fields that have no room for a sentence."""
        return self._told(name for name in self.errors if name not in SUGGESTED)

    @property
    def mended(self) -> tuple[FieldView, ...]:
        """The fields that buttons mend."""
        return tuple(self.field(name) for name, ways in self.fixes.items() if ways)

    @property
    def mended_in_rows(self) -> tuple[FieldView, ...]:
        """The same fields, if there are buttons that mend them."""
        return tuple(self.field(name) for name in self.fixes if name not in SUGGESTED)

    def _told(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple(
            ("" if name == "all" else _id(name), sentence)
            for name in names
            for sentence in self.errors[name]
        )


def asked_of(draft: Draft) -> frozenset[str]:
    """What a table that was read asks: what its gaps, spellings and target stand for."""
    if (table := draft.table) is None:
        return frozenset()
    roles = list(zip(table.columns, draft.roles, strict=True))
    used = [column for column, role in roles if role != "ignore"]
    targets = [column for column, role in roles if role == "target"]
    asked = {
        "gaps": any(any(column.gaps) for column in used),
        "merge": any(column.holds == "words" and variants(column) for column in used),
        "classes": len(targets) == 1 and targets[0].holds == "numbers",
    }
    return frozenset(name for name, is_asked in asked.items() if is_asked)


def _id(name: str) -> str:
    return f"f-{name.replace('.', '-')}"
