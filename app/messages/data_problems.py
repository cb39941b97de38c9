"""What is said of data and tables that cannot be read."""

from app.messages.marking import N_, Texts

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
    "list_scaled": N_(
        "{field}: these numbers stand behind a common factor, {factor}. Paste them multiplied by "
        "it, or leave it out to take them as they stand."
    ),
    "list_several": N_(
        "{field}: there is more than one list or matrix here. Paste them one by one: weights into "
        "the first weight of their layer, biases into its first bias."
    ),
    "list_matrix": N_(
        "{field} begins a list, and {rows} × {columns} numbers are a matrix. Paste it into the "
        "first weight of its layer."
    ),
    "list_shape": N_(
        "{field}: {rows} × {columns} numbers do not fit. Into {first} goes a matrix of {units} × "
        "{inputs} or {units} × {more} (each row is a unit, its bias last), or {inputs} × "
        "{units} or {more} × {units} (each column is a unit, its bias last)."
    ),
    "list_names": N_(
        "{field}: the names {names} do not fit these weights, which lead from {inputs} to {units}."
    ),
    "open_matrix": N_(
        "{field}: this matrix fits both ways: each row may be a unit, or each column. Please "
        "choose."
    ),
    "open_indices": N_(
        "{field}: {label} may be the weight from {first} to {second}, or into {first} from "
        "{second}. Please choose."
    ),
    "list_over": N_(
        "{field}: this list has {count:number|numbers}, and from here on {limit} fit. "
        "Leave out the rest, or choose larger layers."
    ),
    "list_ragged": N_("{field}: row {row} has {count:number|numbers}, row 1 has {expected}."),
    "asked_inputs": N_(
        "{field} must be {expected:value|values}, for {columns}; there are {count}."
    ),
    "asked_word": N_("{field}: “{cell}” is none of the words of {column}: {allowed}."),
    "asked_date": N_(
        "{field}: “{cell}” is no date or time of {column}. Write it as the table does, or as "
        "{example}."
    ),
    "asked_number": N_("{field}: “{cell}” cannot be read as a number, for {column}."),
    "asked_no_unit": N_(
        "{field}: “{cell}” has a unit, and {column} has none. Write it as the table does."
    ),
    "asked_unit": N_("{field}: “{cell}” is not in {unit}, as {column} is."),
    "asked_not_finite": N_("{field}: the answer is too large to represent."),
    "goal_without_classes": N_(
        "{field} cannot be accuracy: these targets are values, not classes. Choose an error or a "
        "tolerance."
    ),
    "line_numbers": N_("{field} must be numbers of lines, such as 1, 7-9."),
    "csv_empty": N_("{field} is empty: paste some rows, or choose a file."),
    "csv_empty_file": N_("{field}: this file is empty. Choose another one, or paste some rows."),
    "csv_text": N_("{field} is not text. In your spreadsheet, save as “CSV UTF-8”."),
    "csv_workbook": N_(
        "{field} is a workbook. In your spreadsheet, save this sheet as “CSV UTF-8”."
    ),
    "csv_bytes": N_(
        "{field} has more than {megabytes} MB. Up to {megabytes} MB and {rows} rows are read: take "
        "some of its rows."
    ),
    "csv_delimiter": N_(
        "{field}: we could not find a separator. Use commas, semicolons, tabs, pipes or blanks, "
        "the same in every line, and at least two columns."
    ),
    "csv_one_column": N_(
        "{field} has one column. At least two are needed: one for the inputs, one for the targets."
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
    "csv_lines": N_("{field} has {count} lines or rows; the limit is {limit}."),
    "csv_rows": N_("{field} has {count} rows; the limit is {limit}."),
    "csv_no_rows": N_("{field} has a header only; at least one data row is needed."),
    "csv_separator": N_(
        "{field}, line 1: columns cannot be separated by “{sign}”. Use commas, semicolons or tabs."
    ),
    "csv_scaled": N_(
        "{field}, line {line}: there is more than one common factor here, such as {factor}. Paste "
        "one matrix, or write it with writematrix."
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
    "csv_numbers_or_dates": N_(
        "{field}, line {line}, column {column}: “{cell}” may be the number {value}, or {date}. "
        "Please choose."
    ),
    "csv_open_day": N_(
        "{field}, line {line}, column {column}: “{cell}” may be the number {value}, or a date or "
        "time. Write these as 2024-01-31 and 08:30, or choose."
    ),
    "csv_open_season": N_(
        "{field}, line {line}, column {column}: “{cell}” may be a season from {year} on, a month "
        "or a word. Please choose."
    ),
    "csv_open_short_season": N_(
        "{field}, line {line}, column {column}: “{cell}” may be a season from {year} on, a "
        "month, a number or a word. Please choose."
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
    "csv_open_spelling": N_(
        "{field}, line {line}, column {column}: “{cell}” and “{other}” may be one word. Please "
        "choose."
    ),
    "csv_open_total": N_(
        "{field}: line {line} looks like the total or mean of the others. Please choose."
    ),
    "csv_open_turn": N_(
        "{field} may be a row or a column: every line begins with a name and goes on with numbers. "
        "Please choose."
    ),
    "csv_open_subtotals": N_(
        "{field}: line {line} looks like the sum of some lines above it. Please choose."
    ),
    "csv_open_date": N_(
        "{field}, line {line}, column {column}: “{cell}” is one of these dates, by what "
        "stands first in it: {dates}. Please choose."
    ),
    "csv_open_century": N_(
        "{field}, line {line}, column {column}: “{cell}” is {early} or {late}. Please choose."
    ),
    "csv_open_blanks": N_(
        "{field}, line {line}: “{cell}” may be one number, or several columns. Please choose."
    ),
    "csv_open_rows": N_(
        "{field}, line {line}: “{cell}” may be one number, or a row of several. Please choose."
    ),
    "csv_open_commas": N_(
        "{field}, line {line}: “{cell}” may be one number, or two: {point}, or {apart}. "
        "Please choose."
    ),
    "csv_decimal_commas": N_(
        "{field}, line {line}: commas separate columns, and stand inside numbers, too: {count} "
        "columns, but {expected} names. Choose how to read it, save it with semicolons, or paste "
        "it from the spreadsheet."
    ),
    "csv_no_commas": N_(
        "{field}: no row has {count:column|columns} more than the first one, so no commas are "
        "joined."
    ),
    "csv_all_gaps": N_(
        "{field}: every one of the {count} rows has a gap. Fill them, or ignore a column."
    ),
    "csv_words": N_(
        "{field}, column {column} has {count:different word|different words}; an input of words "
        "takes 2 to {limit}."
    ),
    "csv_inputs": N_(
        "{field}: with column {column} there are more than {limit} inputs, as each word is one. "
        "Set columns of words to “ignore”."
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
    "csv_other_unit": N_(
        "{field}, line {line}, column {column}: “{cell}” is not in {unit}, as the column’s name "
        "says. Use one unit for both."
    ),
    "csv_open_zone": N_(
        "{field}, line {line}, column {column}: “{cell}” has no time zone, “{other}” has one. "
        "Write them all in the same way."
    ),
    "csv_date": N_(
        "{field}, line {line}, column {column}: “{cell}” is not an unambiguous date "
        "(expected, for example, 2024-01-31)."
    ),
    "csv_day_or_month": N_(
        "{field}, line {line}, column {column}: “{cell}” may be a day without a year, or {date}. "
        "Write days as 2024-01-31, or choose."
    ),
    "csv_time": N_(
        "{field}, line {line}, column {column}: “{cell}” is not a time of day (expected, for "
        "example, 08:30 or 08:30:15). If it is a duration, say of what."
    ),
    "csv_missing": N_("{field}, line {line}, column {column} has no value."),
    "csv_range": N_(
        "{field}, line {line}, column {column}: numbers must be between −{limit} and {limit}."
    ),
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
