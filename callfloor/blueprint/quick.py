"""
The part of YAML in which blueprints are written, read ten times as fast as all of YAML.

Block maps and lists, flow maps and lists, scalars of one line, one paragraph behind `>` or `|`,
comments. Whatever else stands in a text (anchors, tags, quotes over several lines, two equal keys,
any mistake) makes the reader give up, and the whole of YAML is read by a library. Refuses: to
guess; what it gives is what the library would have given, place by place.
"""

import bisect
import json
import re
from typing import Any

Path = tuple[str, ...]
Places = dict[Path, tuple[int, int]]

_ODD = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Characters that YAML refuses, or takes for a line's end or an indent: tabs and others."""
_KEY = re.compile(r"([A-Za-z0-9_+](?:[\w .+/-]*[\w.+/-])?)[ ]*:(?=[ ]|$)")
_START = re.compile(r"""[^\s\-?:,\[\]{}#&*!|>'"%@`=<]""")
"""How a plain scalar may begin, as long as it is certain to be one."""
_COMMENT = re.compile(r"[ ]+#.*$")
_BLANK = re.compile(r"[ ]*(?:#.*)?$")
_PLAIN_IN_FLOW = re.compile(r"[^,\[\]{}\n#:]+")
_QUOTED = re.compile(r""""((?:[^"\\\n]|\\["\\/nt])*)"|'((?:[^'\n]|'')*)'""")
_SPACE = re.compile(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*")
_PARAGRAPHS = (">", ">-", "|", "|-")
_NULLS = frozenset({"~", "null", "Null", "NULL", ""})
_DOCUMENTS = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)


class _GivesUp(Exception):
    """The text holds more of YAML than is read here."""


def read(text: str, *, values_max: int, depth_max: int) -> tuple[Any, Places] | None:
    """Give a text's values and their places, or None if it must be read as YAML at large."""
    plain = text.replace("\r\n", "\n")
    if _ODD.search(plain) or _DOCUMENTS.search(plain):
        return None
    try:
        return _Reader(plain, values_max=values_max, depth_max=depth_max).whole()
    except (_GivesUp, RecursionError):
        return None


