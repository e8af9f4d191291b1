"""
What the desk's scripts say: in the language of the page, with {names} where values go.

Refuses: to say anything by itself; the scripts choose, this only words it.
"""

from typing import Any

from django.utils.translation import gettext as _

from callfloor.records.interactions import queries as interactions


def desk() -> dict[str, Any]:
    """Return every text of the desk by its key."""
    return {**sound(), **_work(), **_call(), **_offers(), **_endings(), **_written()}


def sound() -> dict[str, str]:
    """Return what a seat says of its line and its device; the floor page has one too."""
    return {
        "line_lost": _("Line to the server lost. The call goes on; your note is kept here."),
        "sound_on": _("Sound is on."),
        "sound_off": _("No sound yet"),
        "no_phone": _("No telephone of yours is registered. Switch it on, or use the browser."),
        "on_telephone": _("On your telephone"),
        "sound_denied": _(
            "The browser does not let this page use the microphone. Allow it in the address bar, "
            "then turn the sound on."
        ),
        "sound_failed": _("The sound could not be connected. It is tried again."),
        "sound_elsewhere": _("The sound of this desk is in another window now."),
    }


def _written() -> dict[str, Any]:
    return {
        "channels": {"chat": _("Chat"), "mail": _("E-mail"), "case": _("Case")},
        "text_rings": _("{channel} for {queue}. Accept it in the list of written contacts."),
        "unread": _("{count} not read"),
        "typing": _("{name} is writing …"),
        "due": _("Answer owed by {time}"),
        "hint_chat": _("Enter sends, Shift and Enter begin a line."),
        "hint_mail": _("Ctrl and Enter send."),
        "draft_here": _("The draft is kept here."),
        "new_tab": _("Opens in a tab of its own"),
        "not_sent": _("This could not be sent. It is in the field again."),
        "finish_unsent": _("Something is not sent yet. Wait until the line is back."),
        "on_its_way": _("sending …"),
        "note_inside": _("Note for colleagues"),
        "unknown_sender": _("Unknown sender"),
        "you": _("You"),
        "file": _("File {name}, {size} KB"),
        "canned_none": _("No ready answer fits."),
        "fill_in": _("Something still stands in braces. Write what belongs there, then send."),
        "file_remove": _("Take {name} out"),
        "files_max": _("One e-mail takes ten files."),
        "events": {
            "by_mail": _("The customer wants answers by e-mail too when away."),
            "known_already": _("Somebody else here has the number or address that was given."),
        },
        "here": {
            "here": {"tone": "good", "icon": "good", "label": _("Customer is there")},
            "gone": {"tone": "neutral", "icon": "neutral", "label": _("Customer is not there")},
            "by_mail": {"tone": "neutral", "icon": "mail", "label": _("Answers go by e-mail")},
        },
        "sending": {
            "to_send": _("will be sent by e-mail"),
            "sent": _("sent by e-mail"),
            "failed": _("could not be sent"),
            "unknown": _("nobody knows whether it was sent"),
        },
    }


def _work() -> dict[str, str]:
    return {
        "unknown": _("Unknown caller"),
        "colleague": _("A colleague"),
        "contacts_before": _("{count} contacts before"),
        "first_contact": _("first contact"),
        "nothing_typed": _("nothing typed"),
        "away": _("Away"),
        "away_after": _("Away after this"),
        "finish_later": _("Finish works when the call has ended."),
        "finish_choose": _("Choose a disposition, then finish."),
        "finish_until": _("Wrap-up ends by itself at the end of its time."),
        "kept": _("Draft kept {time}"),
        "not_kept": _("Draft not kept yet; it stays here and is tried again."),
        "keeping": _("Keeping the draft …"),
        "missed": _("You missed a call. Choose Ready when you can take the next one."),
        "forced": _("Your team leader set you away."),
        "held_for_you": _("The line was lost for a moment; the caller is kept for you."),
        "gone": _("The caller has hung up."),
        "digits_sent": _("Sent: {digits}"),
    }


def _call() -> dict[str, Any]:
    return {
        "hold": _("Hold"),
        "resume": _("Resume"),
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "recording": _("Recording"),
        "recording_paused": _("Paused"),
        "not_recorded": _("Not recorded"),
        "pause_recording": _("Pause recording"),
        "resume_recording": _("Resume recording"),
        "hold_long": _("The customer has been on hold for {time}."),
        "hold_told": _("The customer has been on hold for {time}; your leader is told."),
        "dialing": _("Dialing …"),
        "far_rings": _("The far side rings …"),
        "asks_you": _("{name} asks you"),
        "you_ask": _("You ask {name}"),
        "about": _("about {name}"),
        "conference": _("Conference"),
        "somebody_outside": _("somebody outside"),
        "helper_listen": _("{name} listens to this call"),
        "helper_whisper": _("{name} whispers to you"),
        "helper_join": _("{name} (leader)"),
        "nobody_fits": _("Nobody fits. Type a number to dial it."),
        "dial_number": _("Dial {number}"),
        "waiting_in": _("{count} waiting"),
        "number": _("Number"),
        "choose_whom": _("Choose a colleague or a queue, or type a number."),
        "directions": {
            key: interactions.direction_label(key) for key in ("in", "out", "callback", "internal")
        },
    }


def _offers() -> dict[str, str]:
    return {
        "rings": _("Call for {queue}, waited {time}, {name}, {language}"),
        "call_for": _("Call for {queue}, waited {time}"),
        "rings_callback": _("Callback for {queue}, asked for {time} ago, {name}, {language}"),
        "what_callback": _("Callback for {queue}, asked for {time} ago"),
        "rings_consult": _("{by} has a question about {name}"),
        "what_consult": _("A colleague has a question"),
        "rings_colleague": _("{by} calls you"),
        "what_colleague": _("A colleague calls you"),
    }


def _endings() -> dict[str, Any]:
    return {
        "taken_over": _("Your leader has taken the call. Write your note and finish."),
        "endings": {
            "busy": _("Busy: nobody was reached."),
            "no_answer": _("No answer."),
            "declined": _("The call was declined."),
            "wrong_number": _("This number does not exist."),
            "trunk_down": _("No line to the outside works just now."),
            "no_media": _("No sound could be agreed on with the far side."),
            "given_up": _("Dialing was given up."),
            "failed": _("Nobody was reached."),
        },
        "asked": {
            "missed": _("{name} did not answer."),
            "declined": _("{name} declined."),
            "busy": _("{name} is busy."),
            "failed": _("{name} could not be reached."),
            "left": _("{name} has hung up. Your customer is on hold."),
            "customer_left": _("The customer has hung up meanwhile."),
            "lost": _("The connection to {name} was lost. Your customer is on hold."),
        },
    }
