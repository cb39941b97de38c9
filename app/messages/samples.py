"""Which sample stands in the picture, and how it belongs to the step's batch."""

from app.messages.marking import N_, Texts

# Beside the number of the sample, by whether it is in the step's batch and how large that is.
IN_PICTURE: Texts = {
    "one": N_("this step uses it alone"),
    "many_sum": N_(
        "in this step's batch, {first} to {last}; the error and gradients are sums over the batch"
    ),
    "many_mean": N_(
        "in this step's batch, {first} to {last}; the error and gradients are means over the batch"
    ),
    "apart_one": N_(
        "not this step's sample, which is {first}; its values do not enter this update"
    ),
    "apart_many": N_(
        "not in this step's batch, {first} to {last}; its values do not enter this update"
    ),
}
EPOCH = N_("epoch {epoch}, batch {batch} of {batches}")

# Under the question of a derivation.
NOTES: Texts = {
    "one": N_("Of sample {sample} of {total}."),
    "apart": N_("Of sample {sample} of {total}, which this step does not use."),
    "batch_of_one": N_("Of sample {first}, the one that this step uses, not of sample {sample}."),
    "many": N_("Written out for sample {sample}; the batch is samples {first} to {last}."),
    "many_apart": N_(
        "Written out for sample {first} of the batch, {first} to {last}; "
        "sample {sample} is not in it."
    ),
}
NO_DELTA_ONE = N_("This step uses sample {first} alone; sample {sample} has no delta in it.")
NO_DELTA = N_(
    "This step uses samples {first} to {last}; sample {sample} is not among them and has no delta."
)
SPOKEN = N_("The picture shows sample {sample} of {total}: {text}.")
