"""What happens before the first request: the arithmetic is chosen, and the log says which."""

import logging
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from pydantic import ValidationError

import app.main
from app.engine import numpy_backend, training
from app.main import BackendChoice, open_store, prepared_app
from app.settings import KernelSetting, Settings
from tests.web.support import Client, Network, browse


def said(
    choice: BackendChoice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> list[tuple[str, int, str]]:
    monkeypatch.setattr(app.main, "choose_backend", lambda wanted: choice)
    wanted: KernelSetting = "auto" if choice.compiled or choice.failure else "numpy"
    with caplog.at_level(logging.INFO):
        app.main._prepare_kernel(Settings(kernel=wanted))
    first, rest = caplog.record_tuples[:1], caplog.record_tuples[1:]
    assert bool(first) == (wanted == "auto")  # what may take seconds is said beforehand
    return rest


@pytest.mark.parametrize(
    ("loaded", "how"),
    [(True, "was loaded in 1.2 s"), (False, "was compiled, which only a first start does, in 1.2")],
)
def test_the_log_tells_how_long_the_kernel_took(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, loaded: bool, how: str
) -> None:
    ((name, level, text),) = said(
        BackendChoice(numpy_backend, True, loaded, 1.23), monkeypatch, caplog
    )
    assert (name, level) == ("takeback", logging.INFO)
    assert how in text


def test_one_warning_tells_why_there_is_no_kernel(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    choice = BackendChoice(numpy_backend, failure="ModuleNotFoundError: No module named 'numba'")
    ((name, level, text),) = said(choice, monkeypatch, caplog)
    assert (name, level) == ("takeback", logging.WARNING)
    assert text.endswith("no compiled kernel: ModuleNotFoundError: No module named 'numba'")


def test_numpy_that_was_asked_for_needs_no_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert said(BackendChoice(numpy_backend), monkeypatch, caplog) == []


def test_an_application_has_chosen_before_its_first_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_backend", None)
    with browse(settings.model_copy(update={"kernel": "numpy"})) as client:
        assert training._backend is numpy_backend
        network = Network(client, {"example": "mazur-2-2-2"})
        answer = client.post(f"/api/v1/networks/{network.id}/step", json={"count": 300})
        assert answer.json()["step"] == 300
        assert training._backend is numpy_backend


def test_the_first_answers_find_all_prepared(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = prepared_app(settings, open_store(settings), None)
    compiled = list[object]()
    compiles = Environment.compile

    def compile_noted(*given: Any, **more: Any) -> Any:
        compiled.append(given)
        return compiles(*given, **more)

    monkeypatch.setattr(Environment, "compile", compile_noted)
    described = app.openapi_schema
    assert described
    with Client(app) as client:
        assert client.get("/").status_code == 200
        assert client.get("/api/v1/openapi.json").json() == described
    assert compiled == []


def test_no_other_kernel_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_KERNEL", "gpu")
    with pytest.raises(ValidationError, match="kernel"):
        Settings()
    monkeypatch.setenv("TAKEBACK_KERNEL", "numpy")
    assert Settings().kernel == "numpy"


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAKEBACK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.mark.usefixtures("own_place")
def test_check_ends_with_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for failure, line in (("", "ok    kernel"), ("ImportError: no", "warn  kernel")):
        choice = BackendChoice(numpy_backend, not failure, failure=failure)
        monkeypatch.setattr(app.main, "choose_backend", lambda wanted, choice=choice: choice)
        with pytest.raises(SystemExit) as ended:
            app.main.main(["check"])
        assert ended.value.code == 0
        told = capsys.readouterr()
        assert line in told.out
        assert "a first start compiles it, which takes seconds" in told.err


def test_check_ends_with_1_where_nothing_can_be_kept(own_place: Path) -> None:
    (own_place / "data").write_text("no directory")
    with pytest.raises(SystemExit) as ended:
        app.main.main(["check"])
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TAKEBACK_METRICS_HOST", "bad..host", "bad..host:9 (TAKEBACK_METRICS_HOST, TAKEBACK_"),
        ("HOST", "999.1.1.1", "cannot listen at 999.1.1.1:0 (HOST, PORT): "),
        ("HOST", "192.0.2.1", "cannot listen at 192.0.2.1:0 (HOST, PORT): "),
        ("TAKEBACK_DATA_DIR", __file__, f"TAKEBACK_DATA_DIR={__file__} cannot be used"),
        ("TAKEBACK_DATA_DIR", f"{__file__}/data", f"{__file__} is a file, not a directory"),
    ],
)
@pytest.mark.usefixtures("own_place")
def test_where_nothing_can_be_served_check_and_serve_say_which_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, value: str, said: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("TAKEBACK_KERNEL", "numpy")
    if "METRICS" in name:
        monkeypatch.setenv("TAKEBACK_METRICS_PORT", "9")
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        app.main.main(["serve"])
    assert said in str(ended.value)
    with pytest.raises(SystemExit) as ended:
        app.main.main(["check"])
    assert ended.value.code == 1
    (line,) = [one for one in capsys.readouterr().out.splitlines() if said in one]
    assert line.startswith("FAIL")


@pytest.mark.parametrize("words", [["check"], ["serve"], [], ["backup", "x"]])
def test_a_setting_that_cannot_be_used_ends_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("TAKEBACK_METRICS_PORT", "many")
    monkeypatch.setenv("TAKEBACK_KERNEL", "gpu")
    with pytest.raises(SystemExit) as ended:
        app.main.main(words)
    if words == ["check"]:
        assert ended.value.code == 1
        *lines, _ = capsys.readouterr().out.split("\n")
    else:
        assert capsys.readouterr().out == ""
        lines = str(ended.value).split("\n")
    begun = "FAIL  settings     " if words == ["check"] else "takeback: "
    assert lines == [
        f"{begun}TAKEBACK_KERNEL cannot be 'gpu': it is auto or numpy",
        f"{begun if words == ['check'] else ''}TAKEBACK_METRICS_PORT cannot be 'many':"
        " it is a whole number, at least 0 and at most 65,535",
    ]


@pytest.mark.parametrize("words", [["backup", "copy"], ["restore", "copy"]])
def test_what_cannot_be_copied_ends_with_a_sentence(own_place: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"^takeback: .*(no store|there is no file)"):
        app.main.main([words[0], str(own_place / words[1])])
