"""Exported networks in requests: their types and sizes, and how they are opened."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.data.csv_table import MAX_ROWS as MAX_SAMPLES
from app.engine.losses import LOSSES
from app.engine.network import BIAS_UPDATES, HIDDEN_DELTAS
from app.errors import InvalidInput
from app.lab import limits
from app.lab.lab import Lab
from app.lab.runs import Slices
from app.lab.timeline import CHECKPOINT_EVERY
from app.store.document import FORMAT, VERSION, document_of, lab_from_document
from app.store.lab_store import fits
from app.store.replay import check_replay
from app.web.http.json_body import Model, written
from app.web.networks.bodies import MAX_LAYERS, MAX_UNITS, NumberList, RateNumber, Share, SpecModel
from app.web.networks.choices import one_of

_MOST_NUMBERS = 20_000  # of one row of parameters, with three times as many for an optimizer
Whole = Annotated[int, Field(ge=0, le=2**31)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
FiniteRow = Annotated[list[Finite], Field(max_length=MAX_UNITS, fail_fast=True)]
Numbers = Annotated[list[Finite], Field(max_length=_MOST_NUMBERS, fail_fast=True)]
BiasName = Annotated[str, Field(pattern=r"^[A-Za-z0-9α-ωΑ-Ω][A-Za-z0-9_'α-ωΑ-Ω]{0,39}$")]
BiasNames = Annotated[list[BiasName], Field(max_length=MAX_UNITS)]
BiasNodes = Annotated[list[BiasName | None], Field(max_length=MAX_LAYERS)]
BiasRowNames = Annotated[list[BiasNames], Field(max_length=MAX_LAYERS)]
_ROWS = TypeAdapter(Annotated[list[NumberList], Field(max_length=MAX_SAMPLES)])
_MOST_CHECKPOINTS = limits.MAX_STEPS // CHECKPOINT_EVERY + 1


def _table(value: Any) -> Any:
    """A table of samples, or the number of an earlier Spec whose table it is."""
    if type(value) is int:
        return value
    try:
        return _ROWS.validate_python(value, strict=True)
    except ValidationError:
        raise PydanticCustomError("bad_table", "table", {"maximum": MAX_SAMPLES}) from None


def _ours(expected: Any) -> Any:
    """What every document of ours has in this place."""

    def check(value: Any) -> Any:
        if value != expected:
            raise PydanticCustomError("not_an_export", "format", {"expected": str(expected)})
        return value

    return AfterValidator(check)


SharedTable = Annotated[list[list[float]] | int, PlainValidator(_table)]


class VariantModel(Model):
    """What edits changed of the spec; a whole number stands for an earlier one's table."""

    learning_rate: RateNumber
    loss: one_of(*LOSSES)  # type: ignore[valid-type]
    bias_update: one_of(*BIAS_UPDATES)  # type: ignore[valid-type]
    hidden_deltas: one_of(*HIDDEN_DELTAS)  # type: ignore[valid-type]
    slope_at_zero: Share
    leaky_slope: Share
    inputs: SharedTable
    targets: SharedTable
    # JSON's list is strictly no tuple.
    bias_names: Annotated[tuple[BiasNodes, BiasRowNames], Field(strict=False)] | None = None


class SegmentModel(Model):
    """A stretch of steps: parameters at every 256th, the loss before each."""

    start: Whole
    spec: Whole
    checkpoints: Annotated[list[Numbers], Field(min_length=1, max_length=_MOST_CHECKPOINTS)]
    losses: Annotated[list[Finite], Field(max_length=limits.MAX_STEPS, fail_fast=True)]


class BranchDocumentModel(Model):
    """A timeline: the number of the one that it left, where, and its own segments."""

    parent: Whole | None
    start: Whole
    segments: Annotated[list[SegmentModel], Field(min_length=1, max_length=limits.MAX_SEGMENTS)]


class MomentModel(Model):
    """Where the network stands."""

    branch: Whole
    step: Whole
    position: Whole
    walking: bool
    parameters: Numbers
    before: Numbers | None


class ExportedSpecModel(SpecModel):
    """The Spec of an export, whose parameters may be what a training has made of them."""

    weights: Annotated[list[list[FiniteRow]], Field(max_length=MAX_LAYERS)]
    biases: Annotated[list[FiniteRow], Field(max_length=MAX_LAYERS)]


class DocumentModel(Model):
    """A network with all its steps and branches, as ``GET .../export`` gives it."""

    format: Annotated[str, _ours(FORMAT), Field(validate_default=True)] = ""
    version: Annotated[int, _ours(VERSION)]
    origin: Annotated[str, Field(max_length=64)] | None
    spec: ExportedSpecModel
    initial: Numbers | None
    variants: Annotated[list[VariantModel], Field(max_length=limits.MAX_SEGMENTS)]
    branches: Annotated[
        list[BranchDocumentModel], Field(min_length=1, max_length=limits.MAX_BRANCHES)
    ]
    standing: MomentModel


class CreateOrImportModel(Model):
    """The slug of a worked example, a Spec, or an exported network."""

    example: Annotated[str, Field(max_length=64)] | None = None
    spec: SpecModel | None = None
    export: DocumentModel | None = None

    @model_validator(mode="before")
    @classmethod
    def _refuse_bare_export(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("format") == FORMAT:
            raise PydanticCustomError("export_bare", "export")
        return value


def lab_of(model: DocumentModel, where: str = "") -> Lab:
    """The Lab that an exported network holds, its steps taken again as far as time allows.

    If it does not hold together, InvalidInput points into the document, which is at ``where``.
    """
    data = {
        **model.model_dump(exclude={"spec", "variants"}),
        # Their null is what is not given.
        "spec": model.spec.model_dump(exclude_none=True),
        "variants": [one.model_dump(exclude_none=True) for one in model.variants],
    }
    try:
        limits.check_weights(model.spec.layers, "/spec/layers")
        lab = lab_from_document(data)
        check_replay(lab)
    except InvalidInput as error:
        raise error.under(where) from None
    if not fits(lab):
        raise InvalidInput("history_full", limit=limits.MAX_STORED_BYTES // 1_000_000)
    return lab


def written_document(lab: Lab) -> Slices[dict[str, Any]]:
    """The document of a Lab, ready for JSON, its many numbers written a piece at a time."""
    document = document_of(lab)
    for branch in document["branches"]:
        for segment in branch["segments"]:
            for name in ("checkpoints", "losses"):
                segment[name] = yield from written(segment[name])
    return document
