"""The front door's pages, gathered: inbox, a request, a possible match, a new request."""

from anydoor.web.desk import inbox, new_request, replaying, same_person, triage

urls = [*inbox.urls, *triage.urls, *replaying.urls, *same_person.urls, *new_request.urls]
