from django.urls import path, re_path

from interviews.consumers import InterviewBoardConsumer, NoSuchSocket, RoomConsumer

websocket_urlpatterns = [
    # A stock y-websocket client asks without the slash at the end.
    path("ws/boards/<uuid:board_id>", InterviewBoardConsumer.as_asgi()),
    path("ws/boards/<uuid:board_id>/", InterviewBoardConsumer.as_asgi()),
    path("ws/interviews/<uuid:interview_id>/", RoomConsumer.as_asgi()),
    re_path(r"^.*$", NoSuchSocket.as_asgi()),
]
