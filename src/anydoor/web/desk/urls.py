"""Addresses of the desk. Each file of pages brings its own list."""

from anydoor.web.desk import families, front_door, handovers, home, team

app_name = "desk"
urlpatterns = [*home.urls, *front_door.urls, *families.urls, *handovers.urls, *team.urls]
