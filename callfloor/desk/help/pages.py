"""Shortcuts, the definitions of every figure, the glossary of the trade."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render

from callfloor.desk.help import definitions as figures
from callfloor.desk.help import glossary as words
from callfloor.records.metrics import queries as metrics
from callfloor.ui.requests import Request

GLOSSARY = Path(__file__).resolve().parents[3] / "docs" / "glossary.md"


@login_required
def help_page(request: Request) -> HttpResponse:
    """Show how to work by keyboard, and where to read on."""
    context = {"here": "help", "has_glossary": GLOSSARY.exists()}
    return render(request, "desk/help.html", context)


@login_required
def definitions(request: Request) -> HttpResponse:
    """Show what each figure means and from what it is counted."""
    context = {"here": "help", "figures": figures.FIGURES, "metrics": metrics.metrics()}
    return render(request, "desk/definitions.html", context)


@login_required
def glossary(request: Request) -> HttpResponse:
    """Show the words of the trade in six languages."""
    if not GLOSSARY.exists():
        raise Http404
    table = words.table(GLOSSARY.read_text(encoding="utf-8"))
    return render(request, "desk/glossary.html", {"here": "help", "table": table})
