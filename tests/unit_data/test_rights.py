"""The matrix of roles: nothing is allowed that does not stand in it."""

import pytest

from data.viewer import Denied, Right, Role, Viewer

# PRIVACY, "Who sees what", row by row
MATRIX = {
    Right.REPORTS: {Role.ANALYST},
    Right.CUSTOM: {Role.ANALYST},
    Right.PUBLISHED: {Role.ANALYST, Role.DISTRICT_MANAGER, Role.AUDITOR},
    Right.EXPORT: {Role.ANALYST, Role.DISTRICT_MANAGER},
    Right.IMPORT: {Role.ANALYST},
    Right.DECIDE: {Role.ANALYST},
    Right.MEASURES_READ: {Role.ANALYST, Role.DISTRICT_MANAGER, Role.AUDITOR},
    Right.MEASURES_WRITE: {Role.ANALYST, Role.DISTRICT_MANAGER},
    Right.MANAGE_READ: {Role.ADMIN, Role.AUDITOR},
    Right.MANAGE_WRITE: {Role.ADMIN},
    Right.AUDIT_OWN: {Role.ANALYST, Role.DISTRICT_MANAGER},
    Right.AUDIT: {Role.AUDITOR},
}


def test_every_right_has_a_row():
    assert set(MATRIX) == set(Right)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_a_role_may_what_the_matrix_says_and_nothing_else(role, right):
    viewer = Viewer(name="iemand", role=role)
    assert viewer.may(right) == (role in MATRIX[right])
    if role in MATRIX[right]:
        viewer.require(right)
    else:
        with pytest.raises(Denied) as denied:
            viewer.require(right)
        assert role.value in denied.value.sentence.format(**denied.value.fields)
