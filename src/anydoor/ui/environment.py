"""The one Jinja environment of every page: where templates are, and the small words they may use.

Named in settings as the `environment` option of Django's Jinja2 backend. Templates of pages come
from the backend's own folders (`DIRS`); the room's own (`ui/...`) and those of the NHS design
system (`nhsuk/...`) are added here.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader, UndefinedError

from anydoor.ui import times, words
from anydoor.ui.icons import icon, ring


class Missing(ChainableUndefined):
    """A name a template uses and nobody gave: may be asked about (`if x`), may not be printed or walked.

    The NHS macros ask about many parts nobody gave, so plain strictness is no choice.
    """

    def __str__(self) -> str:
        raise UndefinedError(self._undefined_message)

    __html__ = __str__

    def __iter__(self) -> Any:
        raise UndefinedError(self._undefined_message)


FILTERS = {
    "ago": times.ago,
    "bidi": words.bidi,
    "clock_time": times.clock_time,
    "date_words": times.date_words,
    "day_parts": times.day_parts,
    "day_time": times.day_time,
    "day_words": times.day_words,
    "full_date": times.full_date,
    "given_name": words.given_name,
    "highlight": words.highlight,
    "initials": words.initials,
    "lines": words.lines,
    "london_datetime": times.london_datetime,
    "machine_time": times.machine_time,
    "nhs_spaced": words.nhs_spaced,
    "phone_link": words.phone_link,
    "phone_spaced": words.phone_spaced,
    "plural": words.plural,
    "quoted": words.quoted,
    "sentence": words.sentence,
    "short_day": times.short_day,
    "spoken_reference": words.spoken_reference,
    "time_words": times.time_words,
    "without_controls": words.without_controls,
    "list_of_rules": words.list_of_rules,
}


def environment(**options: Any) -> Environment:
    """Build the environment from the backend's options (loader, autoescape, auto_reload, undefined).

    Where the setting `TEMPLATES_LOUD` (else `DEBUG`) is true, printing a missing name is an error;
    in production it prints nothing, because a blank is kinder than no page.
    """
    own: BaseLoader = options.pop("loader")
    loud = getattr(settings, "TEMPLATES_LOUD", settings.DEBUG)
    options |= {
        "undefined": Missing if loud else ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": [*options.pop("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"],
    }
    env = Environment(  # noqa: S701  # Django's backend always passes autoescape=True
        loader=ChoiceLoader(
            [
                own,
                PackageLoader("anydoor.ui", "templates"),
                PackageLoader("nhsuk_frontend_jinja", "templates"),
            ]
        ),
        **options,
    )
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    env.filters |= FILTERS
    env.globals |= {
        "static": static,
        "url": url,
        "icon": icon,
        "ring": ring,
        "page_language": translation.get_language,
        "page_direction": page_direction,
        "this_moment": this_moment,
        "idle_seconds": idle_seconds,
    }
    return env


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def page_direction() -> str:
    return "rtl" if translation.get_language_bidi() else "ltr"


def idle_seconds() -> int:
    """How long somebody stays signed in without a page."""
    return int(settings.IDLE_MINUTES * 60)


def this_moment() -> datetime:
    """Now, for the date a printed page carries; pages with clocks are given `now` by their view."""
    return timezone.now()
