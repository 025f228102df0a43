"""The built-in ways out, against real servers on this machine: an HTTP gateway and a mail server."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lianjing.domain.deliveries.ports import Letter, NotSent
from lianjing.workers.senders import MailSender, WebhookSender, signature

SECRET = "a-secret-of-the-test"


def letter(**changed: object) -> Letter:
    told = {"id": 7, "channel": "sms", "attempt": 1, "address": "13812342201", "subject": "警情", "body": "请确认"}
    return Letter(**{**told, "purpose": "confirm", "simulated": False, "maybe_twice": False, **changed})


class Gateway(HTTPServer):
    """Answers what it is told to, and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.status, self.answer, self.location = 200, b'{"id": "gw-7"}', ""
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sms"


class _Post(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    yield server
    server.shutdown()
    server.server_close()


def test_a_gateway_gets_json_that_it_can_check(gateway: Gateway) -> None:
    assert WebhookSender(gateway.url, SECRET).send(letter()) == "gw-7"
    [(path, headers, body)] = gateway.posts
    assert path == "/sms"
    assert json.loads(body) == {
        "id": 7,
        "attempt": 1,
        "channel": "sms",
        "to": "13812342201",
        "subject": "警情",
        "text": "请确认",
        "purpose": "confirm",
        "maybe_repeated": False,
    }
    expected = signature(SECRET, headers["X-Lianjing-Timestamp"], body)
    assert headers["X-Lianjing-Signature"] == f"sha256={expected}"
    assert headers["X-Lianjing-Delivery"] == "7"


def test_without_a_url_of_its_own_it_posts_to_the_letters_address(gateway: Gateway) -> None:
    gateway.answer = b"ok"
    assert WebhookSender("", SECRET).send(letter(address=gateway.url + "/in")) == ""
    assert gateway.posts[0][0] == "/sms/in"


@pytest.mark.parametrize(("status", "hopeless"), [(503, False), (401, False), (302, False), (422, True)])
def test_whatever_is_not_2xx_is_not_sent(gateway: Gateway, status: int, hopeless: bool) -> None:
    gateway.status, gateway.location = status, gateway.url if status == 302 else ""
    with pytest.raises(NotSent) as wrong:
        WebhookSender(gateway.url, SECRET).send(letter())
    assert (str(wrong.value), wrong.value.hopeless) == (f"网关答复 HTTP {status}。", hopeless)
    assert len(gateway.posts) == 1


def test_a_gateway_that_is_not_there_is_told_without_the_address() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/key=1"
    with pytest.raises(NotSent) as wrong:
        WebhookSender(url, SECRET).send(letter())
    assert str(wrong.value) == "无法连接网关（ConnectionRefusedError）。"


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP as a mail needs; refuses recipients that begin with `nobody`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                self._say("550 no such mailbox" if recipient.startswith("nobody") else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.mails.append((recipient, self._text()))
                self._say("250 ok")
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_server(settings: object) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.DEFAULT_FROM_EMAIL = "desk@example.cn"
    yield server
    server.shutdown()
    server.server_close()


def test_a_mail_arrives_and_a_repeat_says_so(mail_server: MailServer) -> None:
    number = MailSender().send(letter(address="wang@example.cn", maybe_twice=True))
    [(recipient, text)] = mail_server.mails
    assert (recipient, number) == ("wang@example.cn", "<delivery.7@example.cn>")
    assert f"Message-ID: {number}" in text
    assert "=?utf-8?b?77yI5Y+v6IO96YeN5aSN77yJ6K2m5oOF?=" in text  # （可能重复）警情


def test_a_mailbox_that_does_not_exist_is_hopeless(mail_server: MailServer) -> None:
    with pytest.raises(NotSent) as wrong:
        MailSender().send(letter(address="nobody@example.cn"))
    assert (str(wrong.value), wrong.value.hopeless) == ("收件服务器拒绝了收件人（550）。", True)
