"""Who may write plans, who may approve them and who may review them."""

EDIT = "plans.edit"
APPROVE = "plans.approve"
REVIEW = "plans.review"
