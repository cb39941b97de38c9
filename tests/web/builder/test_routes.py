"""The builder's pages: forms with and without htmx, tables by paste and upload, hostile bodies."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.data.catalog import OPTIONS, iris
from app.settings import Settings
from tests.web.support import HTMX, Client, Network, Page, Watched, browse

BINARY = "binary_cross_entropy"
SCALES = "k is a thousand, M a million, B a thousand million"
TABLE = "width,length,kind\n1,2,ant\n3,4,bee\n5,6,cat\n7,8,ant\n"


def sent(
    client: Client, path: str = "/new", *, file: Any = None, htmx: Any = False, **typed: str
) -> Any:
    """The answer to the form as a browser sends it: multipart, with a file field in any case."""
    fields = {name.replace("__", "."): text for name, text in typed.items()}
    files = {"file": file or ("", b"", "application/octet-stream")}
    return client.post(path, data=fields, files=files, headers=HTMX if htmx else {})


def page_of(answer: Any, status: int = 200) -> Page:
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def created(client: Client, answer: Any) -> dict[str, Any]:
    """The State of the network that an answer leads to."""
    assert answer.status_code == 303, answer.text[:2000]
    location = answer.headers["location"].partition("?")[0]
    assert page_of(client.get(location)).all(id="toolbar")
    state: dict[str, Any] = client.get(f"/api/v1{location}").json()
    return state


def value(page: Page, name: str) -> str:
    """What a field of the form holds."""
    found = [e for e in page.all(name=name) if e.tag in ("input", "select", "textarea")]
    if found[0].attrs.get("type") == "radio":
        (found,) = [[e] for e in found if "checked" in e.attrs]
        return found[0].attrs["value"]
    (field,) = found
    if field.tag == "select":
        return next(o.attrs["value"] for o in field.walk() if "selected" in o.attrs)
    return field.attrs.get("value", "") if field.tag == "input" else field.text


def iris_csv(delimiter: str = ",", decimal: str = ".") -> str:
    """Iris as a person would paste it: sorted by species, with a header."""
    data = iris()
    rows = sorted(zip(data.targets.argmax(axis=1).tolist(), data.inputs.tolist(), strict=True))
    lines = [["sepal length", "sepal width", "petal length", "petal width", "species"]]
    lines += [[*(repr(x).replace(".", decimal) for x in row), data.classes[i]] for i, row in rows]
    return "\r\n".join(delimiter.join(line) for line in lines)


# --- the page -----------------------------------------------------------------------------------


def test_get_draws_and_stores_nothing(client: Client, store: Watched) -> None:
    before = store.writes
    page = page_of(client.get("/new"))
    assert page.one("form", id="build").attrs["enctype"] == "multipart/form-data"
    assert page.all("svg", id="preview-network")
    assert "2-3-1" in page.one(id="said").text
    assert len(page.ids()) == len(set(page.ids()))
    assert page.one("nav", aria_label="Site").text.endswith("Build")
    sent(client, "/new/preview", dataset="moons")
    assert store.writes == before


def test_an_address_holds_choices(client: Client) -> None:
    page = page_of(client.get("/new?dataset=moons&noise=0.25&units.1=3&optimizer=adam&theme=dark"))
    assert value(page, "dataset") == "moons"
    assert value(page, "noise") == "0.25"
    assert value(page, "optimizer") == "adam"
    assert page.one("input", name="learning_rate").attrs["placeholder"] == "0.01"
    assert "2-3-1" in page.one(id="said").text
    assert page.one("html").attrs["data-theme"] == "dark"
    form = page.one("form", id="build")
    assert form.attrs["action"].endswith("/new?theme=dark")


def test_every_label_has_its_field_and_every_field_its_label(client: Client) -> None:
    page = page_of(sent(client, "/new/preview", dataset="own", table=TABLE))
    labelled = {label.attrs["for"] for label in page.all("label", for_="")}
    fields = [
        e
        for e in page.one("form", id="build").walk()
        if e.tag in ("input", "select", "textarea") and e.attrs.get("type") != "hidden"
    ]
    assert len(fields) > 40
    assert {e.attrs["id"] for e in fields if "aria-label" not in e.attrs} == labelled


def test_a_column_of_words_has_a_button_that_makes_it_an_input(client: Client) -> None:
    table = "colour,width,kind\nred,1,ant\nblue,3,bee\nred,5,ant\nblue,7,ant\n"
    page = page_of(sent(client, "/new/preview", dataset="own", table=table))
    columns = [*page.one("table", class_="columns").walk()]
    names = [one.text for one in columns if one.tag == "th"]
    assert names == ["Column", "Use as", "Contains", "colour", "width", "kind"]
    (button,) = [one for one in columns if one.tag == "button"]
    assert button.attrs["aria-label"] == "Use column colour as input"
    fix = button.attrs["value"]
    mended = page_of(sent(client, "/new/preview", dataset="own", table=table, fix=fix))
    columns = [*mended.one("table", class_="columns").walk()]
    assert [one for one in columns if one.tag == "button"] == []
    roles = [one.attrs["value"] for one in columns if "selected" in one.attrs]
    assert roles == ["input", "input", "target"]


def test_a_target_of_0_and_1_is_told_why_it_has_a_sigmoid(client: Client) -> None:
    for low, said in (("0", "y is 0 or 1: a sigmoid output"), ("2", "y: whole numbers.")):
        table = f"x,y\n1.5,{low}\n2.5,1\n3.5,{low}\n4.5,1\n"
        page = page_of(sent(client, "/new/preview", dataset="own", table=table))
        assert said in page.one("form", id="build").text


def test_a_preview_leads_to_an_address_that_holds_the_choices(client: Client) -> None:
    answer = sent(client, "/new/preview?theme=dark", dataset="moons", units__1="3", noise="")
    assert answer.status_code == 303
    url = urlsplit(answer.headers["location"])
    assert (url.path, parse_qs(url.query)) == (
        "/new",
        {"dataset": ["moons"], "units.1": ["3"], "theme": ["dark"]},
    )
    assert "2-3-1" in page_of(client.get(answer.headers["location"])).one(id="said").text


def test_a_preview_by_htmx_is_partials_and_an_address(client: Client) -> None:
    answer = sent(client, "/new/preview", dataset="moons", units__1="3", htmx=True)
    page = page_of(answer)
    targets = [partial.attrs["hx-target"] for partial in page.all("hx-partial")]
    assert targets == ["#parts", "#preview", "#notice", "#said"]
    assert answer.headers["hx-replace-url"] == "/new?dataset=moons&units.1=3"
    assert "<html" not in answer.text


def test_the_previews_own_address_is_the_page(client: Client) -> None:
    answer = client.get("/new/preview?theme=dark")
    assert (answer.status_code, answer.headers["location"]) == (303, "/new?theme=dark")


def test_what_is_shown_is_what_is_created(client: Client) -> None:
    """Without a query the preview had standardised inputs under a field that said "no"."""
    page = page_of(client.get("/new"))
    assert page.one("select", id="f-standardise").text.startswith("Automatic: No")
    card = page.one(aria_labelledby="data").text
    assert "not standardised" in card
    assert "x1 x2 0: 2 1: 2" in card
    assert "x101 x201" in card, "x1 and x2 go from 0 to 1"
    spec = created(client, sent(client))["spec"]
    assert [sample["inputs"] for sample in spec["samples"]] == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_every_data_set_has_a_picture(client: Client) -> None:
    page = page_of(client.get("/new"))
    chosen = page.one(id="f-dataset")
    radios = [e.attrs["value"] for e in chosen.walk() if e.attrs.get("type") == "radio"]
    assert radios == [*OPTIONS, "own"]
    assert len([e for e in chosen.walk() if e.tag == "svg"]) == len(radios)
    changing = page_of(client.get("/examples/mazur-2-2-2/rebuild"))
    assert value(changing, "dataset") == "keep"
    assert not changing.all("a", id="way-data")


def test_what_was_chosen_is_not_folded_away(client: Client) -> None:
    def unfolded(query: str) -> set[str]:
        page = page_of(client.get(f"/new?{query}"))
        return {e.attrs["id"] for e in page.all("details") if "open" in e.attrs}

    assert unfolded("dataset=moons&loss=squared_error&optimizer=adam") == set()
    assert unfolded("dataset=moons&noise=0.2") == {"options"}
    assert unfolded("init_seed=3") == {"more"}
    assert unfolded("weight_decay=0.1") == {"more"}
    page = page_of(sent(client, "/new/preview", noise="9", htmx=True))
    assert {e.attrs["id"] for e in page.all("details") if "open" in e.attrs} == {"options"}


# --- building -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["multipart", "urlencoded"])
def test_xor_is_built_stored_and_stepped(client: Client, encoding: str) -> None:
    typed = {"dataset": "xor", "hidden": "1", "units.1": "2", "init_seed": "3", "batch": "one"}
    answer = sent(client, **{k.replace(".", "__"): v for k, v in typed.items()})
    if encoding == "urlencoded":
        answer = client.post("/new", data=typed)
    state = created(client, answer)
    assert state["spec"]["layers"] == [2, 2, 1]
    assert (state["step"], state["phase"]) == (0, "start")
    inputs = []
    for _ in range(5):
        state = client.post(f"/api/v1/networks/{state['id']}/step", json={}).json()
        inputs.append(state["spec"]["samples"][state["trace"]["sample"]]["inputs"])
    assert inputs == [[0, 0], [0, 1], [1, 0], [1, 1], [0, 0]]


def test_the_look_comes_along(client: Client) -> None:
    answer = sent(client, "/new?theme=dark&digits=6", dataset="and")
    assert answer.headers["location"].endswith("?theme=dark&digits=6")


@pytest.mark.parametrize(
    ("typed", "name", "button"),
    [
        ({"output_activation": "relu", "loss": BINARY}, "loss", "Use sigmoid outputs"),
        ({"activation__1": "softmax"}, "activation.1", "Use sigmoid"),
        ({"batch": "mini", "batch_size": "5"}, "batch_size", "Use 4"),
        ({"units__1": "70"}, "units.1", "Use 64"),
        ({"hidden": "2", "units__1": "64", "units__2": "64"}, "hidden", "Use 2-43-43-1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_stands_beside_its_field_with_what_would_do(
    client: Client, typed: dict[str, str], name: str, button: str, htmx: bool
) -> None:
    more = {"seed": "12", "momentum": "0.25", **typed}
    page = page_of(sent(client, **more), 422)
    field = f"f-{name.replace('.', '-')}"
    assert page.one(id=field).attrs["aria-invalid"] == "true"
    wrong = page.one(id=f"w-{field}")
    assert f"w-{field}" in page.one(id=field).attrs["aria-describedby"]
    assert {key: value(page, key.replace("__", ".")) for key in more} == more
    assert "would fit" not in wrong.text or f"{button[4:]} would fit" in wrong.text
    assert "Not created yet" in page.alert
    (fix,) = [e for e in wrong.walk() if e.tag == "button" and e.text == button]
    answer = sent(client, "/new/preview", fix=fix.attrs["value"], htmx=htmx, **more)
    if not htmx:
        answer = client.get(answer.headers["location"])
    mended = page_of(answer)
    assert not [e for e in mended.all(class_="wrong") if e.text]
    assert value(mended, "seed") == "12"
    if htmx:
        assert mended.all(autofocus="")


def test_errors_name_field_and_limit(client: Client) -> None:
    page = page_of(sent(client, learning_rate="1001", units__1="x", test_share="0.95"), 422)
    text = page.one(id="preview").text
    assert "The learning rate must be at most 1,000." in text
    assert "The number of units must be a whole number, in digits only." in text
    assert "The test share must be at most 0.9." in text


def test_markup_in_a_field_stays_text(client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    answer = sent(client, learning_rate=bad, dataset="own", table=f"a,{bad}\n1,x\n2,{bad}")
    assert bad not in answer.text
    assert "&lt;script&gt;" in answer.text
    page = page_of(answer, 422)
    assert value(page, "learning_rate") == bad


SEEN = {"one": "used alone", "mini": "batch (11–20)", "full": "batch (1–"}


@pytest.mark.parametrize("dataset", list(OPTIONS))
@pytest.mark.parametrize("batch", list(SEEN))
def test_every_data_set_is_stepped_through_and_every_number_explained(
    client: Client, dataset: str, batch: str
) -> None:
    size = {} if dataset == "iris" else {"size": "20"}
    optimizer = {"one": "sgd", "mini": "adam", "full": "nesterov"}[batch]
    state = created(
        client, sent(client, dataset=dataset, batch=batch, optimizer=optimizer, **size)
    )  # fmt: skip
    url = f"/api/v1/networks/{state['id']}"
    state = client.post(f"{url}/step", json={"count": 2}).json()
    page = page_of(client.get(f"/networks/{state['id']}"))
    assert SEEN[batch] in page.one(id="batch").text
    links = {e.attrs["href"] for e in page.one(id="numbers").walk() if e.tag == "a"}
    opening = sorted(href for href in links if "open=" in href)
    assert len(opening) > 30
    for href in [*opening[:: len(opening) // 3], "?open=loss"]:
        assert page_of(client.get(f"/networks/{state['id']}{href}")).one(id="panel").text


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delimiter", "decimal"), [(",", "."), (";", ","), ("\t", ","), ("\t", ".")]
)
@pytest.mark.parametrize("way", ["paste", "upload"])
def test_a_table_of_150_rows_becomes_a_network(
    client: Client, way: str, delimiter: str, decimal: str
) -> None:
    text = iris_csv(delimiter, decimal)
    file = ("iris.csv", ("\ufeff" + text).encode(), "text/csv") if way == "upload" else None
    typed = {"dataset": "own", "test_share": "0.2", "standardise": "yes"}
    if way == "paste":
        typed["table"] = text
    page = page_of(sent(client, "/new/preview", file=file, **typed))
    assert "Read 150 rows" in page.one(id="said").text
    roles = [value(page, f"role.{column}") for column in range(1, 6)]
    assert roles == ["input"] * 4 + ["target"]
    kept = page.one("textarea", id="f-table").text
    assert kept.startswith(f"sepal length{delimiter if delimiter != chr(9) else ' '}sepal width")
    fields = {**typed, "table": text, "roles_of": value(page, "roles_of"), "role__2": "ignore"}
    state = created(client, sent(client, **fields))
    spec = state["spec"]
    assert (spec["layers"], spec["activations"]) == ([3, 4, 3], ["tanh", "softmax"])
    assert (len(spec["samples"]), len(spec["test_samples"])) == (120, 30)
    assert spec["data"]["columns"] == ["sepal length", "petal length", "petal width"]
    assert spec["data"]["classes"] == ["setosa", "versicolor", "virginica"]
    page = page_of(client.get(f"/networks/{state['id']}"))
    card = page.one(aria_labelledby="data").text
    assert "Data: My own table" in card
    assert "120 training samples, 30 test samples" in card
    assert "x2 petal length" in card
    for mean in spec["data"]["means"]:
        assert f"{mean:.9g}" in card
    assert "setosa: " in card


def test_a_table_of_values_works_and_tells_what_its_target_became(client: Client) -> None:
    rows = [(30 + 37 * i % 320, 1 + 5 * i % 8) for i in range(60)]
    table = "sep=;\narea;rooms;price\n" + "\n".join(f"{a};{r};{2 * a + 30 * r}" for a, r in rows)
    page = page_of(sent(client, "/new/preview", dataset="own", table=table))
    assert "Read 60 rows and 3 columns." in page.one(id="said").text
    assert "x1 area" in page.one(aria_labelledby="data").text
    state = created(client, sent(client, dataset="own", table=table))
    data = state["spec"]["data"]
    url = f"/networks/{state['id']}"
    card = page_of(client.get(url)).one(aria_labelledby="data").text
    for number in (*data["target_means"], *data["target_scales"]):
        assert f"{number:.9g}" in card
    client.post(f"/api/v1{url}/step", json={"count": 3000})
    score = client.get(f"/api/v1{url}/evaluation").json()["training"]
    assert score["loss"] < 0.1
    page = page_of(sent(client, dataset="own", table="a,b,k"), 422)
    assert "The table has a header only; at least one data row" in page.one(id="w-f-table").text


def test_one_row_is_a_sample_as_it_stands(client: Client) -> None:
    text = "x1,x2,y\n0.05,0.1,0.99\n"
    page = page_of(sent(client, "/new/preview", dataset="own", table=text))
    assert "Read one row and 3 columns. Network 2-4-1." in page.one(id="said").text
    assert page.one("select", id="f-standardise").text.startswith("Automatic: No")
    spec = created(client, sent(client, dataset="own", table=text))["spec"]
    assert spec["samples"] == [{"inputs": [0.05, 0.1], "targets": [0.99]}]
    answer = client.post("/api/v1/tables", json={"csv": text})
    assert answer.json()["spec"]["samples"] == spec["samples"]


def test_a_file_is_the_data_whatever_was_chosen(client: Client) -> None:
    file = ("t.csv", b"a,b\n1,2\n3,4\n", "text/csv")
    page = page_of(sent(client, "/new/preview", dataset="moons", file=file))
    assert value(page, "dataset") == "own"
    assert "Read 2 rows" in page.one(id="said").text


def test_a_table_that_is_too_large_is_told_at_its_field_and_kept(client: Client) -> None:
    page = page_of(client.get("/new?dataset=own"))
    assert "Up to 5000 rows, 64 columns, 2 MB." in page.one(id="h-f-table").text
    table = "1,2\n" * 525_000
    answer = sent(client, dataset="own", table=table, learning_rate="0.07")
    page = page_of(answer, 422)
    assert (
        "The table has more than 2 MB. Up to 2 MB and 5,000 rows are read"
        in page.one(id="w-f-table").text
    )
    assert page.one(id="f-table").text == "", "more is not sent back than was asked for"
    assert value(page, "learning_rate") == "0.07"
    htmx = sent(client, "/new/preview", dataset="own", table=table, htmx=True)
    assert "The table has more than 2 MB. Up to 2 MB and 5,000 rows are read" in htmx.text
    assert 'hx-target="#w-f-table"' in htmx.text
    assert 'id="f-table"' not in htmx.text, "what was pasted stays where it is"
    fits = sent(client, "/new/preview", dataset="own", table="1,2\n" * 15_000)
    assert "the limit is 5,000" in page_of(fits, 422).one(id="w-f-table").text


def test_a_file_that_is_too_large_to_be_sent_is_told_at_its_field(client: Client) -> None:
    file = ("t.csv", b"1,2\n" * 700_000, "text/csv")
    said = "The table has more than 2 MB. Up to 2 MB and 5,000 rows are read"
    for path in ("/new", "/new/preview", "/examples/mazur-2-2-2/rebuild/preview"):
        answer = sent(client, path, file=file, htmx=True)
        assert answer.status_code == 413
        parts = {part.attrs["hx-target"]: part for part in page_of(answer, 413).all("hx-partial")}
        assert said in parts["#w-f-file"].text
        assert said in parts["#said"].text
        assert "No network yet" in parts["#preview"].text, "nothing that was is claimed any more"
        assert [e.attrs["type"] for e in parts["#f-file"].walk() if "type" in e.attrs] == [
            "file"
        ], "it is chosen no more"
        assert parts["#notice"].text == ""
        page = sent(client, path, file=file)
        assert (page.status_code, said in page.text) == (413, True)
    table = {"dataset": "own", "table": "1,2\n" * 700_000}
    headers = {"HX-Request": "true", "HX-Source": "textarea#f-table"}
    pasted = client.post("/new/preview", data=table, headers=headers)
    targets = [part.attrs["hx-target"] for part in page_of(pasted, 413).all("hx-partial")]
    assert "#w-f-table" in targets
    assert "#f-file" not in targets


LONG = {
    "refused": "<&\"'" * 25_000,
    "read": "a,b,kind\n" + "".join(f"{i},{i % 7},{'<' * 20}{i % 3}\n" for i in range(3_000)),
    "not read": "1,2\n" * 525_000,
}


@pytest.mark.parametrize("what", LONG)
@pytest.mark.parametrize("base", ["/new", "/examples/mazur-2-2-2/rebuild"])
def test_a_long_table_is_not_sent_back(client: Client, base: str, what: str) -> None:
    table, upload = LONG[what], ("t.csv", LONG[what].encode(), "text/csv")
    most = len(sent(client, base, dataset="own").content) + 64 * 1024
    most += 100_000 * (what == "read")  # pictures of 3,000 samples
    for path in (base, f"{base}/preview"):
        for more in ({"table": table}, {"table": table[:60_000], "file": upload}):
            if what == "read" and path == base:
                continue  # is created
            answer = sent(client, path, dataset="own", **more)
            assert len(answer.content) < most
            told = page_of(answer, answer.status_code).one(id="w-f-table").text
            if "file" not in more or what != "not read":
                assert "Your browser’s Back leads to the form that still has it" in told
            answer = sent(client, path, dataset="own", htmx=True, **more)
            assert len(answer.content) < most
            assert "Back leads" not in answer.text, "the field stays as it stands"


def test_where_a_long_table_is_held(client: Client) -> None:
    file = ("t.csv", LONG["read"].encode(), "text/csv")
    with_file: dict[str, Any] = {"htmx": True, "dataset": "own", "file": file}
    # Its file stays where it is, and the parts around it are brought up to date.
    page = page_of(sent(client, "/new/preview", **with_file))
    assert "hx-morph-skip" in page.one(id="f-table").attrs
    assert "Read 3000 rows" in page.one("p", **{"class": "read"}).text
    # The form is drawn anew for another choice of data: it stays all the same.
    page = page_of(sent(client, "/new/preview", **with_file | {"dataset": "moons"}))
    assert "hx-preserve" in page.one(id="f-file").attrs
    assert not page.one(id="f-table").text
    # A suggestion changes fields and leaves the pasted table alone.
    fixed: dict[str, Any] = {
        "dataset": "own",
        "table": LONG["read"],
        "fix": "hidden=2",
        "htmx": True,
    }
    page = page_of(sent(client, "/new/preview", **fixed))
    assert "hx-preserve" in page.one(id="f-table").attrs
    # What is pasted after a file was chosen comes before it.
    headers = {"HX-Request": "true", "HX-Source": "textarea#f-table"}
    fields = {"dataset": "own", "table": "a,b\n1,2\n3,4\n"}
    answer = client.post("/new/preview", data=fields, files={"file": file}, headers=headers)
    page = page_of(answer)
    assert "Read 2 rows" in answer.text
    assert "hx-preserve" in page.one(id="f-table").attrs
    assert "hx-preserve" not in page.one(id="f-file").attrs


def test_a_refusal_leaves_a_page_with_scripts_where_it_is(client: Client) -> None:
    answer = sent(client, dataset="own", table=LONG["refused"], htmx=True)
    assert (answer.status_code, "Not created yet" in answer.text) == (422, True)
    answer = sent(client, dataset="moons", htmx=True)
    assert (answer.status_code, answer.content) == (200, b"")
    location = answer.headers["hx-redirect"]
    assert client.get(location).status_code == 200


def test_a_file_that_is_no_text_leaves_what_was_typed(client: Client) -> None:
    fields = {"dataset": "own", "table": "a,b\n1,2\n3,4", "learning_rate": "0.07"}
    files = {"file": ("t.xlsx", b"PK\x03\x04\x14\0\6\0", "text/csv")}
    page = page_of(client.post("/new", data=fields, files=files), 422)
    assert "save this sheet as “CSV UTF-8”" in page.one(id="w-f-table").text
    assert "1,2" in page.one(id="f-table").text
    assert value(page, "learning_rate") == "0.07"


def test_errors_come_by_line_and_what_was_pasted_stays(client: Client) -> None:
    text = "a,b,kind\n1,2,x\n1,,y\n1,oops,x\n4,5,y\n4,5,x\n3,4,\n"
    page = page_of(sent(client, dataset="own", table=text, learning_rate="0.25"), 422)
    wrong = page.one(id="w-f-table").text
    assert "The table, line 3, column 2 (b) has no value." in wrong
    assert "line 4, column 2 (b): “oops” is not a number" in wrong
    assert "line 7, column 3 (kind) has no value." in wrong
    assert page.one("textarea", id="f-table").text == " ".join(text.split())
    assert value(page, "learning_rate") == "0.25"
    # The columns can still be chosen: without the bad one there is one error left.
    fields = {"roles_of": value(page, "roles_of"), "role__2": "ignore"}
    page = page_of(sent(client, dataset="own", table=text, **fields), 422)
    assert "oops" not in page.one(id="w-f-table").text


def test_an_empty_table_is_asked_for_only_when_it_is_needed(client: Client) -> None:
    page = page_of(client.get("/new?dataset=own"))
    assert not page.one(id="w-f-table").text
    assert "Paste a table" in page.one(id="said").text
    page = page_of(sent(client, dataset="own"), 422)
    assert "paste some rows, or choose a file" in page.one(id="w-f-table").text


@pytest.mark.parametrize("content", [b"PK\x03\x04\xff\xff", b"a,b\n1,\x81\n", b"a,b\n1,\0\n"])
def test_a_file_that_is_no_text_is_refused(client: Client, content: bytes) -> None:
    page = page_of(sent(client, dataset="own", file=("x.csv", content, "text/csv")), 422)
    assert "save" in page.one(id="w-f-table").text
    assert "CSV UTF-8" in page.one(id="w-f-table").text


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_says_so_and_what_stands_typed_stays(client: Client, content: bytes) -> None:
    typed, file = {"dataset": "moons", "table": "a,b\n1,2\n"}, ("x.csv", content, "text/csv")
    for path, htmx, status in (("/new/preview", True, 200), ("/new", False, 422)):
        page = page_of(sent(client, path, htmx=htmx, file=file, **typed), status)
        assert "this file is empty" in page.one(id="w-f-table").text
    assert page.one("textarea", id="f-table").text.startswith("a,b")
    unnamed = page_of(sent(client, "/new", file=("", b"", ""), dataset="own", table="a,b"), 422)
    assert "this file is empty" not in unnamed.one(id="w-f-table").text


def test_running_times_are_minutes_by_a_click(client: Client) -> None:
    typed = {"dataset": "own", "table": "t;y\n25:15;1\n26:30.5;2\n27:00;3\n", "standardise": "no"}
    page = page_of(sent(client, **typed), 422)
    buttons = {one.text: one.attrs["value"] for one in page.all("button", name="fix")}
    assert [*buttons] == ["25:15 is 25.25 minutes", "They are words"]
    page = page_of(sent(client, "/new/preview", fix=buttons["25:15 is 25.25 minutes"], **typed))
    assert "t: durations are read as minutes." in page.one(id="parts").text


def test_a_target_of_numbers_may_be_classes(client: Client) -> None:
    text = "0.5,1\n0.25,2\n0.75,3\n1,1\n"
    values = created(client, sent(client, dataset="own", table=text))["spec"]
    assert (values["layers"], values["loss"]) == ([1, 4, 1], "mean_squared_error")
    spec = created(client, sent(client, dataset="own", table=text, classes="yes"))["spec"]
    assert (spec["layers"], spec["data"]["classes"]) == ([1, 4, 3], ["1", "2", "3"])


# --- changing a network -------------------------------------------------------------------------


def test_a_network_is_changed_into_another(client: Client) -> None:
    state = created(client, sent(client, dataset="xor", units__1="2", init_seed="3"))
    page = page_of(client.get(f"/networks/{state['id']}?theme=dark"))
    link = page.one("a", id="rebuild").attrs["href"]
    assert link == f"/networks/{state['id']}/rebuild?theme=dark"
    page = page_of(client.get(link))
    assert value(page, "dataset") == "xor"
    assert value(page, "init_seed") == "3"
    typed = {"dataset": "xor", "init_seed": "3", "units__1": "3"}
    other = created(client, sent(client, f"/networks/{state['id']}/rebuild", **typed))
    assert other["id"] != state["id"]
    assert other["spec"]["layers"] == [2, 3, 1]
    assert client.get(f"/api/v1/networks/{state['id']}").json()["version"] == state["version"]


def test_samples_of_ones_own_come_along(client: Client) -> None:
    text = iris_csv()
    state = created(client, sent(client, dataset="own", table=text, test_share="0.2"))
    place = f"/networks/{state['id']}/rebuild"
    page = page_of(client.get(place))
    assert value(page, "dataset") == "keep"
    assert "Current samples (My own table)" in page.one(id="f-dataset").text
    assert "Read 150 rows" not in page.one(id="said").text
    answer = sent(client, f"{place}/preview", dataset="keep", units__1="3")
    assert answer.headers["location"] == f"{place}?dataset=keep&units.1=3"
    other = created(client, sent(client, place, dataset="keep", units__1="3"))
    for key in ("samples", "test_samples", "data"):
        assert other["spec"][key] == state["spec"][key]
    assert other["spec"]["layers"] == [4, 3, 3]


def test_an_example_is_changed_without_storing_it(client: Client, store: Watched) -> None:
    before = store.writes
    page = page_of(client.get("/examples/mazur-2-2-2/rebuild"))
    assert store.writes == before
    assert value(page, "dataset") == "keep"
    typed = {"dataset": "keep", "units__1": "2", "loss": "squared_error"}
    state = created(client, sent(client, "/examples/mazur-2-2-2/rebuild", **typed))
    assert state["spec"]["weights"][0] == [[0.15, 0.2], [0.25, 0.3]]
    assert state["example"] is None


def test_a_network_that_is_gone_cannot_be_changed(client: Client) -> None:
    assert client.get("/networks/unknown/rebuild").status_code == 404
    assert sent(client, "/networks/unknown/rebuild").status_code == 404
    assert client.get("/examples/unknown/rebuild").status_code == 404


def test_the_card_tells_a_data_set_and_its_source(client: Client) -> None:
    state = created(client, sent(client, dataset="iris"))
    card = page_of(client.get(f"/networks/{state['id']}")).one(aria_labelledby="data")
    assert "Data: Iris (Fisher 1936)" in card.text
    assert "Annals of Eugenics 7 (1936)" in card.text
    assert "versicolor: 50" in card.text
    label = next(e.attrs["aria-label"] for e in card.walk() if e.attrs.get("role") == "img")
    assert "petal length (cm)" in label
    assert not page_of(client.get("/examples/mazur-2-2-2")).all(aria_labelledby="data")


# --- hostile bodies -----------------------------------------------------------------------------

BOUNDARY = "multipart/form-data; boundary=x"


def form(*parts: tuple[str, str]) -> bytes:
    """A multipart body: what each part's disposition says after form-data, and its content."""
    head = "--x\r\nContent-Disposition: form-data"
    text = "".join(f"{head}{said}\r\n\r\n{body}\r\n" for said, body in parts)
    return f"{text}--x--".encode()


