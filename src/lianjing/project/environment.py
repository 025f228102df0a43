"""Every setting of the product, where it came from, and what is wrong with it. No Django: `receive` reads it too."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lianjing.core.crypto import load_or_make_key
from lianjing.project.tiles import DATUMS, BadTiles, Tiles, read_tiles, shown_template
from lianjing.receivers.limits import Limits
from lianjing.terms.roles import Role

PREFIX = "LIANJING_"
POLICE_SERVICES = ("110", "119", "120")
LONGEST_STANDARD_FRAME = 4_200
"""DC-09 allows 4,105 bytes; some panels write a little more."""
LEAST_KEPT_DAYS = 30
"""令564 art. 25: alarm records are kept for at least 30 days."""
LEAST_SECRET = 16
"""Characters of a secret that signs."""
MAIL_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASES = ("sqlite:///", "postgresql://", "postgres://")


class BadSetting(Exception):
    """A setting that cannot be used; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as `lianjing doctor` prints it. A secret's value is never printed."""

    name: str
    value: str
    source: str
    secret: bool = False

    @property
    def shown(self) -> str:
        return "(hidden)" if self.secret and self.value else self.value


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that sends for us. `scheme`: smtp, starttls or smtps."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str


@dataclass(frozen=True, slots=True)
class Messages:
    """How messages to customers leave the house; an empty address: that way is not connected."""

    sms_webhook: str
    wechat_webhook: str
    webhook_hosts: frozenset[str]
    """Where the channel `webhook` may post to."""
    secret: str
    """Signs what is posted."""
    public_url: str
    """How phones reach this server, without a slash at its end; empty: customers get no links."""

    @property
    def missing(self) -> dict[str, str]:
        """The setting that each way out lacks, "" when it lacks none."""
        return {
            "sms": "" if self.sms_webhook else f"{PREFIX}SMS_WEBHOOK",
            "wechat": "" if self.wechat_webhook else f"{PREFIX}WECHAT_WEBHOOK",
            "webhook": "" if self.webhook_hosts else f"{PREFIX}WEBHOOK_HOSTS",
        }


