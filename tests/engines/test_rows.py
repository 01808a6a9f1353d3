"""Batches of every format come back with the same rows, in the same order, and more columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcrop._engines import rows
from outcrop._engines.asking import Asking
from outcrop._engines.columns import ERROR, LONGEST_ERROR, Outcome, failed, laid_out, schema

WORDS = st.text(max_size=20)


def numpy_of(values):
    return {name: np.array(column, dtype=object) for name, column in values.items()}


@pytest.mark.parametrize("made", [pd.DataFrame, numpy_of, dict], ids=["pandas", "numpy", "lists"])
@given(texts=st.lists(WORDS, min_size=1, max_size=20))
def test_rows_keep_their_order_and_columns(made, texts):
    batch = made({"id": list(range(len(texts))), "q": texts})
    read = list(rows.read(batch))
    assert read == [{"id": number, "q": text} for number, text in enumerate(texts)]
    outcomes = [Outcome(answer=text[::-1], input_tokens=len(text)) for text in texts]
    wider = rows.widened(batch, laid_out(outcomes, prefix="", response=False))
    assert rows.names(wider) == ["id", "q", *schema(prefix="", response=False)]
    assert [row["answer"] for row in rows.read(wider)] == [text[::-1] for text in texts]
    assert rows.names(batch) == ["id", "q"]


def test_an_empty_frame_has_the_types_of_a_full_one():
    empty, full = pd.DataFrame({"q": []}), pd.DataFrame({"q": ["a"]})
    columns = laid_out([], prefix="", response=True), laid_out([Outcome()], prefix="", response=True)
    kinds = [rows.widened(frame, made).dtypes[1:] for frame, made in zip((empty, full), columns, strict=True)]
    assert kinds[0].equals(kinds[1])


def test_numpys_structs_become_plain_and_lose_their_nulls():
    """As Ray gives a column of structs: arrays of dicts, in which each member that any row has is there."""
    messages = np.array([{"role": "user", "content": np.array([{"text": "a", "image": None}], dtype=object)}], object)
    batch = {"request": np.array([{"messages": messages, "inferenceConfig": {"maxTokens": np.int64(5)}}], dtype=object)}
    [row] = rows.read(batch)
    assert Asking("converse", "request", None, None)(row) == {
        "messages": [{"role": "user", "content": [{"text": "a"}]}],
        "inferenceConfig": {"maxTokens": 5},
    }


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, np.float64("nan")])
def test_what_stands_for_nothing_is_no_prompt(nothing):
    [row] = rows.read({"q": [nothing]})
    with pytest.raises(TypeError, match="the row's prompt is null, where text is due"):
        Asking("converse", None, "q", None)(row)


def test_a_rows_own_arguments_come_before_those_of_all():
    asking = Asking(
        "converse", "request", None, {"inferenceConfig": {"maxTokens": 5}, "system": [{"text": "Be brief."}]}
    )
    made = asking({"request": '{"messages": [], "system": [{"text": "Be long."}]}'})
    assert made == {"inferenceConfig": {"maxTokens": 5}, "system": [{"text": "Be long."}], "messages": []}


def test_a_body_may_be_a_dict():
    asking = Asking("invoke_model", lambda row: {"body": {"prompt": row["q"]}}, None, {"modelId": "m"})
    assert asking({"q": "é"}) == {"modelId": "m", "body": '{"prompt": "\\u00e9"}'}


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("converse", None, None, None), ValueError, "name one of request= and prompt="),
        (("converse", "a", "b", None), ValueError, "name one of request= and prompt="),
        (("invoke_model", None, "b", None), ValueError, "prompt= is for converse"),
        (("converse", 5, None, None), TypeError, "request must be a str, not int"),
        (("converse", "a", None, []), TypeError, "call must be a dict of keyword arguments, not list"),
    ],
)
def test_arguments_that_cannot_be(arguments, error, said):
    with pytest.raises(error, match=said):
        Asking(*arguments)


def test_a_column_that_is_not_there():
    with pytest.raises(ValueError, match=r"no column 'qq', which prompt= names; they have: id, q"):
        Asking("converse", None, "qq", None).columns(["id", "q"])


@pytest.mark.parametrize(
    ("value", "said"), [("{", "is no JSON"), ("[]", "of the class list"), (None, "is null"), ("5", "of the class int")]
)
def test_a_request_that_is_none_shows_nothing_of_it(value, said):
    with pytest.raises((TypeError, ValueError), match=said):
        Asking("converse", "request", None, None)({"request": value})


def test_what_is_no_batch():
    with pytest.raises(TypeError, match=r"not list$"):
        rows.names([1, 2])


@given(text=st.text(max_size=5000))
def test_errors_are_text_of_bounded_length(text):
    outcome = failed(RuntimeError(text))
    assert outcome.error.startswith("RuntimeError: ")
    assert len(outcome.error) <= LONGEST_ERROR
    assert outcome == Outcome(error=outcome.error)


def test_a_prefix_spares_the_column_of_errors():
    names = list(schema(prefix="second_", response=True))
    assert names[-1] == ERROR
    assert all(name.startswith("second_") for name in names[:-1])
