from django.urls import URLPattern, URLResolver, include, path

from interviews.views import ask, board, challenges, home, images, joining, results, room, starting

room_patterns = [
    path("", room.room, name="room"),
    path("clock/", room.phase_bar, name="phase_bar"),
    path("advance/", room.advance_phase, name="advance_phase"),
    path("pause/", room.pause, name="pause"),
    path("resume/", room.resume, name="resume"),
    path("hints/", room.hints, name="hints"),
    path("ask/", ask.ask, name="ask"),
    path("ask/<int:question>/answer/", ask.answer, name="answer"),
    path("follow-up/", challenges.follow_up, name="follow_up"),
    path("curveball/", challenges.curveball, name="curveball"),
    path("curveball/close/", challenges.close_curveball, name="close_curveball"),
    path("events/", room.events_after, name="events"),
    path("people/", joining.people, name="people"),
    path("invite/", joining.invite, name="invite"),
    path("invite/<int:invitation_id>/revoke/", joining.revoke, name="revoke_invitation"),
    path("board/images/", images.add_image, name="add_image"),
    path("board/images/<slug:file_id>/", images.board_image, name="board_image"),
    path("board/history/", board.board_history, name="board_history"),
    path("board/versions/", board.board_versions, name="board_versions"),
    path("board/versions/compare/", board.compare_versions, name="compare_versions"),
    path("board/versions/<int:version_id>/", board.board_version, name="board_version"),
    path("submit/", room.submit, name="submit"),
    path("scorecard/", results.scorecard, name="scorecard"),
    path("scorecard/reference/", results.beside_reference, name="beside_reference"),
    path("scorecard.pdf", results.scorecard_pdf, name="scorecard_pdf"),
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