URLENCODED = "application/x-www-form-urlencoded"
BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": (BOUNDARY, b""),
    "no boundary": ("multipart/form-data", b"--x--"),
    "an empty boundary": ("multipart/form-data; boundary=", b"--x--"),
    "a boundary that never comes": (BOUNDARY, b"hello"),
    "cut off in a header": (BOUNDARY, b"--x\r\nContent-Disp"),
    "cut off in a part": (BOUNDARY, form(('; name="dataset"', "xo"))[:-8]),
    "no name": (BOUNDARY, form(("", "1"))),
    "no disposition": (BOUNDARY, b"--x\r\n\r\n1\r\n--x--"),
    "two files": (BOUNDARY, form(*[('; name="file"; filename="a"', "1,2")] * 2)),
    "many fields": (BOUNDARY, form(*[('; name="units.1"', "1")] * 900)),
    "many empty parts": (BOUNDARY, b"--x\r\n\r\n\r\n" * 6000 + b"--x--"),
    "a file for a field": (BOUNDARY, form(('; name="loss"; filename="a"', "1"))),
    "a long name": (BOUNDARY, form((f'; name="{"n" * 50_000}"', "1"))),
    "a long header": (BOUNDARY, b"--x\r\nX-A: " + b"a" * 60_000 + b"\r\n\r\n1\r\n--x--"),
    "many headers": (BOUNDARY, b"--x\r\n" + b"A: b\r\n" * 8000 + b"\r\n1\r\n--x--"),
    "NULs": (BOUNDARY, form(('; name="dataset"', "\0" * 100))),
    "bytes": (BOUNDARY, form(('; name="table"', ""))[:-9] + bytes(range(256)) * 100),
    "a strange charset": (f"{BOUNDARY}; charset=hex", form(('; name="size"', "zz"))),
    "UTF-7": (f"{BOUNDARY}; charset=utf-7", form(('; name="size"', "+2AA-"))),
    "escapes": (f"{BOUNDARY}; charset=unicode_escape", form(('; name="table"', "\\ud800,1"))),
    "JSON": ("application/json", b'{"dataset": "xor"}'),
    "no type": ("", b"dataset=xor"),
    "a text": ("text/plain", b"dataset=xor"),
    "mixed": ("multipart/mixed; boundary=x", b"--x--"),
    "urlencoded surrogates": (URLENCODED, b"dataset=own&table=%ED%A0%80,1"),
    "urlencoded bytes": (URLENCODED, b"\xff\xfe=%ff&table=%00%01&dataset=own"),
    "many urlencoded": (URLENCODED, b"a=1&" * 900),
    "a fix for all": (URLENCODED, b"fix=dataset%3Down%26table%3Dx%26mended%3D%3Cb%3E"),
    "a fix that is none": (URLENCODED, b"fix=%26%3D%26%25&mended=loss&uploaded=1"),
}