class Environment:
    """The settings of this process. Making one creates the data folder and missing keys."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = dict(os.environ if variables is None else variables)
        self.settings: list[Setting] = []
        self.data = Path(self._plain("DATA", "var")).absolute()
        self._make_folder(self.data)
        self.database_url = self._plain("DATABASE_URL", f"sqlite:///{self.data / 'lianjing.db'}", secret_in_url=True)
        self.secret_key = self._key("SECRET_KEY", "secret_key")
        self.data_key = self._data_key()
        self.seal_key_file = Path(self._plain("SEAL_KEY_FILE", str(self.data / "keys" / "seal.key")))
        self.web_bind = self._bind("WEB_BIND", "127.0.0.1:8000")
        self.dc09_bind = self._bind("DC09_BIND", "127.0.0.1:10009")
        self.surgard_bind = self._bind("SURGARD_BIND", "")
        self.ademco685_bind = self._bind("ADEMCO685_BIND", "")
        self.time_zone = self._time_zone()
        self.hosts = [h for h in self._plain("HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
        self.trusted_origins = [o for o in self._plain("TRUSTED_ORIGINS", "").split(",") if o]
        self.https = self._flag("HTTPS")
        self.metrics_open = self._flag("METRICS_OPEN")
        self.second_factor_roles = self._roles("SECOND_FACTOR")
        self.tiles = self._tiles()
        self.limits = self._limits()
        heads_file = self._plain("HEADS_FILE", "")
        self.heads_file = Path(heads_file).absolute() if heads_file else None
        self.heads_mail = [address for address in self._plain("HEADS_MAIL", "").split(",") if address]
        self.mail = self._mail()
        if self.heads_mail and self.mail is None:
            raise BadSetting(f"{PREFIX}HEADS_MAIL names somebody, and {PREFIX}SMTP_URL no server to send by")
        self.police_desks = self._police_desks()
        self.media_picture_mb = self._number("MEDIA_PICTURE_MB", 15, 1, 200)
        self.media_clip_mb = self._number("MEDIA_CLIP_MB", 60, 1, 2000)
        self.messages = self._messages()
        self.import_max_mb = self._number("IMPORT_MAX_MB", 20, 1, 500)
        self.keep_frames_days = self._number("KEEP_FRAMES_DAYS", 185, LEAST_KEPT_DAYS)
        self.keep_records_days = self._number("KEEP_RECORDS_DAYS", 730, LEAST_KEPT_DAYS)
        self.mass_loss_panels = self._number("MASS_LOSS_PANELS", 20, 2)
        self.mass_loss_seconds = self._number("MASS_LOSS_SECONDS", 60, 1, 3600)
        self.loss_wait_seconds = self._number("LOSS_WAIT_SECONDS", 10, 0, 600)
        self.log_level = self._choice("LOG_LEVEL", "INFO", LOG_LEVELS)
        if not self.database_url.startswith(DATABASES):
            raise BadSetting(f"{PREFIX}DATABASE_URL begins with none of {', '.join(DATABASES)}")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def earlier_seal_keys_file(self) -> Path:
        """Public halves of seal keys that were lost, one in hexadecimal a line."""
        return self.seal_key_file.with_name("seal.earlier")

    @property
    def earlier_seal_keys(self) -> list[str]:
        """Public keys that signed seals before this one did: `restore --lost-keys` notes them."""
        file = self.earlier_seal_keys_file
        return file.read_text(encoding="ascii").split() if file.exists() else []

    @property
    def journal_path(self) -> Path:
        """The journal's own file; used on SQLite only (docs/decisions/0003)."""
        return self.data / "journal.db"

    @property
    def status_path(self) -> Path:
        """Where the receiver says every second how it fares."""
        return self.data / "receive.status.json"

    @property
    def call_cards_folder(self) -> Path:
        """Sheets for the day when everything is down: to be found without a database."""
        return self.data / "call-cards"

    def _plain(self, name: str, default: str, *, secret_in_url: bool = False) -> str:
        full = PREFIX + name
        value, source = (self._variables[full], "environment") if full in self._variables else (default, "default")
        shown = value
        if secret_in_url and "@" in value:
            scheme, _, rest = value.partition("://")
            shown = f"{scheme}://***@{rest.rpartition('@')[2]}"
        self.settings.append(Setting(full, shown, source))
        return value

    def _choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self._plain(name, default).upper()
        if value not in allowed:
            raise BadSetting(f"{PREFIX}{name} is {value!r}; it takes one of {', '.join(allowed)}")
        return value

    def _tiles(self) -> Tiles | None:
        template = self._plain("TILES", "")
        self.settings[-1] = replace(self.settings[-1], value=shown_template(template))
        attribution = self._plain("TILES_ATTRIBUTION", "")
        datum = self._choice("TILES_DATUM", DATUMS[0], DATUMS)
        try:
            return read_tiles(template, attribution, datum)
        except BadTiles as wrong:
            raise BadSetting(f"{PREFIX}TILES {wrong}") from wrong

    def _limits(self) -> Limits:
        """What the receiver allows its peers; docs/operations/install.md says when to change one."""
        usual = Limits()
        return Limits(
            refuse_unknown=self._flag("UNKNOWN_ACCOUNT_DUH"),
            without_key=self._choice("ENCRYPTED_WITHOUT_KEY", "DUH", ("DUH", "SILENT", "ACK")).lower(),
            max_frame=self._number("MAX_FRAME_BYTES", usual.max_frame, LONGEST_STANDARD_FRAME, 1 << 20),
            connections=self._number("MAX_CONNECTIONS", usual.connections, 1),
            address_connections=self._number("MAX_CONNECTIONS_ADDRESS", usual.address_connections, 1),
            unproven_connections=self._number("MAX_CONNECTIONS_UNPROVEN", usual.unproven_connections, 1),
            connections_a_second=self._number("CONNECTIONS_A_SECOND", usual.connections_a_second, 1),
            frames_a_second=self._number("FRAMES_A_SECOND", usual.frames_a_second, 1),
            datagrams_a_second=self._number("DATAGRAMS_A_SECOND", usual.datagrams_a_second, 1),
            nonsense_frames=self._number("MAX_NONSENSE_FRAMES", usual.nonsense_frames, 1),
            first_frame_s=self._number("FIRST_FRAME_SECONDS", int(usual.first_frame_s), 1),
            half_frame_s=self._number("HALF_FRAME_SECONDS", int(usual.half_frame_s), 1),
            silence_s=self._number("SILENCE_SECONDS", int(usual.silence_s), 60),
            waiting_a_connection=self._number("MAX_WAITING_FRAMES", usual.waiting_a_connection, 1),
            datagrams=self._number("MAX_WAITING_DATAGRAMS", usual.datagrams, 4),
            vanished_s=self._number("VANISHED_SECONDS", usual.vanished_s, 2, 32_000),
            unread_s=self._number("UNREAD_SECONDS", int(usual.unread_s), 1),
            drain_s=self._number("DRAIN_SECONDS", int(usual.drain_s), 1),
        )

    def _mail(self) -> Mail | None:
        """From smtp://user:password@host:port, with smtps:// for TLS from the start and starttls:// for TLS later."""
        value = self._plain("SMTP_URL", "", secret_in_url=True)
        sender = self._plain("MAIL_FROM", "lianjing@localhost")
        if not value:
            return None
        parts = urlsplit(value)
        if parts.scheme not in MAIL_PORTS or not parts.hostname:
            raise BadSetting(f"{PREFIX}SMTP_URL takes smtp://, starttls:// or smtps://, a host, and a user if need be")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return Mail(parts.scheme, parts.hostname, parts.port or MAIL_PORTS[parts.scheme], user, password, sender)

    def _messages(self) -> Messages:
        """Gateways are posted to by us, signed with the secret: without it none is used."""
        messages = Messages(
            sms_webhook=self._address("SMS_WEBHOOK"),
            wechat_webhook=self._address("WECHAT_WEBHOOK"),
            webhook_hosts=frozenset(
                h.strip().lower() for h in self._plain("WEBHOOK_HOSTS", "").split(",") if h.strip()
            ),
            secret=self._secret("WEBHOOK_SECRET"),
            public_url=self._address("PUBLIC_URL").rstrip("/"),
        )
        used = messages.sms_webhook or messages.wechat_webhook or messages.webhook_hosts
        if used and len(messages.secret) < LEAST_SECRET:
            raise BadSetting(f"{PREFIX}WEBHOOK_SECRET, which signs what is posted, takes {LEAST_SECRET} characters")
        return messages

    def _police_desks(self) -> dict[tuple[str, str, str], str]:
        """`110=ADDRESS`, with commas, or `CODE/110=ADDRESS` for one company: an e-mail address, or an http address.

        By company ("" for all), service and adapter. An address may hold a key: only services are printed.
        """
        value = self._plain("POLICE_DESKS", "")
        desks = {}
        for entry in filter(None, (part.strip() for part in value.split(","))):
            named, _, address = entry.partition("=")
            company, _, service = named.strip().rpartition("/")
            adapter = "http" if address.startswith(("http://", "https://")) else "email"
            if service not in POLICE_SERVICES or (adapter == "email" and "@" not in address):
                raise BadSetting(f"{PREFIX}POLICE_DESKS takes entries like 110=ADDRESS or CODE/110=ADDRESS")
            desks[company, service, adapter] = address.strip()
        shown = ",".join(f"{company}/{service}=***".lstrip("/") for company, service, _ in desks)
        self.settings[-1] = replace(self.settings[-1], value=shown)
        return desks

    def _address(self, name: str) -> str:
        """http:// or https://, or nothing. A gateway's key may stand in it: what follows `?` is not printed."""
        value = self._plain(name, "", secret_in_url=True).strip()
        shown, query, _ = self.settings[-1].value.partition("?")
        self.settings[-1] = replace(self.settings[-1], value=f"{shown}?***" if query else shown)
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise BadSetting(f"{PREFIX}{name} takes an address that begins with http:// or https://")
        return value

    def _secret(self, name: str) -> str:
        """From NAME, or from the file that NAME_FILE names; nothing is made when there is none."""
        full = PREFIX + name
        value, source = self._variables.get(full, ""), "environment" if full in self._variables else "default"
        if not value and (named := self._variables.get(f"{full}_FILE")):
            if not Path(named).is_file():
                raise BadSetting(f"{full}_FILE names {named}, which does not exist")
            value, source = Path(named).read_text().strip(), f"file {named}"
        self.settings.append(Setting(full, value, source, secret=True))
        return value

    def _number(self, name: str, default: int, low: int, high: int = 1_000_000_000) -> int:
        value = self._plain(name, str(default))
        if not (value.isascii() and value.isdigit()) or not low <= int(value) <= high:
            raise BadSetting(f"{PREFIX}{name} is {value!r}; it takes a whole number from {low} to {high}")
        return int(value)

    def _roles(self, name: str) -> frozenset[Role]:
        """The roles that are named, with commas; none for `optional`."""
        value = self._plain(name, "optional")
        named = [] if value == "optional" else [role.strip() for role in value.split(",")]
        if not set(named) <= set(Role):
            raise BadSetting(f"{PREFIX}{name} is {value!r}; it takes optional, or some of {', '.join(Role)}")
        return frozenset(Role(role) for role in named)

    def _flag(self, name: str) -> bool:
        value = self._plain(name, "0")
        if value not in ("0", "1", ""):
            raise BadSetting(f"{PREFIX}{name} is {value!r}; it takes 1 or 0")
        return value == "1"

    def _bind(self, name: str, default: str) -> tuple[str, int] | None:
        """host:port, or None when the listener is switched off by an empty value."""
        value = self._plain(name, default)
        if not value:
            return None
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise BadSetting(f"{PREFIX}{name} is {value!r}; it takes HOST:PORT, or nothing to switch it off")
        return host.strip("[]"), int(port)

    def _time_zone(self) -> str:
        value = self._plain("TIME_ZONE", "Asia/Shanghai")
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise BadSetting(f"{PREFIX}TIME_ZONE is {value!r}, which names no time zone") from wrong
        return value

    def _make_folder(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        except OSError as wrong:
            raise BadSetting(f"{PREFIX}DATA: the folder {folder} cannot be made: {wrong.strerror}") from wrong

    def _key(self, name: str, file_name: str) -> str:
        """From NAME, from the file that NAME_FILE names, or from a file in the data folder, made when missing."""
        full = PREFIX + name
        if value := self._variables.get(full):
            self.settings.append(Setting(full, value, "environment", secret=True))
            return value
        named = self._variables.get(f"{full}_FILE")
        path = Path(named) if named else self.data / "keys" / file_name
        source = f"file {path}"
        if not path.exists():
            if named:
                raise BadSetting(f"{full}_FILE names {path}, which does not exist")
            load_or_make_key(path)
            source += " (made now)"
        value = path.read_text().strip()
        if not value:
            raise BadSetting(f"{full}: the file {path} is empty")
        self.settings.append(Setting(full, value, source, secret=True))
        return value

    def _data_key(self) -> bytes:
        value = self._key("DATA_KEY", "data_key")
        try:
            key = base64.urlsafe_b64decode(value)
        except ValueError as wrong:
            raise BadSetting(f"{PREFIX}DATA_KEY is not base64") from wrong
        if len(key) != 32:
            raise BadSetting(f"{PREFIX}DATA_KEY holds {len(key)} bytes; it takes 32 bytes in URL-safe base64")
        return key
