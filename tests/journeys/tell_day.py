"""
Print today's figures of a centre's records as JSON, as a person sees them.

    CALLFLOOR_DATA=DIR python -m tests.journeys.tell_day PERSON
"""

import dataclasses
import json
import os
import sys
from datetime import datetime
from zoneinfo import ZoneInfo


def main() -> None:
    """Ask as a person of the centre in CALLFLOOR_DATA would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    import django

    django.setup()
    from callfloor.records.interactions import queries as interactions
    from callfloor.records.people.models import Person
    from callfloor.records.routing import queries as routing

    centre = routing.centre()
    assert centre is not None, "the centre has a plan"
    day = datetime.now(ZoneInfo(centre.timezone)).date()
    person = Person.objects.get(pk=sys.argv[1])
    numbers = interactions.day_numbers(person=person, day=day)
    print(json.dumps(dataclasses.asdict(numbers), default=str))


if __name__ == "__main__":
    main()
