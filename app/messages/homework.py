"""The words of a homework: how a matrix filled its numbers, and what its diagram says."""

from app.messages.marking import N_, Texts

FILLED: Texts = {
    "": "",
    "rows": N_("Each row of the matrix is a unit."),
    "rows_biases": N_("Each row of the matrix is a unit, with its bias."),
    "columns": N_("Each column of the matrix is a unit."),
    "columns_biases": N_("Each column of the matrix is a unit, with its bias."),
}
"""How a matrix was read that filled numbers of a homework."""

# What the diagram of a homework says.
HOMEWORK: Texts = {
    "none": N_("Network {shape}. Type or paste your numbers; an empty field uses its grey number."),
    "some": N_("Network {shape}: {typed} of {all} numbers typed. The grey numbers fill the rest."),
    "every": N_("Network {shape}: all {all} numbers typed, ready to create."),
    "inputs": N_("Inputs"),
    "hidden": N_("Hidden layer"),
    "hidden_of_many": N_("Hidden layer {layer}"),
    "outputs": N_("Outputs"),
    "targets": N_("Targets"),
    "weight": N_("weight from {source} to {unit}"),
    "bias": N_("bias of {unit}"),
    "shared": N_("bias of this layer"),
    "input": N_("input"),
    "target": N_("target of {unit}"),
}
