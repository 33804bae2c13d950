from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core import checks, french_dates  # noqa: F401  (registers the system checks)

        french_dates.install()