class _Reader:
    """One walk over the lines of a text."""

    def __init__(self, text: str, *, values_max: int, depth_max: int) -> None:
        self._text = text
        self._left = values_max
        self._depth_max = depth_max
        self._places: Places = {}
        self._starts = [0, *(hit.end() for hit in re.finditer("\n", text))]
        self._raw = lines = text.split("\n")
        indents = [len(line) - len(line.lstrip(" ")) for line in lines]
        self._lines = [
            (number, indent)
            for number, (line, indent) in enumerate(zip(lines, indents, strict=True))
            if len(line) > indent and line[indent] != "#"
        ]
        self._ends = [start + len(line) for start, line in zip(self._starts, lines, strict=True)]
        self._at = 0

    def whole(self) -> tuple[Any, Places]:
        if not self._lines:
            raise _GivesUp
        line, indent = self._lines[0]
        self._places[()] = (line, indent)
        if indent or self._text[self._starts[line]] == "-":  # No map: the library tells it.
            raise _GivesUp
        values = self._block(0, ())
        if self._at < len(self._lines):
            raise _GivesUp
        return values, self._places

    # --- Blocks: a line after the other ----------------------------------------------------------

    def _block(self, indent: int, path: Path) -> Any:
        line, _ = self._lines[self._at]
        start = self._starts[line] + indent
        is_list = self._text[start] == "-" and self._text[start + 1 : start + 2] in (" ", "\n", "")
        return self._list(indent, path) if is_list else self._map(indent, path)

    def _map(self, indent: int, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        self._count(path)
        while self._is_here(indent):
            line, _ = self._lines[self._at]
            key, after = self._key(self._starts[line] + indent, self._ends[line])
            place = (*path, key)
            if key in values:
                raise _GivesUp
            self._places[place] = (line, indent)
            values[key] = self._value(after, indent, place)
        return values

    def _list(self, indent: int, path: Path) -> list[Any]:
        values: list[Any] = []
        self._count(path)
        while self._is_here(indent):
            line, _ = self._lines[self._at]
            start = self._starts[line] + indent
            if self._text[start] != "-" or self._text[start + 1 : start + 2] not in (" ", "\n", ""):
                break
            values.append(self._item(start + 1, indent, (*path, str(len(values)))))
        return values

    def _item(self, after: int, indent: int, path: Path) -> Any:
        line, _ = self._lines[self._at]
        begin = self._skip_spaces(after)
        if _BLANK.match(self._text, after, self._ends[line]):
            raise _GivesUp  # What follows stands in lines of its own: rare.
        column = begin - self._starts[line]
        if self._is_entry(begin, self._ends[line]) or self._text[begin : begin + 2] == "- ":
            self._lines[self._at] = (line, column)
            self._places[path] = (line, column)
            return self._block(column, path)
        self._places[path] = (line, column)
        return self._value(after, indent, path)

    def _is_here(self, indent: int) -> bool:
        if self._at >= len(self._lines) or self._lines[self._at][1] < indent:
            return False
        if self._lines[self._at][1] > indent:
            raise _GivesUp
        return True

    def _is_entry(self, begin: int, end: int) -> bool:
        if _KEY.match(self._text, begin, end):
            return True
        quoted = _QUOTED.match(self._text, begin, end)
        return quoted is not None and self._text[quoted.end() : quoted.end() + 1] == ":"

    def _key(self, begin: int, end: int) -> tuple[str, int]:
        """Read a key and its colon; give it and where the value may begin."""
        if hit := _KEY.match(self._text, begin, end):
            return hit[1], hit.end()
        quoted = _QUOTED.match(self._text, begin, end)
        if quoted is None or not re.compile(r":(?:[ ]|$)").match(self._text, quoted.end(), end):
            raise _GivesUp
        return _unquoted(quoted), quoted.end() + 1

    def _value(self, after: int, indent: int, path: Path) -> Any:
        """Read what stands behind a key or a dash, in its line or in the lines below."""
        line, _ = self._lines[self._at]
        end = self._ends[line]
        begin = self._skip_spaces(after)
        if _BLANK.match(self._text, after, end):
            self._at += 1
            return self._below(indent, path)
        if self._text[begin:end].rstrip(" ") in _PARAGRAPHS:
            return self._paragraph(self._text[begin:end].rstrip(" "), indent)
        if self._text[begin] in "[{":
            value: Any
            value, stopped = self._flow(begin, path)
            self._end_line(stopped)
        elif hit := _QUOTED.match(self._text, begin, end):
            self._count()
            value, stopped = _unquoted(hit), hit.end()
            self._end_line(stopped)
        else:
            value = self._plain(self._text[begin:end])
            self._at += 1
        # A deeper line would go on with the scalar.
        if self._at < len(self._lines) and self._lines[self._at][1] > indent:
            raise _GivesUp
        return value

    def _paragraph(self, sign: str, indent: int) -> str:
        """Read the lines behind `>` or `|`, all of one indent and none of them blank."""
        self._count()
        first = number = self._lines[self._at][0] + 1
        base = len(self._raw[first]) - len(self._raw[first].lstrip(" ")) if self._has(first) else 0
        if base <= indent:
            raise _GivesUp
        found: list[str] = []
        while self._has(number) and self._raw[number].startswith(" " * (indent + 1)):
            line = self._raw[number][base:]
            if self._raw[number][:base].strip(" ") or line[0] == " " or line[-1] == " ":
                raise _GivesUp
            found.append(line)
            number += 1
        if number == len(self._raw):  # Without a last line's end the text has none either.
            raise _GivesUp
        while number < len(self._raw) and not self._raw[number].strip(" "):
            number += 1
            if self._has(number) and self._raw[number].startswith(" " * (indent + 1)):
                raise _GivesUp  # A second paragraph, or a comment that is none.
        while self._at < len(self._lines) and self._lines[self._at][0] < number:
            self._at += 1
        return (" " if sign[0] == ">" else "\n").join(found) + ("" if sign[1:] else "\n")

    def _has(self, number: int) -> bool:
        return number < len(self._raw) and bool(self._raw[number].strip(" "))

    def _below(self, indent: int, path: Path) -> Any:
        if self._at < len(self._lines):
            line, deeper = self._lines[self._at]
            start = self._starts[line] + deeper
            if deeper > indent:
                if not self._is_entry(start, self._ends[line]) and self._text[start] != "-":
                    raise _GivesUp
                return self._block(deeper, path)
            if deeper == indent and self._text[start : start + 2] == "- " and path[-1:] != ():
                return self._list(indent, path)
        self._count()
        return None

    def _end_line(self, stopped: int) -> None:
        """Go to the line after a value; nothing but a comment may stand behind it."""
        line = bisect.bisect_right(self._starts, stopped) - 1
        rest = self._text[stopped : self._ends[line]]
        if rest.strip(" ") and not _COMMENT.match(rest):
            raise _GivesUp
        while self._at < len(self._lines) and self._lines[self._at][0] <= line:
            self._at += 1

    def _skip_spaces(self, at: int) -> int:
        while self._text[at : at + 1] == " ":
            at += 1
        return at

    def _count(self, path: Path = ()) -> None:
        self._left -= 1
        if self._left < 0 or len(path) > self._depth_max:
            raise _GivesUp

    # --- Scalars and flows ------------------------------------------------------------------------

    def _plain(self, raw: str) -> str | None:
        self._count()
        text = _COMMENT.sub("", raw).rstrip(" ")
        is_certain = _START.match(text) and ": " not in text and not text.endswith(":")
        if not is_certain and text != "~":
            raise _GivesUp
        return None if text in _NULLS else text

    def _flow(self, at: int, path: Path) -> tuple[Any, int]:
        """Read a value within brackets; give it and where it ends."""
        sign = self._text[at : at + 1]
        if sign == "[":
            return self._flow_list(at + 1, path)
        if sign == "{":
            return self._flow_map(at + 1, path)
        if hit := _QUOTED.match(self._text, at):
            self._count()
            return _unquoted(hit), hit.end()
        plain = _PLAIN_IN_FLOW.match(self._text, at)
        if plain is None or self._text[plain.end() : plain.end() + 1] in ("#", ":", "[", "{"):
            raise _GivesUp
        return self._plain(plain[0]), plain.end()

    def _flow_list(self, at: int, path: Path) -> tuple[list[Any], int]:
        values: list[Any] = []
        self._count(path)
        at = self._skip(at)
        while self._text[at : at + 1] != "]":
            place = (*path, str(len(values)))
            self._places[place] = self._place(at)
            value, at = self._flow(at, place)
            values.append(value)
            at = self._next(at, "]")
        return values, at + 1

    def _flow_map(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        self._count(path)
        at = self._skip(at)
        while self._text[at : at + 1] != "}":
            begin = self._place(at)
            key, at = self._key(at, self._ends[begin[0]])
            place = (*path, key)
            if key in values:
                raise _GivesUp
            self._places[place] = begin
            at = self._skip(at)
            if self._text[at : at + 1] in (",", "}"):
                self._count()
                values[key] = None
            else:
                values[key], at = self._flow(at, place)
            at = self._next(at, "}")
        return values, at + 1

    def _next(self, at: int, closing: str) -> int:
        """Go to the next entry or to the closing bracket."""
        at = self._skip(at)
        if self._text[at : at + 1] == ",":
            return self._skip(at + 1)
        if self._text[at : at + 1] != closing:
            raise _GivesUp
        return at

    def _skip(self, at: int) -> int:
        hit = _SPACE.match(self._text, at)
        assert hit is not None, "it matches the empty text"
        return hit.end()

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, at) - 1
        return line, at - self._starts[line]


def _unquoted(hit: re.Match[str]) -> str:
    if hit[1] is None:
        return hit[2].replace("''", "'")
    return hit[1] if "\\" not in hit[1] else str(json.loads(hit[0]))
