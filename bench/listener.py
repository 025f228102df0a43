"""An open desk: reads the event stream of a signed-on browser and throws it away."""

import http.client
import threading
from contextlib import suppress


class Listener(threading.Thread):
    """One stream, from `start` to `stop`."""

    def __init__(self, web_port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection("127.0.0.1", web_port, timeout=30)
        self._cookie = cookie
        self._ending = False

    def stop(self) -> None:
        self._ending = True
        if self._connection.sock is not None:
            self._connection.sock.shutdown(2)
        self.join(30)

    def run(self) -> None:
        self._connection.request("GET", "/console/events", headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the event stream says {answer.status}")
        with suppress(OSError, http.client.HTTPException):
            while answer.readline() and not self._ending:
                pass
