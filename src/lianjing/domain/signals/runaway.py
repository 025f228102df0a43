"""频繁上报: the same signal again and again. Sliding window and token bucket; no Django, no clock.

The window catches the burst, the bucket what slips through the window for hours. The first of a burst always passes.
What is over is not presented; it is recorded like everything else.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunawayLimits:
    """`count` in `window_s` seconds; a bucket of `burst`, to which `per_hour` come back in an hour."""

    count: int = 10
    window_s: float = 600.0
    burst: float = 20.0
    per_hour: float = 12.0


@dataclass(slots=True)
class Meter:
    """How fast one panel, zone and class has reported. Instants are seconds of the epoch."""

    tokens: float
    at: float
    recent: list[float] = field(default_factory=list)
    running_since: float | None = None
    hidden: int = 0

    def take(self, at: float, limits: RunawayLimits) -> bool:
        """Counts one signal; whether it is over the limits. A clock that steps back neither fills nor empties."""
        now = max(at, self.at)
        if self.is_quiet(now, limits):
            self.running_since, self.hidden = None, 0
        self.tokens, self.at = self._tokens_at(now, limits), now
        window = [instant for instant in self.recent if now - instant < limits.window_s]
        over = len(window) >= limits.count or self.tokens < 1.0
        # So many are enough to know that the window is full.
        self.recent = [*window, now][-limits.count :]
        if not over:
            self.tokens -= 1.0
            return False
        if self.running_since is None:
            self.running_since = now
        self.hidden += 1
        return True

    def is_quiet(self, now: float, limits: RunawayLimits) -> bool:
        """Whether a runaway is over: nothing for the length of the window, and the bucket lets the next one pass."""
        return now - self.at >= limits.window_s and self._tokens_at(now, limits) >= 1.0

    def _tokens_at(self, now: float, limits: RunawayLimits) -> float:
        return min(limits.burst, self.tokens + (now - self.at) * limits.per_hour / 3600.0)


def new_meter(at: float, limits: RunawayLimits) -> Meter:
    """Of something that has not reported lately: its bucket is full."""
    return Meter(tokens=limits.burst, at=at)
