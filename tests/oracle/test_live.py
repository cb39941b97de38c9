"""The engine, PyTorch as it is installed, and what it once said agree: make oracle."""

import json
from typing import Any

import pytest

from tests.engine.test_oracle import NETWORKS, assert_agrees, by_engine
from tests.oracle.record import COUNT, compute, spec_data


@pytest.mark.parametrize("index", range(COUNT))
def test_the_networks_are_the_recorded_ones(index: int) -> None:
    assert json.loads(json.dumps(spec_data(index))) == NETWORKS[index]["spec"]
    assert len(NETWORKS) == COUNT


@pytest.mark.parametrize("index", range(COUNT))
def test_engine_and_record_agree_with_pytorch(index: int) -> None:
    recorded: dict[str, Any] = NETWORKS[index]
    live = compute(recorded["spec"])
    assert_agrees(by_engine(recorded["spec"]), live)
    assert_agrees(recorded, live)
