"""What the schedule says of an opening (撤防) or a closing (布防). No Django, no clock.

Each act goes through an ordered list of small steps; the first that says something decides. The order is the policy:

- A tolerance is written for just that edge, so it wins over what is forbidden beyond it; where the edge itself is
  forbidden, it allows nothing.
- Where a moment that allows and one that forbids overlap, the one that forbids wins.
- A temporary opening wins over both, for those whom it names.
- A schedule that only forbids leaves free what it does not forbid.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from lianjing.core.workdays import Workdays
from lianjing.domain.sites.policy import normal_number
from lianjing.domain.sites.schedule import (
    OPENINGS,
    PROHIBITIONS,
    Moment,
    Window,
    is_guess,
    rules_of,
    window_words,
    windows_around,
)
from lianjing.domain.sites.schedule_words import instant
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.sentences import marked as _

ALLOWANCE = timedelta(hours=2)
"""How far beyond its tolerance an act is early or late; farther away it is out of hours."""

USERS_SHOWN = 5


class JudgementKind(StrEnum):
    EXPECTED = "expected"
    EARLY = "early"
    LATE = "late"
    OUT_OF_HOURS = "out_of_hours"
    FORBIDDEN = "forbidden"
    BY_STRANGER = "by_stranger"
    """Opened in somebody else's temporary opening."""
    UNSCHEDULED = "unscheduled"
    """Nothing is scheduled for the area."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an act was; `words(judgement)` is its sentence in Chinese."""

    kind: JudgementKind
    sentence: str
    figures: Figures
    moment: Moment | None = None
    """The moment that decided, or from which the act was reckoned."""
    guess: bool = False
    """The workdays of that year are not known yet; Monday to Friday were taken for them, and the sentence says so."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One act as the steps see it."""

    wall: datetime
    """The clock on the wall of the site; naive."""
    user: str
    """Normalised; empty when the panel does not tell."""
    windows: Sequence[Window]
    rules: Sequence[Moment]
    """What counts on this day; see `rules_of`."""

    def of(self, *kinds: MomentKind) -> list[Window]:
        return [window for window in self.windows if window.moment.kind in kinds]

    def has(self, *kinds: MomentKind) -> bool:
        return any(moment.kind in kinds for moment in self.rules)

    def named(self) -> list[Window]:
        """The temporary openings of this user."""
        return [window for window in self.of(MomentKind.TEMP_OPEN) if self.user in window.moment.users]

    def say(self, kind: JudgementKind, sentence: str, window: Window | None = None, **more: Figure) -> Judgement:
        figures: dict[str, Figure] = {"at": instant(self.wall), **more}
        if window is None:
            return Judgement(kind, sentence, figures)
        figures["window"] = window_words(window, self.wall.date())
        return Judgement(kind, sentence, figures, window.moment)


Step = Callable[[Scene], Judgement | None]
_Expected = JudgementKind.EXPECTED


def judge_opening(
    moments: Sequence[Moment], workdays: Workdays, zone: tzinfo, at: datetime, area: str = "", user: str = ""
) -> Judgement:
    """What an opening at `at` (aware) is. `area` and `user` as the panel sends them; empty: it does not tell."""
    return _judge(_OPENING_STEPS, moments, workdays, at.astimezone(zone).replace(tzinfo=None), area, user)


def judge_closing(
    moments: Sequence[Moment], workdays: Workdays, zone: tzinfo, at: datetime, area: str = "", user: str = ""
) -> Judgement:
    """What a closing at `at` (aware) is. Anybody may close: `user` decides nothing."""
    return _judge(_CLOSING_STEPS, moments, workdays, at.astimezone(zone).replace(tzinfo=None), area, user)


