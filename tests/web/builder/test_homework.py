"""The builder's page for a homework: forms with and without htmx, addresses, what is refused."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.lab.homework.homework import Filled, Homework, filled_from
from app.web.builder import homework_draft
from tests.web.builder.test_routes import created, page_of
from tests.web.support import HTMX, Client, Page, Watched

HERE = "/new/homework"
# The article's network with numbers of its own.
MINE = {
    "layers": "2-3-1", "x1": "0.05", "x2": "0.1", "y1": "0.99", "b1": "0.35", "b2": "-0.1",
    "b3": "0.2", "b4": "0.6", **{f"w{n}": f"0.{n}" for n in range(1, 10)},
}  # fmt: skip


def sent(client: Client, path: str = HERE, *, htmx: Any = False, **typed: str) -> Any:
    fields = {name.replace("__", "."): text for name, text in typed.items()}
    return client.post(path, data=fields, headers=HTMX if htmx else {})


def test_get_draws_and_stores_nothing(client: Client, store: Watched) -> None:
    before = store.writes
    page = page_of(client.get(HERE))
    assert page.one("a", id="way-homework").attrs["aria-current"] == "page"
    assert "Network 2-3-1" in page.one(id="said").text
    assert len(page.ids()) == len(set(page.ids()))
    labelled = {label.attrs["for"] for label in page.all("label", for_="")}
    fields = [
        e
        for e in page.one("form", id="build").walk()
        if e.tag in ("input", "select") and e.attrs.get("type") != "hidden"
    ]
    assert {e.attrs["id"] for e in fields} == labelled
    sent(client, f"{HERE}/preview", **MINE)
    assert store.writes == before


@pytest.mark.parametrize("where", ["/new", HERE])
def test_each_way_leads_to_the_other_and_keeps_the_look(client: Client, where: str) -> None:
    page = page_of(client.get(f"{where}?theme=dark"))
    ways = [page.one("a", id=f"way-{way}") for way in ("homework", "data")]
    assert [way.attrs["href"] for way in ways] == [f"{HERE}?theme=dark", "/new?theme=dark"]
    assert ["aria-current" in way.attrs for way in ways] == [where == HERE, where != HERE]


def test_each_way_leads_back_to_the_other_as_it_was_left(client: Client) -> None:
    """The address that the browser comes from holds what was typed; the look is this page's."""
    came = {"referer": f"http://testserver{HERE}?layers=2-2-1&w1=0%2C5&theme=light"}
    page = page_of(client.get("/new?theme=dark", headers=came))
    assert page.one(id="way-homework").attrs["href"] == f"{HERE}?theme=dark&layers=2-2-1&w1=0%2C5"
    came = {"referer": "http://testserver/new?dataset=moons&noise=0.25"}
    page = page_of(client.get(HERE, headers=came))
    assert page.one(id="way-data").attrs["href"] == "/new?dataset=moons&noise=0.25"
    page = page_of(client.get(HERE, headers={"referer": "http://testserver/?dataset=moons"}))
    assert page.one(id="way-data").attrs["href"] == "/new"


def test_rows_stand_at_the_unit_that_they_lead_into(client: Client) -> None:
    page = page_of(client.get(f"{HERE}?layers=2-3-1"))
    bodies = page.all(class_="body")
    names = [[e.attrs["name"] for e in body.walk() if e.tag == "input"] for body in bodies]
    assert names == [
        ["x1", "x2"],
        ["w1", "w2", "b1", "w3", "w4", "b2", "w5", "w6", "b3"],
        ["w7", "w8", "w9", "b4"],
        ["y1"],
    ]
    assert page.one("label", for_="f-w4").text == "w4, weight from x2 to h2"
    wires = [len([e for e in body.walk() if e.tag == "path"]) for body in bodies]
    assert wires == [0, 6, 3, 0]


