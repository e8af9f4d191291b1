"""
What may go wrong in the core.

    CoreError
    ├── UnknownRecord     a stored record was written by another version of the code
    └── PlanError         a floor plan contradicts itself

Everything else that goes wrong in the core is our own fault and an `assert`.
"""


class CoreError(Exception):
    """The base of everything the core raises on purpose."""


class UnknownRecord(CoreError):
    """A stored record names a class or a field that this version does not have."""


class PlanError(CoreError):
    """A floor plan names something that it does not contain."""