@pytest.mark.parametrize(("field", "told", "most"), [("omit", "2, 9", 4), ("commas", "3", 2)])
def test_lines_and_columns_that_a_table_lacks_are_told_at_their_field(
    client: Client, field: str, told: str, most: int
) -> None:
    typed = {"dataset": "own", "table": "a,b\n1,2\n3,4\n5,6\n"}
    page = page_of(sent(client, **typed, **{field: told}), 422)
    assert f"must be at most {most}." in page.one(id=f"w-f-{field}").text
    assert created(client, sent(client, **typed, omit="4"))


@pytest.mark.parametrize("end", [b"", b"--x", b"--x--"])
def test_a_form_that_is_cut_off_makes_no_network(client: Client, end: bytes) -> None:
    body = form(('; name="dataset"', "xor")).removesuffix(b"--x--") + end
    answer = client.post("/new", content=body, headers={"content-type": BOUNDARY})
    assert answer.status_code == (303 if end == b"--x--" else 400)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", ["/new", "/new/preview"])
@pytest.mark.parametrize("htmx", [False, True])
def test_no_body_breaks_it(client: Client, path: str, body: str, htmx: bool) -> None:
    media_type, content = BODIES[body]
    headers = {**(HTMX if htmx else {}), **({"content-type": media_type} if media_type else {})}
    answer = client.post(path, content=content, headers=headers)
    assert answer.status_code < 500, answer.text[:500]
    assert answer.headers["content-security-policy"]
    if answer.status_code == 200:
        Page(answer.text)


