"""The pages of the office that name a company in their address are that company's people's only."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver, reverse

from tests.cast import Cast
from tests.web.conftest import As


def of_a_company() -> Iterator[str]:
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        if namespace != "office":
            continue
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern) and set(pattern.pattern.converters) == {"company_id"}:
                yield f"office:{pattern.name}"


def test_the_manager_of_another_company_opens_none_of_them(cast: Cast, signed_on: As) -> None:
    cast.users["mia"].memberships.update(company=cast.other)
    stranger = signed_on("mia")
    names = list(of_a_company())
    assert len(names) > 30
    told = {name: stranger.get(reverse(name, args=[cast.company.pk])).status_code for name in names}
    assert {name: status for name, status in told.items() if status not in (404, 405)} == {}
