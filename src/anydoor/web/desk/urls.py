"""Addresses of the desk. Each file of pages brings its own list."""

from anydoor.web.desk import (
    contacts,
    directory,
    events,
    families,
    front_door,
    handover_steps,
    handovers,
    home,
    messages_sent,
    people,
    proposing,
    reaching,
    rota,
    second_look,
    team,
    work,
)

app_name = "desk"
urlpatterns = [
    *home.urls,
    *front_door.urls,
    *families.urls,
    *people.urls,
    *reaching.urls,
    *events.urls,
    *contacts.urls,
    *work.urls,
    *proposing.urls,
    *handovers.urls,
    *handover_steps.urls,
    *second_look.urls,
    *team.urls,
    *rota.urls,
    *messages_sent.urls,
    *directory.urls,
]
