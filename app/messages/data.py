"""The words for data: the sets, their options, how a table was read."""

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
    "unread": N_("Its figures are no numbers that we can read."),
    "counts": N_("It only numbers the rows."),
    "dates": N_("Dates. As an input, they are days from the first one on; times are hours."),
    "empty": N_("It is empty."),
    "": N_("Not used."),
}
"""Why a column is ignored."""
READING: Texts = {
    "comments": N_("Comment lines left out: {lines}."),
    "factor": N_("The numbers are multiplied by {factor}, which MATLAB printed above them."),
    "percent": N_("{column}: 10% is read as 0.1."),
    "permille": N_("{column}: 10‰ is read as 0.01."),
    "days": N_("{column}: dates are read as days from {first} on."),
    "hours": N_("{column}: times are read as hours."),
    "minutes": N_("{column}: durations are read as minutes."),
    "durations": N_("{column}: durations are read as hours."),
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
    "binary": N_(
        "{column} is 0 or 1: a sigmoid output with cross-entropy is proposed, as usual for "
        "classes. For numbers, choose identity with mean squared error."
    ),
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
    "cp852": N_("DOS 852 (Central European)"),
    "cp866": N_("DOS 866 (Cyrillic)"),
    "iso8859_15": N_("ISO 8859-15 (Western, with €)"),
    "mac_cyrillic": N_("Mac Cyrillic"),
    "shift_jis": N_("Shift JIS (Japanese)"),
    "gb18030": N_("GB 18030 (Chinese)"),
    "big5": N_("Big5 (Chinese)"),
    "euc_kr": N_("EUC-KR (Korean)"),
}
