"""
The permissions there are, each with what it opens; duties give them out, access asks for them.

Refuses: a permission that is not in this list.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel import department
from callfloor.kernel.department import Department, Role

PERMISSIONS: dict[str, Any] = {
    "articles.approve": _("Approve articles that others wrote"),
    "articles.read": _("Look up articles, and acknowledge what one has read"),
    "articles.write": _("Write articles"),
    "audit.read": _("Read who did, saw and heard what"),
    "calls.take": _("Take calls"),
    "cases.assign": _("Give cases to others"),
    "cases.decide": _("Decide complaints"),
    "cases.incident": _("Declare incidents and end them"),
    "cases.read": _("See cases and their story"),
    "cases.write": _("Open cases and work on them"),
    "customers.answer": _("Give a customer everything that is known of him"),
    "customers.document": _("Write down who a customer is and what he allows"),
    "customers.erase": _("Erase a customer's personal data, or hold it"),
    "customers.export": _("Take customers with names and numbers out as a file"),
    "customers.import": _("Take customers in from a file"),
    "customers.merge": _("Merge customers who are one, and undo it"),
    "customers.read": _("See customers and their story"),
    "customers.write": _("Change what is known of a customer"),
    "direction.see": _("See what the center is for and where its figures lead"),
    "emergency.switch": _("Close the center at once, or say a message to all callers"),
    "engine.see": _("See how the processes are"),
    "floor.lead": _("Change the state of others, and write to them"),
    "floor.see": _("See who does what now"),
    "floor.supervise": _("Hear into calls, help in them, take them over"),
    "forms.approve": _("Publish scripts and guides that others wrote"),
    "forms.fill": _("Follow scripts and guides"),
    "forms.read": _("See scripts and guides, and where contacts stall in them"),
    "forms.write": _("Write scripts and guides"),
    "hooks.write": _("Let other systems be told of what happens, and take in what they say"),
    "interactions.listen": _("Listen to recordings"),
    "interactions.listen_own": _("Listen to recordings of one's own calls"),
    "interactions.note": _("Write notes on calls"),
    "interactions.read": _("See calls and their timeline"),
    "jobs.see": _("Read job descriptions"),
    "jobs.write": _("Tailor job descriptions"),
    "organisation.see": _("See departments, roles and who answers for what"),
    "people.assign": _("Change skills, team and roles of people"),
    "people.read": _("See colleagues, their skills and duties"),
    "plan.apply": _("Apply a new plan of the center"),
    "promises.read": _("See callbacks and appointments"),
    "promises.write": _("Promise customers to call them, and call it off"),
    "queues.change": _("Change queues, opening hours and what callers hear"),
    "queues.read": _("See queues, numbers and flows"),
    "reports.agents": _("See the figures of agents, of one's own team"),
    "reports.see": _("See the figures of queues and days"),
    "skills.grant": _("Change the skills of the own team"),
    "tokens.make": _("Make tokens by which programs ask in one's own name"),
    "tokens.revoke": _("See who has tokens for programs, and revoke them"),
    "twin.try": _("Try a change in the twin"),
    "wallboard.see": _("See the wallboard"),
}


def departments() -> tuple[Department, ...]:
    """Give the manifests of this centre."""
    return department.departments()


def roles() -> tuple[Role, ...]:
    """Give the roles of this centre."""
    return department.roles()


def unknown_permissions(manifests: tuple[Department, ...]) -> set[str]:
    """Give the permissions that manifests use and this list does not have."""
    used = {may for manifest in manifests for duty in manifest.duties for may in duty.may}
    used |= {entry.permission for manifest in manifests for entry in manifest.menu}
    used |= {panel.permission for manifest in manifests for panel in manifest.panels}
    return used - PERMISSIONS.keys()
