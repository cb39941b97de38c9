"""What large networks say: folded layers, and tables that list a unit at a time."""

from app.messages.marking import N_, Texts

FOLDS: Texts = {
    "folded": N_("and {count} more"),
    "folded_said": N_(
        "and {count} more units, {first} to {last}, folded; Enter draws all {units} of this layer"
    ),
    "open": N_("fold {count}"),
    "open_said": N_("all {units} units of this layer are drawn; Enter folds {first} to {last}"),
}
MORE = N_("and {count} more")
UNFOLDED = N_("Drawn in full: {layers}.")
FOLDED = N_("Large layers are folded: their first and last units are drawn.")
LAYER = N_("the layer of {units} units, {first} to {last}")