ADDRESSES = (
    "dataset=%00", "units.1=%ED%A0%80", "dataset=own&table=a", "fix=loss%3Dx", "dataset=keep",
    "hidden=8&" + "&".join(f"units.{i}=64" for i in range(1, 9)), "loss=" + "x" * 3000,
    "role.1=input", "scale=log", "optimizer=adam&epsilon=-0", "noise=1e-400", "seed=00000000000",
)  # fmt: skip


@pytest.mark.parametrize("query", ADDRESSES)
def test_no_address_breaks_it(client: Client, query: str) -> None:
    answer = client.get(f"/new?{query}")
    assert answer.status_code in (200, 422)
    Page(answer.text)


def test_a_full_server_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings(data_dir=tmp_path_factory.mktemp("full"), max_networks=1)
    with browse(settings) as client:
        Network(client, {"example": "mazur-2-2-2"})
        page = page_of(sent(client, dataset="xor"), 503)
        assert "limit" in page.alert


# --- questions about a table --------------------------------------------------------------------


def fixes(page: Page, field: str) -> dict[str, str]:
    """The buttons beside a field's error: text and what each changes."""
    below = page.one(id=f"w-f-{field}").walk()
    return {one.text: one.attrs["value"] for one in below if one.tag == "button"}


def test_a_number_with_two_readings_is_asked_and_a_button_answers(client: Client) -> None:
    typed: dict[str, Any] = {"dataset": "own", "table": "p;n\n12,345;1\n23,456;2\n34,567;3\n"}
    page = page_of(sent(client, **typed, standardise="no", shuffle="no"), 422)
    assert "“12,345” may be 12345 (decimal point) or 12.345" in page.one(id="w-f-decimal").text
    buttons = fixes(page, "decimal")
    assert list(buttons) == ["12,345 is 12345", "12,345 is 12.345"]
    for fix, first in zip(buttons.values(), (12345, 12.345), strict=True):
        answer = sent(client, **typed, standardise="no", shuffle="no", fix=fix)
        assert created(client, answer)["spec"]["samples"][0]["inputs"] == [first]