@pytest.mark.parametrize(
    "wrong", [{"w1": "0,3x"}, {"layers": "2-4-"}, {"layers": "2-900"}], ids=str
)
def test_a_slip_keeps_the_diagram_and_all_that_was_typed(
    client: Client, wrong: dict[str, str]
) -> None:
    """The error stands at its field; with wrong layers those that were drawn stay."""
    shown = page_of(client.get(f"{HERE}?layers=2-3-1"))
    drawn = shown.one("input", name="drawn").attrs["value"]
    typed = MINE | wrong | {"drawn": drawn}
    without = sent(client, f"{HERE}/preview", **typed)
    answers = (
        sent(client, f"{HERE}/preview", htmx=True, **typed),
        sent(client, **typed),
        client.get(without.headers["location"]),
    )
    for answer, status in zip(answers, (200, 422, 422), strict=True):
        page = page_of(answer, status)
        values = {e.attrs["name"]: e.attrs["value"] for e in page.all("input", data_kind="")}
        numbers = {name: text for name, text in typed.items() if name not in ("layers", "drawn")}
        assert {name: values[name] for name in numbers} == numbers
        (name,) = wrong
        assert page.one("input", name=name).attrs["value"] == wrong[name]
        assert page.one("input", name=name).attrs["aria-invalid"] == "true"
        assert [e.attrs["name"] for e in page.all("input", aria_invalid="true")] == [name]


def test_own_numbers_become_a_network(client: Client) -> None:
    spec = created(client, sent(client, **MINE))["spec"]
    assert spec["layers"] == [2, 3, 1]
    assert spec["weights"] == [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], [[0.7, 0.8, 0.9]]]
    assert spec["biases"] == [[0.35, -0.1, 0.2], [0.6]]
    assert spec["samples"] == [{"inputs": [0.05, 0.1], "targets": [0.99]}]
    assert (spec["activations"], spec["loss"]) == (["sigmoid", "sigmoid"], "half_squared_error")
    assert spec["optimizer"] == {"name": "sgd", "learning_rate": 0.5}


@pytest.mark.parametrize(("rule", "biases"), [("shared", ["b1", "b2"]), ("none", None)])
def test_biases_may_be_shared_or_fixed(client: Client, rule: str, biases: list[str] | None) -> None:
    typed = {**MINE, "bias_update": rule, **({"b1": "0.5", "b2": "0.5", "b3": "0.5"} if not biases
                                             else {})}  # fmt: skip
    page = page_of(client.get(HERE, params=typed))
    fields: list[Any] = [e.attrs["name"] for e in page.all("input", data_kind="bias")]
    assert fields == (biases or ["b1", "b2", "b3", "b4"])
    spec = created(client, sent(client, **typed))["spec"]
    named: list[Any] = [["b1", "b2", "b3"], ["b4"]]
    assert spec["names"]["biases"] == (biases or named)
    assert spec["biases"][0] == [0.35 if biases else 0.5] * 3


def test_a_number_left_open_is_the_grey_one(client: Client) -> None:
    page = page_of(client.get(HERE))
    grey = {e.attrs["name"]: e.attrs["placeholder"] for e in page.all("input", data_kind="")}
    spec = created(client, sent(client, layers="2-3-1", w1="0.25"))["spec"]
    assert spec["weights"][0][0] == [0.25, float(grey["w2"])]
    assert spec["samples"][0]["inputs"] == [float(grey["x1"]), float(grey["x2"])]


def test_an_address_holds_every_number(client: Client) -> None:
    answer = sent(client, f"{HERE}/preview?theme=dark", **MINE, bias_update="")
    assert answer.status_code == 303
    url = urlsplit(answer.headers["location"])
    assert url.path == HERE
    assert {k: v[0] for k, v in parse_qs(url.query).items()} == {**MINE, "theme": "dark"}
    page = page_of(client.get(answer.headers["location"]))
    assert page.one("input", name="w9").attrs["value"] == "0.9"
    assert "all 16 numbers typed" in page.one(id="said").text


def test_numbers_that_no_address_holds_stay_on_the_page(client: Client) -> None:
    many = {f"w{n}": "0.125" for n in range(1, 369)}
    answer = sent(client, f"{HERE}/preview", layers="4-16-16-3", **many)
    page = page_of(answer)
    assert page.one("input", name="w368").attrs["value"] == "0.125"
    htmx = sent(client, f"{HERE}/preview", layers="4-16-16-3", htmx=True, **many)
    assert htmx.headers["hx-replace-url"] == f"{HERE}?layers=4-16-16-3"


def test_a_preview_by_htmx_is_partials(client: Client) -> None:
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, **MINE))
    targets = [partial.attrs["hx-target"] for partial in page.all("hx-partial")]
    assert targets == ["#parts", "#notice", "#said"]
    assert (client.get(f"{HERE}/preview").headers["location"]) == HERE


