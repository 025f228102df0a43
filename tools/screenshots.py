"""Takes the pictures of the READMEs from a demo: `python -m tools.screenshots [URL]`.

Without a URL it starts a demo of its own, in a folder that is thrown away. The demo is what `make demo` shows.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from lianjing.project.demo_company import PASSWORD

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZE = {"width": 1440, "height": 900}
READY_SECONDS = 90.0
GATHER_SECONDS = 25.0
"""How long the simulator may fill the queue before the picture is taken."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_demo() -> Iterator[str]:
    """The URL of a demo that lives as long as the context."""
    with tempfile.TemporaryDirectory(prefix="lianjing-pictures-", ignore_cleanup_errors=True) as folder:
        url = f"http://127.0.0.1:{(port := free_port())}/"
        own = {name: value for name, value in os.environ.items() if not name.startswith("LIANJING_")}
        own |= {
            "LIANJING_DATA": folder,
            "LIANJING_WEB_BIND": f"127.0.0.1:{port}",
            "LIANJING_DC09_BIND": f"127.0.0.1:{free_port()}",
            "LIANJING_LOG_LEVEL": "WARNING",
        }
        demo = subprocess.Popen([sys.executable, "-m", "lianjing.project.demo"], env=own)
        try:
            wait_for(url, demo)
            yield url
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)


def wait_for(url: str, demo: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}accounts/login/", timeout=2):  # noqa: S310 our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    sys.exit("screenshots: the demo did not start")


def sign_on(browser: Browser, url: str, user: str) -> Page:
    page = browser.new_page(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
    page.goto(f"{url}accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda now: "/accounts/login" not in now)
    return page


def take_console(page: Page) -> None:
    """The most urgent case in hand, whatever it is, with what waits beside it."""
    page.wait_for_selector("#rows .row")
    page.wait_for_timeout(GATHER_SECONDS * 1000)
    page.keyboard.press("Space")
    page.wait_for_selector("#do-verify:not([aria-disabled])")
    page.keyboard.press("n")
    page.keyboard.type("视频可见营业厅，暂无异常")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-block=timeline] :text('暂无异常')")
    page.wait_for_timeout(2500)  # the seal of what was just done
    page.screenshot(path=PICTURES / "console.png")


def take_clauses(page: Page, url: str) -> None:
    """The specification as it reads, at the clause with figures of its own."""
    page.goto(f"{url}office/clauses/?clause=5.2")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "clauses.png")


def take_all(url: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS))
        take_console(sign_on(browser, url, "operator"))
        take_clauses(sign_on(browser, url, "manager"), url)
        browser.close()


def main() -> int:
    if len(sys.argv) > 1:
        take_all(sys.argv[1].rstrip("/") + "/")
    else:
        with own_demo() as url:
            take_all(url)
    print(f"wrote the pictures in {PICTURES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
