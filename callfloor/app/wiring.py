"""
Who is joined to whom: departments, roles, reactions. Ports are joined by each process's main.

Refuses: to know what any of them does.
"""

from callfloor.departments.account_management.department import department as account_management
from callfloor.departments.analytics.department import department as analytics
from callfloor.departments.coaching.department import department as coaching
from callfloor.departments.customer_service.department import department as customer_service
from callfloor.departments.escalations.department import department as escalations
from callfloor.departments.experience.department import department as experience
from callfloor.departments.fraud.department import department as fraud
from callfloor.departments.human_resources.department import department as human_resources
from callfloor.departments.inbound.department import department as inbound
from callfloor.departments.it_support.department import department as it_support
from callfloor.departments.language.department import department as language
from callfloor.departments.management.department import department as management
from callfloor.departments.marketing.department import department as marketing
from callfloor.departments.outbound.department import department as outbound
from callfloor.departments.outsourcing.department import department as outsourcing
from callfloor.departments.performance.department import department as performance
from callfloor.departments.quality.department import department as quality
from callfloor.departments.sales.department import department as sales
from callfloor.departments.social.department import department as social
from callfloor.departments.technical_support.department import department as technical_support
from callfloor.departments.training.department import department as training
from callfloor.departments.workforce.department import department as workforce
from callfloor.kernel import department, duties

DEPARTMENTS = (
    inbound,
    outbound,
    customer_service,
    technical_support,
    sales,
    account_management,
    escalations,
    language,
    social,
    fraud,
    quality,
    training,
    coaching,
    workforce,
    performance,
    analytics,
    experience,
    human_resources,
    it_support,
    outsourcing,
    management,
    marketing,
)
"""In the order in which pages and documents show them: the floor, what helps it, who runs it."""

ROLES = tuple(role for manifest in DEPARTMENTS for role in manifest.roles)
"""The standard roles, each from the manifest of the department where it usually sits."""


def read() -> None:
    """Join departments, roles and duties; nothing that they lead to is loaded."""
    assert not (unknown := duties.unknown_permissions(DEPARTMENTS)), f"no such: {unknown}"
    department.join(departments=DEPARTMENTS, roles=ROLES)


def join() -> None:
    """Join what this centre has; called once per process, when Django is ready."""
    from callfloor.connectors.webhook.reactions import reactions  # Its deliveries are one.
    from callfloor.kernel import events  # Its outbox is a table.

    read()
    ours = (reaction for manifest in DEPARTMENTS for reaction in manifest.reactions())
    events.join((*ours, *reactions))
