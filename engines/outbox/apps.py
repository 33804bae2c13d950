from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "engines.outbox"
    label = "outbox"