def _judge(
    steps: Sequence[Step], moments: Sequence[Moment], workdays: Workdays, wall: datetime, area: str, user: str
) -> Judgement:
    area = normal_number(area)
    windows = windows_around(moments, workdays, area, wall)
    scene = Scene(wall, normal_number(user), windows, rules_of(moments, workdays, area, wall.date()))
    judged = next(said for step in steps if (said := step(scene)) is not None)
    return _guessed(judged, wall) if is_guess(moments, workdays, area, wall.date()) else judged


def _guessed(judged: Judgement, wall: datetime) -> Judgement:
    figures: Figures = {"said": Phrase(judged.sentence, judged.figures), "year": wall.year}
    sentence = _("%(said)s（%(year)d 年放假安排未知，按星期推断）")
    return replace(judged, sentence=sentence, figures=figures, guess=True)


# What both acts ask


def _forbidding(scene: Scene, *kinds: MomentKind) -> Window | None:
    """The window that forbids the act, unless it is at the edge of one that allows it."""
    window = next((window for window in scene.of(*kinds) if window.forbids(scene.wall)), None)
    return None if window is None or _edge(scene, *kinds) else window


def _edge(scene: Scene, *kinds: MomentKind) -> Window | None:
    """The window that allows the act by its tolerance alone, when its edge is not forbidden by these kinds. A moment
    that holds all day long has no edge within."""
    allowing = scene.of(*OPENINGS)
    inside = [window.moment for window in allowing if window.holds(scene.wall)]
    reaching = [w for w in allowing if w.moment not in inside and w.reaches(scene.wall)]
    forbidding = scene.of(*kinds)
    return next((w for w in reaching if not _edge_is_forbidden(w, scene.wall, forbidding)), None)


def _edge_is_forbidden(window: Window, wall: datetime, forbidding: Sequence[Window]) -> bool:
    """The first or the last instant of the window, whichever the act is next to."""
    edge = window.begins if wall < window.begins else window.ends - datetime.resolution
    return any(other.forbids(edge) for other in forbidding)


def _nearest(scene: Scene, windows: Sequence[Window]) -> Window | None:
    return min(windows, key=lambda window: max(window.begins - scene.wall, scene.wall - window.ends), default=None)


def _today(scene: Scene, windows: Sequence[Window]) -> list[Window]:
    return [window for window in windows if scene.wall.date() in (window.day, window.ends.date())]


def _is_before(scene: Scene, window: Window) -> bool:
    """Within the allowance before it, on its own day."""
    begins = window.begins - window.moment.tolerance
    return window.day == scene.wall.date() and begins - ALLOWANCE <= scene.wall < begins


def _is_after(scene: Scene, window: Window) -> bool:
    ends = window.ends + window.moment.tolerance
    return ends < scene.wall <= ends + ALLOWANCE


def _is_unscheduled(scene: Scene) -> bool:
    """A temporary opening with a date adds to a schedule and makes none."""
    return all(moment.kind is MomentKind.TEMP_OPEN and moment.days.dates for moment in scene.rules)


# An opening


def _temporarily_by_named(scene: Scene) -> Judgement | None:
    window = next((window for window in scene.named() if window.reaches(scene.wall)), None)
    if window is None:
        return None
    return scene.say(_Expected, _("%(at)s 由 %(user)s 号用户在其临时撤防时段 %(window)s 撤防"), window, user=scene.user)


def _opened_in_hours(scene: Scene) -> Judgement | None:
    inside = next((window for window in scene.of(*OPENINGS) if window.holds(scene.wall)), None)
    window = _edge(scene, *PROHIBITIONS) or inside
    if window is None or _forbidding(scene, *PROHIBITIONS):
        return None
    return scene.say(_Expected, _("%(at)s 撤防，在允许时段 %(window)s之内"), window)


