"""
One line per event: time, level, name, fields.

Refuses: personal values. They are logged by nobody; a field named `pii.…` is dropped here.
"""

import logging
import time

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
NOT_SAID = STANDARD | {"request", "server_time"}
"""What Django hangs on a record beside what its message says already."""
FIELD_CHARACTERS_MAX = 200


class LineFormatter(logging.Formatter):
    """Writes a record as `2026-11-22T05:00:00Z INFO worker projection.late behind=12`."""

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:  # type: ignore[override]
        """Write instants in UTC."""
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, with the traceback of an exception below it."""
        at = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        parts = [f"{at}.{int(record.msecs):03d}Z", record.levelname, record.name]
        parts.append(record.getMessage())
        parts += [
            f"{name}={str(value)[:FIELD_CHARACTERS_MAX]}"
            for name, value in vars(record).items()
            if name not in NOT_SAID and not name.startswith("pii")
        ]
        line = " ".join(parts)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
