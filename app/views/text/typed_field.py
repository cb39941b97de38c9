"""A field where a value of a network is typed, in the units of its table where these are others."""

from typing import NamedTuple

from app.engine.network import Spec
from app.lab.own_units import is_typed_as_own, own_column, own_text
from app.lab.sample_in_view import OWN
from app.views.text.formatting import clipped, plain


class TypedField(NamedTuple):
    """``key`` is its name in a form, ``label`` what is typed there, ``text`` what holds now.

    ``own`` says whether that is in the units of the table.
    """

    key: str
    label: str
    text: str
    own: bool = False


def typed_field(spec: Spec, layer: int, unit: int, sample: int) -> TypedField:
    """The field of an input (``layer`` 0) or a target of a sample."""
    names, table = (
        (spec.names.targets, spec.targets) if layer else (spec.names.units[0], spec.inputs)
    )
    name, value = names[unit], float(table[sample, unit])
    if not is_typed_as_own(spec, layer, unit):
        return TypedField(name, name, plain(value))
    column = clipped(own_column(spec, layer, unit).name)
    return TypedField(OWN + name, column, own_text(spec, layer, unit, value), own=True)


def own_fields(spec: Spec, sample: int) -> dict[str, TypedField]:
    """The fields of a sample that are in the units of the table, by the names of their values."""
    ends = ((0, spec.names.units[0]), (-1, spec.names.targets))
    fields = (
        (name, typed_field(spec, layer, unit, sample))
        for layer, names in ends
        for unit, name in enumerate(names)
    )
    return {name: one for name, one in fields if one.own}
