from __future__ import annotations

import pytest

from antiphon.identity.roles import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    OPENAI_CONTRIBUTOR,
    OPENAI_USER,
    OWNER,
    ROLES,
    USER_ACCESS_ADMINISTRATOR,
    DataAction,
    ManagementAction,
    Role,
    find_role,
)


@pytest.mark.parametrize("role", [COGNITIVE_SERVICES_USER, OPENAI_USER, OPENAI_CONTRIBUTOR])
def test_users_may_use_the_models_and_see_what_there_is(role: Role) -> None:
    assert role.actions >= set(DataAction)
    assert role.actions >= {ManagementAction.ACCOUNTS_READ, ManagementAction.DEPLOYMENTS_READ}
    assert not role.actions & {ManagementAction.ACCOUNTS_WRITE, ManagementAction.KEYS_REGENERATE}


@pytest.mark.parametrize("role", [COGNITIVE_SERVICES_CONTRIBUTOR, CONTRIBUTOR])
def test_who_may_manage_everything_may_not_therefore_use_the_models_or_give_roles(role: Role) -> None:
    giving = {ManagementAction.ROLE_ASSIGNMENTS_WRITE, ManagementAction.ROLE_ASSIGNMENTS_DELETE}
    assert role.actions == set(ManagementAction) - giving


def test_owners_and_user_access_administrators_give_roles() -> None:
    assert OWNER.actions == set(ManagementAction)
    for action in (ManagementAction.ROLE_ASSIGNMENTS_WRITE, ManagementAction.ROLE_ASSIGNMENTS_DELETE):
        assert {role for role in ROLES if action in role.actions} == {OWNER, USER_ACCESS_ADMINISTRATOR}
    assert not USER_ACCESS_ADMINISTRATOR.actions & {ManagementAction.ACCOUNTS_WRITE, ManagementAction.KEYS_LIST}


def test_cognitive_services_users_do_not_see_who_has_which_role() -> None:
    assert {role for role in ROLES if ManagementAction.ROLE_ASSIGNMENTS_READ not in role.actions} == {
        COGNITIVE_SERVICES_USER
    }


def test_keys_are_listed_by_cognitive_services_users_and_not_by_openai_users() -> None:
    assert ManagementAction.KEYS_LIST in COGNITIVE_SERVICES_USER.actions
    assert ManagementAction.KEYS_LIST not in OPENAI_USER.actions | OPENAI_CONTRIBUTOR.actions


def test_openai_contributors_may_deploy() -> None:
    more = OPENAI_CONTRIBUTOR.actions - OPENAI_USER.actions
    assert more == {ManagementAction.DEPLOYMENTS_WRITE, ManagementAction.DEPLOYMENTS_DELETE}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_found_by_its_name_with_or_without_spaces_and_by_its_guid(role: Role) -> None:
    for spelling in (role.name, role.name.replace(" ", ""), role.name.upper(), role.id):
        assert find_role(spelling) is role


def test_another_role_is_not_found() -> None:
    assert find_role("Cognitive  Services User") is None
