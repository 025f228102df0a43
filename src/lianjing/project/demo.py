"""`make demo`: the whole product with a demo company and a trickle of simulated alarms, by one command."""

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from lianjing.project import demo_company
from lianjing.project.environment import BadSetting, Environment
from lianjing.project.up import command_line, describe, run_together, wanted_processes

READY_SECONDS = 30.0


def main() -> int:
    try:
        environment = Environment()
    except BadSetting as wrong:
        print(f"demo: {wrong}", file=sys.stderr)
        return 2
    for verb in ("migrate", "demo-data"):
        code = subprocess.call([*command_line(verb), *(["--quiet"] if verb == "migrate" else [])], env=_quiet())
        if code != 0:
            return code
    if environment.web_bind is not None:
        threading.Thread(target=_announce, args=[environment], daemon=True).start()
    return run_together(
        [*(command_line(name) for name in wanted_processes(environment)), [*command_line("simulate"), "--demo"]]
    )


def _quiet() -> dict[str, str]:
    return {"LIANJING_LOG_LEVEL": "WARNING", **os.environ}


def _announce(environment: Environment) -> None:
    url = describe(environment)
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(url):
        if time.monotonic() > deadline:
            print(f"\n{url} 没有应答，请看上面的日志 · does not answer; see the log above", file=sys.stderr, flush=True)
            return
        time.sleep(0.2)
    print(
        f"\n联警演示已就绪 · the demo is ready: {url}\n"
        f"  登录 sign on as: {', '.join(demo_company.USERS)}\n"
        f"  密码 password:   {demo_company.PASSWORD}\n"
        "  演示数据，全部虚构 · all data is invented. Ctrl-C 结束 ends it.\n",
        flush=True,
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}accounts/login/", timeout=1) as answer:  # noqa: S310 our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
