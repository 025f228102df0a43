"""Words for what GA 1383 asks of an alarm service: its headings, what is measured under them, how it is compared.

The headings are those of the 2015 draft, the only text of the standard that could be read (clause 5.4 is confirmed for
the published edition by GB 50348-2018). No figure of GA 1383 was found anywhere: none stands here.
"""

from lianjing.terms.premises import Word


class ServiceHeading(Word):
    """A heading of GA 1383. Chapter 4 is about the system (clause 7), chapter 5 about the service (clause 4.3)."""

    STRUCTURE = "4.1", "系统总体结构"
    BASIC = "4.2.1", "基本要求"
    FRONT_END = "4.2.2", "前端"
    CENTRE = "4.2.3", "服务中心"
    NETWORK = "4.2.4", "传输网络"
    TERMINAL = "4.2.5", "终端"
    SAFETY = "4.2.6", "系统安全性、可靠性"
    CONTENT = "5.1", "服务内容"
    VERIFY = "5.2.1", "报警复核"
    FORWARD = "5.2.2", "报警转发"
    ON_SITE = "5.2.3", "现场处置"
    INFORM = "5.2.4", "警情通报"
    QUALITY = "5.3.1", "质量指标"
    MAINTENANCE = "5.3.2", "系统维护"
    CONTROL = "5.3.3", "过程控制"
    RESULTS = "5.3.4", "结果处理"
    ASSURANCE = "5.4", "服务保障"
    SECRECY = "5.5", "保密安全"

    @property
    def clause(self) -> str:
        """The clause of the specification that asks for it."""
        return "7" if self.value.startswith("4") else "4.3"


ASKED_HEADINGS = {
    "4.3": (ServiceHeading.VERIFY, ServiceHeading.FORWARD, ServiceHeading.ON_SITE, ServiceHeading.INFORM),
    "7": (ServiceHeading.FRONT_END, ServiceHeading.CENTRE, ServiceHeading.NETWORK, ServiceHeading.TERMINAL),
}
"""Those of which something must be entered before a clause is met: the process, and the parts of the system."""


class Measure(Word):
    """What a limit is about. All but the last are measured from cases and lines; that is compared with what was
    recorded by hand."""

    ACKNOWLEDGE = "acknowledge", "受理时间"
    FIRST_ACTION = "first_action", "首次处置动作"
    FIRST_CONTACT = "first_contact", "首次联系时间"
    VERIFY = "verify", "复核时间"
    POLICE = "police", "报警转发时间"
    DISPATCH = "dispatch", "派遣时间"
    ARRIVE = "arrive", "到场时间（从派遣起）"
    REACH = "reach", "到场时间（从报警起）"
    INFORM = "inform", "警情通报时间"
    AVAILABILITY = "availability", "设备线路可用率"
    RECORDED = "recorded", "按能力记录对照的指标"

    @property
    def is_time(self) -> bool:
        return self not in (Measure.AVAILABILITY, Measure.RECORDED)


class Ranked(Word):
    """Of times: which share of the cases must keep the limit, per mille."""

    ALL = "1000", "全部"
    MOST = "985", "98.5%"
    P95 = "950", "95%"
    P80 = "800", "80%"
    HALF = "500", "50%"


class Comparison(Word):
    """How a limit is meant. `NONE`: somebody looked, and the edition has no figure there."""

    AT_MOST = "at_most", "不超过"
    AT_LEAST = "at_least", "不低于"
    NONE = "none", "该版本没有数值要求"
