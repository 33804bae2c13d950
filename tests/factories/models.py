"""The models of the house, found by looking."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

# Models that belong to no board, each with its reason. Every other model of the house is owned.
OWNED_BY_NOBODY = {
    "accounts.User": "a person may belong to several boards; memberships say what they see",
    "accounts.Seal": "positions and hashes; who reads the trail is told whether they hold",
    "accounts.ChainCheck": "when the seals of a board were looked through, and whether they held",
    "core.StoredFile": "knows no owner: it is reached through the row that holds it",
    "evaluation.QuestionSet": "what the installation asks; a later issue lets a board choose",
    "evaluation.Question": "part of its set",
    "core.ClockShift": "one row for the whole site",
    "core.SubmittedForm": "a token, of use only to whoever holds it",
}


def ours() -> list[type[models.Model]]:
    """Every model that stands in the project's own folder."""
    home = Path(settings.BASE_DIR)
    found = [config for config in apps.get_app_configs() if Path(config.path).is_relative_to(home)]
    own = [config for config in found if ".venv" not in Path(config.path).parts]
    return [model for config in own for model in config.get_models()]


def owned() -> list[type[models.Model]]:
    """Every model whose rows a board owns."""
    return [model for model in ours() if model._meta.label not in OWNED_BY_NOBODY]
