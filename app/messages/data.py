"""The words for data: the sets, their options, tables that cannot be read."""

from app.messages.marking import N_, Texts

DATASETS: Texts = {
    "and": N_("AND"),
    "or": N_("OR"),
    "xor": N_("XOR"),
    "circles": N_("circles"),
    "moons": N_("moons"),
    "spiral": N_("spiral"),
    "blobs2": N_("two Gaussian blobs"),
    "blobs3": N_("three Gaussian blobs"),
    "curve": N_("a curve (regression)"),
    "iris": N_("iris (Fisher 1936)"),
    "own": N_("my own table"),
}

OPTION_LABELS: Texts = {
    "noise": N_("noise"),
    "size": N_("samples"),
    "seed": N_("seed"),
    "test_share": N_("share of test samples"),
    "standardise": N_("standardised"),
    "shuffle": N_("shuffled"),
}
OPTION_VALUES = {True: N_("yes"), False: N_("no")}

ROLES: Texts = {"input": N_("input"), "target": N_("target"), "ignore": N_("ignore")}

INITIALIZATIONS: Texts = {
    "xavier_uniform": N_("Xavier, uniform"),
    "xavier_normal": N_("Xavier, normal"),
    "he_uniform": N_("He, uniform"),
    "he_normal": N_("He, normal"),
    "uniform": N_("uniform from −scale to scale"),
    "normal": N_("normal, scale is the standard deviation"),
    "constant": N_("constant: every weight is scale"),
    "zeros": N_("zeros"),
}

# By the code of an error; the title is in ``problems``.
DATA_PROBLEMS: Texts = {
    "samples_or_data": N_("{field}: give samples, or the name of a data set."),
    "tests_and_data": N_(
        "{field}: test samples are split off the data set. Give samples together with them, or "
        "neither."
    ),
    "layer_of_data": N_("{field} must be {expected} for the data set {name}."),
    "unknown_option": N_("{field}: this data set has no such option. Available: {allowed}."),
    "csv_empty": N_("{field} is empty: paste some rows, or choose a file."),
    "csv_text": N_("{field} is not UTF-8 text. In your spreadsheet, save as “CSV UTF-8”."),
    "csv_bytes": N_("{field} has {count} bytes; the limit is {limit}."),
    "csv_delimiter": N_(
        "{field}: we could not find a separator. Use commas, semicolons or tabs, the same in every "
        "line, and at least two columns."
    ),
    "csv_quote": N_("{field}, line {line}: a quotation mark is unclosed or misplaced."),
    "csv_ragged": N_(
        "{field}, line {line} has {count:column|columns}, line {first} has {expected}."
    ),
    "csv_columns": N_("{field} has {count:column|columns}; the limit is {limit}."),
    "csv_rows": N_("{field} has {count} rows; the limit is {limit}."),
    "csv_no_rows": N_("{field} has too few rows of data ({count}); at least {minimum} are needed."),
    "csv_separator": N_(
        "{field}, line 1: columns cannot be separated by “{sign}”. Use commas, semicolons or tabs."
    ),
    "csv_number": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a number (expected, for example, "
        "{example}). Correct it, or set the column to “ignore”."
    ),
    "csv_missing": N_("{field}, line {line}, column {column} is empty."),
    "csv_range": N_(
        "{field}, line {line}, column {column}: numbers must be between −{limit} and {limit}."
    ),
    "csv_long": N_("{field}, line {line}, column {column} has more than {limit} characters."),
    "csv_whole": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a whole number; classes must be."
    ),
    "csv_more": N_("{field}: and {count} more like this."),
    "csv_classes": N_(
        "{field}, column {column} has {count:class|classes}; 2 to {limit} are allowed."
    ),
    "csv_mixed_targets": N_("{field}, column {column}: a text target must be the only target."),
    "role_input": N_("{field}: at least one column must be an input."),
    "role_target": N_("{field}: at least one column must be a target."),
    "outputs_of_data": N_(
        "{field} must be {allowed} for this data. Leave it empty to follow the data."
    ),
}
