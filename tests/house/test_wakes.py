"""What a rule says that it wakes on is really told, and no act that changes its figures is forgotten."""

from lianjing.domain.compliance.clauses.clause_4_3_service import Clause43Service
from lianjing.domain.compliance.registry import rules
from lianjing.domain.incidents.milestones import moments_of
from tests.house.test_docs import topics


def test_every_topic_that_wakes_a_clause_is_told_somewhere() -> None:
    named = {(number, topic) for number, rule in rules().items() for topic in rule.wakes_on}
    told = topics()
    assert {(number, topic) for number, topic in named if topic not in told} == set()


def test_every_act_that_reaches_a_milestone_wakes_the_clause_of_service() -> None:
    reaching = {topic for topic in topics() if moments_of(topic, {})}
    assert reaching - set(Clause43Service.wakes_on) == set()
    assert "incident.noted" in reaching
