"""The builder's fields as its template prints them: what was typed, what holds, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.engine.network import Spec
from app.lab.builder import DECAY_FIELDS
from app.messages import builder as words
from app.messages.data import DATASETS
from app.web.builder.draft import Draft, Suggestion
from app.web.builder.form import fingerprint
from app.web.builder.words import CHOICES, said_value

CONVENTIONS = frozenset(
    {"more", "momentum_form", "epsilon", "epsilon_form", "bias_correction", *DECAY_FIELDS}
)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field.

    Attributes:
        name, id: in the form, and in the page.
        text: what was typed or chosen, "" while it is left open.
        automatic: what it is then, in words.
        value: the value that holds, "" if none does.
        options: of a choice: value and text of each.
        wrong: why it cannot be.
        fixes: what would do instead.
    """

    name: str
    id: str
    text: str
    automatic: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    wrong: tuple[str, ...] = ()
    fixes: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class FormView:
    """The form.

    Attributes:
        draft: what it describes.
        errors: sentences by field; "all" stands for none of them.
        fixes: buttons by field.
        base: the network that is changed, if one is.
    """

    draft: Draft
    errors: Mapping[str, Sequence[str]]
    fixes: Mapping[str, Sequence[Suggestion]]
    base: Spec | None = field(default=None)

    def field(self, name: str) -> FieldView:
        """A field by its name; what is proposed for it depends on all the others."""
        draft = self.draft
        proposed, text = draft.left_open(name), draft.typed.get(name, "")
        value = draft.values.get(name, proposed)
        return FieldView(
            name,
            f"f-{name.replace('.', '-')}",
            text,
            said_value(name, proposed),
            "" if value is None else str(value),
            self._options(name),
            tuple(self.errors.get(name, ())),
            tuple(self.fixes.get(name, ())),
        )

    def _options(self, name: str) -> tuple[tuple[str, str], ...]:
        options = dict(CHOICES.get(name.partition(".")[0], {}))
        if self.base is not None and name == "scheme":
            options |= words.SCHEMES
        if self.base is not None and name == "dataset":
            source = DATASETS.get(self.base.data.name) if self.base.data else None
            kept = words.SAMPLES_OF.format(name=source) if source else words.SAMPLES_KEPT
            options = {"keep": kept, **options}
        if name.startswith("activation."):
            options.pop("softmax", None)
            if self.draft.typed.get(name) == "softmax":
                options["softmax"] = CHOICES["activation"]["softmax"]
        return tuple(options.items())

    def role(self, number: int) -> FieldView:
        """The role of a table's column."""
        return self.field(f"role.{number}")

    @property
    def focus(self) -> str:
        """The field that a button just changed, or "file" when one was read."""
        return self.draft.typed.get("mended", "file" if "uploaded" in self.draft.typed else "")

    @property
    def asks_classes(self) -> bool:
        """Whether a table's one target holds numbers, which may stand for classes."""
        table, roles = self.draft.table, self.draft.roles
        targets = [i for i, role in enumerate(roles) if role == "target"]
        return table is not None and len(targets) == 1 and table.numeric[targets[0]]

    @property
    def has_conventions(self) -> bool:
        """Whether the ambiguous conventions are asked for, or one was chosen or cannot be."""
        return bool({*self.draft.chosen, *self.errors} & CONVENTIONS)

    @property
    def table(self) -> str:
        """The table as it was typed."""
        return self.draft.typed.get("table", "")

    @property
    def roles_of(self) -> str:
        """What tells the columns, whose roles the form asks, from those of another table."""
        return fingerprint(self.draft.table.names) if self.draft.table else ""

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """Everything that cannot be: the id of the field, and why."""
        return tuple(
            ("" if name == "all" else f"f-{name.replace('.', '-')}", sentence)
            for name, sentences in self.errors.items()
            for sentence in sentences
        )
