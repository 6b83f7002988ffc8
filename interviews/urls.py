from django.urls import URLPattern, URLResolver, include, path

from interviews.views import home, joining, results, room, starting

room_patterns = [
    path("", room.room, name="room"),
    path("clock/", room.phase_bar, name="phase_bar"),
    path("advance/", room.advance_phase, name="advance_phase"),
    path("pause/", room.pause, name="pause"),
    path("resume/", room.resume, name="resume"),
    path("hints/", room.hints, name="hints"),
    path("events/", room.events_after, name="events"),
    path("people/", joining.people, name="people"),
    path("invite/", joining.invite, name="invite"),
    path("invite/<int:invitation_id>/revoke/", joining.revoke, name="revoke_invitation"),
    path("submit/", room.submit, name="submit"),
    path("scorecard/", results.scorecard, name="scorecard"),
    path("scorecard/state/", results.scoring_state, name="scoring_state"),
    path("scorecard/again/", results.score_again, name="score_again"),
]

interview_patterns: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("start/", starting.start, name="start"),
        path("cases/<slug:slug>/reveal/", starting.reveal_case, name="reveal_case"),
        path("interviews/<uuid:interview_id>/", include(room_patterns)),
        path("join/<str:token>/", joining.join, name="join"),
        path("progress/", results.history_page, name="history"),
    ],
    "interviews",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("", include(interview_patterns)),
]
