import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables for what an Event says in words, its seal, and when a chain was looked through."""

    dependencies = [
        ("accounts", "0003_absences"),
        ("boards", "0003_mou_signature_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventWords",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="accounts.event",
                    ),
                ),
                ("subject_name", models.CharField(blank=True, max_length=200)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("waits", models.BooleanField(default=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="eventwords",
            index=models.Index(condition=models.Q(("waits", True)), fields=["event"], name="event_waits_for_its_seal"),
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="seal",
                        serialize=False,
                        to="accounts.event",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="boards.board",
                    ),
                ),
                ("position", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("board", "position"), name="one_seal_per_position"),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("board", None)), fields=("position",), name="one_seal_per_own_position"
            ),
        ),
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                (
                    "board",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="boards.board",
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("broken_at", models.PositiveBigIntegerField(null=True)),
            ],
        ),
        # So that the way back, which adds the column again, has a value for it.
        migrations.AlterField(
            model_name="event",
            name="subject_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="event",
            name="words_hash",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
    ]
