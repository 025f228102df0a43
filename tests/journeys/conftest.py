import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.program import PASSWORD, Program, running

# Without the last ones a browser in a closed network spends its time on look-ups that fail.
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path) as it:
        yield it


@pytest.fixture
def browser() -> Iterator[Browser]:
    """For one test only: Playwright keeps an event loop in this thread, which other tests could not bear."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER_OPTIONS)
        yield browser
        browser.close()


class Wire:
    """The line between a browser and the server, which can be cut: a relay in a thread of its own."""

    def __init__(self, port: int) -> None:
        self._target, self._cut, self._pairs = port, False, list[tuple[socket.socket, socket.socket]]()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def cut(self) -> None:
        """Ends every connection and refuses new ones."""
        self._cut = True
        for pair in self._pairs:
            for end in pair:
                self._end(end)

    def mend(self) -> None:
        self._cut = False

    def close(self) -> None:
        """Nothing of it is left: a socket that only the collector closes fails whichever test runs then."""
        self._end(self._door)
        self._threads[0].join()
        self.cut()
        for thread in self._threads:
            thread.join()
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the door was closed
            while True:
                browser, _ = self._door.accept()
                if self._cut:
                    browser.close()
                    continue
                self._pairs.append((browser, socket.create_connection(("127.0.0.1", self._target))))
                self._threads.append(threading.Thread(target=self._carry, args=self._pairs[-1]))
                self._threads[-1].start()

    def _carry(self, browser: socket.socket, server: socket.socket) -> None:
        with browser, server:
            back = threading.Thread(target=self._relay, args=(server, browser))
            back.start()
            self._relay(browser, server)
            back.join()

    def _relay(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):  # cut
            while data := one.recv(65536):
                other.sendall(data)
        self._end(one)
        self._end(other)

    @staticmethod
    def _end(end: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it has ended already
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(program: Program) -> Iterator[Wire]:
    line = Wire(program.web_port)
    yield line
    line.close()


CHANGING = ".htmx-request, .htmx-swapping, .htmx-settling, #case[aria-busy=true]"
"""Classes of what is being fetched or put in place: faster than a hand, a key could come before its form is ready."""


class Desk:
    """A person at a desk: signed on, looking at the queue."""

    def __init__(self, page: Page, url: str, user: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.goto(f"{url}/")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#rows", state="attached")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Types where the focus is, and sends the form."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Control+Enter")

    def sees(self, selector: str, words: str = "") -> None:
        """Waits until this is on the screen, with these words in it, and the keys of what is new work."""
        self.page.wait_for_selector(f"{selector}:has-text('{words}')" if words else selector, timeout=15000)
        self.page.wait_for_selector(f"body:not(:has({CHANGING}))", timeout=15000)

    def opens_form(self, key: str, name: str) -> None:
        self.page.keyboard.press(key)
        self.sees(f"[data-form={name}]:not([hidden])")

    def walk_to(self, selector: str, key: str = "Tab") -> None:
        """Presses the key until this has the focus: the way of somebody without a mouse."""
        self.sees(selector)
        for _ in range(120):
            self.page.keyboard.press(key)
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{key} never comes to {selector}")

    def due(self, title: str) -> None:
        """Waits until this step of the plan is due."""
        self.sees(".plan-steps .now", title)

    def reads_in_time_line(self, words: str) -> None:
        self.sees("[data-block=timeline]", words)

    def closes(self) -> None:
        """Closes the only case there is."""
        self.page.keyboard.press("c")
        self.page.wait_for_selector("#rows .row", state="detached", timeout=15000)

    def queue(self) -> list[str]:
        """What the queue shows, row by row, but for what the clock changes."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('#rows .row')].map(row => {
                const copy = row.cloneNode(true);
                copy.querySelector('.age').remove();
                for (const name of ['late', 'warn', 'pulse', 'selected', 'sel', 'arrived']) copy.classList.remove(name);
                for (const name of ['aria-current', 'tabindex', 'style', 'hidden']) copy.removeAttribute(name);
                copy.className = copy.className.trim();
                return copy.outerHTML;
            })"""
        )


@pytest.fixture
def sit(browser: Browser, program: Program) -> Iterator["object"]:
    """Seats a person at a desk: `sit("operator")`."""
    contexts = []

    def sit_down(user: str, url: str | None = None) -> Desk:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        contexts.append(context)
        return Desk(context.new_page(), url or program.url, user)

    yield sit_down
    for context in contexts:
        context.close()
