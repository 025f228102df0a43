"""Words for what the operating company works with (装备): kinds, certificates, results of maintenance, how it stands.

What hangs at a customer's premises is a panel (设备) and stands elsewhere.
"""

from lianjing.terms.alarm_service import ServiceHeading
from lianjing.terms.premises import Word


class EquipmentKind(Word):
    """种类 of a piece of equipment."""

    RECEIVER = "receiver", "接警接收机"
    SERVER = "server", "服务器"
    WORKSTATION = "workstation", "接警席终端"
    STORAGE = "storage", "存储设备"
    NETWORK = "network", "网络设备"
    LINK = "link", "通信线路"
    UPS = "ups", "不间断电源"
    GENERATOR = "generator", "发电机"
    VEHICLE = "vehicle", "巡逻车辆"
    RADIO = "radio", "对讲机"
    CAMERA = "camera", "摄像机"
    RECORDER = "recorder", "录像设备"
    ALARM = "alarm", "自身防范报警设备"
    ACCESS = "access", "门禁设备"
    INSTRUMENT = "instrument", "检测仪器"
    OTHER = "other", "其他装备"


class CertificateKind(Word):
    """What paper says that a piece of equipment is as it must be."""

    TYPE_TEST = "type_test", "型式检验报告"
    TEST = "test", "检验报告"
    CCC = "ccc", "3C 认证证书"
    VOLUNTARY = "voluntary", "自愿性认证证书"
    NETWORK_ACCESS = "network_access", "进网许可证"
    RADIO_APPROVAL = "radio_approval", "无线电型号核准证"
    CALIBRATION = "calibration", "检定或校准证书"
    VEHICLE_TEST = "vehicle_test", "机动车检验合格证明"
    OTHER = "other_paper", "其他证书"


class MaintenanceResult(Word):
    """How a piece of equipment was found when the maintenance was done."""

    NORMAL = "normal", "正常"
    REPAIRED = "repaired", "修复后正常"
    FAULTY = "faulty", "有故障待修"


class EquipmentState(Word):
    """How it stands on a day, by the days from which and to which it serves."""

    PLANNED = "planned", "未启用"
    IN_SERVICE = "serving", "在用"
    ENDED = "out_of_service", "已停用"


class EquipmentEnd(Word):
    """What of a piece of equipment ends or is due."""

    CERTIFICATE = "certificate", "证书"
    MAINTENANCE = "maintenance", "维护"
    LIFE = "life", "使用年限"
    WARRANTY = "warranty", "保修"


HEADING_OF = {
    EquipmentKind.NETWORK: ServiceHeading.NETWORK,
    EquipmentKind.LINK: ServiceHeading.NETWORK,
    EquipmentKind.CAMERA: ServiceHeading.FRONT_END,
    EquipmentKind.ALARM: ServiceHeading.FRONT_END,
    EquipmentKind.ACCESS: ServiceHeading.FRONT_END,
    EquipmentKind.WORKSTATION: ServiceHeading.TERMINAL,
    EquipmentKind.RADIO: ServiceHeading.TERMINAL,
    EquipmentKind.VEHICLE: ServiceHeading.TERMINAL,
    EquipmentKind.UPS: ServiceHeading.SAFETY,
    EquipmentKind.GENERATOR: ServiceHeading.SAFETY,
}
"""The heading of GA 1383 under which a capability of the kind is first thought to stand; ours, and only offered. All
others: the service centre."""
