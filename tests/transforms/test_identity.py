"""Ids depend on what a thing is and on nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.identity import hashed_id, publisher_id
from transforms.records import Publisher

_PARTS = st.lists(st.text(max_size=5), max_size=4)


@given(_PARTS)
def test_an_id_is_sixteen_hexadecimal_digits(parts: list[str]) -> None:
    """Whatever the parts hold, lone surrogates of a file name included."""
    assert re.fullmatch("[0-9a-f]{16}", hashed_id(*parts))
    assert hashed_id(*parts) == hashed_id(*parts)


@given(_PARTS, _PARTS)
@example(["ab", "c"], ["a", "bc"])
@example(["a", ""], ["a"])
@example([], [""])
@example(['a","b'], ["a", "b"])
@example(["a\\"], ["a", "\\"])
@example(["\\ud800"], ["\ud800"])
@example(["é"], ["e\u0301"])
def test_other_parts_have_another_id(a: list[str], b: list[str]) -> None:
    """Joining them in another way never makes two things one."""
    assert (hashed_id(*a) == hashed_id(*b)) == (a == b)


def test_ids_are_the_same_in_every_warehouse() -> None:
    """The values are fixed: a change here would make every stored id another one."""
    assert hashed_id("source", "local") == "4099794a1acf4293"
    assert hashed_id("input", "https://news.example/ä") == "2bf7d3bfb21cb5af"


def test_ids_do_not_depend_on_the_process() -> None:
    """Hash randomisation decides nothing."""
    code = "from transforms.identity import hashed_id; print(hashed_id('a', 'b'))"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == hashed_id("a", "b")


@pytest.mark.parametrize("declared", [True, False])
def test_an_unknown_publisher_has_no_id(declared: bool) -> None:  # noqa: FBT001 - a parameter
    """An article without one is not of a publisher called nothing."""
    assert publisher_id(None, declared=declared) is None
    assert publisher_id(Publisher(None, None), declared=declared) is None


def test_a_page_is_of_its_host_whatever_it_calls_itself() -> None:
    """Sites name themselves in many ways."""
    named = [Publisher(name, "post.example") for name in ("Post", "The Post", None)]

    assert len({publisher_id(each, declared=False) for each in named}) == 1


def test_a_record_that_names_its_publisher_is_of_that_name() -> None:
    """An archive serves many publishers from one host of its own."""
    post, herald = (Publisher(name, "archive.example") for name in ("Post", "Herald"))

    assert publisher_id(post, declared=True) != publisher_id(herald, declared=True)
    assert publisher_id(post, declared=True) == publisher_id(Publisher("Post", None), declared=True)


@given(st.text(min_size=1), st.text(" \t\n\xa0", min_size=1))
def test_a_name_counts_without_case_and_spacing(name: str, space: str) -> None:
    """`Daily  POST` is `daily post`."""
    plain = publisher_id(Publisher(f"daily {name}", None), declared=True)

    assert publisher_id(Publisher(f"{space}DAILY{space}{name} ", None), declared=True) == plain


def test_a_host_and_a_name_of_one_spelling_are_two_publishers() -> None:
    """What is known of them is not the same kind of thing."""
    host, name = Publisher(None, "post.example"), Publisher("post.example", None)

    assert publisher_id(host, declared=True) != publisher_id(name, declared=True)
