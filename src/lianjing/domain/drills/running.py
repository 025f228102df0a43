"""A drill while it is held and after: its beginning and end, what was seen in it, scores, files, the archive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.drills.archiving import digest_of
from lianjing.domain.drills.indicators import HIGHEST, scale
from lianjing.domain.drills.models import Attachment, Drill, Observation, Score
from lianjing.domain.drills.moving import drill_to_move, moved, written
from lianjing.domain.drills.policy import SEE, check_held_on, check_times, seen_at
from lianjing.domain.records.changing import Actor, locked
from lianjing.terms.drills import DrillKind, DrillRole
from lianjing.terms.sentences import marked as _

FILES_AT_MOST = 30
OBSERVED_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Mark:
    """Points for an indicator, 1 to 5; None: it does not apply, and the note says why."""

    indicator: str
    points: int | None
    note: str = ""


@transaction.atomic
def begin_drill(drill_id: int, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """It begins now. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "begin", actor)
    drill.began_at = at
    return moved(drill, "begin", "begun", actor, {"began_at": at.isoformat()})


@transaction.atomic
def end_drill(drill_id: int, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """It ends now, and was held. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "end", actor)
    return _held(drill, "end", check_times(drill.began_at, at, at), actor)


@transaction.atomic
def record_held(
    drill_id: int,
    began_at: datetime | None,
    ended_at: datetime | None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Drill:
    """It was held, as paper says: from when to when. It counts on its day, and is known from now on. Raises Missing,
    Forbidden, or Refused: it ends before it begins, or lies ahead."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "hold", actor)
    times = check_times(began_at, ended_at, at)
    if drill.from_paper:
        check_held_on(centre_day(times[0]), drill.planned_on)
    return _held(drill, "hold", times, actor)


@transaction.atomic
def observe(
    drill_id: int,
    kind: str,
    text: str = "",
    *,
    inject: int | None = None,
    seconds: int | None = None,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Observation:
    """Notes what somebody sees: now, or `seconds` after the beginning. `inject`: the line of the script that it is
    about, from 0. Raises Missing, Forbidden or Refused."""
    drill = drill_to_move(drill_id, "observe", Actor(by, at, source))
    if inject is not None and not 0 <= inject < len(drill.script):
        raise Refused("inject", _("脚本里没有这一条。"))
    if inject is None and not text.strip():
        raise Refused("text", _("请写下看到了什么。"))
    if drill.began_at is None or drill.observations.count() >= OBSERVED_AT_MOST:
        raise Refused("", _("最多 %(limit)d 条观察。"), limit=OBSERVED_AT_MOST)
    row = Observation(drill=drill, inject=inject, recorded_at=at, recorded_by=by.name[:150])
    row.seen_at = seen_at(drill.began_at, drill.ended_at, seconds, at)
    enter(row, {"kind": kind, "text": text})
    row.save()
    told = {"observation": row.kind, "text": row.text, "seen_at": row.seen_at.isoformat()}
    moved(drill, "observe", "observed", Actor(by, at, source), told)
    return row


@transaction.atomic
def take_back_observation(observation_id: int, *, by: Viewer, at: datetime, source: str = "") -> Observation:
    """A slip of the finger: it counts no more, and stays on file. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    standing = Observation.objects.filter(taken_back_at=None)
    row = locked(standing, observation_id, by, see=SEE, company="drill__company_id")
    drill = drill_to_move(row.drill_id, "observe", actor)
    row.taken_back_at = at
    row.save(update_fields=["taken_back_at"])
    moved(drill, "observe", "observation_taken_back", actor, {"text": row.text, "observation": row.kind})
    return row


def _to_judge(drill_id: int, actor: Actor) -> Drill:
    """Whoever played in it does not judge it."""
    drill = drill_to_move(drill_id, "evaluate", actor)
    me = person_id(actor.by)
    if me is not None and drill.participants.filter(role=DrillRole.PLAYER, member__user_id=me).exists():
        raise Refused("", _("您是这次演练的参演人员，不能给它评分，请由评估员评。"))
    return drill


@transaction.atomic
def score_drill(drill_id: int, marks: Collection[Mark], *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Points for indicators, all or none of them. Another judgement takes the place of the one before, which stays on
    file. Raises Missing, Forbidden or Refused: there are none, or one is out of the scale."""
    actor = Actor(by, at, source)
    drill = _to_judge(drill_id, actor)
    if not marks:
        raise Refused("", _("没有新的评分可保存：请先选分数，或改动一项。"))
    known = {one.key: one.title for one in scale(drill.indicators).indicators}
    for mark in marks:
        if mark.indicator not in known:
            raise Refused("indicator", _("没有这个指标。"))
        if mark.points is not None and not 1 <= mark.points <= HIGHEST:
            raise Refused("points", _("分数应在 1 到 %(highest)d 之间。"), highest=HIGHEST)
        text = written("note", mark.note, limit=200)
        if mark.points is None and not text:
            raise Refused("note", _("“%(title)s”不适用的，请写明原因。"), title=known[mark.indicator])
        drill.scores.filter(indicator=mark.indicator, replaced_at=None).update(replaced_at=at)
        row = Score(drill=drill, indicator=mark.indicator, points=mark.points, note=text, recorded_at=at)
        row.recorded_by = by.name[:150]
        row.save()
    told = [f"{known[mark.indicator]} {mark.points or '—'}" for mark in marks]
    return moved(drill, "evaluate", "scored", actor, {"points": told})


@transaction.atomic
def evaluate_drill(drill_id: int, evaluation: str, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """The evaluation as a whole, once every indicator was judged. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = _to_judge(drill_id, actor)
    scored = drill.scores.filter(replaced_at=None).values_list("indicator", flat=True)
    missing = scale(drill.indicators).without(scored)
    if missing and DrillKind(drill.kind).counts:
        raise Refused("", _("还有 %(count)d 个指标没有评分：%(first)s等。"), count=len(missing), first=missing[0].title)
    drill.evaluation = written("evaluation", evaluation, required=True, limit=2000)
    # Written anew, it is there since it was first.
    drill.evaluated_at, drill.evaluated_by = drill.evaluated_at or at, by.name[:150]
    return moved(drill, "evaluate", "evaluated", actor, {"evaluation": drill.evaluation})


@transaction.atomic
def attach(drill_id: int, title: str, scan: Scan | None, *, by: Viewer, at: datetime, source: str = "") -> Attachment:
    """A picture or PDF of it, kept with its digest. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "attach", actor)
    if scan is None:
        raise Refused("scan", _("请选择文件。"))
    if drill.attachments.count() >= FILES_AT_MOST:
        raise Refused("scan", _("最多 %(limit)d 个附件。"), limit=FILES_AT_MOST)
    row = Attachment(drill=drill, file_sha256=scan.sha256, bytes=len(scan.content), recorded_at=at)
    enter(row, {"title": title, "recorded_by": by.name[:150]})
    if drill.attachments.filter(file_sha256=scan.sha256).exists():
        raise Refused("scan", _("这个文件已经附上了。"))
    with filed(row.file, scan):
        row.save()
        moved(drill, "attach", "attached", actor, {"title": row.title, "scan_sha256": row.file_sha256})
    return row


@transaction.atomic
def archive_drill(drill_id: int, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Freezes everything about it under one digest. Raises Missing, Forbidden, or Refused before its review."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "archive", actor)
    drill.archived_at, drill.archived_by = at, by.name[:150]
    drill.archive_sha256 = digest_of(drill)
    return moved(drill, "archive", "archived", actor, {"content_hash": drill.archive_sha256})


def _held(drill: Drill, move: str, times: tuple[datetime, datetime], actor: Actor) -> Drill:
    drill.began_at, drill.ended_at = times
    drill.held_at, drill.held_by, drill.held_user_id = actor.at, actor.by.name[:150], person_id(actor.by)
    told = {"began_at": times[0].isoformat(), "ended_at": times[1].isoformat()}
    return moved(drill, move, "held", actor, told)