def test_a_wrong_number_is_told_and_linked(client: Client) -> None:
    page = page_of(sent(client, **{**MINE, "w4": "0.5x", "x1": "1e9"}), 422)
    field = page.one("input", name="w4")
    assert (field.attrs["aria-invalid"], field.attrs["value"]) == ("true", "0.5x")
    assert page.one(id=field.attrs["aria-describedby"]).text == "w4 must be a number, such as 0.5."
    assert "x1 must be at most 1,000,000" in page.one(id="build").text
    assert "Not created yet" in page.alert


@pytest.mark.parametrize(
    ("typed", "name", "button"),
    [
        ({"layers": "2-0-1"}, "layers", "Use 2-3-1"),
        ({"layers": "2-2-2", "activation__1": "softmax"}, "activation.1", "Use sigmoid"),
        ({"output_activation": "relu", "loss": "binary_cross_entropy"}, "loss",
         "Use sigmoid outputs"),
        ({"learning_rate": "1001"}, "learning_rate", "Use 1000"),
    ],
)  # fmt: skip
def test_a_refusal_stands_beside_its_field_with_what_would_do(
    client: Client, typed: dict[str, str], name: str, button: str
) -> None:
    page = page_of(sent(client, **typed), 422)
    field = f"f-{name.replace('.', '-')}"
    wrong = page.one(id=f"w-{field}")
    assert page.one(id=field).attrs["aria-invalid"] == "true"
    fix = next(e for e in wrong.walk() if e.tag == "button" and e.text == button)
    answer = sent(client, f"{HERE}/preview", fix=fix.attrs["value"], **typed)
    assert not page_of(client.get(answer.headers["location"])).all(class_="wrong")


def test_buttons_change_a_layer_by_a_unit(client: Client) -> None:
    page = page_of(client.get(f"{HERE}?layers=2-3-1"))
    steppers = page.all("button", class_="stepper")
    buttons = {e.attrs["aria-label"]: e.attrs["value"] for e in steppers}
    assert buttons["Hidden layer: One unit more"] == "2-4-1"
    assert buttons["Inputs: One unit less"] == "1-3-1"
    assert "Outputs: One unit less" not in buttons
    assert {e.attrs["name"] for e in steppers} == {"layers"}
    body = "layers=2-3-1&w1=0.5&layers=2-4-1"  # as a browser sends a field and then a button
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(f"{HERE}/preview", content=body, headers=headers)
    assert answer.headers["location"] == f"{HERE}?layers=2-4-1&w1=0.5"


def test_a_homeworks_network_is_edited_as_a_homework(client: Client) -> None:
    made = created(client, sent(client, **MINE, optimizer="momentum", momentum="0.5"))
    answer = client.get(f"/networks/{made['id']}/rebuild?theme=dark")
    assert answer.status_code == 303
    page = page_of(client.get(answer.headers["location"]))
    numbers = {name: text for name, text in MINE.items() if name[1:].isdecimal()}
    assert _numbers(page).items() >= numbers.items()
    assert page.one("html").attrs["data-theme"] == "dark"
    assert page.one("input", name="momentum").attrs["value"] == "0.5"
    other = client.post("/api/v1/networks", json={"example": "mazur-2-2-2"}).json()
    assert client.get(f"/networks/{other['id']}/rebuild").status_code == 200


