from django.urls import URLPattern, URLResolver, include, path

from interviews.views import group_people, group_sessions, groups

app_name = "groups"

session_patterns = [
    path("", group_sessions.session, name="session"),
    path("enter/", group_sessions.enter, name="enter"),
    path("alone/", group_sessions.alone, name="alone"),
    path("answer/", group_sessions.reply, name="answer"),
    path("case/", group_sessions.another_case, name="another_case"),
    path("brief/", group_sessions.open_brief, name="open_brief"),
    path("change/", group_sessions.change, name="change"),
    path("cancel/", group_sessions.cancel, name="cancel"),
    path("rota/", group_sessions.rota, name="rota"),
    path("propose/", group_sessions.propose, name="propose"),
    path("swap/", group_sessions.ask_swap, name="ask_swap"),
    path("swap/<int:swap_id>/", group_sessions.answer_swap, name="answer_swap"),
]

group_patterns: list[URLPattern | URLResolver] = [
    path("", groups.group, name="group"),
    path("rename/", group_people.rename, name="rename"),
    path("settings/", groups.settings_page, name="settings"),
    path("delete/", group_people.disband, name="disband"),
    path("hand-over/", group_people.hand_over, name="hand_over"),
    path("leave/", group_people.leave, name="leave"),
    path("share/", group_people.share, name="share"),
    path("invite/", group_people.invite, name="invite"),
    path("invite/<int:invitation_id>/revoke/", group_people.revoke, name="revoke"),
    path("members/<int:user_id>/", groups.member, name="member"),
    path("members/<int:user_id>/remove/", group_people.remove, name="remove"),
    path("sessions/", groups.past, name="past"),
    path("sessions/new/", group_sessions.schedule, name="schedule"),
    path("sessions/<uuid:session_id>.ics", group_sessions.calendar_file, name="session_ics"),
    path("sessions/<uuid:session_id>/", include(session_patterns)),
]

urlpatterns = [
    path("", groups.group_list, name="list"),
    path("calendar/", groups.new_calendar, name="calendar"),
    path("calendar/<str:token>.ics", groups.feed, name="feed"),
    path("join/<str:token>/", groups.join, name="join"),
    path("<uuid:group_id>/", include(group_patterns)),
]
