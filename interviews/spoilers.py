"""The library's question to us: may this person see the spoilers of this case?"""

from interviews.access import may_see_spoilers as may_see

__all__ = ["may_see"]
