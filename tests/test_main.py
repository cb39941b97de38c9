"""What happens before the first request: the arithmetic is chosen, and the log says which."""

import logging

import pytest
from pydantic import ValidationError

import app.main
from app.engine import numpy_backend, training
from app.main import BackendChoice
from app.settings import Settings
from tests.web.support import Network, browse


def said(
    choice: BackendChoice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> list[tuple[str, int, str]]:
    monkeypatch.setattr(app.main, "choose_backend", lambda wanted: choice)
    with caplog.at_level(logging.INFO):
        app.main._prepare_kernel(Settings())
    return caplog.record_tuples


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


def test_no_other_kernel_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKEBACK_KERNEL", "gpu")
    with pytest.raises(ValidationError, match="kernel"):
        Settings()
    monkeypatch.setenv("TAKEBACK_KERNEL", "numpy")
    assert Settings().kernel == "numpy"
