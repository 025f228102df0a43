"""A file that has something in each of its sheets."""

from datetime import date, time

from tests.domain.sites.importing.books import SHOP

KEY = "00112233445566778899AABBCCDDEEFF"
FULL = {
    **SHOP,
    "contracts": [
        ["number", "customer", "state", "starts_on", "ends_on", "fee", "sites"],
        ["H1", "C1", "服务中", "2026-01-31", date(2027, 1, 30), 1200.5, "S1"],
    ],
    "panels": [
        ["account", "site", "protocol", "key", "paths", "test_interval", "backup_of"],
        ["0012", "S1", "dc09", KEY, "wired_ip:90:tcp,4g:300", "24h", None],
        ["0013", "S1", None, None, None, None, "0012"],
    ],
    "zones": [
        ["panel", "number", "name", "kind", "principle", "always_on", "neighbours", "area"],
        ["0012", "001", "前门", "intrusion", "磁开关", "否", "2，0013/1", 1],
        ["0012", 2, "大堂", "入侵", "pir", False, None, 1],
        ["0012", 3, "柜台按钮", "hold_up", "button", "是", None, None],
        ["0013", 1, "库房", None, "smoke", None, None, None],
    ],
    "users": [["panel", "number", "name"], ["0012", "01", "店长"]],
    "contacts": [
        ["site", "order", "name", "role", "phone", "pass_word", "duress_word", "reachable_from", "reachable_until"],
        ["S1", 1, "王建国", "店长", "13800138000", "蓝天", "红云", "08:00", time(22, 0)],
        ["S1", None, "李丽娟", None, 13900139000, None, None, None, None],
    ],
    "schedules": [
        ["site", "kind", "days", "begins", "ends", "tolerance"],
        ["S1", "应布防", "daily", "22:00", "06:00", 15],
        ["S1", "must_open", "workday", "08:00", "09:30", None],
    ],
}
