"""Which files browsers keep for ever: those whose names change when their content does."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware

FOR_EVER = [
    "css/site.0123456789ab.css",
    "js/room.fedcba987654.js",
    "board/assets/main-CO9S4HFW.js",
    "board/assets/chunk-EIO257PC-Di8hQkTG.js",
    "board/assets/Assistant-Bold-gm-uSS1B.woff2",
    "board/assets/dagre-GXQ25YYZ-BXpM-ZpF.js",
    "board/fonts/Lilita/Lilita-Regular-i7dPIFZ9Zz-WBtRtedDbYEF8RXi4EwQ.woff2",
]
ASKED_AGAIN = [
    "css/site.css",
    "js/phase-clock.js",
    "js/sample-scorecard.js",  # a word of eight or more letters is no hash
    "board/manifest.json",
    "board/asset-path.js",
    "board/ml-parts.excalidrawlib",
    "board/assets/plain.js",
    "board/ui-fonts/source-serif-4-latin.woff2",
    "board/ui-fonts/excalifont-latin.woff2",
    "admin/css/responsive-dark_mode.css",
]


@pytest.fixture
def collected(settings, tmp_path):
    """Collect one file for each of these names, as at the start of a real site."""
    for name in (*FOR_EVER[2:], *ASKED_AGAIN):
        path = tmp_path / "written" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    settings.STATICFILES_DIRS = [tmp_path / "written"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static.Storage"}}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)


def kept(url: str) -> str:
    answer = Client().get(url)
    assert answer.status_code == 200, url
    answer.close()
    return answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "for_ever"), [(name, True) for name in FOR_EVER] + [(name, False) for name in ASKED_AGAIN]
)
def test_whitenoise_keeps_what_never_changes(name, for_ever):
    served = WhiteNoiseMiddleware(lambda request: None)
    assert served.immutable_file_test(f"/anywhere/{name}", f"/static/{name}") is for_ever


@pytest.mark.django_db  # a request that ends looks at the connections that are open
def test_browsers_are_told_so(collected):
    hashed = staticfiles_storage.url("css/site.css")
    assert hashed != "/static/css/site.css"
    assert "immutable" in kept(hashed)
    for name in FOR_EVER[2:]:
        assert staticfiles_storage.url(name) == f"/static/{name}"
        assert "immutable" in kept(f"/static/{name}")
    for name in ASKED_AGAIN:
        assert kept(f"/static/{name}") == "max-age=60, public"
