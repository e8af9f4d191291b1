"""
What a caller hears that nobody says live: prompts, numbers, music, tones, as files of a centre.

A recorded file beside the blueprint always wins; then the espeak-ng program; then its library from
the extra `speech`; and if there is neither, a short melody, so that there is never silence.
"""

from callfloor.app.prompts.render import Rendered, render, render_voices

__all__ = ["Rendered", "render", "render_voices"]
