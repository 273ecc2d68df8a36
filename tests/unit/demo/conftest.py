"""One small world, written once for all tests of the demo."""

from pathlib import Path

import pytest

from tieline.demo import World, generate


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return generate(tmp_path_factory.mktemp("world"), records=6_000, seed=3)


@pytest.fixture(scope="session")
def lists(world: World) -> Path:
    return world.directory / "lists"