def test_gaps_are_offered_with_their_count(client: Client) -> None:
    typed: dict[str, Any] = {"dataset": "own", "table": "x,y,z\n1,2,3\nNA,3,4\n5,?,6\n7,8,9\n"}
    page = page_of(sent(client, **typed), 422)
    assert "line 3, column 1 (x) has no value" in page.one(id="w-f-table").text
    buttons = fixes(page, "table")
    assert list(buttons) == [
        "Leave out rows with gaps: 2", "Fill gaps with the mean",
        "Fill gaps with the most frequent value",
    ]  # fmt: skip
    counts = [
        len(created(client, sent(client, **typed, fix=fix))["spec"]["samples"])
        for fix in buttons.values()
    ]
    assert counts == [2, 4, 4]
    shown = page_of(sent(client, "/new/preview", **typed, gaps="omit"))
    assert "2 of 4 rows have gaps and are left out." in shown.one(id="parts").text


def test_blanks_that_group_thousands_come_through_the_form(client: Client) -> None:
    blanks = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
    text = "p;n\n" + "".join(f"{i}{sign}234,5{sign}€;{i}\n" for i, sign in enumerate(blanks, 1))
    plain: Any = {"dataset": "own", "shuffle": "no", "test_share": "0", "standardise": "no"}
    for way in ({"table": text}, {"file": ("t.csv", text.encode(), "text/csv")}):
        samples = created(client, sent(client, **plain, **way))["spec"]["samples"]
        assert [one["inputs"] for one in samples] == [[1234.5], [2234.5], [3234.5]]


