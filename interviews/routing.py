from channels.auth import AuthMiddlewareStack
from channels.sessions import CookieMiddleware
from django.urls import path, re_path

from interviews.consumers import InterviewBoardConsumer, NoSuchSocket, RoomConsumer

# Boards find out themselves who comes, about a whole room at once: see InterviewBoardConsumer.admit.
board = CookieMiddleware(InterviewBoardConsumer.as_asgi())

websocket_urlpatterns = [
    # A stock y-websocket client asks without the slash at the end.
    path("ws/boards/<uuid:board_id>", board),
    path("ws/boards/<uuid:board_id>/", board),
    path("ws/interviews/<uuid:interview_id>/", AuthMiddlewareStack(RoomConsumer.as_asgi())),
    re_path(r"^.*$", NoSuchSocket.as_asgi()),
]
