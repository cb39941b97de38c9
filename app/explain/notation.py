"""What quantities are called: the reader's notation, and names as letter and subscript."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.explain.expression import Symbol

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "theta": "θ", "lambda": "λ",
    "mu": "μ", "sigma": "σ", "phi": "φ", "omega": "ω",
}  # fmt: skip
_ALONE = {
    "rate": "η", "corrected_rate": "η̂", "pi": "π", "age": "t",
    "norm": "‖g‖", "squares": "Σw²", "momentum_now": "μₜ", "momentum_next": "μₜ₊₁",
}  # fmt: skip
# Of an optimizer's fields those that stand in formulas, besides the learning rate.
HYPER = {
    "momentum": ("μ", ""), "decay": ("ρ", ""), "beta1": ("β", "1"), "beta2": ("β", "2"),
    "epsilon": ("ε", ""), "weight_decay": ("λ", ""), "dampening": ("τ", ""),
    "momentum_decay": ("ψ", ""),
    "start_rate": ("η", "0"), "schedule_factor": ("γ", ""), "schedule_steps": ("T", ""),
    "schedule_floor": ("η", "min"), "clip_limit": ("c", ""),
}  # fmt: skip
_MEMORY = {
    "velocity": "v", "mean": "m", "square": "s", "corrected_mean": "m̂", "corrected_square": "ŝ",
    "total": "s", "largest": "u", "momenta": "P",
    "decayed": "g", "clipped": "g",
}  # fmt: skip
GREEK_COMMANDS = {letter: f"\\{name}" for name, letter in _GREEK.items()} | {
    "τ": "\\tau", "η": "\\eta", "π": "\\pi", "ρ": "\\rho", "ε": "\\varepsilon",
    "m̂": "\\hat{m}", "ŝ": "\\hat{s}", "η̂": "\\hat{\\eta}", "′": "\\prime",
    "‖g‖": "\\lVert g \\rVert", "Σw²": "\\sum w^2", "ψ": "\\psi",
    "μₜ": "\\mu_t", "μₜ₊₁": "\\mu_{t+1}",
}  # fmt: skip
_NAME = re.compile(r"([A-Za-zα-ωΑ-Ω]+)_?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Notation:
    """What the reader calls pre-activation, activation and loss."""

    key: str
    pre: str
    act: str
    loss: str


NOTATIONS = {"net": Notation("net", "net", "out", "E"), "z": Notation("z", "z", "a", "L")}


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, str]:
    """A name as a letter and its subscript: w5 as ``w`` and ``5``; Greek letters as such."""
    match = _NAME.fullmatch(name)
    base, sub = match.groups() if match else (name, "")
    return _GREEK.get(base.lower(), base), sub.replace("_", ",")


@lru_cache(maxsize=4096)
def letters(symbol: Symbol, notation: Notation) -> tuple[str, str, str]:
    """How a symbol is written: letter, subscript, superscript."""
    raised = {"new": "+", "shrunk": "′", "": ""}.get(symbol.mark, f"({symbol.mark})")
    if symbol.kind == "hyper":
        return (*HYPER[symbol.name], "")
    if symbol.kind in _ALONE:
        return _ALONE[symbol.kind], "", raised
    if symbol.kind == "rest":
        return "…", "", ""
    loss = notation.loss
    own = {"pre": notation.pre, "act": notation.act, "delta": "δ", "loss": loss, "share": loss}
    base, sub = split_name(symbol.name)
    letter = own.get(symbol.kind) or _MEMORY.get(symbol.kind)
    return (letter, base + sub, raised) if letter else (base, sub, raised)
