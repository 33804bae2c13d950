import hashlib
import json
import secrets

from django.db import migrations

BATCH = 500


def move(apps, schema_editor):
    """Give every Event its words beside it and their salted hash, as accounts.events does; in batches."""
    Event, EventWords = (apps.get_model("accounts", name) for name in ("Event", "EventWords"))
    last = 0
    while events := list(Event.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        words = []
        for event in events:
            # What was erased before has no salt: of it nothing is to be proved.
            salt = secrets.token_hex(16) if event.subject_name or event.why else ""
            told = json.dumps([salt or secrets.token_hex(16), event.subject_name, event.why], separators=(",", ":"))
            event.words_hash = hashlib.sha256(told.encode()).hexdigest()
            words.append(EventWords(event=event, subject_name=event.subject_name, why=event.why, salt=salt))
        Event.objects.bulk_update(events, ["words_hash"])
        EventWords.objects.bulk_create(words)
        last = events[-1].pk


def move_back(apps, schema_editor):
    Event, EventWords = (apps.get_model("accounts", name) for name in ("Event", "EventWords"))
    last = 0
    while words := list(EventWords.objects.filter(pk__gt=last).select_related("event").order_by("pk")[:BATCH]):
        for said in words:
            said.event.subject_name, said.event.why = said.subject_name, said.why
        Event.objects.bulk_update([said.event for said in words], ["subject_name", "why"])
        last = words[-1].pk
    EventWords.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_words_beside_events")]

    operations = [migrations.RunPython(move, move_back)]
