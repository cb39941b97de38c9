"""What a page answers to a query that it cannot use."""

from typing import Any

import pytest

from app.engine.losses import LOSSES
from app.views.options import ViewOptions
from tests.web.support import Client, Network

LONG = "x" * 41
ONE_OF = {
    "notation": "net, z",
    "biases": "nodes",
    "view": "present",
    "desk": "on",
    "theme": "auto, light, dark",
    "speed": "off, slow, normal, fast",
    "scale": "linear, log",
    "edit": "on",
    "check": "on",
    "tab": "explain, numbers, charts, data",
    "pictures": "regions, loss, distributions, off",
    "rest": "mean, sample",
    "watch": ", ".join(("off", *LOSSES)),
    "digits": "3, 4, 5, 6, 7, 8, 9, 10",
    "controls": "step, take-back, redo, reset, forward, rate, run, phases, samples, panel, "
    "numbers, edit, curve",
}
TITLES = {"across": "The horizontal axis", "up": "The vertical axis", "ask": "Your inputs"}
WRONG = [
    *((name, value, "bad_query", f"must be one of: {allowed}.")
      for name, allowed in ONE_OF.items() for value in ("x", "On", " auto", "4.0", "04", "\u0664")),
    *((name, "", "bad_query", f"must be one of: {allowed}.")
      for name, allowed in ONE_OF.items() if name != "controls"),
    *((name, LONG, "max_characters", "must have at most 40 characters.")
      for name in ("open", "across", "up", "sample", "unfold", "into", "phase", "left", "me")),
    ("ask", "x" * 2001, "max_characters", "must have at most 2,000 characters."),
    *((name, value, "whole_number", "must be a whole number, in digits only.")
      for name in ("sample", "unfold")
      for value in ("abc", "-1", "1.0", " 1", "\u0663", "1-", "1234567890")),
]  # fmt: skip


def refused(client: Client, url: str, params: dict[str, str]) -> dict[str, Any]:
    answer = client.get(url, params=params, headers={"accept": "application/json"})
    assert answer.status_code == 422
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("name", "value", "code", "sentence"), WRONG)
def test_each_parameter_says_what_it_takes(
    client: Client, name: str, value: str, code: str, sentence: str
) -> None:
    framed = name in ("controls", "phase")
    page = "/embed/examples/mazur-2-2-2" if framed else "/examples/mazur-2-2-2/share"
    found = refused(client, page, {name: value})
    detail = f"{TITLES.get(name, name)} {sentence}"
    assert (found["pointer"], found["code"], found["detail"]) == (f"/{name}", code, detail)
    assert len(found["errors"]) == 1


def test_the_table_names_every_parameter() -> None:
    assert {name for name, *_ in WRONG} == ViewOptions.model_fields.keys() - {"framed"}


def test_unknown_parameters_are_ignored(client: Client) -> None:
    for query in ("unheard=1", "framed=1", "controls=fly", f"phase={LONG}"):
        answer = client.get(f"/examples/mazur-2-2-2?{query}&digits=6")
        assert answer.status_code == 200
        assert "unheard" not in answer.text
        assert "fly" not in answer.text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("digits", "2", "digits must be one of: 3, 4, 5, 6, 7, 8, 9, 10."),
        ("digits", "6.0", "digits must be one of: 3, 4, 5, 6, 7, 8, 9, 10."),
        ("notation", "", "notation must be one of: net, z."),
    ],
)
def test_derivations_take_the_same_values(
    client: Client, network: Network, name: str, value: str, sentence: str
) -> None:
    network.do("step")
    found = refused(client, f"{network.url}/derivations/w5", {name: value})
    assert (found["pointer"], found["code"]) == (f"/{name}", "bad_query")
    assert found["detail"] == sentence


@pytest.mark.parametrize(
    ("file", "name", "allowed"),
    [
        ("diagram.svg", "theme", "light, dark"),
        ("diagram.png", "scale", "1, 2, 3, 4"),
        ("code", "language", "python, numpy, pytorch"),
        ("worksheet", "ask", None),
    ],
)
def test_files_take_values_of_their_own(
    client: Client, file: str, name: str, allowed: str | None
) -> None:
    found = refused(client, f"/examples/mazur-2-2-2/export/{file}", {name: "x"})
    assert (found["pointer"], found["code"]) == (f"/{name}", "bad_query")
    if allowed:
        assert found["detail"] == f"{name} must be one of: {allowed}."
