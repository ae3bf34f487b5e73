"""`bihuan check_certificate FILE.docx`: whether a certificate is ours, and whether what it declares still holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.intake.sealing.proof_words import said_of
from bihuan.intake.sealing.proving import Proof, certificate_of, prove


class Command(BaseCommand):
    help = "核对封账完整性证明：按日志重新清点片段、重新抽样，逐项比对；不符时逐一指出，退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            message = _("打不开“%(file)s”。") % {"file": path.name}
            raise CommandError(message, returncode=2) from error
        certificate = certificate_of(hashlib.sha256(content).hexdigest())
        if certificate is None:
            self._tell_unknown(path, as_json=options["as_json"])
            raise SystemExit(1)
        proof = prove(certificate)
        if options["as_json"]:
            self.stdout.write(json.dumps(_as_json(proof), ensure_ascii=False))
        else:
            self._say(proof)
        if proof.void or not proof.holds:
            raise SystemExit(1)

    def _tell_unknown(self, path: Path, *, as_json: bool) -> None:
        words = _("“%(file)s”不是本系统出具的证明，或内容已被改动。") % {"file": path.name}
        said = json.dumps({"known": False, "holds": False}, ensure_ascii=False)
        self.stdout.write(said if as_json else words)

    def _say(self, proof: Proof) -> None:
        certificate = proof.certificate
        self.stdout.write(
            _("批次 %(code)s 第 %(number)s 次封账：%(verdict)s")
            % {
                "code": certificate.batch.code,
                "number": certificate.number,
                "verdict": _("批次后来重新打开，证明已失效。")
                if proof.void
                else _("相符。")
                if proof.holds
                else _("有不符之处："),
            }
        )
        for one in said_of(proof):
            self.stdout.write(f"  {'✓' if one.holds else '✗'} {one.label}  {one.words}")
            for where in one.where:
                self.stdout.write(f"      {where}")


def _as_json(proof: Proof) -> dict[str, Any]:
    return {
        "known": True,
        "holds": proof.holds and not proof.void,
        "void": proof.void,
        "batch": proof.certificate.batch.code,
        "number": proof.certificate.number,
        "points": [
            {"point": one.point.value, "holds": one.holds, "counted": one.counted, "where": list(one.where)}
            for one in proof.points
        ],
    }
