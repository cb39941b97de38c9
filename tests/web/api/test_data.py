"""Tables over the JSON API."""

import re
from statistics import fmean, pstdev
from typing import Any

import pytest

from app.data.catalog import iris
from tests.web.support import Client, Network, Page

URL = "/api/v1/tables"
TABLE = "width,length,kind\n1,2,ant\n3,4,bee\n5,6,cat\n7,8,ant\n"


def test_a_table_is_read_and_its_spec_can_be_posted(client: Client) -> None:
    body = {"csv": TABLE, "test_share": 0.25, "standardise": True}
    answer = client.post(URL, json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["delimiter"], found["decimal"], found["header"]) == ("comma", ".", True)
    assert found["rows"] == 4
    assert found["first_rows"][0] == ["1", "2", "ant"]
    assert [(c["name"], c["holds"], c["distinct"], c["role"]) for c in found["columns"]] == [
        ("width", "numbers", 4, "input"),
        ("length", "numbers", 4, "input"),
        ("kind", "words", 3, "target"),
    ]
    assert found["spec"]["data"]["classes"] == ["ant", "bee", "cat"]
    network = Network(client, {"spec": found["spec"]})
    spec = network.created["spec"]
    assert (spec["layers"], spec["activations"][-1]) == ([2, 4, 3], "softmax")
    assert (len(spec["samples"]), len(spec["test_samples"])) == (3, 1)
    assert spec["data"] == found["spec"]["data"]
    assert network.do("step", {"count": 20})["step"] == 20


def test_a_table_of_150_rows_learns(client: Client) -> None:
    data = iris()
    rows = zip(data.inputs.tolist(), data.targets.argmax(axis=1).tolist(), strict=True)
    text = "\n".join("\t".join([*map(repr, one), data.classes[label]]) for one, label in rows)
    body = {"csv": text, "shuffle": True, "standardise": True, "seed": 3}
    spec = client.post(URL, json=body).json()["spec"]
    network = Network(client, {"spec": spec})
    losses = network.do("step", {"count": 300})["loss_history"]
    assert sum(losses[-15:]) / 15 < 0.1 < 1 < sum(losses[:15])
    for quantity in ("delta:o1", "w1", "b1", "loss"):
        assert client.get(f"{network.url}/derivations/{quantity}").status_code == 200


def test_roles_classes_and_signs_may_be_told(client: Client) -> None:
    body = {
        "csv": "1,5;2;9\n2,5;1;9\n3,5;2;8\n", "roles": ["input", "target", "ignore"],
        "classes": True, "header": False, "delimiter": "semicolon",
        "standardise": False, "shuffle": False,
    }  # fmt: skip
    spec = client.post(URL, json=body).json()["spec"]
    assert spec["data"]["classes"] == ["1", "2"]
    assert [s["inputs"] for s in spec["samples"]] == [[1.5], [2.5], [3.5]]
    assert [s["targets"] for s in spec["samples"]] == [[1], [0], [1]]


OPEN = ("delimiter", "header", "roles", "classes", "seed", "test_share", "standardise", "shuffle")
PRICES = "area,rooms,price\n" + "".join(
    f"{area},{rooms},{2 * area + 30 * rooms}\n"
    for area, rooms in ((30 + 37 * i % 320, 1 + 5 * i % 8) for i in range(60))
)


@pytest.mark.parametrize("table", [TABLE, PRICES])
@pytest.mark.parametrize("left", [{}, dict.fromkeys(OPEN)])
def test_what_is_left_open_is_as_in_the_builder(
    client: Client, table: str, left: dict[str, None]
) -> None:
    spec = client.post(URL, json={"csv": table, **left}).json()["spec"]
    known = ("name", "seed", "test_share", "standardise", "shuffle")
    assert [spec["data"][key] for key in known] == ["own", 0, 0, True, True]
    place = client.post("/new", data={"dataset": "own", "table": table}).headers["location"]
    built = client.get(f"/api/v1{place}").json()["spec"]
    assert Network(client, {"spec": spec}).created["spec"] == built
    told = client.post(URL, json={"csv": table, "standardise": False, "shuffle": False})
    samples = [[*s["inputs"], *s["targets"]] for s in told.json()["spec"]["samples"]]
    assert samples[0][:2] == [float(cell) for cell in table.splitlines()[1].split(",")[:2]]