def _numbers(page: Page) -> dict[str, str]:
    """What the form holds and sends again, without what is open."""
    fields = [e for e in page.one(id="parts").walk() if e.tag == "input" and e.attrs.get("value")]
    return {e.attrs["name"]: e.attrs["value"] for e in fields}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"layers": "2-4-1"}, {"w1": "1", "w6": "6", "w9": "7", "w11": "9", "b3": "13", "b5": "14",
                               "x2": "22", "y1": "31"}),
        ({"layers": "3-3-1"}, {"w1": "1", "w2": "2", "w4": "3", "w8": "6", "w10": "7", "b4": "14"}),
        ({"layers": "2-2-1"}, {"w4": "4", "w5": "7", "w6": "8", "b2": "12", "b3": "14"}),
        ({"layers": "2-3-2"}, {"w7": "7", "w9": "9", "b3": "13", "b4": "14", "y1": "31"}),
        ({"layers": "2-3-3-1"}, {"w6": "6", "b3": "13", "b7": "14", "y1": "31"}),
        ({"bias_update": "shared"}, {"w9": "9", "b1": "11", "b2": "14"}),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_stay_at_their_units_and_come_back_with_them(
    client: Client, change: dict[str, str], expected: dict[str, str]
) -> None:
    """In 2-3-1, w7 leads from h1 to o1, which is w9 in 2-4-1; nobody's number goes elsewhere."""
    typed = {"layers": "2-3-1", "drawn": "2-3-1", "x1": "21", "x2": "22", "y1": "31",
             **{f"w{n}": f"{n}" for n in range(1, 10)}, "b1": "11", "b2": "12", "b3": "13",
             "b4": "14"}  # fmt: skip
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, **{**typed, **change}))
    assert page.one("hx-partial", hx_target="#parts").attrs["hx-swap"] == "outerSync"
    found = _numbers(page)
    shown = {name: text for name, text in found.items() if name[1:].isdecimal()}
    assert shown.items() >= expected.items()
    assert len({*shown.values()}) == len(shown)
    numbers = {name: text for name, text in typed.items() if name[1:].isdecimal()}
    assert {*found.values()} >= {*numbers.values()}
    without = sent(client, f"{HERE}/preview", **{**typed, **change})
    if without.status_code == 303:
        without = client.get(without.headers["location"])
    assert _numbers(page_of(without)) == found
    back = sent(client, f"{HERE}/preview", htmx=True, **{**found, "layers": "2-3-1",
                                                        "bias_update": ""})  # fmt: skip
    assert _numbers(page_of(back)).items() >= numbers.items()


def test_an_optimizer_has_its_options(client: Client) -> None:
    typed = {"optimizer": "momentum", "momentum": "0.5", "weight_decay": "0.1"}
    spec = created(client, sent(client, **MINE, **typed))["spec"]
    assert spec["optimizer"]["momentum"] == 0.5
    assert spec["optimizer"]["weight_decay"] == 0.1


QUERIES = (
    "layers=%00", "layers=" + "9-" * 50, "w1=nan", "w1=%ED%A0%80", "layers=2-64-1&w1=" + "1" * 90,
    "fix=layers%3D1-1", "bias_update=x", "hidden=8&units.1=5", "dataset=own&table=1",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_no_address_breaks_it(client: Client, query: str) -> None:
    answer = client.get(f"{HERE}?{query}")
    assert answer.status_code in (200, 422)
    Page(answer.text)
    assert client.post(HERE, data={"layers": "2-2", "w1": "\0"}).status_code < 500
    assert client.post(HERE, json={}).status_code == 415


def offered(client: Client, typed: dict[str, str], told: str) -> dict[str, str]:
    """The buttons of a page that says ``told`` of what is typed, and what each of them sends."""
    page = page_of(client.get(HERE, params=typed), 422)
    assert told in page.one(id="parts").text
    return {one.text: one.attrs["value"] for one in page.all("button", name="fix")}


def test_a_text_is_read_once_however_many_buttons_are_tried(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, str]] = []

    def noted(given: Homework, name: str, text: str) -> Filled | None:
        read.append((name, text))
        return filled_from(given, name, text)

    monkeypatch.setattr(homework_draft, "filled_from", noted)
    lists = {f"w{number}": "1, 2,3" for number in range(1, 7)}
    page = page_of(sent(client, **MINE | lists), 422)
    assert len(page.all("button", name="fix")) == 12
    assert read.count(("w6", "1, 2,3")) == 1
    assert len(read) == len({*read})


def test_a_list_with_two_readings_is_asked_about_and_a_click_answers(client: Client) -> None:
    typed = {**MINE, "w1": "1, 2,3"}
    buttons = offered(client, typed, "w1 can be read in two ways: 1 2.3, or 1 2 3.")
    assert [*buttons] == ["1 2.3", "1 2 3"]
    mended = page_of(sent(client, f"{HERE}/preview", htmx=True, fix=buttons["1 2.3"], **typed))
    fields = {one.attrs["name"]: one.attrs["value"] for one in mended.all("input", name="w1")}
    assert fields == {"w1": "1"}
    assert mended.one("input", name="w2").attrs["value"] == "2.3"
    said = mended.one("hx-partial", hx_target="#said").text
    assert "Filled 2 numbers, w1 to w2. Commas between digits were read as decimal" in said


