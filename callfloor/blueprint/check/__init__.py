"""
Checking a blueprint: every fault with its place and what to do, before anything is compiled.

A blueprint is refused whole: with one finding nothing of it is used. Refuses: to change or to
complete what the author wrote.
"""

from callfloor.blueprint.check.whole import Checked, check

__all__ = ["Checked", "check"]
