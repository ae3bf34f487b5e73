"""Independence of acceptance, held by the database itself.

`bihuan.rectification.independence` decides in the action; this trigger looks at what is in the tables when the
transaction commits, whichever way it came there. An acceptance that somebody judged is refused if the judge, or the
person they stood in for, planned, implemented, reported, proved, applied for, approved or recorded in that round; if
their unit stands under one of the doing units; or if they accepted the round before. The same rows looked at from the
other side (a proof, a report or a plan entered by whoever had already accepted the round) are refused as well.
"""

from __future__ import annotations

from django.db import migrations

PARTS = """
CREATE FUNCTION rectification_has_part(problem uuid, number integer, person uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT person IS NOT NULL AND (
        EXISTS (SELECT 1 FROM rectification_plan p WHERE p.problem_id = $1 AND p.round = $2
                AND $3 IN (p.planned_by, p.planned_principal))
        OR EXISTS (SELECT 1 FROM rectification_measure m JOIN rectification_plan p ON p.id = m.plan_id
                WHERE p.problem_id = $1 AND p.round = $2
                AND (m.handed_down_by = $3 OR m.implemented_by ? $3::text))
        OR EXISTS (SELECT 1 FROM rectification_progressreport r WHERE r.problem_id = $1 AND r.round = $2
                AND $3 IN (r.reported_by, r.reported_principal))
        OR EXISTS (SELECT 1 FROM rectification_evidence e WHERE e.problem_id = $1 AND e.round = $2
                AND $3 IN (e.author, e.author_principal))
        OR EXISTS (SELECT 1 FROM rectification_acceptance a WHERE a.problem_id = $1 AND a.round = $2
                AND $3 IN (a.applied_by, a.applied_principal))
        OR EXISTS (SELECT 1 FROM rectification_extension x WHERE x.problem_id = $1 AND x.round = $2
                AND $3 IN (x.asked_by, x.asked_principal))
        OR EXISTS (SELECT 1 FROM rectification_suspension s WHERE s.problem_id = $1 AND s.round = $2
                AND $3 IN (s.asked_by, s.asked_principal))
        OR EXISTS (SELECT 1 FROM approvals_step t WHERE t.state IN ('done', 'returned', 'to_confirm')
                AND $3 IN (t.decided_by, t.decided_for, t.recorded_by, t.confirmed_by)
                AND t.approval_id IN (
                    SELECT approval_id FROM rectification_plan WHERE problem_id = $1 AND round = $2
                    UNION SELECT approval_id FROM rectification_extension WHERE problem_id = $1 AND round = $2
                    UNION SELECT approval_id FROM rectification_suspension WHERE problem_id = $1 AND round = $2))
    )
$$;
"""

ACCEPTANCE = """
CREATE FUNCTION rectification_refuse_dependent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged rectification_acceptance%ROWTYPE;
    path text;
BEGIN
    SELECT * INTO judged FROM rectification_acceptance WHERE id = NEW.id;
    IF judged.acceptor IS NULL OR judged.state = 'applied' THEN RETURN NULL; END IF;
    IF judged.recorded_by IS NOT NULL AND judged.recorded_by IN (judged.acceptor, judged.acceptor_principal) THEN
        RAISE EXCEPTION 'bihuan: the acceptor recorded the acceptance' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'acceptor_is_independent';
    END IF;
    IF rectification_has_part(judged.problem_id, judged.round, judged.acceptor)
       OR rectification_has_part(judged.problem_id, judged.round, judged.acceptor_principal) THEN
        RAISE EXCEPTION 'bihuan: the acceptor had a part in the work of this round' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'acceptor_is_independent';
    END IF;
    FOREACH path IN ARRAY judged.doing_paths LOOP
        IF judged.acceptor_path <@ path::ltree THEN
            RAISE EXCEPTION 'bihuan: the acceptor stands under a doing unit' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'acceptor_is_independent';
        END IF;
    END LOOP;
    IF EXISTS (SELECT 1 FROM rectification_acceptance before
               WHERE before.problem_id = judged.problem_id AND before.round = judged.round - 1
               AND before.state = 'accepted'
               AND (before.acceptor IN (judged.acceptor, judged.acceptor_principal)
                    OR before.acceptor_principal IN (judged.acceptor, judged.acceptor_principal))) THEN
        RAISE EXCEPTION 'bihuan: the acceptor accepted the round before' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'acceptor_is_independent';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER acceptor_is_independent AFTER INSERT OR UPDATE ON rectification_acceptance
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rectification_refuse_dependent();
"""

# A judge who later plans, proves or reports in the round they accepted would undo their own independence.
AFTERWARDS = """
CREATE FUNCTION rectification_refuse_judge_at_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM rectification_acceptance a
               WHERE a.problem_id = NEW.problem_id AND a.round = NEW.round
               AND a.state <> 'applied' AND a.acceptor IS NOT NULL
               AND (rectification_has_part(a.problem_id, a.round, a.acceptor)
                    OR rectification_has_part(a.problem_id, a.round, a.acceptor_principal))) THEN
        RAISE EXCEPTION 'bihuan: whoever judged this round may not work in it' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'acceptor_is_independent';
    END IF;
    RETURN NULL;
END $$;
"""
WORKED_ON = ("plan", "progressreport", "evidence", "extension", "suspension")
TRIGGER = """
CREATE CONSTRAINT TRIGGER judge_is_not_at_work AFTER INSERT OR UPDATE ON rectification_{table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rectification_refuse_judge_at_work();
"""

BACK = """
DROP FUNCTION rectification_refuse_judge_at_work() CASCADE;
DROP FUNCTION rectification_refuse_dependent() CASCADE;
DROP FUNCTION rectification_has_part(uuid, integer, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial"), ("approvals", "0001_initial")]

    operations = [
        migrations.RunSQL(
            PARTS + ACCEPTANCE + AFTERWARDS + "".join(TRIGGER.format(table=table) for table in WORKED_ON), BACK
        )
    ]
