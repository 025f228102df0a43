"""A browser without a screen: signs on, loads pages, keeps the session."""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request

from tests.program import PASSWORD


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
