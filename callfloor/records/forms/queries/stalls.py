"""
Where calls stall: a version's nodes with their time, drop-off and answers.

Refuses: to mix versions, for their nodes are not the same; and simulated runs with real ones.
"""

from dataclasses import dataclass

from callfloor.kernel import access
from callfloor.kernel.access import Someone
from callfloor.records.forms.models import FormAnswer, FormRun, FormVersion
from callfloor.records.forms.queries import rows
from callfloor.records.forms.rules import counting
from callfloor.records.forms.rules.shape import Body

STEPS_MAX = 200_000  # A month of 500 calls a day with fourteen steps; the latest count.


@dataclass(frozen=True, kw_only=True)
class Stalls:
    """What was seen of one version."""

    number: int
    body: Body
    runs: int
    finished: int
    """Runs that reached an end."""
    going_on: int
    """Runs of interactions that have not ended."""
    nodes: tuple[counting.NodeCount, ...]


def stalls(
    *, person: Someone, key: str, number: int | None = None, simulated: bool = False
) -> Stalls | None:
    """
    Give what was seen of a version of a form, the last for None; None if there is no such version.

    Only runs of the person's clients count. Raises NotFound, Forbidden.
    """
    row = rows.require(person, "forms.read", key)
    versions = FormVersion.objects.filter(form=row).order_by("-number")
    version = (versions if number is None else versions.filter(number=number)).first()
    if version is None:
        return None
    runs = access.counted(person, FormRun.objects.filter(version=version, simulated=simulated))
    steps = FormAnswer.objects.filter(run__in=runs, undone=False).order_by("-answered_at", "id")
    ended = runs.filter(ended_at=None).exclude(interaction__ended_at=None)
    body = rows.body_of(version)
    nodes = counting.counted(
        list(body.nodes),
        steps=[
            counting.Step(node=node, seconds=seconds, choice=choice, reason=reason)
            for node, seconds, choice, reason in steps.values_list(
                "node", "seconds", "choice", "reason"
            )[:STEPS_MAX]
        ],
        stopped_at=ended.values_list("node", flat=True),
    )
    return Stalls(
        number=version.number,
        body=body,
        runs=runs.count(),
        finished=runs.exclude(ended_at=None).count(),
        going_on=runs.filter(ended_at=None, interaction__ended_at=None).count(),
        nodes=tuple(nodes),
    )
