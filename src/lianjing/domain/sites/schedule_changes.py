"""What a change of a schedule means: an exception for one day, and how the premises are protected less than before.

Pure: no Django, no clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from lianjing.core.refusals import Refused
from lianjing.core.workdays import Workdays
from lianjing.domain.sites.schedule import DAY, OPENINGS, PROHIBITIONS, Moment, Window, windows_of
from lianjing.domain.sites.schedule_days import Days
from lianjing.domain.sites.schedule_problems import moment_words
from lianjing.domain.sites.schedule_text import moment_text
from lianjing.domain.sites.schedule_words import ends_text
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import Phrase, words
from lianjing.terms.sentences import marked as _


def fingerprint(moments: Iterable[Moment]) -> str:
    """The same for the same moments in whatever order: tells whether a schedule is still the one that was seen."""
    return sha256(repr(sorted(list(moment_text(moment).values()) for moment in moments)).encode()).hexdigest()


# Closing later on one day


def late_closing(moments: Sequence[Moment], workdays: Workdays, day: date, until: time) -> list[Moment]:
    """The schedule with an exception for `day`: it need not be closed before `until`. Raises Refused.

    Exceptions replace whatever else holds on their day, so the whole day is written out as exceptions. The rules of
    the day before that reach into it stay as they are.
    """
    general = {area: windows_of(moments, workdays, area, day) for area in {"", *(moment.area for moment in moments)}}
    _refuse_areas_apart(general)
    windows = list(dict.fromkeys(window for found in general.values() for window in found))
    windows = [window for window in windows if window.moment.kind is not MomentKind.TEMP_OPEN]
    late = datetime.combine(day, until)
    closing = _closing_of(windows, late)
    last = _last_openings(windows, closing)
    only = Days(dates=((day, day),))
    written = [replace(changed, days=only) for w in windows for changed in _later(w, closing, late, w in last)]
    return [*_without(moments, day), *dict.fromkeys(written)]


def _refuse_areas_apart(general: dict[str, list[Window]]) -> None:
    """An area with exceptions of its own on that day would take over those that are written for all areas."""
    for area, windows in general.items():
        for window in general[""]:
            if area and window not in windows:
                raise Refused("day", _("分区 %(area)s 当天另有例外，请在时间表里修改。"), area=area)


def _closing_of(windows: Iterable[Window], until: datetime) -> datetime:
    """When it would have to be closed that day."""
    closes = [window for window in windows if window.moment.kind is MomentKind.MUST_CLOSE]
    earlier = [window.begins for window in closes if window.begins < until < window.ends]
    if earlier:
        return min(earlier)
    later = min((window.begins for window in closes if window.begins >= until), default=None)
    if later is not None:
        raise Refused("until", _("当天 %(time)s 才须布防，不需要推迟。"), time=f"{later:%H:%M}")
    if closes:
        raise Refused("until", _("推迟到这时，当天的应布防时段已经过去；请在时间表里登记例外。"))
    raise Refused("day", _("当天没有应布防时段，不需要推迟。"))


def _last_openings(windows: Sequence[Window], closing: datetime) -> list[Window]:
    """The windows, one an area, in which it may be open until it has to be closed."""
    found: dict[str, Window] = {}
    for window in windows:
        if window.moment.kind is MomentKind.MAY_OPEN and window.begins < closing:
            known = found.get(window.moment.area)
            found[window.moment.area] = window if known is None or known.ends < window.ends else known
    return list(found.values())


def _later(window: Window, closing: datetime, until: datetime, is_last: bool) -> Iterator[Moment]:
    """What becomes of one window of that day."""
    moment = window.moment
    if moment.kind in PROHIBITIONS and closing <= window.begins < until:
        if window.ends > until:
            yield replace(moment, begins=until.time())
    elif is_last and window.ends < until:
        yield replace(moment, ends=until.time())
    else:
        yield moment


def _without(moments: Iterable[Moment], day: date) -> Iterator[Moment]:
    """Without the exceptions of that day; those of several days keep the others."""
    for moment in moments:
        if not moment.is_exception:
            yield moment
            continue
        dates = tuple(kept for pair in moment.days.dates for kept in _cut(pair, day))
        if dates:
            yield replace(moment, days=Days(dates=dates))


def _cut(pair: tuple[date, date], day: date) -> Iterator[tuple[date, date]]:
    first, last = pair
    if not first <= day <= last:
        yield pair
        return
    if first < day:
        yield first, day - DAY
    if day < last:
        yield day + DAY, last


# What a change weakens


def weakenings(before: Sequence[Moment], after: Sequence[Moment]) -> list[str]:
    """Sentences in Chinese, for the record: what was forbidden or expected and is no longer, what is newly allowed."""
    if before and not after:
        return [words(Phrase(_("时间表已清空，撤布防不再按时间判断")))]
    told = [
        *(said for moment in before if moment.kind in PROHIBITIONS for said in _loosened(moment, after)),
        *(said for moment in after if moment.kind not in PROHIBITIONS for said in _widened(moment, before)),
    ]
    return [words(said) for said in told]


def _loosened(moment: Moment, after: Sequence[Moment]) -> Iterator[Phrase]:
    """A prohibition that is gone, shorter, or more tolerant."""
    figures = {"moment": moment_words(moment)}
    kept = _closest(moment, after)
    if kept is None:
        yield Phrase(_("删除“%(moment)s”"), figures)
        return
    if kept.days == moment.days and not _covers(kept, moment):
        yield Phrase(_("“%(moment)s”缩短为 %(hours)s"), {**figures, "hours": _hours(kept)})
    if kept.tolerance > moment.tolerance:
        yield Phrase(_("“%(moment)s”的容差放宽到 %(minutes)d 分钟"), {**figures, "minutes": _minutes(kept.tolerance)})


def _widened(moment: Moment, before: Sequence[Moment]) -> Iterator[Phrase]:
    """What may be opened more widely than before."""
    figures = {"moment": moment_words(moment)}
    known = _closest(moment, before)
    if known is None:
        narrows = moment.kind is MomentKind.MUST_OPEN and any(other.kind in OPENINGS for other in before)
        if before and not narrows:
            yield Phrase(_("新增“%(moment)s”"), figures)
        return
    if not _covers(known, moment):
        yield Phrase(_("“%(moment)s”由 %(hours)s 放宽"), {**figures, "hours": _hours(known)})
    if moment.tolerance > known.tolerance:
        yield Phrase(_("“%(moment)s”的容差由 %(minutes)d 分钟放宽"), {**figures, "minutes": _minutes(known.tolerance)})
    if added := ",".join(sorted(moment.users - known.users)):
        yield Phrase(_("“%(moment)s”增加用户 %(users)s"), {**figures, "users": added})


def _closest(moment: Moment, others: Iterable[Moment]) -> Moment | None:
    """The same rule in the other schedule: of its kind, area and days; the one with the most hours in common."""
    alike = [o for o in others if (o.kind, o.area, o.days) == (moment.kind, moment.area, moment.days)]
    return max(alike, key=lambda other: _shared(moment, other), default=None)


_SOME_DAY = date(2000, 1, 2)


def _shared(one: Moment, other: Moment) -> timedelta:
    """Hours that both hold; on one of the two days that they may touch."""
    first, second = one.on(_SOME_DAY), other.on(_SOME_DAY)
    return min(first.ends, second.ends) - max(first.begins, second.begins)


def _covers(wider: Moment, narrower: Moment) -> bool:
    outer, inner = wider.on(_SOME_DAY), narrower.on(_SOME_DAY)
    return outer.begins <= inner.begins and outer.ends >= inner.ends


def _hours(moment: Moment) -> str:
    return f"{moment.begins:%H:%M}–{ends_text(moment.ends)}"


def _minutes(tolerance: timedelta) -> int:
    return int(tolerance / timedelta(minutes=1))
