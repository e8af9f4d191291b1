"""The room's fixtures: a worker with its floor."""

import pytest

from callfloor.media.tests import peers


@pytest.fixture
async def scene(tmp_path):
    async with peers.scene(tmp_path) as here:
        yield here
