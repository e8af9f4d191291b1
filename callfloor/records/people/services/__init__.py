"""
What changes people, and what is said to them.

    taking    people, clients, teams, skills, the organisation; one's own language
    changing  what the file of the centre says of a person
    leading   a leader's word to the floor: away, back to work, I come
    notices   messages from person to person and from departments, with receipts
    tokens    by which programs ask in a person's name
"""

from callfloor.records.people.services.leading import call_back, come, send_away
from callfloor.records.people.services.notices import NothingSaid, TooLong, read, send, tell
from callfloor.records.people.services.taking import (
    ClientData,
    PersonData,
    ProofData,
    UnknownLanguage,
    apply_clients,
    apply_organisation,
    apply_people,
    apply_skills,
    apply_teams,
    ensure_known,
    set_language,
)

__all__ = [
    "ClientData",
    "NothingSaid",
    "PersonData",
    "ProofData",
    "TooLong",
    "UnknownLanguage",
    "apply_clients",
    "apply_organisation",
    "apply_people",
    "apply_skills",
    "apply_teams",
    "call_back",
    "come",
    "ensure_known",
    "read",
    "send",
    "send_away",
    "set_language",
    "tell",
]