def _by_stranger(scene: Scene) -> Judgement | None:
    window = next((window for window in scene.of(MomentKind.TEMP_OPEN) if window.holds(scene.wall)), None)
    if window is None:
        return None
    named = _users_shown(window.moment.users)
    if not scene.user:
        unnamed = _("%(at)s 撤防，未报用户号；%(window)s 只允许 %(named)s 号用户临时撤防")
        return scene.say(JudgementKind.BY_STRANGER, unnamed, window, named=named)
    sentence = _("%(at)s 由 %(user)s 号用户撤防；%(window)s 只允许 %(named)s 号用户临时撤防")
    return scene.say(JudgementKind.BY_STRANGER, sentence, window, user=scene.user, named=named)


def _users_shown(users: frozenset[str]) -> Figure:
    ordered = sorted(users, key=lambda number: (len(number), number))
    shown = "、".join(ordered[:USERS_SHOWN])
    return shown if len(ordered) <= USERS_SHOWN else Phrase(_("%(shown)s 等"), {"shown": shown})


def _opened_forbidden(scene: Scene) -> Judgement | None:
    window = _forbidding(scene, MomentKind.NO_ACTIVITY)
    if window is not None:
        return scene.say(JudgementKind.FORBIDDEN, _("%(at)s 撤防，正在禁止活动时段 %(window)s之内"), window)
    window = _forbidding(scene, MomentKind.MUST_CLOSE)
    if window is not None:
        return scene.say(JudgementKind.FORBIDDEN, _("%(at)s 撤防，正在应布防时段 %(window)s之内"), window)
    return None


def _opening_unscheduled(scene: Scene) -> Judgement | None:
    if not _is_unscheduled(scene):
        return None
    return scene.say(JudgementKind.UNSCHEDULED, _("%(at)s 撤防，没有为此设定时间表"))


def _opening_left_free(scene: Scene) -> Judgement | None:
    if scene.has(*OPENINGS) or not scene.has(*PROHIBITIONS):
        return None
    return scene.say(_Expected, _("%(at)s 撤防，不在禁止时段之内"))


def _opened_early(scene: Scene) -> Judgement | None:
    coming = [window for window in [*scene.of(*OPENINGS), *scene.named()] if _is_before(scene, window)]
    window = _nearest(scene, coming)
    return window and scene.say(JudgementKind.EARLY, _("%(at)s 撤防，早于允许时段 %(window)s"), window)


def _opened_late(scene: Scene) -> Judgement | None:
    window = _nearest(scene, [window for window in scene.of(MomentKind.MUST_OPEN) if _is_after(scene, window)])
    return window and scene.say(JudgementKind.LATE, _("%(at)s 撤防，晚于应撤防时段 %(window)s"), window)


def _opened_out_of_hours(scene: Scene) -> Judgement | None:
    window = _nearest(scene, _today(scene, [*scene.of(*OPENINGS), *scene.named()]))
    if window is None:
        return scene.say(JudgementKind.OUT_OF_HOURS, _("%(at)s 撤防，当天没有允许撤防的时段"))
    return scene.say(JudgementKind.OUT_OF_HOURS, _("%(at)s 撤防，允许时段 %(window)s之外"), window)


_OPENING_STEPS: tuple[Step, ...] = (
    _temporarily_by_named,
    _opened_in_hours,
    _by_stranger,
    _opened_forbidden,
    _opening_unscheduled,
    _opening_left_free,
    _opened_early,
    _opened_late,
    _opened_out_of_hours,
)


# A closing


def _closed_again(scene: Scene) -> Judgement | None:
    window = next((window for window in scene.of(MomentKind.TEMP_OPEN) if window.reaches(scene.wall)), None)
    return window and scene.say(_Expected, _("%(at)s 布防，在临时撤防时段 %(window)s之内"), window)


def _closed_on_time(scene: Scene) -> Judgement | None:
    window = next((w for w in scene.of(MomentKind.MUST_CLOSE) if _is_on_time(scene.wall, w)), None)
    return window and scene.say(_Expected, _("%(at)s 按时布防，应布防时段 %(window)s"), window)


def _is_on_time(wall: datetime, window: Window) -> bool:
    return abs(wall - window.begins) <= window.moment.tolerance


