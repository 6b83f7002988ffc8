"""Pictures on a board: one comes in as a file and goes out as we encoded it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from interviews import access, uploading
from whiteboard.images_encoding import ImageRefusedError
from whiteboard.models import Image

NO_SUCH_PICTURE = "This board has no such picture."


@require_POST
def add_image(request: HttpRequest, interview_id: UUID) -> JsonResponse:
    """Take one file in; the answer names the picture, or says in a sentence why it was refused."""
    seat = access.seat_or_404(request.user, interview_id)
    files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    try:
        if len(files) != 1:
            raise ImageRefusedError("Send one picture at a time.", 422)
        image = uploading.add_picture(seat, files[0])
    except ImageRefusedError as refusal:
        return JsonResponse({"error": str(refusal)}, status=refusal.status)
    return JsonResponse(
        {
            "fileId": image.file_id,
            "url": reverse("interviews:board_image", args=[interview_id, image.file_id]),
            "width": image.width,
            "height": image.height,
            "mimeType": image.content_type,
        }
    )


@require_safe
def board_image(request: HttpRequest, interview_id: UUID, file_id: str) -> HttpResponse:
    """Send a picture to who may see its board. It never changes, so browsers keep it."""
    interview = access.board_watcher_or_404(request.user, interview_id)
    found = Image.objects.filter(board_id=interview.board_id, file_id=file_id)
    etag = f'"{file_id}"'
    if request.headers.get("If-None-Match") == etag and found.exists():
        answer: HttpResponse = HttpResponseNotModified()
    else:
        image = found.first()
        if image is None:
            raise Http404(NO_SUCH_PICTURE)
        answer = HttpResponse(bytes(image.data), content_type=image.content_type)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
