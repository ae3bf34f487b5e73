"""The contrib extensions the rooms above need; both are trusted, so the database's owner may create them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    run_before: ClassVar = [("organizations", "0001_initial")]
    operations: ClassVar = [CreateExtension("ltree"), CreateExtension("btree_gin")]
