from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "engines.documents"
    label = "documents"
