"""Refuses what must not be in a public repository: keys, passwords in addresses, paths of one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATTERNS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/=]{16}"),
    "a path of one machine": re.compile(r"(?<![\w.:/~-])/(?:home/\w|Users/\w|root/|work/|mnt/\w|media/\w)"),
    # The word itself stands in examples of how such an address looks; a shell's variable is none either.
    "a password in an address": re.compile(r"://[^\s:@/'\"{}<>]+:(?!password@|密码@|\$)[^\s:@/'\"{}<>]{6,}@"),
    "an access token": re.compile(r"\b(?:ghp_|github_pat_|glpat-|AKIA|xox[abp]-|sk-)[A-Za-z0-9_-]{16,}"),
}
# Lock files quote addresses and digests by the thousand; pictures and documents are not text.
SKIPPED = {"uv.lock", "package-lock.json"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and Path(name).name not in SKIPPED]


def main() -> int:
    problems = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            problems += [
                f"{path.relative_to(ROOT)}:{number}: {what}"
                for what, found in PATTERNS.items()
                if found.search(line)
            ]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