def test_values_are_learnt_and_their_means_and_scales_kept(client: Client) -> None:
    found = client.post(URL, json={"csv": PRICES}).json()
    data = found["spec"]["data"]
    prices = [float(line.split(",")[-1]) for line in PRICES.split()[1:]]
    assert data["target_means"] == pytest.approx([fmean(prices)], rel=1e-12)
    assert data["target_scales"] == pytest.approx([pstdev(prices)], rel=1e-12)
    network = Network(client, {"spec": found["spec"]})
    assert network.created["spec"]["data"] == data
    before = client.get(f"{network.url}/evaluation").json()["training"]["loss"]
    network.do("step", {"count": 3000})
    after = client.get(f"{network.url}/evaluation").json()["training"]["loss"]
    assert after < 0.1 < before  # the targets' variance is 1
    link = client.get(f"{network.url}/link").json()["link"]
    opened = client.post("/api/v1/links", json={"link": link}).json()
    assert opened["spec"]["data"] == data
    export = client.get(f"{network.url}/export").json()
    assert Network(client, {"export": export}).created["spec"]["data"] == data
    card = client.get(network.page).text
    assert f"<td>{data['target_means'][0]:.9g}</td>" in card
    assert f"<td>{data['target_scales'][0]:.9g}</td>" in card
    # As exports and Specs were before.
    for document in (export["spec"], found["spec"]):
        del document["data"]["target_means"], document["data"]["target_scales"]
    for body in ({"export": export}, {"spec": found["spec"]}):
        older = Network(client, body).created["spec"]["data"]
        assert (older["means"], older["target_means"]) == (data["means"], [])


def test_a_first_line_tells_the_separator(client: Client) -> None:
    csv = "sep=;\r\n" + TABLE.replace(",", ";").replace("\n", "\r\n")
    found = client.post(URL, json={"csv": csv}).json()
    assert (found["delimiter"], found["rows"], found["header"]) == ("semicolon", 4, True)
    assert found["first_rows"][0] == ["1", "2", "ant"]
    problem = client.post(URL, json={"csv": csv.replace("3;4", "3;")}).json()
    assert problem["detail"] == "csv, line 4, column 2 (length) has no value."


@pytest.mark.parametrize(
    ("csv", "detail"),
    [
        ("a,b,k", "csv has a header only; at least one data row is needed."),
        ("a,b,k\n1,2,x", "csv, column 3 (k) has 1 class; 2 to 32 are allowed."),
        (
            "a,b,k\n1,2,x\n3,4,x",
            "csv, column 3 (k) has 1 class; 2 to 32 are allowed.",
        ),
        (
            "a,b,k\n1\n3,4,x\n3,4,x",
            "csv, line 2 has 1 column, line 1 has 3.",
        ),
        (
            "sep=^\na^b\n1^2\n3^4",
            "csv, line 1: columns cannot be separated by “^”. Use commas, semicolons or tabs.",
        ),
    ],
)
def test_what_is_wrong_is_said_whatever_its_number(client: Client, csv: str, detail: str) -> None:
    answer = client.post(URL, json={"csv": csv})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)


