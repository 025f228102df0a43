"""Which columns of a row tell which dated fact. No Django, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lianjing.domain.people.fact_kinds import SPECS, Part
from lianjing.terms.staffing import Outcome, StaffFactKind, Subject


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one kind of fact, by the part of it that each tells."""

    kind: StaffFactKind
    columns: Mapping[Part, str]
    defaults: Mapping[Part, Any] = field(default_factory=dict)
    """Parts that a new fact has when its columns do not tell them."""
    since_hired: bool = False
    """Without a first day of its own it holds from the day of hiring on."""
    renews: bool = False
    """A later one stands beside the earlier: a certificate that was renewed, another training."""
    is_event: bool = False
    """One that happened on another day is another one."""

    @property
    def is_single(self) -> bool:
        return SPECS[self.kind].single

    def column(self, part: str) -> str:
        """Of a part, or else the column that comes first."""
        return self.columns.get(Part(part)) or next(iter(self.columns.values()))


_FROM, _UNTIL, _VALUE, _NUMBER, _ISSUER = Part.FROM, Part.UNTIL, Part.VALUE, Part.NUMBER, Part.ISSUER
_PASSED = {_VALUE: Outcome.PASSED.value}
_K = StaffFactKind

GROUPS: tuple[Group, ...] = (
    Group(_K.EMPLOYMENT, {_FROM: "hired_on", _UNTIL: "left_on"}),
    Group(_K.NATIONALITY, {_VALUE: "nationality"}),
    Group(_K.EDUCATION, {_VALUE: "education"}),
    Group(_K.POST_KIND, {_VALUE: "post_kind", _FROM: "post_kind_from"}, since_hired=True),
    Group(_K.HEALTH, {_VALUE: "health_result", _FROM: "health_from", _UNTIL: "health_until"}, _PASSED, renews=True),
    Group(_K.BACKGROUND, {_VALUE: "background_result", _FROM: "background_reviewed_on"}, _PASSED, renews=True),
    Group(_K.POLICE_EXAM, {_VALUE: "exam_result", _FROM: "exam_passed_on"}, _PASSED),
    Group(_K.POLICE_REVIEW, {_VALUE: "review_result", _FROM: "review_passed_on"}, _PASSED),
    Group(_K.BIOMETRICS, {_FROM: "biometrics_on"}),
    Group(
        _K.GUARD_CERTIFICATE,
        {
            _NUMBER: "certificate_no",
            _FROM: "certificate_from",
            _UNTIL: "certificate_until",
            _ISSUER: "certificate_issuer",
        },
        renews=True,
    ),
    Group(
        _K.QUALIFICATION,
        {
            _NUMBER: "qualification_no",
            Part.LEVEL: "qualification_level",
            _FROM: "qualification_from",
            _UNTIL: "qualification_until",
            _ISSUER: "qualification_issuer",
        },
        renews=True,
    ),
    Group(
        _K.LABOUR_CONTRACT,
        {_FROM: "contract_from", _UNTIL: "contract_until", _NUMBER: "contract_no"},
        renews=True,
    ),
    Group(
        _K.INSURANCE,
        {
            _VALUE: "insurance",
            _NUMBER: "insurance_no",
            _ISSUER: "insurer",
            _FROM: "insurance_from",
            _UNTIL: "insurance_until",
        },
        renews=True,
    ),
    Group(
        _K.TRAINING,
        {
            Part.HOURS: "training_hours",
            _FROM: "training_on",
            _UNTIL: "training_until",
            Part.SUBJECTS: "training_subjects",
            Part.CONTENT: "training_content",
        },
        {Part.SUBJECTS: [subject.value for subject in Subject]},
        since_hired=True,
        is_event=True,
    ),
    Group(_K.APPRAISAL, {_VALUE: "appraisal", _FROM: "appraised_on"}, is_event=True),
)
