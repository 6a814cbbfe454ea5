"""When nobody may try a password, beyond the pause that axes makes for one name from one address.

| what is counted, within the pause's time | most | guards against |
|---|---|---|
| wrong passwords for one name from one address (axes) | 5 | guessing one person's password |
| wrong passwords from one address, whatever the name | 30 | trying a common password on many names |
| wrong passwords for one name, whatever the address | 50 | guessing from many machines |

Of IPv6 a whole network (/64) counts as one address: one machine may call itself by any in it.

The last two would let a stranger lock everybody out. So a browser that signed in before, as this person, is exempt from
them: a signed cookie says so (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

from __future__ import annotations

from typing import Final

from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from crosswalk.web import visitor

FROM_ONE_ADDRESS: Final = 30
FOR_ONE_NAME: Final = 50
_COOKIE: Final = "crosswalk_known"
_SALT: Final = "crosswalk.known-browser"
_LASTS: Final = 365 * 24 * 3600


def paused(request: HttpRequest, name: str) -> bool:
    """Whether a password for `name` may not be tried now by this browser."""
    if _known(request, name):
        return False
    lately = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME)
    here = _sum(lately.filter(ip_address=visitor.counted(request)))
    return here >= FROM_ONE_ADDRESS or _sum(lately.filter(username=name)) >= FOR_ONE_NAME


def _sum(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def _known(request: HttpRequest, name: str) -> bool:
    try:
        return bool(signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_LASTS) == name)
    except signing.BadSignature:
        return False


def remember(response: HttpResponseBase, name: str) -> None:
    """Let the browser show next time that `name` signed in with it."""
    response.set_cookie(
        _COOKIE,
        signing.dumps(name, salt=_SALT),
        max_age=_LASTS,
        path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
