"""A plan's steps in the reader's language: what we ship has its English, what a company wrote is its own."""

from dataclasses import replace

from django.utils.translation import gettext as _

from lianjing.domain.plans.policy import Branch, Step


def plan_words(text: str) -> str:
    """A title, a detail or the words of an outcome."""
    return _(text) if text else ""


def step_in_words(step: Step) -> Step:
    """The step as it is shown; what is kept and recorded stays as it was written."""
    branches = tuple(Branch(branch.outcome, plan_words(branch.words), branch.next) for branch in step.branches)
    return replace(step, title=plan_words(step.title), detail=plan_words(step.detail), branches=branches)
