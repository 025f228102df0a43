"""What the duty to report sees of a case."""

from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.reporting_duty import Duty, ReportFacts, duties_to_report, standing_duties


def facts_of(incident: Incident) -> ReportFacts:
    return ReportFacts(
        event_class=incident.event_class,
        confirmed_by=frozenset(incident.confirmed_by),
        how=incident.verified_how,
        outcome=incident.verified_outcome,
        scene=incident.scene,
        brought=frozenset(incident.duties_brought),
    )


def duties_of(incident: Incident) -> list[Duty]:
    """The duties to report that stand: neither met nor waived. Those of a case that was joined stand in the other."""
    if incident.joined_into_id is not None:
        return []
    return standing_duties(facts_of(incident), incident.police_told, incident.duties_waived)


def all_duties_of(incident: Incident) -> list[Duty]:
    """Every duty that the facts found, met or not."""
    return duties_to_report(facts_of(incident))
