"""What pydantic models of this room have in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """The base: strict, closed, finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
