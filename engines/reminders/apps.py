from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "engines.reminders"
    label = "reminders"

    def ready(self) -> None:
        from core import facts
        from engines.reminders.actions import replan_after

        facts.listen(replan_after)
