"""How often one network address may send the public forms. There is no puzzle: after that a person answers.

The count is rough on purpose (two sendings at the same instant may count as one). It stands in the cache,
under a keyed hash, so that no list of addresses of people who asked for help comes into being.
"""

from __future__ import annotations

import ipaddress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 60 * 60


def too_often(request: HttpRequest, what: str, limit: int | None = None, *, about: str = "") -> bool:
    """Count one sending of `what` from this address, and say whether it was over the limit.

    With `about` (an e-mail address that codes go to) it is counted for that, from wherever it is asked.
    """
    allowed = settings.ASKS_AN_HOUR if limit is None else limit
    key = f"often:{what}:{salted_hmac('anydoor.public.limits', about or _network(request)).hexdigest()[:32]}"
    count = cache.get(key, 0)
    if count >= allowed:
        return True
    cache.set(key, count + 1, HOUR)
    return False


def _network(request: HttpRequest) -> str:
    """The address; of the long kind its first half, since one home has very many of those."""
    address = get_adapter().get_client_ip(request)
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 6:
        return str(ipaddress.ip_network(f"{known}/64", strict=False))
    return address
