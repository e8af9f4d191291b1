"""
What changes cases.

    change     the one door: events appended, columns folded, others told
    opening    a new case, and interactions attached to it
"""

from callfloor.records.cases.services.opening import OtherClient, attach, open_case

__all__ = ["OtherClient", "attach", "open_case"]
