"""A loop that turns until it is told to stop, survives a dead database, and shows that it lives."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from lianjing.core.doorbell import Doorbell

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5


class Loop:
    """Calls `turn` again and again. `turn` returns how much it did; after nothing it waits for a bell or `rest`."""

    def __init__(self, name: str, turn: Callable[[], int], *, rest: float, bells: Sequence[str] = ()) -> None:
        self.name = name
        self._turn = turn
        self._rest = rest
        self._bells = bells
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)
        self.turned_at = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def join(self) -> None:
        self._thread.join()

    @property
    def silent_for(self) -> float:
        """Seconds since the last turn that ended well."""
        return time.monotonic() - self.turned_at

    def _run(self) -> None:
        bell = Doorbell(*self._bells) if self._bells else None
        while not self._stop.is_set():
            if self._turn_once() == 0:
                self._wait(bell)
        if bell:
            bell.close()
        connection.close()

    def _turn_once(self) -> int:
        try:
            done = self._turn()
        except (OperationalError, InterfaceError):
            log.warning("%s: the database does not answer; trying again", self.name, exc_info=True)
            self._recover()
            return 0
        except Exception:
            # A loop that ends would leave alarms waiting unseen; one that fails goes silent, which raises the banner.
            log.exception("%s: failed; trying again", self.name)
            self._recover()
            return 0
        self.turned_at = time.monotonic()
        return done

    def _recover(self) -> None:
        connection.close()
        close_old_connections()
        self._stop.wait(RETRY_SECONDS)

    def _wait(self, bell: Doorbell | None) -> None:
        if bell is not None:
            bell.wait(self._rest)
        else:
            self._stop.wait(self._rest)