@pytest.mark.parametrize(
    ("text", "buttons", "rows"),
    [
        ("a,b\n1,5,2\n2,5,3\n", ("1,5; 2", "1; 5,2"), [[1.5], [2.5]]),
        ("1,5, 2,5, 3,5", ("1,5; 2,5; 3,5", "1; 5; 2; 5; 3; 5"), [[1.5, 2.5]]),
        ("d,b\n1/2/2024,1\n2/2/2024,2\n", ("1/2/2024 is 2024-01-02",
                                          "1/2/2024 is 2024-02-01"), [[0], [31]]),
        ("k,a,b\nv,1,1\nw,2,2\nsum,3,3\n", ("Leave out line 4", "Line 4 is data"), [[1], [2]]),
        ("a;b\n$1.2k;1\n-$0.5M;2\n", (SCALES, "They are words"), [[1200], [-5e5]]),
        ("a;b\n09/10;1\n10/11;2\n", ("09/10 is the season from 2009 on",
         "09/10 is the month 2010-09", "09/10 is the number 0.9", "09/10 is a word"),
         [[2009], [2010]]),
        ("a,b\n1k,1\n2k,2\n", (SCALES, "They are words"), [[1000], [2000]]),
        ("a,b\n1.5k,1\n0.5M,2\n950,4\n", (SCALES, "They are words"),
         [[1500], [5e5], [950]]),
        ("a,b\n5h,1\n6h,2\n", ("Read the number in front", "They are words"), [[5], [6]]),
        ("a,b,c\n1.5 (2),1 (3),1\n2.5 (3),2 (2),2\n",
         ("Read the number in front", "Ignore column 1 (a)", "They are words"),
         [[1.5, 1], [2.5, 2]]),
        ("m,b\nJan-24,1\nFeb-24,2\n", ("Jan-24 is 2024-01", "They are words"), [[0], [31]]),
        ("m,b\n05/24,1\n06/24,2\n", ("05/24 is 2024-05", "05/24 is the number 0.208333333333333",
                                     "05/24 is a word"), [[0], [31]]),
        ("d,b\n01/02/24,1\n02/03/24,2\n", ("01/02/24 is 2024-01-02", "01/02/24 is 2024-02-01",
                                           "01/02/24 is 2001-02-24"), [[0], [32]]),
        ("d;b\n1.1.15;1\n1.1.31;2\n", ("1.1.31 is 1931-01-01", "1.1.31 is 2031-01-01"),
         [[30681], [0]]),
        ("x 0 1\ny 1 0\n", ("Each row is a sample", "Each column is a sample"), [[0], [1]]),
        ("a,b\n1.5,1\n-200,2\n3,3\n", ("-200: a number", "-200: no value"), [[1.5], [-200], [3]]),
        ("a,b,c\n1,1225000,1\n2,900000,2\n", ("Standardise", "Ignore column 2 (b)",
                                              "Leave out line 2"), [[-1, 1], [1, -1]]),
        ("a,b\n1,1\nx,y\n2,2\n3,3\n", ("Leave out line 3", "x; y: no value"), [[1], [2], [3]]),
    ],
)  # fmt: skip
def test_what_is_asked_has_a_button_for_each_answer(
    client: Client, text: str, buttons: tuple[str, ...], rows: Any
) -> None:
    plain = {"dataset": "own", "shuffle": "no", "test_share": "0", "standardise": "no"}
    page = page_of(sent(client, table=text, **plain), 422)
    found = {b.text: b.attrs["value"] for b in page.all("button", name="fix")}
    assert tuple(found) == buttons
    answer = sent(client, table=text, fix=found[buttons[0]], **plain)
    assert [one["inputs"] for one in created(client, answer)["spec"]["samples"]] == rows


