"""The manifest of quality assurance."""

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, Role

department = Department(
    key="quality",
    name=_("Quality assurance"),
    host="management",
    seeds=("D09",),
    roles=(
        Role(
            key="quality_analyst",
            name=_("Quality analyst"),
            duties=(
                "quality.listen_to_contacts",
                "quality.score_contacts",
                "quality.give_feedback",
                "quality.calibrate",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R11",),
        ),
    ),
    duties=(
        Duty(
            key="listen_to_contacts",
            name=_("Listen to recorded calls"),
            may=("interactions.listen", "interactions.read"),
            kpis=("quality_score",),
            articles=("monitoring",),
            skills=("listening",),
            seeds=("U19", "T05"),
        ),
        Duty(
            key="score_contacts",
            name=_("Score contacts fairly, by the form and nothing else"),
            kpis=("quality_score", "evaluator_agreement"),
            articles=("scoring",),
            lessons=("scoring",),
            skills=("judgment", "listening"),
            seeds=("U19", "U37", "T17"),
            planned="F21",
            apart_from=("quality.decide_disputes",),
        ),
        Duty(
            key="give_feedback",
            name=_("Give feedback after listening, with the reasons and the sound"),
            kpis=("quality_score",),
            articles=("feedback",),
            skills=("teaching",),
            seeds=("U20",),
            planned="F21",
        ),
        Duty(
            key="calibrate",
            name=_("Calibrate evaluators, so that one contact gets one score"),
            kpis=("evaluator_agreement",),
            articles=("scoring",),
            skills=("judgment", "leading"),
            seeds=("T17",),
            planned="F21",
        ),
        Duty(
            key="decide_disputes",
            name=_("Decide disputes about scores"),
            kpis=("evaluator_agreement",),
            articles=("scoring",),
            skills=("judgment",),
            seeds=("T17",),
            planned="F21",
            decides="dispute",
            apart_from=("quality.score_contacts",),
        ),
    ),
)
