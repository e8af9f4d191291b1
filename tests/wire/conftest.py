"""A test here that fails leaves nothing open for the next one."""

from tests.left_open import nothing_left_open

__all__ = ["nothing_left_open"]