@pytest.mark.parametrize(
    ("layers", "name", "text", "ways"),
    [
        ("1-1-1", "w1", "1,5,2",
         {"1.5 2": {"w1": "1.5", "w2": "2"}, "1 5 2": {"w1": "1", "w2": "5"}}),
        ("1-1-2", "y1", "0,5,1",
         {"0.5 1": {"y1": "0.5", "y2": "1"}, "0 5 1": {"y1": "0", "y2": "5"}}),
        ("2-1-1", "x1", "1,5,-2", {"1.5 -2": {"x1": "1.5", "x2": "-2"}}),
        ("3-1-1", "x1", "1,5,2", {}),
        ("2-1-1", "x1", "[1,5,2]", {}),
    ],
)  # fmt: skip
def test_an_odd_list_that_does_not_fit_may_have_decimal_commas(
    client: Client, layers: str, name: str, text: str, ways: dict[str, dict[str, str]]
) -> None:
    typed = {"layers": layers, name: text}
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, **typed))
    buttons = {one.text: one.attrs["value"] for one in page.all("button", name="fix")}
    assert {*ways} <= {*buttons}
    assert len(buttons) == (2 if ways else 0)
    for label, numbers in ways.items():
        fix = buttons[label]
        filled = page_of(sent(client, f"{HERE}/preview", htmx=True, fix=fix, **typed))
        values = {e.attrs["name"]: e.attrs["value"] for e in filled.all("input", data_kind="")}
        assert {key: one for key, one in values.items() if one} == numbers
        told = "decimal commas" in filled.one("hx-partial", hx_target="#said").text
        assert told == ("." in label)


def test_numbers_that_have_no_field_are_never_dropped_unsaid(client: Client) -> None:
    """What is sent to create a network stays in its field; a preview says how many there are."""
    typed = {"layers": "1-1-1", "w1": "1 2 3 4 5 6 7"}
    page = page_of(sent(client, **typed), 422)
    assert "w1: this list has 7 numbers, and from here on 2 fit." in page.one(id="parts").text
    assert page.one("input", name="w1").attrs["value"] == typed["w1"]
    assert created(client, sent(client, **{**typed, "w1": "1 2"}))["spec"]["weights"] == [
        [[1]], [[2]],
    ]  # fmt: skip
    said = page_of(sent(client, f"{HERE}/preview", htmx=True, **typed))
    alone = client.get(sent(client, f"{HERE}/preview", **typed).headers["location"])
    assert "5 more numbers had no field" in page_of(alone).one(id="said").text
    assert "5 more numbers had no field" in said.one("hx-partial", hx_target="#said").text


def test_a_square_matrix_is_asked_about_after_its_commas(client: Client) -> None:
    typed = {"layers": "2-2-1", "w1": "[1,2;3,4]"}
    page = page_of(client.get(HERE, params=typed), 422)
    buttons = {one.text: one.attrs["value"] for one in page.all("button", name="fix")}
    assert [*buttons] == ["1.2; 3.4", "1 2; 3 4"]
    fix = buttons["1 2; 3 4"]
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, fix=fix, **typed))
    assert "w1: this matrix fits both ways" in page.one(id="parts").text
    buttons = {one.text: one.attrs["value"] for one in page.all("button", name="fix")}
    assert [*buttons] == ["Each row is a unit", "Each column is a unit"]
    for text, expected in zip(buttons, ("1234", "1324"), strict=True):
        answer = sent(client, f"{HERE}/preview", htmx=True, fix=buttons[text], **typed)
        page = page_of(answer)
        fields = {one.attrs["name"]: one.attrs["value"] for one in page.all("input")}
        assert [fields[f"w{n}"] for n in range(1, 5)] == [*expected]
        told = text.replace(" is", " of the matrix is")
        assert told in page.one("hx-partial", hx_target="#said").text


def test_a_number_with_two_readings_has_a_button_for_each(client: Client) -> None:
    typed = {**MINE, "w1": "12,345"}
    buttons = offered(client, typed, "w1 may be 12.345 or 12345")
    assert [*buttons] == ["12.345", "12345"]
    for text, fix in buttons.items():
        answer = page_of(sent(client, f"{HERE}/preview", htmx=True, fix=fix, **typed))
        assert answer.one("input", name="w1").attrs["value"] == text
    page = page_of(client.get(HERE, params={**MINE, "w2": "-3e6"}), 422)
    assert [one.text for one in page.all("button", name="fix")] == ["Use -1000000", "Use -0.5"]