def _closed_forbidden(scene: Scene) -> Judgement | None:
    window = _forbidding(scene, MomentKind.NO_ACTIVITY)
    return window and scene.say(JudgementKind.FORBIDDEN, _("%(at)s 布防，正在禁止活动时段 %(window)s之内"), window)


def _closed_overdue(scene: Scene) -> Judgement | None:
    window = next((window for window in scene.of(MomentKind.MUST_CLOSE) if window.holds(scene.wall)), None)
    return window and scene.say(JudgementKind.LATE, _("%(at)s 布防，晚于应布防时段 %(window)s 的开始"), window)


def _closed_in_hours(scene: Scene) -> Judgement | None:
    window = next((window for window in scene.of(*OPENINGS) if window.reaches(scene.wall)), None)
    return window and scene.say(_Expected, _("%(at)s 布防，在允许时段 %(window)s之内"), window)


def _closed_in_between(scene: Scene) -> Judgement | None:
    """After the site might last be opened, and before it must be closed."""
    coming = _coming_close(scene)
    ended = any(w.ends <= scene.wall and w.ends.date() == scene.wall.date() for w in scene.of(MomentKind.MAY_OPEN))
    if coming is None or not ended:
        return None
    return scene.say(_Expected, _("%(at)s 布防，在应布防时段 %(window)s之前"), coming)


def _coming_close(scene: Scene) -> Window | None:
    closes = scene.of(MomentKind.MUST_CLOSE)
    return _nearest(scene, [w for w in closes if w.day == scene.wall.date() and scene.wall < w.begins])


def _closing_unscheduled(scene: Scene) -> Judgement | None:
    if not _is_unscheduled(scene):
        return None
    return scene.say(JudgementKind.UNSCHEDULED, _("%(at)s 布防，没有为此设定时间表"))


def _closed_after_hours(scene: Scene) -> Judgement | None:
    windows = scene.of(MomentKind.MAY_OPEN, MomentKind.TEMP_OPEN)
    window = _nearest(scene, [window for window in windows if _is_after(scene, window)])
    return window and scene.say(JudgementKind.LATE, _("%(at)s 布防，晚于允许时段 %(window)s"), window)


def _closing_left_free(scene: Scene) -> Judgement | None:
    """When to close is told by moments that allow openings, or by both a must-open and a must-close."""
    told = scene.has(MomentKind.MUST_OPEN) and scene.has(MomentKind.MUST_CLOSE)
    if told or scene.has(MomentKind.MAY_OPEN) or not scene.has(MomentKind.MUST_OPEN, *PROHIBITIONS):
        return None
    return scene.say(_Expected, _("%(at)s 布防，时间表未限定布防时间"))


def _closed_early(scene: Scene) -> Judgement | None:
    window = _coming_close(scene)
    if window is None or not _is_before(scene, window):
        return None
    return scene.say(JudgementKind.EARLY, _("%(at)s 布防，早于应布防时段 %(window)s"), window)


def _closed_out_of_hours(scene: Scene) -> Judgement | None:
    told = scene.of(*OPENINGS, MomentKind.MUST_CLOSE, MomentKind.TEMP_OPEN)
    window = _nearest(scene, _today(scene, told))
    if window is None:
        return scene.say(JudgementKind.OUT_OF_HOURS, _("%(at)s 布防，当天没有设定撤布防时段"))
    return scene.say(JudgementKind.OUT_OF_HOURS, _("%(at)s 布防，时段 %(window)s之外"), window)


_CLOSING_STEPS: tuple[Step, ...] = (
    _closed_again,
    _closed_on_time,
    _closed_forbidden,
    _closed_overdue,
    _closed_in_hours,
    _closed_in_between,
    _closing_unscheduled,
    _closed_after_hours,
    _closing_left_free,
    _closed_early,
    _closed_out_of_hours,
)
