"""Pages for the frames of other sites: which controls they have, and the phase they begin with."""

from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Scope

from app.errors import InvalidInput

EMBED = "/embed"
"""What the addresses of such pages begin with; what follows is as everywhere else."""
CONTROLS = (
    "step", "take-back", "redo", "reset", "forward", "rate", "run", "phases", "samples", "panel",
    "numbers", "edit", "curve",
)  # fmt: skip
USUAL = ("step", "take-back", "redo", "reset", "forward", "phases", "samples", "panel")
_LONGEST = 40


def is_embedded(request: Request) -> bool:
    """Whether the request is for a page in a frame of another site, or comes from one."""
    return is_below_embed(request.scope)


def is_below_embed(scope: Scope) -> bool:
    """The same of a request's scope."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(f"{EMBED}/")


def prefix_of(request: Request) -> str:
    """What stands between the root and the address of a network."""
    return EMBED if is_embedded(request) else ""


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a page in a frame shows beside the picture.

    Attributes:
        controls: names out of CONTROLS, in their order.
        phase: where a network that is not stored begins: a phase's key, "start", "forward",
            "updated", or "" for where its address leaves it.
    """

    controls: tuple[str, ...] = USUAL
    phase: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> "Embedding":
        """The frame that a query asks for.

        Raises:
            InvalidInput: a control is unknown, or the phase is too long to be one.
        """
        named = query.get("controls")
        chosen = USUAL if named is None else tuple(filter(None, named.split(",")))
        if not set(chosen) <= set(CONTROLS):
            raise InvalidInput("bad_query", pointer="/controls", allowed=", ".join(CONTROLS))
        phase = query.get("phase", "")
        if len(phase) > _LONGEST:
            raise InvalidInput("max_characters", pointer="/phase", maximum=_LONGEST)
        return cls(tuple(name for name in CONTROLS if name in chosen), phase)

    @property
    def parameters(self) -> dict[str, str]:
        """What its pages' queries contain of it."""
        controls = {} if self.controls == USUAL else {"controls": ",".join(self.controls)}
        return controls | ({"phase": self.phase} if self.phase else {})

    @property
    def begun(self) -> "Embedding":
        """This frame once its network is stored, which has a phase of its own."""
        return replace(self, phase="")
