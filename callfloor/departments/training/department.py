"""The manifest of training."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from callfloor.kernel.department import Department, Duty, MenuEntry, Panel, Role


def _lookup_panel(**given: Any) -> Any:
    from callfloor.desk.articles import lookup_pages

    return lookup_pages.panel(**given)


def _script_side(**given: Any) -> Any:
    from callfloor.desk.forms import script_pages

    return script_pages.side(**given)


department = Department(
    key="training",
    name=_("Training"),
    host="management",
    seeds=("D10",),
    menu=(
        MenuEntry(
            key="articles",
            name=_("Knowledge"),
            url_name="articles",
            icon="book",
            permission="articles.read",
            order=55,
        ),
        MenuEntry(
            key="forms",
            name=_("Scripts and guides"),
            url_name="forms",
            icon="chat",
            permission="forms.read",
            order=56,
        ),
    ),
    panels=(
        Panel(
            place="desk.item",
            query=_lookup_panel,
            template="desk/panel_lookup.html",
            permission="articles.read",
        ),
        Panel(
            place="interaction.side",
            query=_script_side,
            template="desk/side_runs.html",
            permission="interactions.read",
        ),
    ),
    roles=(
        Role(
            key="trainer",
            name=_("Trainer"),
            duties=(
                "training.teach",
                "training.teach_procedures",
                "training.keep_answers_alike",
                "training.prepare_newcomers",
                "training.grant_skills",
                "performance.work_to_objectives",
                "training.keep_to_procedures",
            ),
            seeds=("R10",),
        ),
    ),
    duties=(
        Duty(
            key="teach",
            name=_("Develop and hold courses for new and experienced people"),
            kpis=("tests_passed",),
            skills=("teaching",),
            seeds=("U21",),
            planned="F23",
        ),
        Duty(
            key="teach_procedures",
            name=_("Teach procedures, and teach them again when they change"),
            kpis=("procedures_known",),
            skills=("teaching",),
            seeds=("U22", "T10"),
            planned="F23",
        ),
        Duty(
            key="keep_answers_alike",
            name=_("Keep scripts up to date, so that answers are the same everywhere"),
            may=("articles.read", "articles.write", "forms.read", "forms.write"),
            kpis=("quality_score",),
            articles=("scripts",),
            skills=("writing",),
            seeds=("U08", "T08", "Q09"),
        ),
        Duty(
            key="prepare_newcomers",
            name=_("Prepare newcomers: the terms, the roles, what is asked and where it may lead"),
            kpis=("tests_passed",),
            lessons=("terms",),
            skills=("teaching",),
            seeds=("U62", "R13", "T20"),
            planned="F45",
        ),
        Duty(
            key="grant_skills",
            name=_("Grant skills to those who have proved them"),
            may=("people.read", "skills.grant"),
            kpis=("tests_passed", "quality_score"),
            skills=("judgment",),
            seeds=("Q05",),
            planned="F23",
            decides="skill",
        ),
        Duty(
            key="keep_to_procedures",
            name=_("Work by the procedures, and prove to know them"),
            may=("articles.read",),
            kpis=("procedures_known",),
            lessons=("personal_data",),
            skills=("teamwork",),
            seeds=("U10",),
        ),
    ),
)
