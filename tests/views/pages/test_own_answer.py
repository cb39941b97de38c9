"""What is said of the answer to inputs of one's own: the digits, and which weights gave it."""

import re

from app.lab.lab import Lab
from app.lab.spec_json import spec_from_data, spec_to_data
from app.views.pages.dataset import data_view
from app.views.pages.own_answer import own_answer_view
from app.views.text.table_row import table_row
from tests.lab.test_own_units import spec_of, told_spec

PRICES = "size (m²),price\n" + "\n".join(f"{s},{2000.5 * s + 1500}" for s in (50, 71, 96, 138, 155))


def test_an_answer_has_no_exponent_and_says_with_which_weights() -> None:
    lab = Lab.fresh(spec_of(PRICES))
    first = own_answer_view(lab, "138").sentence
    assert "e" not in first.partition("price")[2].partition(",")[0]
    assert first.startswith("For size = 138\N{NO-BREAK SPACE}m² it answers price = ")
    assert first.endswith(", with the first weights.")
    assert own_answer_view(lab, "155").notes == ""
    assert own_answer_view(lab, "155.5").notes == (
        "Outside the range of the training samples (size = 50 to 155\N{NO-BREAK SPACE}m²): "
        "this answer is a guess."
    )
    after = own_answer_view(lab.stepped(3), "138").sentence
    assert after.endswith(", with the weights after step 3.")


def test_a_samples_row_is_the_tables() -> None:
    spec = spec_of(PRICES)
    rows = [table_row(spec, x, y) for x, y in zip(spec.inputs, spec.targets, strict=True)]
    assert "In the table: size = 138\N{NO-BREAK SPACE}m². Target: price = 277569." in rows


def test_with_the_mean_and_the_scale_one_gets_the_same_result() -> None:
    spec = spec_of(PRICES)
    (price,), (size,) = data_view(spec).targets, data_view(spec).inputs
    for column, unit, own in (
        (size, spec.inputs[:, 0], (50, 71, 96, 138, 155)),
        (price, spec.targets[:, 0], [2000.5 * s + 1500 for s in (50, 71, 96, 138, 155)]),
    ):
        back = sorted((unit * float(column.scale) + float(column.mean)).tolist())
        assert [round(value, 3) for value in back] == sorted(map(float, own))


def test_the_field_says_which_words_and_dates_it_takes() -> None:
    days = "".join(f"2024-01-0{at},{word},{at}\n" for at, word in enumerate(("no", "yes") * 4, 1))
    lab = Lab.fresh(spec_of(f"day,smoker,y\n{days}", roles=True))
    view = own_answer_view(lab, "2024-01-05; no")
    assert view.columns == "day (such as 2024-01-01) and smoker (no, yes)"
    assert "For day = 2024-01-05 and smoker = no it answers" in view.sentence.replace(",", " and")
    assert view.usual.startswith("2024-01-0")
    notes = own_answer_view(lab, "2025-01-05; no").notes
    assert "(day = 2024-01-01 to 2024-01-08)" in notes
    wrong = own_answer_view(lab, "5; no").wrong
    assert "“5” is no date or time of day. Write it as the table does, or as 2024-01-01." in wrong


def test_a_number_with_two_readings_may_be_typed_so_or_so() -> None:
    lab = Lab.fresh(spec_of("a,b,c,y\n1.5,2,3,1\n2.5,3,5,2\n4,5,6,3\n", roles=True))
    view = own_answer_view(lab, "1,5; 12,345 ;7")
    assert view.readings == ("1,5; 12.345; 7", "1,5; 12345; 7")
    assert "may be 12.345 or 12345" in view.wrong
    for text, given in zip(view.readings, ("12.345", "12345"), strict=True):
        assert f"b = {given}" in own_answer_view(lab, text).sentence
    assert own_answer_view(lab, "1, 2,3").readings == ("1 2 3",)
    pair = Lab.fresh(spec_of("a,b,y\n1.5,2,1\n2.5,3,2\n4,5,3\n", roles=True))
    assert own_answer_view(pair, "12,345 1").readings == ("12.345 1", "12345 1")


def test_a_target_of_dates_is_a_date() -> None:
    rows = "".join(f"{at}.5,{at}.25,2024-01-{7 * at:02}\n" for at in (1, 2, 3, 4))
    spec = spec_from_data(spec_to_data(told_spec(f"a,b,when\n{rows}")))
    told = {table_row(spec, x, y) for x, y in zip(spec.inputs, spec.targets, strict=True)}
    assert "In the table: a = 2.5 and b = 2.25. Target: when = 2024-01-14." in told
    view = own_answer_view(Lab.fresh(spec), "2.5; 2.25")
    assert view.columns == "a and b"
    assert re.search(r"it answers when = 20[0-9]{2}-[01][0-9]-[0-3][0-9]", view.sentence)
