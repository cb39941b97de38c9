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
    "samples_or_data": N_(
        "{field}: give samples, or data with the name of a data set to draw them from."
    ),
    "tests_and_data": N_(
        "{field}: test samples are split off the data set; give samples with them, or neither."
    ),
    "layer_of_data": N_("{field} must be {expected}: that is what the data set {name} has there."),
    "unknown_option": N_("{field}: this data set has no such option. Its options: {allowed}."),
    "csv_empty": N_("{field} is empty: paste some rows, or choose a file."),
    "csv_text": N_("{field} is not text in UTF-8. Spreadsheets save it so as “CSV UTF-8”."),
    "csv_bytes": N_("{field} has {count} bytes; at most {limit} are possible."),
    "csv_delimiter": N_(
        "{field}: no delimiter is found. Separate columns by the same comma, semicolon or tab in "
        "every line, and have two columns at least."
    ),
    "csv_quote": N_("{field}, line {line}: a quotation mark is not closed or out of place."),
    "csv_ragged": N_("{field}, line {line}: columns: {count}; line {first} has {expected}."),
    "csv_columns": N_("{field} has {count} columns; at most {limit} are possible."),
    "csv_rows": N_("{field} has {count} rows; at most {limit} are possible."),
    "csv_no_rows": N_(
        "{field}: rows, not counting a header: {count}; at least {minimum} are needed."
    ),
    "csv_separator": N_(
        "{field}, line 1: columns cannot be separated by “{sign}”; a comma, a semicolon and a tab "
        "can."
    ),
    "csv_number": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a number as this table writes "
        "them, such as {example}; correct it, or ignore the column."
    ),
    "csv_missing": N_("{field}, line {line}, column {column}: there is nothing."),
    "csv_range": N_(
        "{field}, line {line}, column {column}: numbers must lie from -{limit} to {limit}."
    ),
    "csv_long": N_(
        "{field}, line {line}, column {column}: at most {limit} characters are possible."
    ),
    "csv_whole": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a whole number, as a class must be."
    ),
    "csv_more": N_("{field}: more errors of this kind: {count}."),
    "csv_classes": N_(
        "{field}, column {column}: different classes: {count}; from 2 to {limit} are possible."
    ),
    "csv_mixed_targets": N_("{field}, column {column}: a target in words must be the only target."),
    "role_input": N_("{field}: at least one column must be an input."),
    "role_target": N_("{field}: at least one column must be a target."),
    "outputs_of_data": N_(
        "{field} must be {allowed} with this data; left empty, it follows the data."
    ),
}
