"""The words for data: the sets, their options, tables that cannot be read."""

from app.messages.marking import N_, Texts

DATASETS: Texts = {
    "and": N_("AND"),
    "or": N_("OR"),
    "xor": N_("XOR"),
    "circles": N_("Circles"),
    "moons": N_("Moons"),
    "spiral": N_("Spiral"),
    "blobs2": N_("Two Gaussian blobs"),
    "blobs3": N_("Three Gaussian blobs"),
    "curve": N_("Curve (regression)"),
    "iris": N_("Iris (Fisher 1936)"),
    "own": N_("My own table"),
}

# What a data set was drawn with; an option that is off says nothing, unless it has words for that.
OPTION_FACTS: Texts = {
    "noise": N_("noise {value}"),
    "seed": N_("seed {value}"),
    "test_share": N_("test share {value}"),
    "standardise": N_("standardised"),
    "shuffle": N_("shuffled"),
}
OPTION_FACTS_OFF: Texts = {"standardise": N_("not standardised")}

ROLES: Texts = {"input": N_("Input"), "target": N_("Target"), "ignore": N_("Ignore")}

IGNORED: Texts = {
    "words": N_("Words. As an input, each word gets a unit."),
    "labels": N_("A different word in each row."),
    "counts": N_("It only numbers the rows."),
    "dates": N_("Dates. As an input, they are days from the first one on; times are hours."),
    "empty": N_("It is empty."),
    "": N_("Not used."),
}
"""Why a column is ignored."""
READING: Texts = {
    "comments": N_("Comment lines left out: {lines}."),
    "percent": N_("{column}: 10% is read as 0.1."),
    "permille": N_("{column}: 10‰ is read as 0.01."),
    "days": N_("{column}: dates are read as days from {first} on."),
    "hours": N_("{column}: times are read as hours."),
    "each": N_("{column}: {comma} and {point} are each read by their own decimal sign."),
    "fraction": N_("{column}: {cell} is read as {value}."),
    "currency": N_("{column}: the sign {sign} is left out."),
    "omit": N_("{rows} of {all} rows have gaps and are left out."),
    "mean": N_(
        "{rows} of {all} rows have gaps: numbers are filled with the column’s mean, words with the "
        "most frequent one. Rows without a target are left out."
    ),
    "frequent": N_(
        "{rows} of {all} rows have gaps: they are filled with the column’s most frequent value. "
        "Rows without a target are left out."
    ),
    "variants": N_("{column}: {words} may be spellings of the same."),
    "whole": N_("{column}: whole numbers. Are they numbers, or names of classes?"),
}
"""How a table was read, beside what it shows itself."""

