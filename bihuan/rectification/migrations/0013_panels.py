"""Panels of acceptance, and the independence of each of their members, held by the database itself.

A member is held to the rule of an acceptor when they are seated and when they sign: no part in the work of the round, no
unit under a doing one, no verdict in the round before. Whoever signed does not work in that round afterwards. And an
acceptance that has a panel says what the panel says only when every member has signed.
"""

from __future__ import annotations

from importlib import import_module

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import bihuan.journal.identity
import bihuan.organizations.ltree

BEFORE = import_module("bihuan.rectification.migrations.0002_independence")

# Whether a person found a round's work done: as acceptor, as the one an acceptor stood in for, or by signing.
JUDGED = """
CREATE FUNCTION rectification_accepted(problem uuid, number integer, person uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT person IS NOT NULL AND EXISTS (
        SELECT 1 FROM rectification_acceptance a
        WHERE a.problem_id = $1 AND a.round = $2 AND a.state = 'accepted'
        AND ($3 IN (a.acceptor, a.acceptor_principal) OR EXISTS (
            SELECT 1 FROM rectification_acceptancepanel g JOIN rectification_panellist m ON m.panel_id = g.id
            WHERE g.acceptance_id = a.id AND g.state = 'concluded' AND m.state = 'signed' AND m.person = $3)))
$$;
"""
ONCE_MORE = BEFORE.ACCEPTANCE.split("CREATE CONSTRAINT TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
JUDGED_BEFORE = (
    ONCE_MORE.partition("    IF EXISTS (SELECT 1 FROM rectification_acceptance before")[0]
    + """
    IF rectification_accepted(judged.problem_id, judged.round - 1, judged.acceptor)
       OR rectification_accepted(judged.problem_id, judged.round - 1, judged.acceptor_principal) THEN
        RAISE EXCEPTION 'bihuan: the acceptor accepted the round before' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'acceptor_is_independent';
    END IF;
    IF judged.state = 'accepted' AND EXISTS (
        SELECT 1 FROM rectification_acceptancepanel g WHERE g.acceptance_id = judged.id AND (
            g.state = 'sitting' OR (g.state = 'concluded' AND EXISTS (
                SELECT 1 FROM rectification_panellist m WHERE m.panel_id = g.id AND m.state = 'asked')))) THEN
        RAISE EXCEPTION 'bihuan: not every member of the panel has signed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'panel_has_signed';
    END IF;
    RETURN NULL;
END $$;
"""
)
MEMBER = """
CREATE FUNCTION rectification_refuse_dependent_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    member rectification_panellist%ROWTYPE;
    about rectification_acceptancepanel%ROWTYPE;
    path text;
BEGIN
    SELECT * INTO member FROM rectification_panellist WHERE id = NEW.id;
    IF NOT FOUND OR member.state = 'replaced' THEN RETURN NULL; END IF;
    SELECT * INTO about FROM rectification_acceptancepanel WHERE id = member.panel_id;
    IF rectification_has_part(about.problem_id, about.round, member.person) THEN
        RAISE EXCEPTION 'bihuan: a member of the panel had a part in the work of this round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'panellist_is_independent';
    END IF;
    FOREACH path IN ARRAY member.doing_paths LOOP
        IF member.unit_path <@ path::ltree THEN
            RAISE EXCEPTION 'bihuan: a member of the panel stands under a doing unit'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'panellist_is_independent';
        END IF;
    END LOOP;
    IF EXISTS (SELECT 1 FROM ledger_problem p JOIN organizations_unit u ON u.id = p.lead_unit_id
               WHERE p.id = about.problem_id AND member.unit_path <@ u.path) THEN
        RAISE EXCEPTION 'bihuan: a member of the panel stands under the lead unit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'panellist_is_independent';
    END IF;
    IF rectification_accepted(about.problem_id, about.round - 1, member.person) THEN
        RAISE EXCEPTION 'bihuan: a member of the panel accepted the round before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'panellist_is_independent';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER panellist_is_independent AFTER INSERT OR UPDATE ON rectification_panellist
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rectification_refuse_dependent_member();
"""
# A signature is not rubbed out: what a member signed stays as it was signed. Its words the journal keeps, for they may
# have to be expunged.
KEPT = """
CREATE FUNCTION rectification_keep_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'signed' AND (NEW.state, NEW.met, NEW.gates::text, NEW.person, NEW.signed_on)
       IS DISTINCT FROM (OLD.state, OLD.met, OLD.gates::text, OLD.person, OLD.signed_on) THEN
        RAISE EXCEPTION 'bihuan: what was signed is not changed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'signature_is_kept';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signature_is_kept BEFORE UPDATE ON rectification_panellist
FOR EACH ROW EXECUTE FUNCTION rectification_keep_signature();
"""
AFTERWARDS = BEFORE.AFTERWARDS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
MEMBERS_TOO = AFTERWARDS.replace(
    "    RETURN NULL;",
    """    IF EXISTS (SELECT 1 FROM rectification_acceptancepanel g JOIN rectification_panellist m ON m.panel_id = g.id
               WHERE g.problem_id = NEW.problem_id AND g.round = NEW.round AND m.state = 'signed'
               AND rectification_has_part(g.problem_id, g.round, m.person)) THEN
        RAISE EXCEPTION 'bihuan: whoever signed in a panel of this round may not work in it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptor_is_independent';
    END IF;
    RETURN NULL;""",
)
FORTH = JUDGED + JUDGED_BEFORE + MEMBER + KEPT + MEMBERS_TOO
BACK = (
    ONCE_MORE
    + AFTERWARDS
    + """
DROP FUNCTION rectification_keep_signature() CASCADE;
DROP FUNCTION rectification_refuse_dependent_member() CASCADE;
DROP FUNCTION rectification_accepted(uuid, integer, uuid);
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0010_fewer_indexes"),
        ("organizations", "0002_vacancies"),
        ("rectification", "0012_duty_moves"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptancePanel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bihuan.journal.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("sitting", "签署中"), ("concluded", "已结论"), ("dissolved", "已撤销")],
                        default="sitting",
                        max_length=10,
                    ),
                ),
                ("on_site", models.BooleanField(default=False, verbose_name="现场核查")),
                ("agreement", models.CharField(max_length=12, verbose_name="多少人同意才能通过")),
                ("set_up_by", models.UUIDField()),
                ("set_up_principal", models.UUIDField(null=True)),
                ("set_up_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("reason", models.TextField(blank=True, verbose_name="撤销理由")),
                (
                    "acceptance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panels",
                        to="rectification.acceptance",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panels",
                        to="ledger.problem",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Panellist",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bihuan.journal.identity.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("person", models.UUIDField()),
                ("unit_path", bihuan.organizations.ltree.LtreeField()),
                (
                    "doing_paths",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("chair", models.BooleanField(default=False, verbose_name="组长")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "待签署"), ("signed", "已签署"), ("replaced", "已更换")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("gates", models.JSONField(default=dict, verbose_name="五关")),
                ("met", models.BooleanField(null=True, verbose_name="同意通过")),
                ("opinion", models.TextField(blank=True, verbose_name="个人意见")),
                ("signed_on", models.DateField(null=True)),
                ("replaced_why", models.TextField(blank=True, verbose_name="更换理由")),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="rectification.acceptancepanel",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.post"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="acceptancepanel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dissolved"), _negated=True),
                fields=("acceptance",),
                name="one_panel_for_an_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptancepanel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", True), ("state", "sitting")),
                    models.Q(models.Q(("state", "sitting"), _negated=True), ("ended_on__isnull", False)),
                    _connector="OR",
                ),
                name="ended_panel_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="panellist",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["person"], name="panel_waits_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="panellist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "replaced"), _negated=True),
                fields=("panel", "person"),
                name="person_once_in_a_panel",
            ),
        ),
        migrations.AddConstraint(
            model_name="panellist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chair", True), models.Q(("state", "replaced"), _negated=True)),
                fields=("panel",),
                name="one_chair_of_a_panel",
            ),
        ),
        migrations.AddConstraint(
            model_name="panellist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("met__isnull", False), ("signed_on__isnull", False), ("state", "signed")),
                    models.Q(
                        models.Q(("state", "signed"), _negated=True),
                        ("met__isnull", True),
                        ("signed_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="signed_panellist_says_what",
            ),
        ),
        migrations.RunSQL(FORTH, BACK),
    ]
