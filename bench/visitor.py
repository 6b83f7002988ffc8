"""A browser's part of HTTP: cookies, forms with their token, redirects left alone."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.server import Web

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody with a browser at one web process; `cookies` are name → value."""

    web: Web
    cookies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, web: Web, cookie: str) -> "Visitor":
        """Return the browser that has this cookie, as `seating` gives it."""
        name, _, value = cookie.partition("=")
        return cls(web, {name: value})

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=30)
        headers = {
            "Host": f"127.0.0.1:{self.web.port}",
            "Origin": self.web.origin,
            "Referer": self.web.origin + path,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    for key, morsel in SimpleCookie(value).items():
                        self.cookies[key] = morsel.value
            return answer.status, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of a page."""
        return self.request("GET", path)

    def post(
        self, path: str, form: dict[str, str] | None = None, *, page: str | None = None
    ) -> tuple[int, bytes]:
        """Fetch the page a form stands on, then send the form with its token."""
        _, body = self.get(page or path)
        found = TOKEN.search(body)
        if found is None:
            raise RuntimeError(f"there is no form on {page or path}")
        return self.request("POST", path, {**(form or {}), "csrfmiddlewaretoken": found[1].decode()})
