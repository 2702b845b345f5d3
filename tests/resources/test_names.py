from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.resources.errors import (
    InvalidResourceGroup,
    InvalidResourceName,
    InvalidSubscription,
    InvalidTags,
    LocationNotAvailable,
)
from antiphon.resources.names import (
    check_account_name,
    check_deployment_name,
    check_resource_group,
    check_subscription,
    check_tags,
    location_name,
)

NASTY = st.text(st.sampled_from("aZ09._-/\\%:@?# \n\r\t\0é\u0130\u2028"), max_size=70) | st.text(max_size=70)


def is_taken(check: Callable[[str], object], name: str) -> bool:
    try:
        check(name)
    except InvalidResourceName:
        return False
    return True


@given(NASTY)
def test_no_deployments_name_can_leave_its_place_in_a_path(name: str) -> None:
    if is_taken(check_deployment_name, name):
        assert quote(name) == name
        assert PurePosixPath("/deployments", name).parts == ("/", "deployments", name)
        assert name not in {".", ".."}


@given(NASTY)
def test_every_accounts_name_is_the_first_label_of_a_host(name: str) -> None:
    if is_taken(check_account_name, name):
        host = urlsplit(f"http://{name}.localhost:8080/").hostname
        assert host is not None
        assert host.split(".") == [name.lower(), "localhost"]


@pytest.mark.parametrize("name", ["ab", "contoso", "My-Account-2", "a" * 63, "0a"])
def test_names_of_accounts(name: str) -> None:
    check_account_name(name)


@pytest.mark.parametrize("name", ["", "a", "-ab", "ab-", "a.b", "a_b", "a b", "a/b", "é" * 3, "ab\n", "a" * 64])
def test_names_that_no_host_can_begin_with(name: str) -> None:
    with pytest.raises(InvalidResourceName):
        check_account_name(name)


@pytest.mark.parametrize("name", ["gpt-4o-audio-preview", "v2.1_beta", "ab", "a" * 64])
def test_names_of_deployments(name: str) -> None:
    check_deployment_name(name)


@pytest.mark.parametrize("name", ["", "a", "..", ".hidden", "-a", "a/b", "a\\b", "a%2e", "ab\n", "a" * 65])
def test_names_that_no_deployment_can_have(name: str) -> None:
    with pytest.raises(InvalidResourceName):
        check_deployment_name(name)


@pytest.mark.parametrize("name", ["", "ends.", "a/b", "a b", "a" * 91])
def test_names_that_no_resource_group_can_have(name: str) -> None:
    with pytest.raises(InvalidResourceGroup):
        check_resource_group(name)


def test_a_resource_group_can_have_brackets_and_dots() -> None:
    check_resource_group("_my.Group-(1)")


@pytest.mark.parametrize("subscription_id", ["", "a b", "a/b", "a" * 65])
def test_ids_that_no_subscription_can_have(subscription_id: str) -> None:
    with pytest.raises(InvalidSubscription):
        check_subscription(subscription_id)


def test_a_location_is_the_same_in_every_spelling_of_azures() -> None:
    assert location_name("East US 2") == location_name("eastus2") == "eastus2"


@pytest.mark.parametrize("location", ["", " ", "a/b", "x" * 65])
def test_what_can_be_no_location(location: str) -> None:
    with pytest.raises(LocationNotAvailable):
        location_name(location)


@pytest.mark.parametrize(
    "tags", [{str(number): "" for number in range(51)}, {"": "empty"}, {"n" * 513: ""}, {"n": "v" * 257}]
)
def test_tags_that_are_too_many_or_too_long(tags: dict[str, str]) -> None:
    with pytest.raises(InvalidTags):
        check_tags(tags)
