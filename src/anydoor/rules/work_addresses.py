"""Which e-mail addresses are of public bodies, by the endings only such bodies are given.

Sources: NHS Digital's and the Cabinet Office's rules for `nhs.uk`, `nhs.net` and `gov.uk`; Nominet's rules
for `sch.uk`, `police.uk` and `mod.uk`. An ending says that an organisation of that kind gave the address, not
who reads it: that is what the code is for.
"""

from __future__ import annotations

from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput

PUBLIC_ENDINGS = ("nhs.uk", "nhs.net", "gov.uk", "sch.uk", "police.uk", "mod.uk")


def domain_of(address: str) -> str:
    """The part behind the @ of an address, lower case. Raises `BadInput` when it cannot be an address."""
    return identifiers.email(address).rpartition("@")[2]


def is_public_body(domain: str) -> bool:
    """Whether a domain ends as those of public bodies do: `leeds.nhs.uk` does, `leeds.nhs.uk.example` not."""
    return any(domain == ending or domain.endswith(f".{ending}") for ending in PUBLIC_ENDINGS)


def checked_domain(text: str) -> str:
    """A domain as it is compared, from `@place.example` or `place.example`. Raises `BadInput`."""
    typed = text.strip().lower().rpartition("@")[2]
    if "." not in typed:
        raise BadInput("Write the part behind the @, like charity.example.", field="domain")
    try:
        return domain_of(f"somebody@{typed}")
    except BadInput:
        raise BadInput("Write the part behind the @, like charity.example.", field="domain") from None
