"""The parts of a person's settings that reach into interviews; the page itself is `accounts:profile`."""

from django.urls import path

from interviews.views import belongings

urlpatterns = [
    path("tokens/", belongings.make_token, name="make_token"),
    path("tokens/<int:token_id>/revoke/", belongings.revoke_token, name="revoke_token"),
    path("export/", belongings.ask_for_export, name="ask_for_export"),
    path("export/state/", belongings.export_state, name="export_state"),
    path("export/<uuid:export_id>/", belongings.download_export, name="download_export"),
    path("delete/", belongings.delete_everything, name="delete_everything"),
]
