"""A relay in front of a database: a test decides when the network fails."""

import contextlib
import select
import socket
import threading


class Relay:
    """Listens on a free port; `cut` ends all connections and refuses new ones, `stall` lets nothing pass, `forget`
    leaves the open connections without a word, as a firewall does that has lost its memory, and lets new ones pass."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._passing = threading.Event()
        self._passing.set()
        self._closed = threading.Event()
        self._forgotten: set[socket.socket] = set()
        self.refusing = False
        self.cut_before: bytes | None = None
        """Cut once, just after this text has gone to the database and before its answer comes back."""
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.refusing = True
        self._end_all()

    def restore(self) -> None:
        self.refusing = False
        self._passing.set()

    def stall(self) -> None:
        self._passing.clear()

    def forget(self) -> None:
        self._forgotten |= self.live

    @property
    def live(self) -> set[socket.socket]:
        """The clients' ends of the connections that are open and not forgotten."""
        return {client for client, _ in self._pairs if client.fileno() >= 0} - self._forgotten

    def close(self) -> None:
        self._closed.set()
        self._passing.set()
        self._listener.close()
        self._end_all()

    def _end_all(self) -> None:
        for pair in self._pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                if self.refusing:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
            except OSError:
                return
            self._pairs.append((client, server))
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, contextlib.suppress(OSError):
            while True:
                for source in select.select([client, server], [], [])[0]:
                    data = source.recv(65536)
                    self._passing.wait()
                    if client in self._forgotten:
                        self._closed.wait()
                        return
                    if not data:
                        return
                    (server if source is client else client).sendall(data)
                    if source is client and self.cut_before and self.cut_before in data:
                        self.cut_before = None
                        # The database has the words; whoever sent them never learns what became of them.
                        select.select([server], [], [], 2)
                        return
