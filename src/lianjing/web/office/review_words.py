"""Words for the records of plan reviews and classifications."""

from django.utils.translation import gettext_lazy as later

from lianjing.terms.plans import ReviewConclusion, ReviewKind
from lianjing.terms.premises import Word
from lianjing.web.words import Words

ACTS: Words = {
    "plan.review_recorded": later("登记评审记录"),
    "plan.review_corrected": later("更正评审"),
    "plan.review_retracted": later("收回评审"),
    "classes.drafted": later("起草分类分级表"),
    "classes.written": later("修改分类分级表"),
    "classes.approved": later("批准分类分级表"),
    "classes.in_force": later("执行分类分级表"),
    "classes.withdrawn": later("撤下分类分级表"),
}
FIELDS: Words = {
    "conclusion": later("结论"),
    "bases": later("评审依据"),
    "reviewers": later("参加评审的人"),
}
OWN_FIELDS: Words = {
    "from": later("评审日期"),
    "note": later("意见"),
}
KINDS: tuple[type[Word], ...] = (ReviewKind,)
TABLES: dict[str, tuple[type[Word], ...]] = {"conclusion": (ReviewConclusion,)}
