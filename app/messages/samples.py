"""Which sample stands in the diagram, and how it belongs to the step's batch."""

from app.messages.marking import N_, Texts

# Beside the number of the sample, by whether it is in the step's batch and how large that is.
IN_PICTURE: Texts = {
    "one": N_("used alone in this step"),
    "many_sum": N_("in this step’s batch ({first}–{last}): error and gradients are sums"),
    "many_mean": N_("in this step’s batch ({first}–{last}): error and gradients are means"),
    "apart_one": N_("not used in this step, which uses sample {first}"),
    "apart_many": N_(
        "not in this step’s batch ({first}–{last}), so it does not affect this update"
    ),
}
# In the tables: units have the values of one sample, gradients are of all that the step uses.
OF_UNITS: Texts = {
    "inside": N_("sample {sample}"),
    "apart": N_("sample {sample}, not in this step"),
}
OF_GRADIENTS: Texts = {
    "one": N_("gradients of sample {first}"),
    "mean": N_("gradients: means over samples {first}–{last}"),
    "sum": N_("gradients: sums over samples {first}–{last}"),
}
EPOCH: Texts = {
    "one": N_("epoch {epoch}"),
    "batch": N_("epoch {epoch}, batch {batch} of {batches}"),
}
# Beside the error, whose it is; elsewhere in view there may be another sample.
OF_ERROR: Texts = {
    "": N_("of all {total} samples"),
    "one": N_("of sample {first}"),
    "batch": N_("of samples {first}–{last}"),
}

# Under the question of a derivation.
NOTES: Texts = {
    "one": N_("For sample {sample} of {total}."),
    "apart": N_("For sample {sample} of {total}, which this step does not use."),
    "batch_of_one": N_("For sample {first}, the one this step uses (not sample {sample})."),
    "many": N_("Shown for sample {sample} of the batch {first}–{last}."),
    "batch": N_(
        "For this step’s batch, samples {first}–{last}; worked out for sample {sample} below."
    ),
    "batch_apart": N_(
        "For this step’s batch, samples {first}–{last}; worked out for sample {first} below. "
        "Sample {sample} is not in it."
    ),
    "many_apart": N_(
        "Shown for sample {first} of the batch {first}–{last}; sample {sample} is not in it."
    ),
}
NO_DELTA_ONE = N_("This step uses only sample {first}, so sample {sample} has no δ.")
NO_DELTA = N_("This step uses samples {first}–{last}, so sample {sample} has no δ.")
SPOKEN = N_("Showing sample {sample} of {total}: {text}.")
