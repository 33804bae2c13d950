import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.append_only import refuse_changes


def key(to, **how):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **how
    )


class Migration(migrations.Migration):
    """Events lose their words and refuse to be changed; indexes for the filters of the trail's page."""

    dependencies = [("accounts", "0005_move_the_words"), ("schools", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="event", name="subject_name"),
        migrations.RemoveField(model_name="event", name="why"),
        migrations.RemoveIndex(model_name="event", name="event_of_board"),
        migrations.RemoveIndex(model_name="event", name="event_of_school"),
        migrations.AlterField(model_name="event", name="board", field=key("boards.board", null=True)),
        migrations.AlterField(model_name="event", name="family", field=key("schools.family", null=True)),
        migrations.AlterField(model_name="event", name="school", field=key("schools.school", null=True)),
        migrations.AlterField(model_name="event", name="by", field=key(settings.AUTH_USER_MODEL, null=True)),
        migrations.AlterField(model_name="event", name="subject_type", field=key("contenttypes.contenttype")),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["board", "-at", "-id"], name="event_of_board")
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["family", "-at", "-id"], name="event_of_family")
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["school", "-at", "-id"], name="event_of_school")
        ),
        migrations.AddIndex(model_name="event", index=models.Index(fields=["by", "-at", "-id"], name="event_by")),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["board", "subject_type", "-at", "-id"], name="event_of_board_and_kind"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["board", "verb", "-at", "-id"], name="event_of_board_and_verb"),
        ),
        refuse_changes("accounts_event"),
        refuse_changes("accounts_seal", pk="event_id"),
    ]