@pytest.mark.parametrize(
    ("changes", "pointer", "codes"),
    [
        ({"csv": "a,b\n1,2\n,3\nx,4\n5,6\n7,8"}, "/csv", ["csv_missing", "csv_number"]),
        ({"csv": ""}, "/csv", ["csv_empty"]),
        ({"csv": "a,b\n" + "1,2\n" * 5001}, "/csv", ["csv_rows"]),
        ({"roles": ["input", "target"]}, "/roles", ["length"]),
        ({"roles": ["input", "target", "output"]}, "/roles/2", ["choice"]),
        ({"roles": ["ignore", "ignore", "target"]}, "/csv", ["role_input"]),
        ({"delimiter": "colon"}, "/delimiter", ["choice"]),
        ({"header": "yes"}, "/header", ["boolean"]),
        ({"csv": 5}, "/csv", ["text"]),
        ({"csv": None}, "/csv", ["text"]),
        ({"test_share": 1}, "/test_share", ["maximum"]),
        ({"surprise": 1}, "/surprise", ["unknown_field"]),
    ],
)
def test_what_cannot_be_is_named(
    client: Client, changes: dict[str, Any], pointer: str, codes: list[str]
) -> None:
    answer = client.post(URL, json={"csv": TABLE, **changes})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["pointer"] == pointer
    assert [error["code"] for error in problem["errors"]] == codes


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"csv": "\\ud800,1"}', b'{"csv": "a,\\u0000\\n1,2\\n3,4"}',
        b'{"csv": 1e400}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_or_read(client: Client, body: bytes) -> None:
    answer = client.post(URL, content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    assert client.get(URL).status_code == 405


def test_it_is_documented(client: Client) -> None:
    path = client.get("/api/v1/openapi.json").json()["paths"][URL]["post"]
    content = path["requestBody"]["content"]["application/json"]
    assert path["requestBody"]["required"]
    for example in content["examples"].values():
        assert client.post(URL, json=example["value"]).status_code == 200


def test_answers_are_told_in_the_units_of_the_table(client: Client) -> None:
    """On the data card, in the sentence about the regions, and in the exported programs."""
    rows = [f"{x},{z},{100 + 10 * x + z}" for x in range(8) for z in range(4)]
    spec = client.post("/api/v1/tables", json={"csv": "\n".join(["a,b,price", *rows])}).json()[
        "spec"
    ]
    network = Network(client, {"spec": spec})
    network.do("run", {"count": 1500})
    (mean,), (scale,) = spec["data"]["target_means"], spec["data"]["target_scales"]
    html = client.get(f"{network.page}?pictures=regions").text
    assert f"To read an output for price, compute output × {scale:.9g} + {mean:.9g}." in html
    said = Page(html).one(id="scene-said").text
    low, high = (
        float(x.replace("−", "-")) for x in re.findall(r"goes from (\S+) to (\S+);", said)[0]
    )
    ends = re.search(r"In the table's units that is from (\S+) to (\S+)\.$", said)
    assert ends is not None
    assert float(ends[1]) == pytest.approx(low * scale + mean, abs=0.1)
    assert float(ends[2]) == pytest.approx(high * scale + mean, abs=0.1)
    assert float(ends[1]) == pytest.approx(100, abs=12)
    for language in ("python", "numpy", "pytorch"):
        text = client.get(f"{network.page}/export/code?language={language}").text
        assert "# Targets are standardised too: value = output * scale + mean.\n" in text
        assert f"\nTARGET_MEANS = [{mean!r}]\nTARGET_SCALES = [{scale!r}]\n" in text
        assert f"\nMEANS = {spec['data']['means']}\nSCALES = {spec['data']['scales']}\n" in text


def test_a_table_of_two_megabytes_becomes_a_network(client: Client) -> None:
    note = "x" * 380  # a column that is ignored
    cells = (f'"{i}.25","{i % 7 + 1},000.5",{note}{i},{i % 3}' for i in range(1000, 6000))
    text = "width,length,note,kind\n" + "\n".join(cells)
    assert 0.95 < len(text) / (2 * 1024 * 1024) < 1
    body = {"classes": True, "shuffle": False, "decimal": "."}
    answer = client.post(URL, json={"csv": text, **body})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["rows"], found["spec"]["layers"]) == (5000, [2, 4, 3])
    mean, scale = (found["spec"]["data"][key][1] for key in ("means", "scales"))
    first = found["spec"]["samples"][0]["inputs"][1] * scale + mean
    assert first == pytest.approx(7000.5)
    created = client.post("/api/v1/networks", json={"spec": found["spec"]})
    assert created.status_code == 201, created.text
    assert len(created.json()["spec"]["samples"]) == 5000
    over = client.post(URL, json={"csv": text + "1" * 200_000})
    problem = over.json()
    assert (over.status_code, problem["code"]) == (422, "csv_bytes")


def test_decimal_signs_are_one_or_one_for_each_column(client: Client) -> None:
    table = "lat;temp;y\n48.13;1,5;3\n48.15;2,5;4\n48.45;3,5;5\n"
    told = {"csv": table, "roles": ["input", "input", "target"]}
    spec = client.post(URL, json=told).json()["spec"]
    assert spec["data"]["decimal"] == ".,"
    assert client.post("/api/v1/networks", json={"spec": spec}).status_code == 201
    for wrong in (";", ".;", ""):
        spec["data"]["decimal"] = wrong
        refused = client.post("/api/v1/networks", json={"spec": spec})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
            422, "/spec/data/decimal",
        )  # fmt: skip


