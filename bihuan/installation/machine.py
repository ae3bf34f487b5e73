"""What the doctor looks at without a database: versions, disk, permissions, clock, fonts, parts."""

from __future__ import annotations

import datetime
import importlib.util
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bihuan.installation import programs
from bihuan.installation.diagnosis import Finding, ok, warning, wrong
from bihuan.installation.folders import package_root
from bihuan.installation.wording import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bihuan.installation.configuration import Configuration

LOWEST_PYTHON = (3, 11)
DJANGO_SERIES = (5, 2)
GIGABYTE = 1024**3
LEAST_FREE, LITTLE_FREE = 1 * GIGABYTE, 5 * GIGABYTE
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
FONT_NAMES = (
    "cjk",
    "msyh",
    "simsun",
    "simhei",
    "pingfang",
    "wqy",
    "heiti",
    "songti",
    "sourcehan",
    "fangsong",
)
RECOGNITION_PARTS = ("rapidocr", "onnxruntime")
VENDOR_FOLDER = Path("bihuan/web/static/vendor")
VENDOR_FILES = ("htmx.min.js", "echarts.min.js", "tom-select.min.js", "tom-select.min.css")


def examine_machine(configuration: Configuration) -> Iterator[Finding]:
    yield _versions()
    yield _data_folder(configuration)
    yield _secrets(configuration)
    yield _disk(configuration)
    yield _clock()
    yield _fonts()
    yield _text_recognition()
    yield _front_end_parts()
    yield _exposure(configuration)


def _versions() -> Finding:
    import django

    check, label = "versions", phrase("版本", "versions")
    found = f"Python {platform.python_version()}, Django {django.get_version()}"
    if sys.version_info[:2] < LOWEST_PYTHON:
        return wrong(
            check, label, found, mend=phrase("需要 Python 3.11 或更高。", "Python 3.11 or newer is needed.")
        )
    if django.VERSION[:2] != DJANGO_SERIES:
        return wrong(
            check,
            label,
            found,
            mend=phrase("需要 Django 5.2:请重新执行 make env。", "Django 5.2 is needed: run make env again."),
        )
    return ok(check, label, found)


def _data_folder(configuration: Configuration) -> Finding:
    check, label = "data_folder", phrase("数据目录", "data folder")
    problem, mend = _folder_problem(configuration.data_folder)
    if problem:
        return wrong(check, label, problem, mend=mend)
    return ok(check, label, phrase("可写,权限正确", "writable, closed to others"))


