"""Drawings on a page: as wide as their words need to be read, whatever the page is."""

import re

from django.utils.safestring import SafeString, mark_safe

# A box's words are 18 units high: at this share 11 px, and a wide design is still seen as a whole on a
# laptop. Where there is less room the window scrolls; the page can show it larger.
SMALLEST_SHARE = 0.6
_VIEW = re.compile(r'<svg ([^>]*?)viewBox="-?[\d.]+ -?[\d.]+ ([\d.]+) ([\d.]+)"')


def readable(picture: SafeString, share: float = SMALLEST_SHARE) -> SafeString:
    """Return a drawing with the width below which its words are too small; a style sheet may widen it."""

    def sized(found: re.Match[str]) -> str:
        width, height = (round(float(value) * share) for value in found.groups()[1:])
        return f'<svg width="{width}" height="{height}" {found[0][5:]}'

    return mark_safe(_VIEW.sub(sized, str(picture), count=1))
