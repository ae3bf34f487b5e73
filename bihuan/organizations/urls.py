"""Addresses of the administration pages and of switching posts."""

from __future__ import annotations

from django.urls import path

from bihuan.organizations.views import bodies, imports, oversight, people, posts, session, units

app_name = "organizations"
urlpatterns = [
    path("post/", session.switch_post, name="switch_post"),
    path("", units.Units.as_view(), name="units"),
    path("units/new/", units.CreateUnit.as_view(), name="create_unit"),
    path("units/<uuid:pk>/", units.UnitPage.as_view(), name="unit"),
    path("units/<uuid:pk>/unit/", units.CreateUnit.as_view(), name="create_child"),
    path("units/<uuid:pk>/post/", units.CreatePost.as_view(), name="create_post"),
    path("units/<uuid:pk>/rename/", units.RenameUnit.as_view(), name="rename_unit"),
    path("units/<uuid:pk>/move/", units.MoveUnit.as_view(), name="move_unit"),
    path("units/<uuid:pk>/merge/", units.MergeUnit.as_view(), name="merge_unit"),
    path("units/<uuid:pk>/close/", units.CloseUnit.as_view(), name="close_unit"),
    path("units/<uuid:pk>/successor/", units.NameSuccessor.as_view(), name="name_successor"),
    path("units/<uuid:pk>/jurisdiction/", units.SetJurisdiction.as_view(), name="set_jurisdiction"),
    path("units/<uuid:pk>/line/", units.SetLine.as_view(), name="set_line"),
    path("units/<uuid:pk>/line/end/", units.EndLine.as_view(), name="end_line"),
    path("units/<uuid:pk>/stewardship/", units.Steward.as_view(), name="steward"),
    path("units/<uuid:pk>/stewardship/end/", units.EndStewardship.as_view(), name="end_stewardship"),
    path("posts/<uuid:pk>/", posts.PostPage.as_view(), name="post"),
    path("posts/<uuid:pk>/revise/", posts.RevisePost.as_view(), name="revise_post"),
    path("posts/<uuid:pk>/close/", posts.ClosePost.as_view(), name="close_post"),
    path("posts/<uuid:pk>/appoint/", posts.Appoint.as_view(), name="appoint"),
    path("posts/<uuid:pk>/end/", posts.EndTenure.as_view(), name="end_tenure"),
    path("posts/<uuid:pk>/handover/", posts.HandOver.as_view(), name="hand_over"),
    path("posts/<uuid:pk>/role/", posts.GrantRole.as_view(), name="grant_role"),
    path("posts/<uuid:pk>/role/end/", posts.WithdrawRole.as_view(), name="withdraw_role"),
    path("posts/<uuid:pk>/stand-in/", posts.AppointStandIn.as_view(), name="appoint_stand_in"),
    path("handovers/<uuid:pk>/", posts.HandoverPage.as_view(), name="handover"),
    path("stand-ins/", posts.StandIns.as_view(), name="stand_ins"),
    path("stand-ins/<uuid:pk>/", posts.StandInPage.as_view(), name="stand_in"),
    path("stand-ins/<uuid:pk>/end/", posts.EndStandIn.as_view(), name="end_stand_in"),
    path("people/", people.People.as_view(), name="people"),
    path("people/new/", people.CreatePerson.as_view(), name="create_person"),
    path("people/<uuid:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<uuid:pk>/name/", people.RenamePerson.as_view(), name="rename_person"),
    path("people/<uuid:pk>/mobile/", people.SetMobile.as_view(), name="set_mobile"),
    path("people/<uuid:pk>/email/", people.SetEmail.as_view(), name="set_email"),
    path("people/<uuid:pk>/account/", people.SetAccount.as_view(), name="set_account"),
    path("people/<uuid:pk>/depart/", people.Depart.as_view(), name="depart"),
    path("bodies/", bodies.Bodies.as_view(), name="bodies"),
    path("bodies/new/", bodies.CreateBody.as_view(), name="create_body"),
    path("bodies/<uuid:pk>/", bodies.BodyPage.as_view(), name="body"),
    path("bodies/<uuid:pk>/member/", bodies.AddMember.as_view(), name="add_member"),
    path("bodies/<uuid:pk>/member/end/", bodies.EndMembership.as_view(), name="end_membership"),
    path("bodies/<uuid:pk>/end/", bodies.EndBody.as_view(), name="end_body"),
    path("roles/", oversight.Roles.as_view(), name="roles"),
    path("access/", oversight.AccessLog.as_view(), name="access"),
    path("journal/", oversight.Journal.as_view(), name="journal"),
    path("import/", imports.Import.as_view(), name="import"),
    path("import/template/", imports.Template.as_view(), name="import_template"),
]
