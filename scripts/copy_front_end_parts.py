"""Copies what pages load, and the licence of each, from node_modules into the git-ignored vendor folder."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "bihuan" / "web" / "static" / "vendor"
PARTS = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts.LICENSE.txt": "echarts/LICENSE",
    "echarts.NOTICE.txt": "echarts/NOTICE",
    "tom-select.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.min.css": "tom-select/dist/css/tom-select.min.css",
    "tom-select.LICENSE.txt": "tom-select/LICENSE",
}
# The maps are not shipped; a reference to one would be looked for each time the tools are open,
# and breaks the step that gives every static file a name with its digest.
SOURCE_MAP = re.compile(rb"^\s*(//|/\*)# sourceMappingURL=.*$", re.MULTILINE)
# A function of Sass that reached the finished style sheet, where no browser can read it: its value instead.
UNREADABLE = (b"color-mix(#fff,#d0d0d0,85%)", b"#f8f8f8")


def main() -> int:
    TARGET.mkdir(parents=True, exist_ok=True)
    for stale in TARGET.iterdir():
        if stale.name not in PARTS:
            stale.unlink()
    for name, source in PARTS.items():
        path = ROOT / "node_modules" / source
        if not path.is_file():
            sys.stderr.write(f"{source} is not in node_modules: run `make env`\n")
            return 1
        shutil.copyfile(path, TARGET / name)
        if name.endswith((".js", ".css")):
            (TARGET / name).write_bytes(SOURCE_MAP.sub(b"", path.read_bytes()).replace(*UNREADABLE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
