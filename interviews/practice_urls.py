"""Addresses of what is practised between attempts, all under /progress/."""

from django.urls import path

from interviews.views import compared, drills, reviewing

app_name = "practice"
urlpatterns = [
    path("review/", reviewing.queue, name="queue"),
    path("review/undo/", reviewing.undo, name="undo"),
    path("review/tomorrow/", reviewing.tomorrow, name="tomorrow"),
    path("review/cards/", reviewing.cards, name="cards"),
    path("review/cards/<int:card_id>/answer/", reviewing.answer, name="answer"),
    path("review/cards/<int:card_id>/put-away/", reviewing.put_away, name="put_away"),
    path("review/cards/<int:card_id>/bring-back/", reviewing.bring_back, name="bring_back"),
    path("review/<int:review_id>/", reviewing.review, name="review"),
    path("review/<int:review_id>/grade/", reviewing.grade, name="grade"),
    path("drills/", drills.drills, name="drills"),
    path("drills/new/", drills.new_drill, name="new_drill"),
    path("drills/<uuid:drill_id>/", drills.drill, name="drill"),
    path("drills/<uuid:drill_id>/save/", drills.save, name="save_drill"),
    path("drills/<uuid:drill_id>/hand-in/", drills.hand_in, name="hand_in_drill"),
    path("compare/<slug:slug>/", compared.compared, name="compare"),
    path("report.pdf", compared.progress_pdf, name="progress_pdf"),
]
