"""The part of equipment in importing a file."""

from lianjing.domain.companies.workbooks import Part
from lianjing.domain.facilities.equipment_policy import EDIT
from lianjing.domain.facilities.importing.columns import SHEETS
from lianjing.domain.facilities.importing.entering import plan_of
from lianjing.domain.facilities.importing.saving import save

EQUIPMENT_PART = Part(SHEETS, EDIT, ("equipment", "company"), plan_of, save)
