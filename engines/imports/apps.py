from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "engines.imports"
    label = "imports"
