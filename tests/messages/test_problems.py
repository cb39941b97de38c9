"""Titles and sentences of problems belong together."""

from app.messages.fields import FIELD_LABELS
from app.messages.problems import _TITLE_OF, PROBLEMS, problem_detail, problem_title


def test_every_title_belongs_to_a_problem() -> None:
    assert _TITLE_OF.keys() <= PROBLEMS.keys()
    assert problem_title("diverged") == "The weights ran away"
    assert problem_title("minimum") == "Please check this value"


def test_a_sentence_names_its_field() -> None:
    assert FIELD_LABELS["/new/loss"] == FIELD_LABELS["/loss"]
    told = [problem_detail("missing", at, {}) for at in ("/loss", "/values/w5", "/spec/loss", None)]
    assert told == [
        "The loss is required.",
        "w5 is required.",
        "spec/loss is required.",
        "The request is required.",
    ]


def test_a_sentence_on_targets_is_true_of_each_loss_that_wants_them_so() -> None:
    said = problem_detail("targets_unit", "/samples/0/targets", {})
    assert "cross-entropy, and with the perceptron’s rule, every target must be" in said
    assert problem_title("targets_unit") == "Targets must be from 0 to 1"
