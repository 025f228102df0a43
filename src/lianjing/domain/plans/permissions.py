"""Who may write plans and who may approve them."""

EDIT = "plans.edit"
APPROVE = "plans.approve"
