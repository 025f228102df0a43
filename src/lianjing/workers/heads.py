"""The head of the log leaves the house: only against one that is kept elsewhere a rewritten log shows."""

import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.records.actions import note_head_left
from lianjing.domain.records.queries import head_left_at, last_seal

log = logging.getLogger(__name__)

WORKER = System("heads")
EVERY = {"file": timedelta(hours=1), "mail": timedelta(days=1)}


class Heads:
    """Writes the head to `file` every hour and mails it to `addresses` once a day. What fails is tried again."""

    def __init__(self, file: Path | None, addresses: list[str]) -> None:
        self._file, self._addresses = file, addresses

    def turn(self) -> int:
        """Always 0: there is never more to do at once."""
        now = timezone.now()
        if self._file is not None:
            self._leave("file", now)
        if self._addresses:
            self._leave("mail", now)
        return 0

    def _leave(self, where: str, now: datetime) -> None:
        left, seal = head_left_at(WORKER, where), last_seal(WORKER)
        if seal is None or (left is not None and now - left < EVERY[where]):
            return
        head = f"{seal.number}:{seal.hash}"
        try:
            self._write(head, now) if where == "file" else self._mail(head, now)
        except (OSError, SMTPException) as wrong:
            # `doctor` tells how old the last one is; the next turn tries again.
            log.error("the head %s did not leave by %s: %s", head, where, wrong)
            return
        note_head_left(seal.number, head, where, by=WORKER, at=now)

    def _write(self, head: str, now: datetime) -> None:
        if self._file is None:
            return
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"{now.isoformat(timespec='seconds')} {head}\n")
            file.flush()
            os.fsync(file.fileno())

    def _mail(self, head: str, now: datetime) -> None:
        day = timezone.localtime(now).date().isoformat()
        text = (
            f"联警封存记录的最新封存头，{day}：\n\n{head}\n\n请保存此邮件。以后用它核对记录没有被截去或改写：\n"
            f"lianjing verify-records --head {head}\n"
        )
        send_mail(f"联警封存头 {day} #{head.partition(':')[0]}", text, None, self._addresses)
