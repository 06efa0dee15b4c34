"""The small county for tests of verbs."""

import pytest
from tests.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()