def test_indices_are_asked_about_and_a_matrix_says_how_it_was_read(client: Client) -> None:
    typed = {"layers": "2-3-1", "w1": "w11=0.1, w12=0.2, w21=0.3"}
    page = page_of(client.get(HERE, params=typed), 422)
    assert "w12 may be the weight from 1 to 2, or into 1 from 2." in page.one(id="parts").text
    buttons = {one.text: one.attrs["value"] for one in page.all("button", name="fix")}
    assert [*buttons] == ["w12 leads from 1 to 2", "w12 leads into 1 from 2"]
    for fix, third in zip(buttons.values(), ("0.2", "0.3"), strict=True):
        answer = page_of(sent(client, f"{HERE}/preview", htmx=True, fix=fix, **typed))
        assert answer.one("input", name="w3").attrs["value"] == third
    typed |= {"w1": "1 2 3 4\n5 6 7 8\n9 10 11 12", "layers": "2-4-1"}
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, **typed))
    said = page.one("hx-partial", hx_target="#said").text
    assert (
        "Filled 12 numbers, w1 to b4. Each column of the matrix is a unit, with its bias." in said
    )


def test_whole_numbers_are_read_as_people_type_them(client: Client) -> None:
    split = page_of(client.get("/new?dataset=circles&size=1 00"), 422)
    assert "whole number" in split.one(id="parts").text
    page = page_of(client.get("/new?dataset=circles&batch=mini&batch_size=1e1&init_seed=1 000"))
    assert page.one("input", name="init_seed").attrs["value"] == "1 000"
    asked = page_of(client.get("/new?dataset=circles&init_seed=1,000"), 422)
    assert "may be 1 or 1000: write it" in asked.one(id="parts").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.1\tNA\r\n0.3\t0.4", "w1: “NA” cannot be read as a number (row 1, entry 2)."),
        ("0.1,,0.3", "w1: entry 2 of row 1 is empty."),
        ("[[1, 2], [3]]", "w1: row 2 has 1 number, row 1 has 2."),
        ("0.125 " * 600 + "?", "w1: “?” cannot be read as a number (row 1, entry 601)."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_list_that_cannot_be_read_fills_nothing_and_stays(
    client: Client, text: str, said: str, htmx: Any
) -> None:
    """What stands in the field then gives the same answer again."""
    typed = {"layers": "2-3-1", "w2": "0.75", "w1": text}
    for _ in range(2):
        page = page_of(sent(client, f"{HERE}/preview" if htmx else HERE, htmx=htmx, **typed),
                       200 if htmx else 422)  # fmt: skip
        assert said in page.one(id="parts").text
        field = page.one("input", name="w1")
        assert field.attrs["aria-invalid"] == "true"
        values = {e.attrs["name"]: e.attrs["value"] for e in page.all("input", data_kind="")}
        assert {name: one for name, one in values.items() if one and name != "w1"} == {"w2": "0.75"}
        assert values["w1"] == text.replace("\r\n", "\u23ce")
        typed |= values


def test_an_address_keeps_a_table_with_its_gaps(client: Client) -> None:
    answer = sent(client, f"{HERE}/preview", layers="2-3-1", w1="0.1\t\t0.3")
    page = page_of(client.get(answer.headers["location"]), 422)
    assert "entry 2 of row 1 is empty" in page.one(id="parts").text
    assert page.one("input", name="w1").attrs["value"] == "0.1\t\t0.3"


def test_numbers_with_names_come_where_these_are(client: Client) -> None:
    typed = {"layers": "2-3-1", "w5": "w_{2} = 0,25; w_{1} = -0,15", "w6": "0.75"}
    page = page_of(sent(client, f"{HERE}/preview", htmx=True, **typed))
    values = {e.attrs["name"]: e.attrs["value"] for e in page.all("input", data_kind="")}
    filled = {name: text for name, text in values.items() if text}
    assert filled == {"w1": "-0.15", "w2": "0.25", "w6": "0.75"}
    assert "Filled 2 numbers, w1 to w2." in page.one("hx-partial", hx_target="#said").text
