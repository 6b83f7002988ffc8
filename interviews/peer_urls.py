"""Addresses of a peer interview below its room: the lobby, and the interviewer's panel."""

from django.urls import path

from interviews.views import cockpit, lobby

peer_patterns = [
    path("lobby/", lobby.lobby, name="lobby"),
    path("ready/", lobby.ready, name="ready"),
    path("name/", lobby.call_me, name="call_me"),
    path("begin/", lobby.begin, name="begin"),
    path("call-off/", lobby.call_off, name="call_off"),
    path("presence/", lobby.presence, name="presence"),
    path("people/<int:participant_id>/remove/", lobby.remove, name="remove_person"),
    path("people/<int:participant_id>/host/", lobby.hand_over, name="hand_over"),
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("cockpit/questions/", cockpit.questions, name="cockpit_questions"),
    path("cockpit/notes/", cockpit.notes, name="cockpit_notes"),
    path("cockpit/notes/<int:seq>/", cockpit.edit_note, name="edit_cockpit_note"),
    path("cockpit/areas/", cockpit.take_areas, name="take_areas"),
]
