"""Addresses of links to scorecards and replays: the owner's list, and what somebody with a link opens."""

from django.urls import path

from interviews.views import sharing

app_name = "sharing"
urlpatterns = [
    path("progress/links/", sharing.own_links, name="links"),
    path("progress/links/<int:share_id>/revoke/", sharing.revoke, name="revoke"),
    path("shared/<str:token>/", sharing.shared, name="shared"),
    path("shared/<str:token>/board/", sharing.shared_board, name="shared_board"),
    path("shared/<str:token>/images/<slug:file_id>/", sharing.shared_image, name="shared_image"),
]
