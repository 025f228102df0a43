"""A browser without a screen: signs on, loads pages, moves cases, keeps the session."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

from tests.program import PASSWORD


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write came to."""

    status: int
    took_ms: float
    location: str
    """The page that the browser is told to show, when there is one."""


class Visitor:
    """One signed-on user."""

    def __init__(self, url: str, user: str) -> None:
        self._url = url
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        page = self.get("/accounts/login/")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if found is None:
            raise RuntimeError("the sign-on page has no token")
        form = {"csrfmiddlewaretoken": found[1], "login": user, "password": PASSWORD}
        self._opener.open(f"{url}/accounts/login/", urllib.parse.urlencode(form).encode()).read()
        if "sessionid" not in self.cookie:
            raise RuntimeError(f"{user} could not sign on")

    @property
    def cookie(self) -> str:
        return "; ".join(f"{c.name}={c.value}" for c in self.cookies)

    def get(self, path: str) -> str:
        with self._opener.open(self._url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def timed(self, path: str) -> float:
        """Milliseconds until the page is whole."""
        began = time.perf_counter()
        self.get(path)
        return 1000 * (time.perf_counter() - began)

    def post(self, path: str, **fields: str) -> Answer:
        """A write as the desk's page makes it; the time until the answer is whole."""
        token = next(c.value or "" for c in self.cookies if c.name == "csrftoken")
        headers = {"HX-Request": "true", "X-CSRFToken": token}
        request = urllib.request.Request(self._url + path, urllib.parse.urlencode(fields).encode(), headers)
        began = time.perf_counter()
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            answer.read()
            took = 1000 * (time.perf_counter() - began)
            return Answer(answer.status, took, answer.headers.get("HX-Push-Url", ""))
