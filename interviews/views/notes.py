"""The candidate's notes as they read: Markdown made safe."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casestudies import prose
from interviews import access
from interviews.views.asking import PersonRequest


@require_POST
@login_required
def preview_notes(request: PersonRequest, interview_id: UUID) -> HttpResponse:
    """Return what somebody in the room has before them as HTML; nothing is stored."""
    access.seat_or_404(request.user, interview_id)
    text = request.POST.get("text", "")
    context = {"html": prose.to_html(text, shift=2), "cut": len(text) > prose.MAX_LENGTH}
    return render(request, "interviews/_notes_preview.html", context)
