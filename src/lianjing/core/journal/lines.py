"""Line figures (线路): when each account was last heard on each path, how often, and its longest silence.

A heartbeat every ten seconds from ten thousand panels would be a thousand rows a second that nobody reads. So only the
first of an account, path and day is a frame; the rest is counted here and saved as one row a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from threading import Lock

MAX_LINES = 100_000
"""Bounds the memory that strangers with made-up accounts can take. About 300 bytes each."""

SECOND, ONE_DAY = timedelta(seconds=1), timedelta(days=1)

Line = tuple[str, str, str]
"""Listener, account, transport."""


@dataclass(slots=True)
class LineDay:
    """One row of journal_line_day. `longest_gap_s` is the longest silence that ended on this day, in whole seconds."""

    listener: str
    account: str
    transport: str
    day: date
    first_seen_at: datetime
    last_seen_at: datetime
    heartbeat_count: int = 0
    longest_gap_s: int = 0

    @property
    def line(self) -> Line:
        return self.listener, self.account, self.transport


class LineBook:
    """The latest day of every line, in memory. Noted from the event loop, saved from the writer: hence the lock."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._lock = Lock()
        self._latest: dict[Line, LineDay] = {}
        self._unsaved: dict[tuple[Line, date], LineDay] = {}
        self._last_day = (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), date.max)
        self.loaded = False
        self.untracked = 0
        """Contacts of lines beyond MAX_LINES: answered, but without figures."""

    def load(self, rows: Iterable[LineDay]) -> None:
        """Takes up where the last run ended: the latest row of each line."""
        with self._lock:
            for row in rows:
                self._latest.setdefault(row.line, row)
            self.loaded = True

    def heard_today(self, line: Line, at: datetime) -> bool:
        """Whether a heartbeat of this line and day is already a frame."""
        with self._lock:
            return self._heard_today(line, at)

    def beat(self, line: Line, at: datetime) -> bool:
        """`heard_today`; and if so, the heartbeat is noted."""
        with self._lock:
            heard = self._heard_today(line, at)
            if heard:
                self._note(line, at, True)
            return heard

    def _heard_today(self, line: Line, at: datetime) -> bool:
        row = self._latest.get(line)
        if row is None:
            return len(self._latest) >= MAX_LINES
        return row.heartbeat_count > 0 and row.day >= self._day(at)

    def note(self, line: Line, at: datetime, *, heartbeat: bool) -> None:
        """One more contact. A clock that steps back never takes a contact away."""
        with self._lock:
            self._note(line, at, heartbeat)

    def note_all(self, contacts: Iterable[tuple[Line, datetime, bool]]) -> None:
        """`note` for many."""
        with self._lock:
            for line, at, heartbeat in contacts:
                self._note(line, at, heartbeat)

    def _note(self, line: Line, at: datetime, heartbeat: bool) -> None:
        day = self._day(at)
        row = self._latest.get(line)
        if row is None or row.day < day:
            row = self._begin_day(row, line, at, day)
            if row is None:
                self.untracked += 1
                return
        if at > row.last_seen_at:
            silence = at - row.last_seen_at
            if silence >= SECOND:
                row.longest_gap_s = max(row.longest_gap_s, silence // SECOND)
            row.last_seen_at = at
        row.heartbeat_count += heartbeat
        self._unsaved[line, row.day] = row

    def take_unsaved(self, limit: int) -> list[LineDay]:
        """Copies of at most `limit` changed rows, which count as saved from here on."""
        with self._lock:
            keys = list(self._unsaved)[:limit]
            return [replace(self._unsaved.pop(key)) for key in keys]

    def put_back(self, rows: Iterable[LineDay]) -> None:
        """The rows of `take_unsaved` could not be saved. A newer state of one wins: figures are totals, not steps."""
        with self._lock:
            for row in rows:
                self._unsaved.setdefault((row.line, row.day), row)

    def last_seen(self, line: Line) -> datetime | None:
        """When the line was last heard; None for one that is not known."""
        with self._lock:
            row = self._latest.get(line)
            return row.last_seen_at if row else None

    def __len__(self) -> int:
        return len(self._latest)

    def _begin_day(self, row: LineDay | None, line: Line, at: datetime, day: date) -> LineDay | None:
        if row is None and len(self._latest) >= MAX_LINES:
            return None
        # The silence over midnight counts on the day on which it ended.
        row = LineDay(*line, day=day, first_seen_at=at, last_seen_at=row.last_seen_at if row else at)
        self._latest[line] = row
        return row

    def _day(self, at: datetime) -> date:
        """The centre's day. Asked for every frame, and nearly always the day of the frame before."""
        begins, ends, day = self._last_day
        if not begins <= at < ends:
            day = at.astimezone(self._zone).date()
            begins, ends = self._midnight(day), self._midnight(day + ONE_DAY)
            self._last_day = begins, ends, day
        return day

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)