ASKED_FIRST: dict[str, tuple[str, str, dict[str, object], list[float]]] = {
    "a;b\n1,5;1\n2.5;2\n": ("csv_mixed_decimal", "/decimal", {"decimal": "each"}, [1.5, 2.5]),
    "zip,b\n02134,1\n10001,2\n": (
        "csv_open_literal", "/literals", {"literals": "numbers"}, [2134, 10001],
    ),
    "d,b\n1/2/2024,1\n2/2/2024,2\n": ("csv_open_date", "/dates", {"dates": "month"}, [0, 31]),
    "d,b\n24-01-05,1\n24-01-31,2\n": ("csv_open_date", "/dates", {"dates": "year"}, [0, 26]),
    "m,b\n05.2024,1\n10.2024,2\n": (
        "csv_numbers_or_dates", "/literals", {"literals": "dates"}, [0, 153],
    ),
    "d;b\n1.1.15;1\n1.1.31;2\n": ("csv_open_century", "/pivot", {"pivot": 2031}, [0, 5844]),
    "a,b\n1.5 (2),1\n2.5 (3),2\n": (
        "csv_words_or_numbers", "/csv", {"literals": ["leading", None]}, [1.5, 2.5],
    ),
    "r,b\n1:30,1\n1:45,2\n": (
        "csv_open_time", "/csv", {"literals": "numbers"}, [1.5, 1.75],
    ),
    "t,b\n25:15,1\n1:02:30,2\n": ("csv_time", "/csv", {"literals": "minutes"}, [25.25, 62.5]),
    "t,b\n30:15,1\n24:00,2\n": ("csv_time", "/csv", {"literals": "hours"}, [30.25, 24]),
    "1,5; 2,6\n": ("csv_open_rows", "/delimiter", {"delimiter": "comma"}, [1, 2]),
    "a;b\n1,5;1\n1.234;2\n": ("csv_open_decimal", "/decimal", {"decimal": "."}, [1.5, 1.234]),
    "a;b\n2.125;1,5\n3.250;2\n": ("csv_open_decimal", "/decimal", {"decimal": "."}, [2.125, 3.25]),
    "a;b\n2.125;1,5\n3.250;4\n": ("csv_open_decimal", "/decimal", {"decimal": ","}, [2125, 3250]),
    "a,b\n1,2\n2,4\n3,7\n6,13\n": ("csv_open_total", "/total", {"total": True}, [1, 2, 3]),
    "k,b,c\nv,1,1\nw,2,2\nsum,3,3\n": ("csv_open_total", "/total", {"total": True}, [1, 2]),
    "k,b\nYes,1\nno,2\nyes,3\n": ("csv_open_spelling", "/merge", {"merge": True}, [1, 0, 1]),
    "a,b\n1,5,2\n2,5,3\n": ("csv_decimal_commas", "/csv", {"commas": [1]}, [1.5, 2.5]),
    "1,5, 2,5, 3": ("csv_open_commas", "/csv", {"commas": [1, 2]}, [1.5]),
    "1,5,2,5": ("csv_open_commas", "/csv", {"commas": [1, 2]}, [1.5]),
    "1,5,2,5\n2,5,3,5\n": ("csv_open_commas", "/csv", {"commas": [1, 2]}, [1.5, 2.5]),
    "10,05,20,50\n" * 7: ("csv_open_commas", "/csv", {"commas": [1, 2]}, [10.05] * 7),
    "1,5,2,5\n2,6,3,5\n": ("csv_open_commas", "/csv", {"delimiter": "comma"}, [1, 2]),
    "1,5, 2": ("csv_open_commas", "/csv", {"delimiter": "comma"}, [1]),
    "a,b\n30k,2\n40k,3\n30k,5\n": (
        "csv_words_or_numbers", "/csv", {"literals": "scaled"}, [30_000, 40_000, 30_000],
    ),
    "a,b\n1k,1\n2k,2\n": ("csv_words_or_numbers", "/csv", {"literals": "words"}, [0, 1]),
    "a,b\n1.5,1\n-200,2\n3,3\n-200,4\n": (
        "csv_open_nines", "/csv", {"missing": ["-200"], "gaps": "omit"}, [1.5, 3],
    ),
    "x;0;0;1\ny;0;1;1\n": ("csv_open_turn", "/transposed", {"transposed": True}, [0, 0, 1]),
    "[1,2;3,4;5,6]": ("csv_open_rows", "/delimiter", {"delimiter": "comma"}, [1, 3, 5]),
    "1 000,5 2\n3 000,5 4\n": (
        "csv_open_blanks", "/delimiter", {"delimiter": "grouped"}, [1000.5, 3000.5],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", ASKED_FIRST)
def test_what_is_asked_can_be_answered(client: Client, text: str) -> None:
    code, pointer, answer, values = ASKED_FIRST[text]
    as_it_is = {"standardise": False, "shuffle": False}
    refused = client.post(URL, json={"csv": text, **as_it_is})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, code)
    assert problem["errors"][0]["pointer"] == pointer
    spec = client.post(URL, json={"csv": text, **answer, **as_it_is}).json()["spec"]
    assert [one["inputs"][0] for one in spec["samples"]] == values


def test_what_is_told_of_each_column_is_told_of_all(client: Client) -> None:
    body = {"csv": "a,b\n01,1\n02,2\n", "literals": ["numbers"]}
    problem = client.post(URL, json=body).json()
    assert (problem["code"], problem["pointer"]) == ("length", "/literals")
    refused: list[Any] = ["number", ["number", None], 3, [[]]]
    for told in refused:
        problem = client.post(URL, json={"csv": "a,b\n1,2\n", "literals": told}).json()
        assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [
            ("choice", "/literals")
        ]
        assert problem["detail"].startswith("literals must be one of: numbers, words, ")
    taken = client.post(URL, json=body | {"literals": ["numbers", None]}).json()
    assert [one["holds"] for one in taken["columns"]] == ["numbers", "numbers"]


def test_a_factor_is_told(client: Client) -> None:
    answer = client.post(URL, json={"csv": "   1.0e+03 *\n\n   1.5   2\n   2.5   3\n"}).json()
    assert answer["factor"] == "1.0e+03"


@pytest.mark.parametrize(
    ("field", "numbers", "at", "most"),
    [("omit", [1, 99], 1, 4), ("omit", [5], 0, 4), ("commas", [9], 0, 2), ("commas", [3], 0, 2)],
)
@pytest.mark.parametrize("csv", ["a,b\n1,2\n3,4\n5,6", "a,b\r\n1,2\r\n3,4\r\n5,6\r\n"])
def test_lines_and_columns_that_a_table_lacks_are_refused(
    client: Client, csv: str, field: str, numbers: list[int], at: int, most: int
) -> None:
    problem = client.post(URL, json={"csv": csv, field: numbers})
    assert problem.status_code == 422
    assert problem.json()["pointer"] == f"/{field}/{at}"
    assert f"must be at most {most}." in problem.json()["detail"]
    assert client.post(URL, json={"csv": csv, "omit": [4]}).json()["rows"] == 2


def test_no_cell_is_lost_by_a_column_that_a_table_lacks(client: Client) -> None:
    problem = client.post(URL, json={"csv": "a,b\n1,5,2\n2,5,3", "commas": [9]})
    assert (problem.status_code, problem.json()["pointer"]) == (422, "/commas/0")


def test_commas_that_join_nothing_are_refused(client: Client) -> None:
    problem = client.post(URL, json={"csv": "a,b\n1.5,2\n2.5,3", "commas": [1]}).json()
    assert (problem["code"], problem["pointer"]) == ("csv_no_commas", "/commas")


def test_cells_like_numbers_have_a_way_out_as_the_documentation_says(client: Client) -> None:
    few = "a,b\n<0.5,2\n2,3\n3,4\n5,6"
    for told in ({}, {"literals": "words"}):
        assert client.post(URL, json={"csv": few, **told}).json()["code"] == "csv_number"
    assert client.post(URL, json={"csv": few, "omit": [2]}).json()["rows"] == 3
    most = "a,b\n<0.5,2\n1.5k,3\n<0.5,4\n1.5k,6"
    assert client.post(URL, json={"csv": most}).json()["code"] == "csv_words_or_numbers"
    taken = client.post(URL, json={"csv": most, "literals": "words"}).json()
    assert [one["holds"] for one in taken["columns"]] == ["words", "numbers"]
