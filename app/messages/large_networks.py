"""What large networks say: folded layers, and tables that list a unit at a time."""

from app.messages.marking import N_, Texts

FOLDS: Texts = {
    "folded": N_("and {count} more"),
    "folded_said": N_(
        "and {count} more units, {first} to {last}, hidden. Press Enter to show all {units}."
    ),
    "small": N_("+ {count}"),
    "small_said": N_("{count} more units, {first} to {last}; a wider page can show them"),
    "open": N_("hide {count}"),
    "open_said": N_("hide {count} of the {units} units, {first} to {last}"),
}
MORE = N_("and {count} more")
UNFOLDED = N_("Showing all units of {layers}.")
FOLDED = N_("Large layers are shortened to their first and last units.")
LAYER = N_("the layer of {units} units, {first} to {last}")
