"""
What is said of notes that no agent's own state tells: those beside other work, and those of a past.

Refuses: to end a note. Each has a lease of its own, which `talks` keeps.
"""

from callfloor.core import facts, state


def begun_beside(house: state.State, work: state.Work) -> None:
    """Say that a note is written beside other work, and until when."""
    item = work.item
    house.tell(
        facts.NoteBegun(
            item=item.id, client=item.client, agent=work.agent.key, until=work.wrap_until
        )
    )


def part_over(
    house: state.State, item: state.Item, work: tuple[str, str, float, float | None]
) -> None:
    """Say how an agent's part of a written item ended that the epoch before left open."""
    agent, queue, since, note_since = work
    if note_since is None:
        house.tell(
            facts.TalkEnded(
                item=item.id,
                client=item.client,
                queue=queue,
                agent=agent,
                talk_seconds=max(0.0, house.now - since),
                hold_seconds=0.0,
                ended_by="lost",
            )
        )
    house.tell(
        facts.Finished(
            item=item.id,
            client=item.client,
            queue=queue,
            agent=agent,
            wrap_seconds=0.0 if note_since is None else max(0.0, house.now - note_since),
        )
    )
