"""The manifest of fraud prevention."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="fraud",
    name=_("Fraud prevention"),
    host="management",
    seeds=("D19",),
    roles=(
        Role(
            key="fraud_analyst",
            name=_("Fraud analyst"),
            duties=(
                "fraud.watch_for_fraud",
                "fraud.decide_frauds",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
        ),
    ),
    duties=(
        Duty(
            key="watch_for_fraud",
            name=_("Watch calls for signs of fraud"),
            may=("interactions.listen", "interactions.read"),
            kpis=("frauds_stopped",),
            skills=("figures", "discretion"),
            seeds=("U42",),
            planned="F39",
        ),
        Duty(
            key="decide_frauds",
            name=_("Decide what follows from a suspicion of fraud"),
            kpis=("frauds_stopped",),
            skills=("judgment", "discretion"),
            seeds=("U42",),
            planned="F39",
            decides="fraud",
        ),
    ),
)
