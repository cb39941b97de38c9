"""The buttons beside what the builder refuses: each says what it would change."""

from app.messages.marking import N_, Texts

_IGNORE = ("role.{index}=ignore&roles_of={mark}", N_("Ignore column {column}"))
_OMIT = ("omit={omit}", N_("Leave out {lines:line|lines}"))
NO_VALUE = ("missing={missing}", N_("{marks}: no value"))
_WORDS = ("{as_words}", N_("They are words"))
_SCALED = ("{as_scaled}", N_("k is a thousand, M a million, B a thousand million"))
_LEADING = ("{as_leading}", N_("Read the number in front"))
_DATED = (("{as_dates}", N_("{cell} is {date}")), _WORDS, _IGNORE, _OMIT)
_TURN = ("transposed=yes", N_("Each column is a sample"))
FIXES: dict[str, tuple[tuple[str, str], ...]] = {
    "softmax_hidden": (("{field}=sigmoid", N_("Use sigmoid")),),
    "softmax_single": (
        ("output_activation=sigmoid&loss=", N_("Use sigmoid")),
        ("outputs=2&output_activation=softmax&loss=", N_("Use two outputs")),
    ),
    "sigmoid_loss": (
        ("output_activation=sigmoid", N_("Use sigmoid outputs")),
        ("loss=mean_squared_error", N_("Use mean squared error")),
    ),
    "softmax_loss": (
        ("output_activation=softmax&outputs=", N_("Use softmax outputs")),
        ("output_activation=sigmoid&loss=binary_cross_entropy", N_("Use binary cross-entropy")),
    ),
    "targets_unit": (("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),),
    "targets_unity": (
        ("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),
    ),
    "nesterov_averaged": (
        ("momentum_form=classical", N_("Use classical")),
        ("momentum_form=accumulated", N_("Use accumulated")),
    ),
    "dampening_form": (
        ("momentum_form=accumulated", N_("Use accumulated")),
        ("dampening=0", N_("Use 0")),
    ),
    "unknown_parameter": (("frozen=", N_("Freeze none")),),
    "smoothing_loss": (("label_smoothing=0", N_("Use 0")),),
    "step_loss": (
        ("output_activation=step", N_("Use step outputs")),
        ("loss=mean_squared_error", N_("Use mean squared error")),
    ),
    "targets_signs": (
        ("loss=mean_squared_error&output_activation=", N_("Use mean squared error")),
    ),
    "nothing_corrected": (("epsilon_form=outside", N_("Use √s + ε")),),
    "batch_larger": (
        ("batch_size={maximum}", N_("Use {maximum}")),
        ("batch=full&batch_size=", N_("Use all samples")),
    ),
    "minimum": (("{field}={minimum}", N_("Use {minimum}")),),
    "maximum": (("{field}={maximum}", N_("Use {maximum}")),),
    "too_many_weights": (("{units}", N_("Use {layers}")),),
    "open_number": (
        ("{field}={comma}", "{comma}"),
        ("{field}={point}", "{point}"),
    ),
    "open_list": (
        ("{point_field}", "{point}"),
        ("{apart_field}", "{apart}"),
    ),
    "open_matrix": (
        ("{point_field}", N_("Each row is a unit")),
        ("{apart_field}", N_("Each column is a unit")),
    ),
    "open_indices": (
        ("{point_field}", N_("{label} leads from {first} to {second}")),
        ("{apart_field}", N_("{label} leads into {first} from {second}")),
    ),
    "csv_open_header": (
        ("header=yes", N_("Line {line} names the columns")),
        ("header=no", N_("Line {line} is data")),
    ),
    "csv_open_decimal": (
        ("decimal=.", N_("{cell} is {point}")),
        ("decimal=,", N_("{cell} is {comma}")),
    ),
    "csv_mixed_decimal": (
        ("decimal=each", N_("{cell} is {value}, {other} is {other_value}")),
        _IGNORE,
    ),
    "csv_open_literal": (
        ("literals.{index}=numbers", N_("{cell} is {value}")),
        ("literals.{index}=words", N_("{cell} is a word")),
    ),
    "csv_numbers_or_dates": (
        ("literals.{index}=dates", N_("{cell} is {date}")),
        ("literals.{index}=numbers", N_("{cell} is the number {value}")),
        ("literals.{index}=words", N_("{cell} is a word")),
    ),
    "csv_open_day": (
        ("literals.{index}=numbers", N_("{cell} is {value}")),
        ("literals.{index}=words", N_("{cell} is a word")),
        _IGNORE,
    ),
    "csv_open_season": (
        ("literals.{index}=leading", N_("{cell} is the season from {year} on")),
        ("literals.{index}=dates", N_("{cell} is the month {date}")),
        ("literals.{index}=words", N_("{cell} is a word")),
        _IGNORE,
    ),
    "csv_open_short_season": (
        ("literals.{index}=leading", N_("{cell} is the season from {year} on")),
        ("literals.{index}=dates", N_("{cell} is the month {date}")),
        ("literals.{index}=numbers", N_("{cell} is the number {value}")),
        ("literals.{index}=words", N_("{cell} is a word")),
        _IGNORE,
    ),
    "csv_open_time": (
        ("literals.{index}=numbers", N_("{cell} is a time")),
        ("literals.{index}=words", N_("{cell} is a word")),
    ),
    "csv_open_nines": (("{as_numbers}", N_("{marks}: a number")), NO_VALUE),
    "csv_words_or_numbers": (_SCALED, _LEADING, _IGNORE, _WORDS),
    "csv_open_spelling": (
        ("merge=yes", N_("One word")),
        ("merge=no", N_("Different words")),
    ),
    "csv_open_total": (
        ("total=yes", N_("Leave out line {line}")),
        ("total=no", N_("Line {line} is data")),
    ),
    "csv_open_subtotals": (
        _OMIT,
        ("total=no", N_("Keep {lines:line|lines} as data")),
    ),
    "csv_open_turn": (("transposed=no", N_("Each row is a sample")), _TURN),
    "csv_columns": (_TURN,),
    "csv_open_date": (
        ("dates=month", N_("{cell} is {month}")),
        ("dates=day", N_("{cell} is {day}")),
        ("dates=year", N_("{cell} is {year}")),
    ),
    "csv_open_century": (
        ("pivot={first}", N_("{cell} is {early}")),
        ("pivot={last}", N_("{cell} is {late}")),
    ),
    "csv_open_blanks": (
        ("delimiter=grouped", N_("{cell} is one number")),
        ("delimiter=blank", N_("Each blank separates columns")),
    ),
    "csv_open_rows": (
        ("delimiter=semicolon", N_("{cell} is one number")),
        ("delimiter=comma", N_("{cell} is a row")),
    ),
    "csv_open_commas": (
        ("commas={commas}", "{point}"),
        ("delimiter=comma", "{apart}"),
    ),
    "csv_missing": (
        ("gaps=omit", N_("Leave out rows with gaps: {rows}")),
        ("gaps=mean", N_("Fill gaps with the mean")),
        ("gaps=frequent", N_("Fill gaps with the most frequent value")),
    ),
    "csv_ragged": (_OMIT,),
    "csv_attributes": (_OMIT,),
    "csv_label": (_OMIT,),
    "csv_left_out": (_OMIT,),
    "csv_columns_left_out": (("role.{index}=ignore&roles_of={mark}", N_("Go on without them")),),
    "csv_quote": (_OMIT,),
    "csv_number": (
        ("decimal=each", N_("Read each cell by its own decimal sign")),
        _SCALED,
        _LEADING,
        _WORDS,
        _IGNORE,
        _OMIT,
        NO_VALUE,
    ),
    "csv_percent": (_IGNORE, _OMIT),
    "csv_unit": (_IGNORE, _OMIT),
    "csv_other_unit": (_IGNORE,),
    "csv_open_zone": (_IGNORE,),
    "csv_date": _DATED,
    "csv_day_or_month": _DATED,
    "csv_time": (
        ("{as_minutes}", N_("{cell} is {minutes} minutes")),
        ("{as_hours}", N_("{cell} is {hours} hours")),
        _WORDS,
        _IGNORE,
        _OMIT,
    ),
    "csv_range": (
        ("standardise=yes", N_("Standardise")),
        ("output_activation=&loss=", N_("Use linear outputs")),
        _IGNORE,
        _OMIT,
        NO_VALUE,
    ),
    "csv_inputs": (_IGNORE,),
    "csv_words": (_IGNORE,),
    "csv_classes": (_IGNORE,),
    "csv_whole": (("classes=no", N_("The target is a number")),),
}
"""For each error what would do instead: fields with their new values, and the button's text."""
FIX_OPEN: Texts = {
    "": N_("Use {value}"),
    "nothing": N_("Leave it empty"),
    "hidden": N_("Hidden layers: {value}"),
}
