"""One running centre for all journeys; each begins with an empty floor and leaves one."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.journeys import post as posts
from tests.journeys import stack as stacks
from tests.left_open import nothing_left_open

__all__ = ["emptied", "floor", "manager", "nothing_left_open", "post", "stack"]


@pytest.fixture(scope="session")
def post() -> Iterator[posts.Post | None]:
    """Run the servers of mail; None where they are not installed."""
    with posts.running() as found:
        yield found


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, post: posts.Post | None
) -> Iterator[stacks.Stack]:
    """Run the demo without simulated people; the number 905 asks for digits."""
    folder = tmp_path_factory.mktemp("stack")
    file = stacks.blueprint(folder / "demo.yaml", post=post)
    centre = stacks.Stack(folder / "data")
    if post is not None:
        centre.keep_passwords(post.passwords)
    try:
        centre.start("demo", str(file), "--quiet-floor")
        yield centre
    finally:
        centre.stop()


@pytest.fixture(autouse=True)
async def emptied(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Leave the running centre empty, whatever of it a test has asked for."""
    if "stack" not in request.fixturenames:
        yield
        return
    stack: stacks.Stack = request.getfixturevalue("stack")
    yield
    await stack.clear()


@pytest.fixture
def floor(stack: stacks.Stack) -> stacks.Stack:
    """Give the running centre to a test that has people on its floor."""
    return stack


@pytest.fixture(scope="session")
def manager(stack: stacks.Stack) -> stacks.Visitor:
    """Give the manager of all clients, signed in without a browser."""
    return stacks.Visitor.signed_in(stack, "manager")
