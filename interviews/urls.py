from django.urls import URLPattern, URLResolver, include, path

from interviews.views import (
    ask,
    board,
    challenges,
    clock,
    home,
    images,
    joining,
    notes,
    replay,
    results,
    room,
    selfscore,
    starting,
    submit,
)

room_patterns = [
    path("", room.room, name="room"),
    path("clock/", clock.phase_bar, name="phase_bar"),
    path("advance/", clock.advance_phase, name="advance_phase"),
    path("pause/", clock.pause, name="pause"),
    path("resume/", clock.resume, name="resume"),
    path("extend/", clock.extend, name="extend"),
    path("come-back/", clock.come_back, name="come_back"),
    path("leave/", clock.leave, name="leave"),
    path("abandon/", clock.abandon, name="abandon"),
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
    path("replay/", replay.replay, name="replay"),
    path("retry/", replay.retry, name="retry"),
    path("notes/preview/", notes.preview_notes, name="preview_notes"),
    path("submit/", submit.submit, name="submit"),
    path("self-score/", selfscore.self_score, name="self_score"),
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
    path("progress/", include("interviews.practice_urls")),
    path("", include(interview_patterns)),
]