def _folder_problem(folder: Path) -> tuple[str, str]:
    """What is wrong with it and how to mend that; two empty texts when all is well."""
    if folder.stat().st_uid != os.geteuid():
        return (
            phrase("{folder} 属于另一个用户", "{folder} belongs to another user", folder=folder),
            phrase("请以其所有者运行,或设置 BIHUAN_DATA。", "Run as its owner, or set BIHUAN_DATA."),
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = error.strerror
        return (
            phrase("{folder} 不可写:{why}", "{folder} is not writable: {why}", folder=folder, why=why),
            phrase("请执行:chmod u+rwx {folder}", "Run: chmod u+rwx {folder}", folder=folder),
        )
    # As root the group is the database's own user, who may pass through and nothing else.
    allowed = 0o710 if os.geteuid() == 0 else 0o700
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & ~allowed:
        return (
            phrase(
                "{folder} 对其他用户开放({mode:o})",
                "{folder} is open to others ({mode:o})",
                folder=folder,
                mode=mode,
            ),
            phrase(
                "请执行:chmod {allowed:o} {folder}",
                "Run: chmod {allowed:o} {folder}",
                allowed=allowed,
                folder=folder,
            ),
        )
    return "", ""


def _secrets(configuration: Configuration) -> Finding:
    check, label = "secrets", phrase("机密文件", "secrets")
    # The key file is left to whoever signs the first checkpoint; every file that is there must be closed.
    bad = [
        path
        for path in (configuration.layout.secrets, *sorted(configuration.layout.secrets.iterdir()))
        if path.stat().st_uid != os.geteuid() or stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if bad:
        names = " ".join(str(path) for path in bad)
        return wrong(
            check,
            label,
            phrase("对其他用户开放:{names}", "open to others: {names}", names=names),
            mend=phrase("请执行:chmod go= {names}", "Run: chmod go= {names}", names=names),
        )
    return ok(check, label, phrase("只有本用户可读", "readable by this user alone"))


def _disk(configuration: Configuration) -> Finding:
    check, label = "disk", phrase("磁盘空间", "free disk")
    free = shutil.disk_usage(configuration.data_folder).free
    message = phrase("剩余 {free:.1f} GB", "{free:.1f} GB free", free=free / GIGABYTE)
    mend = phrase(
        "请清理磁盘或扩容;空间耗尽时数据库会停止写入。",
        "Free or add space; a database on a full disk stops writing.",
    )
    if free < LEAST_FREE:
        return wrong(check, label, message, mend=mend)
    if free < LITTLE_FREE:
        return warning(check, label, message, mend=mend)
    return ok(check, label, message)


def _clock() -> Finding:
    """Deadlines are dates: a machine that woke up in the past would light every lamp wrongly."""
    check, label = "clock", phrase("系统时钟", "clock")
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    now = time.time()
    shown = datetime.datetime.fromtimestamp(now, tz=datetime.UTC).isoformat(timespec="seconds")
    if now < newest - 24 * 3600:
        return wrong(
            check,
            label,
            phrase(
                "{shown} 早于程序文件的日期", "{shown} is before the date of the program's files", shown=shown
            ),
            mend=phrase(
                "请校准时钟,例如:timedatectl set-ntp true", "Set the clock: timedatectl set-ntp true"
            ),
        )
    return ok(check, label, shown)


def _fonts() -> Finding:
    check, label = "fonts", phrase("中文字体", "Chinese fonts")
    if _has_chinese_font():
        return ok(check, label, phrase("已安装", "installed"))
    return warning(
        check,
        label,
        phrase(
            "未找到中文字体,服务器生成的页面图像会缺字",
            "none found: page images made here would lack characters",
        ),
        mend=phrase(
            "Debian、Ubuntu、麒麟:apt-get install fonts-noto-cjk",
            "Debian, Ubuntu, Kylin: apt-get install fonts-noto-cjk",
        ),
    )


def _text_recognition() -> Finding:
    """An extra: without it scans are refused with advice, so its absence is told and is no fault."""
    check, label = "text_recognition", phrase("文字识别", "text recognition")
    if all(importlib.util.find_spec(name) for name in RECOGNITION_PARTS):
        return ok(check, label, phrase("已安装", "installed"))
    return ok(
        check,
        label,
        phrase(
            "未安装,扫描件和照片会被拒收;需要时:pip install 'bihuan[ocr]'",
            "not installed, scans and photographs are refused; where wanted: pip install 'bihuan[ocr]'",
        ),
    )


def _has_chinese_font() -> bool:
    if program := shutil.which("fc-list"):
        listed = subprocess.run(
            [program, ":lang=zh-cn", "family"], check=False, capture_output=True, timeout=30
        )
        if listed.returncode == 0:
            return bool(listed.stdout.strip())
    for folder in map(Path, FONT_FOLDERS):
        for font in folder.rglob("*.[to]t[cf]") if folder.is_dir() else ():
            if any(name in font.name.lower() for name in FONT_NAMES):
                return True
    return False


def _front_end_parts() -> Finding:
    check, label = "front_end_parts", phrase("前端部件", "front-end parts")
    missing = [name for name in VENDOR_FILES if not (package_root() / VENDOR_FOLDER / name).is_file()]
    if missing:
        return wrong(
            check,
            label,
            phrase("缺少 {names}", "missing: {names}", names=", ".join(missing)),
            mend=phrase("请执行:make env", "Run: make env"),
        )
    return ok(check, label, phrase("齐全", "complete"))


def _exposure(configuration: Configuration) -> Finding:
    check, label = "exposure", phrase("运行方式", "how it runs")
    if configuration.debug and set(configuration.allowed_hosts) - {"localhost", "127.0.0.1", "[::1]"}:
        return wrong(
            check,
            label,
            phrase("调试模式下对外开放", "debugging is on and other machines may come in"),
            mend=phrase("请去掉 BIHUAN_DEBUG。", "Unset BIHUAN_DEBUG."),
        )
    if configuration.demonstration:
        return warning(
            check,
            label,
            phrase("演示数据,时钟可移动", "a demonstration; its clock can be moved"),
            mend=phrase("正式使用请另设 BIHUAN_DATA。", "For real work set BIHUAN_DATA to another folder."),
        )
    embedded = phrase("内置数据库 {version}", "embedded database {version}", version=programs.version())
    return ok(check, label, embedded if configuration.embedded else phrase("外部数据库", "external database"))
