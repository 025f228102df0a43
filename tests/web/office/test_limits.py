"""The page of a company's treatment limits."""

from lianjing.domain.signals.limit_policy import FIGURES
from lianjing.domain.signals.limit_setting import defaults
from lianjing.domain.signals.models import TreatmentLimits
from tests.cast import Cast
from tests.web.console.conftest import As


def test_every_figure_is_shown_with_its_default_and_saved(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    page = mia.get("/office/limits/").content.decode()
    assert [figure.name for figure in FIGURES if f'name="{figure.name}"' not in page] == []
    answer = mia.post(f"/office/limits/{cast.company.pk}/", {**defaults(), "skew_s": "300"})
    assert (answer.status_code, TreatmentLimits.objects.get().skew_s) == (302, 300)
    assert 'value="300"' in mia.get(answer["Location"]).content.decode()


def test_a_figure_that_goes_too_far_comes_back_as_typed(cast: Cast, signed_on: As) -> None:
    for typed, said in (("9999", "须在 20 至 3600 秒之间"), ("soon", "请填整数"), ("", "请填写")):
        answer = signed_on("mia").post(f"/office/limits/{cast.company.pk}/", {**defaults(), "skew_s": typed})
        page = answer.content.decode()
        assert (answer.status_code, said in page, f'value="{typed}"' in page or not typed) == (422, True, True)
    assert TreatmentLimits.objects.count() == 0


def test_limits_are_a_managers_and_of_his_company_only(cast: Cast, signed_on: As) -> None:
    own = f"/office/limits/{cast.company.pk}/"
    assert signed_on("mia").get(f"/office/limits/?company={cast.other.pk}").status_code == 404
    assert signed_on("mia").post(f"/office/limits/{cast.other.pk}/", defaults()).status_code == 404
    for name in ("olivia", "leo", "polly", "sam"):
        assert (signed_on(name).get("/office/limits/").status_code, signed_on(name).post(own).status_code) == (403, 403)
    assert "Hill Alarm" in signed_on("ada").get(f"/office/limits/?company={cast.other.pk}").content.decode()
