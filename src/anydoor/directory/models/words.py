"""What an entry is found by: its words, kept by the database itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from anydoor.directory.models.entry import Service


class ServiceWords(models.Model):
    """The words of a service for full-text search: name and organisation, then what it is, then the rest.

    A trigger writes it whenever the service or its organisation's name changes, so it never lags behind.
    """

    service = models.OneToOneField(
        Service, primary_key=True, on_delete=models.CASCADE, related_name="search_words"
    )
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="service_words")]