INITIALIZATIONS: Texts = {
    "xavier_uniform": N_("Xavier, uniform"),
    "xavier_normal": N_("Xavier, normal"),
    "he_uniform": N_("He, uniform"),
    "he_normal": N_("He, normal"),
    "uniform": N_("Uniform in ±scale"),
    "normal": N_("Normal with standard deviation = scale"),
    "constant": N_("Constant (= scale)"),
    "zeros": N_("Zeros"),
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
    "open_number": N_("{field} may be {comma} or {point}: write it so, with a point or without."),
    "open_list": N_("{field} can be read in two ways: {point}, or {apart}. Please choose."),
    "list_entry": N_("{field}: “{cell}” cannot be read as a number (row {row}, entry {place})."),
    "list_gap": N_("{field}: entry {place} of row {row} is empty."),
    "list_ragged": N_("{field}: row {row} has {count:number|numbers}, row 1 has {expected}."),
    "asked_inputs": N_(
        "{field} must be {expected:number|numbers}, for {columns}; there are {count}."
    ),
    "asked_word": N_(
        "{field}: “{cell}” is none of the words of {column}: {allowed}. Where the table has two "
        "words, type 0 for the other one."
    ),
    "asked_number": N_("{field}: “{cell}” cannot be read as a number, for {column}."),
    "asked_not_finite": N_("{field}: the answer is too large to represent."),
    "goal_without_classes": N_(
        "{field} cannot be accuracy: these targets are values, not classes. Choose an error or a "
        "tolerance."
    ),
    "line_numbers": N_("{field} must be numbers of lines, such as 1, 7-9."),
    "csv_empty": N_("{field} is empty: paste some rows, or choose a file."),
    "csv_text": N_("{field} is not text. In your spreadsheet, save as “CSV UTF-8”."),
    "csv_workbook": N_(
        "{field} is a workbook. In your spreadsheet, save this sheet as “CSV UTF-8”."
    ),
    "csv_bytes": N_("{field} has {count} bytes; the limit is {limit}."),
    "csv_delimiter": N_(
        "{field}: we could not find a separator. Use commas, semicolons, tabs, pipes or blanks, "
        "the same in every line, and at least two columns."
    ),
    "csv_quote": N_("{field}, line {line}: a quotation mark is unclosed or misplaced."),
    "csv_ragged": N_(
        "{field}, line {line} has {count:column|columns}, line {first} has {expected}."
    ),
    "csv_attributes": N_(
        "{field}, line {line} has {count:value|values}; the @attribute lines name {expected}."
    ),
    "csv_label": N_(
        "{field}, line {line}, column {column}: “{cell}” is not among the values that the "
        "@attribute line lists."
    ),
    "csv_columns": N_("{field} has {count:column|columns}; the limit is {limit}."),
    "csv_rows": N_("{field} has {count} rows; the limit is {limit}."),
    "csv_no_rows": N_("{field} has a header only; at least one data row is needed."),
    "csv_separator": N_(
        "{field}, line 1: columns cannot be separated by “{sign}”. Use commas, semicolons or tabs."
    ),
    "csv_scaled": N_(
        "{field}, line {line}: MATLAB printed its numbers without the factor {factor}. Write them "
        "with writematrix, or leave out the line to take them as they stand."
    ),
    "csv_sparse": N_(
        "{field}, line {line}: rows that name their columns (sparse ARFF, LIBSVM) are not read. "
        "Save it as CSV."
    ),
    "csv_left_out": N_(
        "{field}, line {line}: “{text}” stands for what was not printed. Save the whole table as "
        "CSV (pandas: to_csv, R: write.csv, NumPy: savetxt), or go on without the rest."
    ),
    "csv_columns_left_out": N_(
        "{field}, column {column}: “{cell}” stands for columns that were not printed. Save the "
        "whole table as CSV (pandas: to_csv, R: write.csv), or go on without them."
    ),
    "csv_parts": N_(
        "{field}, line {line}: the columns were printed in parts, one below the other. Save the "
        "table as CSV (pandas: to_csv, R: write.csv, MATLAB: writematrix)."
    ),
    "csv_summary": N_(
        "{field} is a summary by {name}, not the data itself. Save the data as CSV (pandas: "
        "to_csv, R: write.csv)."
    ),
    "csv_format": N_(
        "{field} is written as {format}. Save it as CSV (pandas: to_csv, R: write.csv), or copy it "
        "from the sheet or page that shows it."
    ),
    "csv_open_header": N_("{field}: line {line} may name the columns, or be data. Please choose."),
    "csv_open_decimal": N_(
        "{field}, line {line}, column {column}: “{cell}” may be {point} (decimal point) or {comma} "
        "(decimal comma). Please choose."
    ),
    "csv_mixed_decimal": N_(
        "{field}, line {line}, column {column}: “{cell}” has a decimal comma, “{other}” a decimal "
        "point. Please choose how to read them."
    ),
    "csv_open_literal": N_(
        "{field}, line {line}, column {column}: “{cell}” may be the number {value}, or a word. "
        "Please choose."
    ),
    "csv_open_time": N_(
        "{field}, line {line}, column {column}: “{cell}” may be a time, or a word such as a ratio. "
        "Please choose."
    ),
    "csv_open_nines": N_(
        "{field}, line {line}, column {column}: “{cell}” may be a number, or stand for no value. "
        "Please choose."
    ),
    "csv_words_or_numbers": N_(
        "{field}, line {line}, column {column}: “{cell}” looks like a number, but we cannot read "
        "it as one. Write it plainly (for example, {example}), or choose what to do."
    ),
    "csv_open_total": N_("{field}: line {line} looks like the total of the others. Please choose."),
    "csv_open_subtotals": N_(
        "{field}: line {line} looks like the sum of some lines above it. Please choose."
    ),
    "csv_open_date": N_(
        "{field}, line {line}, column {column}: “{cell}” may be {month} (month first) or {day} "
        "(day first). Please choose."
    ),
    "csv_open_blanks": N_(
        "{field}, line {line}: “{cell}” may be one number, or several columns. Please choose."
    ),
    "csv_open_rows": N_(
        "{field}, line {line}: “{cell}” may be one number, or a row of several. Please choose."
    ),
    "csv_decimal_commas": N_(
        "{field}, line {line}: commas separate columns, and stand inside numbers, too: {count} "
        "columns, but {expected} names. Choose how to read it, save it with semicolons, or paste "
        "it from the spreadsheet."
    ),
    "csv_all_gaps": N_(
        "{field}: every one of the {count} rows has a gap. Fill them, or ignore a column."
    ),
    "csv_words": N_(
        "{field}, column {column} has {count:different word|different words}; an input of words "
        "takes 2 to {limit}."
    ),
    "csv_number": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a number (expected, for example, "
        "{example}). Correct it, or set the column to “ignore”."
    ),
    "csv_percent": N_(
        "{field}, line {line}, column {column}: of “{cell}” and the other cells, only some are "
        "percentages. Write them all in the same way."
    ),
    "csv_unit": N_(
        "{field}, line {line}, column {column}: “{cell}” does not have the unit of the "
        "other cells. Use the same unit throughout."
    ),
    "csv_date": N_(
        "{field}, line {line}, column {column}: “{cell}” is not an unambiguous date "
        "(expected, for example, 2024-01-31)."
    ),
    "csv_time": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a time of day (expected, for "
        "example, 08:30 or 08:30:15). Write durations as numbers."
    ),
    "csv_missing": N_("{field}, line {line}, column {column} has no value."),
    "csv_range": N_(
        "{field}, line {line}, column {column}: numbers must be between −{limit} and {limit}."
    ),
    "csv_long": N_("{field}, line {line}, column {column} has more than {limit} characters."),
    "csv_whole": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a whole number, as a class must be."
    ),
    "csv_more": N_("{field}: and {count} more like this."),
    "csv_classes": N_(
        "{field}, column {column} has {count:class|classes}; 2 to {limit} are allowed."
    ),
    "csv_mixed_targets": N_("{field}, column {column}: a text target must be the only target."),
    "role_input": N_("{field}: at least one column must be an input."),
    "role_target": N_("{field}: at least one column must be a target."),
    "layer_shape": N_(
        "{field} must be 2 to {layers} sizes from 1 to {units}, joined by hyphens, such as "
        "{example}."
    ),
    "too_many_numbers": N_(
        "{field}: {shape} has {count} numbers to type; the limit is {limit}. Build it from data, "
        "and its weights are drawn for you."
    ),
    "outputs_of_data": N_(
        "{field} must be {allowed} for this data. Leave it empty to follow the data."
    ),
}
DELIMITERS: Texts = {
    "comma": N_("Comma"),
    "semicolon": N_("Semicolon"),
    "tab": N_("Tab"),
    "pipe": N_("Pipe |"),
    "blank": N_("Blanks"),
    "fixed": N_("Fixed width"),
    "grouped": N_("Blanks, but 1 000 is one number"),
}
SEPARATED: Texts = {
    "comma": N_("comma-separated"),
    "semicolon": N_("semicolon-separated"),
    "tab": N_("tab-separated"),
    "pipe": N_("pipe-separated"),
    "blank": N_("blank-separated"),
    "fixed": N_("fixed-width"),
    "grouped": N_("blank-separated"),
}
ENCODED: Texts = {
    "utf-8": N_("UTF-8"),
    "utf-16": N_("UTF-16"),
    "utf-16-le": N_("UTF-16"),
    "utf-16-be": N_("UTF-16"),
}
ENCODINGS: Texts = {
    "cp1252": N_("Windows-1252 (Western)"),
    "cp1250": N_("Windows-1250 (Central European)"),
    "cp1251": N_("Windows-1251 (Cyrillic)"),
    "cp1253": N_("Windows-1253 (Greek)"),
    "cp1254": N_("Windows-1254 (Turkish)"),
    "cp1255": N_("Windows-1255 (Hebrew)"),
    "cp1256": N_("Windows-1256 (Arabic)"),
    "cp1257": N_("Windows-1257 (Baltic)"),
    "iso8859_2": N_("ISO 8859-2 (Central European)"),
    "koi8_r": N_("KOI8-R (Cyrillic)"),
    "mac_roman": N_("Mac Roman"),
    "cp850": N_("DOS 850 (Western)"),
    "shift_jis": N_("Shift JIS (Japanese)"),
    "gb18030": N_("GB 18030 (Chinese)"),
    "big5": N_("Big5 (Chinese)"),
    "euc_kr": N_("EUC-KR (Korean)"),
}
