"""Every door of the product, tried as nobody, as the wrong role and as a stranger from another company."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lianjing.domain.people.actions import create_token, require_second_factor
from lianjing.domain.records.models import Record
from lianjing.terms.roles import PERMISSIONS, PUBLIC, SETTING_UP, SIGNED_ON, Role
from lianjing.web.api.urls import api
from tests.cast import NOON, SYSTEM, Cast, alarm
from tests.clauses.whole_company import put_in_post
from tests.web.conftest import As, signed_on

__all__ = ["signed_on"]

ANSWERS_NOBODY = {"api-1:openapi-json", "api-1:api-root"}
"""Ninja's own description of the API; it says nothing about anybody."""

PEOPLE = {
    Role.OPERATOR: "olivia",
    Role.LEADER: "leo",
    Role.GUARD: "gus",
    Role.MANAGER: "mia",
    Role.POLICE: "polly",
}


def doors(patterns: list[Any] | None = None, path: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    """(name, path, view) of every URL that is not the API's."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace != api.urls_namespace:
                yield from doors(entry.url_patterns, here, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", here, entry.callback


def operations() -> Iterator[tuple[str, str, Any]]:
    """(method, path, function) of every operation of the API."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, f"/api/v1/{prefix}{path}", operation.view_func


def fill(path: str, incident: int) -> str:
    """A path that can be called, about one case."""
    path = re.sub(r"<int:\w+>|\{int:\w+\}", str(incident), path)
    path = (
        path.replace("<slug:name>", "330602-01")
        .replace("<slug:code>", "temperature")
        .replace("<slug:listener>", "dc09")
        .replace("<slug:event_class>", "fire")
        .replace("<str:account>", "1001")
    )
    return "/" + path.replace("{action}", "take").lstrip("^/").rstrip("$")


def test_a_name_leads_to_one_view_only() -> None:
    """Two of a name hide one another: from whoever follows it, and from the tests below, which go by names."""
    views: dict[str, set[Any]] = {}
    for name, _, view in doors():
        views.setdefault(name, set()).add(view)
    assert {name for name, found in views.items() if len(found) > 1 and not name.endswith("None")} == set()


def test_every_view_and_operation_names_its_row_of_the_permission_table() -> None:
    named = {name: getattr(view, "permission", None) for name, _, view in doors()}
    named |= {f"{method} {path}": getattr(function, "permission", None) for method, path, function in operations()}
    assert {where for where, permission in named.items() if permission not in PERMISSIONS} == set()


def test_every_row_of_the_permission_table_is_used_or_known_to_wait_for_its_screen() -> None:
    used = {view.permission for _, _, view in doors()} | {f.permission for _, _, f in operations()}
    by_actions = {
        "incidents.take",
        "incidents.note",
        "incidents.acknowledge",
        "incidents.verify",
        "incidents.forward",
        "incidents.dispose",
        "incidents.close",
        "incidents.release",
        "incidents.break_lock",
        "incidents.reopen",
        "tasks.see",
        "signals.override_codes",
        "sites.see",
        "sites.panel_keys",
        "sites.contact_phone",
        "status.see",
        "metrics.see",
        "installation.manage",
        # Their screens are being built.
        "sites.edit",
        "contracts.see",
        "contracts.edit",
        "tests.start",
        "suppression.edit",
        "limits.edit",
        "duty.stand",
        "duty.see",
        "incidents.hold",
        "incidents.offer",
        "escalations.see",
        "desk.settings",
        "desk.profiles",
        "deliveries.retry",
        "deliveries.send",
        "figures.see_all",
        "callcards.see",
        "incidents.enter_paper",
        "company.see",
        "company.edit",
        "people.see",
        "people.files",
        "people.edit",
        "people.identity",
        "people.export",
        "training.take",
        "training.edit",
        "roster.see",
        "roster.edit",
        "roster.swap",
        "duty.patrol",
        "duty.pass",
        "drills.see",
        "drills.edit",
        "drills.approve",
        "drills.observe",
        "drills.review",
        "facilities.see",
        "facilities.edit",
    }
    assert set(PERMISSIONS) - used - by_actions == set()


def _get(client: Client, path: str) -> int:
    """A stream answers 200 before it ends, so only its head is read."""
    return client.get(path).status_code


def test_nobody_gets_no_further_than_sign_on(cast: Cast, client: Client) -> None:
    case = alarm()
    let_in = {
        name
        for name, path, view in doors()
        if view.permission != PUBLIC and _get(client, fill(path, case.pk)) not in (302, 405)
    }
    assert let_in == set()
    for method, path, function in operations():
        answer = client.generic(method, fill(path.lstrip("/"), case.pk))
        expected = {401} if "metrics" in path or function.permission != PUBLIC else {200, 503}
        assert answer.status_code in expected, path


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_passes_only_the_doors_of_its_row(cast: Cast, client: Client, role: Role) -> None:
    case = alarm()
    client.force_login(cast.users[PEOPLE[role]])
    wrong = {}
    for name, path, view in doors():
        if view.permission in (PUBLIC, SIGNED_ON, SETTING_UP) or name == "console:events":
            continue
        status = _get(client, fill(path, case.pk))
        if (status != 403) is not (role in PERMISSIONS[view.permission].roles):
            wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_must_set_up_a_second_factor_gets_no_further_by_any_door(cast: Cast, client: Client, method: str) -> None:
    case, leo = alarm(), cast.users["leo"]
    require_second_factor(leo, True, by=SYSTEM, at=NOON, source="test")
    client.force_login(leo)
    led = {}
    for name, path, view in doors():
        if view.permission not in (PUBLIC, SETTING_UP):
            answer = client.generic(method, fill(path, case.pk))
            led[name] = (answer.status_code, answer.get("Location"))
    assert set(led.values()) == {(302, "/accounts/second-factor/set-up/")}
    assert {name for name, _, view in doors() if view.permission == SETTING_UP} == {
        "mfa_activate_totp",
        "account_reauthenticate",
    }


def test_a_token_needs_no_second_factor(cast: Cast, client: Client) -> None:
    leo = cast.users["leo"]
    require_second_factor(leo, True, by=SYSTEM, at=NOON, source="test")
    token = create_token(leo, label="", by=SYSTEM, at=NOON, source="test")
    assert client.get("/api/v1/incidents", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


def test_a_stranger_finds_nothing_of_another_company(cast: Cast, client: Client) -> None:
    case = alarm()
    client.force_login(cast.users["sam"])
    found = {}
    for name, path, view in doors():
        if "<int:incident_id>" in path or "<str:account>" in path:
            reads = view.permission in ("incidents.see", "frames.see")
            status = client.generic("GET" if reads else "POST", fill(path, case.pk)).status_code
            if status != 404:
                found[name] = status
    assert found == {}
    token = create_token(cast.users["sam"], label="", by=SYSTEM, at=NOON, source="test")
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    for method, path, function in operations():
        if "{int:incident_id}" in path:
            answer = client.generic(method, fill(path.lstrip("/"), case.pk), **headers)
            assert answer.status_code == 404, path
        elif method == "GET" and function.permission != PUBLIC:
            assert "Corner Shop" not in client.get(path, **headers).content.decode()


# What leaves the house as a file

WRITERS = ("Csv(", "workbook(", "_workbook(", "download(")
"""What makes a file of lists, figures or a report; single papers that were uploaded are looked at, not taken out."""
HOLDS_NOTHING = {"office:template"}
"""A form to be filled in."""
TRIED_ELSEWHERE = {
    *("office:assessment_export", "office:drill_report", "office:findings_export", "office:police_readings_csv"),
    *("office:training_csv", "console:call_card_sheet"),
}
"""What is empty without a record of its own: the tests of these pages see what it leaves."""


def _exports() -> dict[str, str]:
    """Name and path of every page that makes a file."""
    found = {}
    for name, path, view in doors():
        code = getattr(inspect.unwrap(view), "__code__", None)
        source = inspect.getsource(code) if code and "lianjing" in code.co_filename else ""
        if any(writer in source for writer in WRITERS):
            found[name] = path
    return found


def test_whoever_takes_a_list_with_him_leaves_a_record_of_what_he_took(cast: Cast, signed_on: As) -> None:
    """令564 art. 30, GB 55029 3.5.1(7): of every file that a page makes of the company's people, alarms or records."""
    put_in_post(cast, "001", "watch")
    alarm()
    exports, silent = _exports(), set()
    for name in sorted(set(exports) - HOLDS_NOTHING - TRIED_ELSEWHERE):
        who = "polly" if name.startswith("police:") else "mia"
        before = Record.objects.filter(company_id=cast.company.pk).count()
        browser, path = signed_on(who), fill(exports[name], cast.company.pk)
        answer = browser.get(path, {"on": "2026-11-22"})
        if answer.status_code == 405:
            answer = browser.post(path, {"company": str(cast.company.pk), "what": "all", "reason": "年检"})
        if answer.status_code != 200 or Record.objects.filter(company_id=cast.company.pk).count() == before:
            silent.add((name, answer.status_code))
    assert silent == set()
    assert len(exports) == 17