def test_six_figures_are_asked_about_until_they_are_one_date(client: Client) -> None:
    typed = {
        "dataset": "own", "table": "date,b\n050124,1\n060124,2\n070224,3\n",
        "shuffle": "no", "test_share": "0", "standardise": "no",
    }  # fmt: skip
    first, *others = fixes(page_of(sent(client, **typed), 422), "literals").items()
    assert first[0] == "050124 is 2024-01-05 / 2024-05-01 / 2005-01-24"
    assert [text for text, _ in others] == ["050124 is the number 50124", "050124 is a word"]
    asked = page_of(sent(client, "/new/preview", fix=first[1], **typed), 422)
    typed["literals.1"] = value(asked, "literals.1")
    buttons = fixes(page_of(sent(client, **typed), 422), "dates")
    assert [*buttons] == [
        "050124 is 2024-05-01", "050124 is 2024-01-05", "050124 is 2005-01-24",
    ]  # fmt: skip
    answer = sent(client, fix=buttons["050124 is 2024-01-05"], **typed)
    samples = created(client, answer)["spec"]["samples"]
    assert [one["inputs"] for one in samples] == [[0], [1], [33]]


def test_targets_that_are_too_large_have_buttons(client: Client) -> None:
    typed = {"dataset": "own", "table": "size,price\n100,1225000\n120,900000\n130,800000\n"}
    page = page_of(sent(client, output_activation="sigmoid", **typed), 422)
    assert "line 2, column 2 (price): numbers must be between" in page.one(id="w-f-table").text
    buttons = fixes(page, "table")
    assert list(buttons) == ["Use linear outputs", "Leave out line 2", "1225000: no value"]
    fix = buttons["Use linear outputs"]
    spec = created(client, sent(client, output_activation="sigmoid", fix=fix, **typed))["spec"]
    assert spec["activations"][-1] == "identity"


