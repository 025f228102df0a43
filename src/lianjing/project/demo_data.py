"""`lianjing demo-data`: the demo company with users, sites, panels, and a little history through the real chain."""

import argparse
import json
import os
import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

import django

from lianjing.project import demo_company as demo
from lianjing.project.demo_access import make_access_review
from lianjing.project.demo_assessments import make_assessments
from lianjing.project.demo_clauses import make_clauses
from lianjing.project.demo_continuity import make_continuity
from lianjing.project.demo_documents import make_documents
from lianjing.project.demo_drills import make_drills
from lianjing.project.demo_equipment import equip
from lianjing.project.demo_equipment_register import make_equipment_register
from lianjing.project.demo_evidence import make_evidence
from lianjing.project.demo_facilities import make_facilities
from lianjing.project.demo_findings import make_findings
from lianjing.project.demo_limits import make_limits
from lianjing.project.demo_organisation import make_organisation
from lianjing.project.demo_plan_reviews import make_plan_reviews
from lianjing.project.demo_plans import make_plans
from lianjing.project.demo_police import supervise
from lianjing.project.demo_premises import DURESS_WORD, PASS_WORD, furnish, give_words
from lianjing.project.demo_roster import make_roster
from lianjing.project.demo_staff import make_staff
from lianjing.project.demo_training import make_training

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company
    from lianjing.domain.sites.models import Panel


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-history", action="store_true", help="company, users and sites only")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings
    from django.db import transaction

    with transaction.atomic():
        company = _company()
        _users(company)
        panels = _sites(company)
        furnish(company, _today())
        make_plans(company, _now())
        make_plan_reviews(company, _now())
        _organise(company)
    _write_panel_file(settings.ENVIRONMENT.data / "demo_panels.json", panels)
    if not arguments.no_history:
        from lianjing.project.demo_history import make_history

        make_history(settings.ENVIRONMENT, company, panels)
        _judge(company)
    print(f"demo data is ready: {company.name}, {len(panels)} panels")
    print(f"sign on as {', '.join(demo.USERS)}; the password of each is {demo.PASSWORD}")
    print(f"the first contact of each site says {PASS_WORD}, and under duress {DURESS_WORD}")
    return 0


def _organise(company: "Company") -> None:
    from lianjing.core.viewer import System

    who = System("demo-data"), _now(), _today()
    make_staff(company, *who)
    make_roster(company, *who)
    make_organisation(company, *who)
    make_continuity(company, *who)
    make_limits(company, *who)
    make_equipment_register(company, *who)
    make_access_review(company, who[0], who[1])
    make_training(company, *who)
    make_evidence(company, *who[1:])
    make_documents(company, *who[1:])
    make_findings(company, *who)
    make_drills(company, *who[1:])
    make_assessments(company, *who[1:])
    make_facilities(company, *who)
    supervise(company, *who[:2])


def _judge(company: "Company") -> None:
    from lianjing.core.viewer import System

    make_clauses(company, System("demo-data"), _now(), _today())


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _company() -> "Company":
    from lianjing.domain.companies.models import Company

    company, _ = Company.objects.update_or_create(
        code=demo.COMPANY_CODE, defaults={"name": demo.COMPANY_NAME, "is_demo": True}
    )
    return company


def _users(company: "Company") -> None:
    from lianjing.domain.people.models import Membership, User

    for username, name in demo.USERS.items():
        user, made = User.objects.get_or_create(username=username, defaults={"display_name": name})
        if made:
            user.set_password(demo.PASSWORD)
            user.save()
        # The demo administrator looks after the installation, the police are in charge of an area; everybody else works
        # for the demo company.
        if username == "police":
            continue
        Membership.objects.get_or_create(user=user, company=None if username == "admin" else company, role=username)


def _sites(company: "Company") -> "list[Panel]":
    return [_site(company, place, told) for place, told in enumerate(demo.SITES)]


def _site(company: "Company", place: int, told: demo.DemoSite) -> "Panel":
    from lianjing.core.pinyin import initials_of
    from lianjing.domain.sites.models import Customer, Site

    name = f"{told.name}（演示）"
    initials = initials_of(told.name)
    customer, _ = Customer.objects.get_or_create(
        company=company, code=f"C{place + 1:03d}", defaults={"name": name, "kind": told.kind, "initials": initials}
    )
    site, made = Site.objects.get_or_create(
        company=company,
        code=f"S{place + 1:03d}",
        defaults={
            "name": name,
            "kind": told.kind,
            "initials": initials,
            "customer": customer,
            "address": told.address,
            "police_station": told.police_station,
            "is_key_site": told.key_site,
            "key_location": f"钥匙袋 K-{place + 301:04d}",
        },
    )
    if made:
        _contacts(site.pk, place, told)
    return _panel(site.pk, place, told)


def _contacts(site_id: int, place: int, told: demo.DemoSite) -> None:
    from lianjing.domain.sites.models import Contact

    roles = (*told.users, "物业值班")
    contacts = [
        Contact(
            site_id=site_id,
            place=number,
            name=demo.contact_name(place * 3 + number),
            role=role,
            phone=demo.contact_phone(place * 3 + number),
            notes="有卷帘门钥匙" if number == len(roles) else "",
        )
        for number, role in enumerate(roles, 1)
    ]
    give_words(contacts, _today())
    Contact.objects.bulk_create(contacts)


def _panel(site_id: int, place: int, told: demo.DemoSite) -> "Panel":
    from django.conf import settings

    from lianjing.core.crypto import seal_field
    from lianjing.domain.sites.models import Panel, Zone
    from lianjing.domain.sites.policy import normal_number

    key = secrets.token_bytes(16).hex().upper() if told.encrypted else ""
    panel, made = Panel.objects.get_or_create(
        listener="dc09",
        account=demo.account_of(place),
        removed_at=None,
        defaults={
            "site_id": site_id,
            "model": "演示主机",
            "key_sealed": seal_field(settings.ENVIRONMENT.data_key, key.encode()) if key else "",
            "key_set_at": _now() if key else None,
            "added_at": _now(),
            "activated_at": _now(),
            "changed_at": _now(),
        },
    )
    if made:
        zones = [
            Zone(
                panel=panel,
                number=normal_number(z.number),
                name=z.name,
                detector=z.detector,
                kind=z.kind,
                principle=z.principle,
                always_on=z.always_on,
            )
            for z in told.zones
        ]
        users = [
            Zone(panel=panel, address_kind="user", number=str(n), name=name) for n, name in enumerate(told.users, 1)
        ]
        Zone.objects.bulk_create(zones + users)
        equip(panel, place)
    return panel


def _write_panel_file(path: "os.PathLike[str]", panels: "list[Panel]") -> None:
    """What `lianjing simulate --demo` sends as. Holds the demo panels' keys, so only the owner may read it."""
    rows = [
        {
            "account": panel.account,
            "transport": "udp" if place % 5 == 4 else "tcp",
            "key_hex": panel_key(panel),
            "zones": [{"number": z.number, "codes": list(z.codes)} for z in demo.SITES[place].zones],
        }
        for place, panel in enumerate(panels)
    ]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)


def panel_key(panel: "Panel") -> str | None:
    """A panel's AES key in hex, None when it sends in clear."""
    from django.conf import settings

    from lianjing.core.crypto import open_field

    return open_field(settings.ENVIRONMENT.data_key, panel.key_sealed).decode() if panel.key_sealed else None
