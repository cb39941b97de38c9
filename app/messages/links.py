"""What the program says of links and frames outside templates."""

from collections.abc import Mapping

from app.messages.marking import N_

# By the code of an error; the title is in ``problems``.
LINK_PROBLEMS: Mapping[str, str] = {
    "link_damaged": N_(
        "Not all of it arrived as it was sent, so the network in it cannot be read. Copy the whole "
        "link again, or ask who sent it."
    ),
    "link_too_long": N_("A link of Takeback has at most {limit} characters."),
    "link_format": N_("It is written in a form that this server does not know."),
    "link_refused": N_(
        "It holds a network that cannot be: a part is missing, too large or out of range."
    ),
    "link_outdated": N_(
        "It names an example or a data set that this server draws with other numbers, so its "
        "network would not be the one that was shared."
    ),
    "link_too_large": N_(
        "The link would have {count} characters, and {limit} is the most. A file holds a network "
        "of any size."
    ),
}

# What the Share dialog calls the controls of a frame.
CONTROL_NAMES: Mapping[str, str] = {
    "step": N_("Backprop step"),
    "take-back": N_("Take back"),
    "redo": N_("Redo"),
    "reset": N_("Reset"),
    "forward": N_("Forward"),
    "rate": N_("Learning rate"),
    "run": N_("Run"),
    "phases": N_("Phases"),
    "samples": N_("Choosing a sample"),
    "panel": N_("Derivations"),
    "numbers": N_("All numbers"),
    "edit": N_("Changing values and conventions"),
    "curve": N_("Error over steps"),
}