def test_an_answer_about_one_column_leaves_the_others_open(client: Client) -> None:
    typed = {"dataset": "own", "table": "zip,odds,b\n01234,1/2,1\n02345,3/2,2\n03456,1/4,3\n"}
    buttons = fixes(page_of(sent(client, **typed), 422), "literals")
    page = page_of(sent(client, "/new/preview", fix=buttons["01234 is a word"], **typed), 422)
    assert value(page, "literals.1") == "words"
    assert [*fixes(page, "literals")] == ["1/2 is 0.5", "1/2 is a word"]


def test_of_millions_of_ways_to_read_commas_a_few_are_tried(client: Client) -> None:
    names = ",".join(f"{a}{b}" for a in "abcd" for b in "abcdefgh")
    text = f"{names}\n" + 3 * (",".join("1" * 48) + "\n")
    begun = time.process_time()
    page = page_of(sent(client, dataset="own", table=text), 422)
    assert 0 < len(fixes(page, "table")) <= 8
    assert time.process_time() - begun < 5


def test_lines_that_do_not_fit_are_left_out_by_a_button(client: Client) -> None:
    typed: dict[str, Any] = {"dataset": "own", "table": "My data\nx,y\n1,2\n3,4\n5,6\nSum\n"}
    page = page_of(sent(client, **typed), 422)
    buttons = fixes(page, "table")
    assert buttons == {"Leave out lines 1, 6": "omit=1, 6"}
    spec = created(client, sent(client, **typed, fix="omit=1, 6"))["spec"]
    assert spec["data"]["columns"] == ["x"]
    page = page_of(sent(client, **typed, omit="one"), 422)
    assert "must be numbers of lines, such as 1, 7-9" in page.one(id="w-f-omit").text


def test_each_ignored_column_says_why_and_can_be_taken(client: Client) -> None:
    table = "id,day,colour,x,y\n1,2024-01-05,red,0.5,1\n2,2024-01-06,blue,1.5,2\n" \
            "3,2024-01-07,red,2.5,4\n"  # fmt: skip
    page = page_of(sent(client, "/new/preview", dataset="own", table=table))
    text = page.one(id="parts").text
    for why in ("It only numbers the rows.", "Dates. As an input", "each word gets a unit"):
        assert why in text
    fields = {"roles_of": value(page, "roles_of"), "role__3": "input"}
    spec = created(client, sent(client, dataset="own", table=table, **fields))["spec"]
    assert spec["data"]["columns"] == ["colour=red", "x"]


def test_a_number_of_a_field_may_have_a_decimal_comma(client: Client) -> None:
    spec = created(client, sent(client, dataset="xor", learning_rate="0,25"))["spec"]
    assert spec["optimizer"]["learning_rate"] == 0.25
    page = page_of(sent(client, dataset="xor", learning_rate="1,234"), 422)
    assert "may be 1.234 or 1234" in page.one(id="w-f-learning_rate").text


@pytest.mark.parametrize(
    ("slug", "told"), [("afteracademy-2-2-2", "8 weights, 2 shared biases"),
                       ("han-kamber-3-2-1", "8 weights, 3 biases")],
)  # fmt: skip
def test_a_size_counts_shared_biases_once_and_one_sample_is_one(
    client: Client, slug: str, told: str
) -> None:
    page = page_of(client.get(f"/examples/{slug}/rebuild"))
    assert told in page.one(id="preview").text, page.one(id="preview").text
    assert "1 training sample, no test samples" in page.one(aria_labelledby="data").text
