"""The first tables, and what every new ledger has: a salt of its own, a token for each fact."""

# ruff: noqa: D101, D103, RUF012
# The shape is Django's; `makemigrations` wrote most of it.

import secrets

import django.db.models.deletion
from django.db import migrations, models


def begin(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("ledger", "Salt").objects.using(alias).create(
        id=1, value=secrets.token_bytes(32)
    )
    apps.get_model("ledger", "State").objects.using(alias).bulk_create(
        apps.get_model("ledger", "State")(facts=facts, token="")
        for facts in ("judgements", "events", "tombstones", "labels")
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = ()

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_certificates",
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("entity", models.TextField()),
                ("body", models.TextField()),
                ("reason", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("evidence", models.TextField()),
            ],
            options={
                "db_table": "ledger_judgements",
            },
        ),
        migrations.CreateModel(
            name="Salt",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("value", models.BinaryField()),
            ],
            options={
                "db_table": "ledger_salt",
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                ("facts", models.TextField(primary_key=True, serialize=False)),
                ("token", models.TextField()),
            ],
            options={
                "db_table": "ledger_state",
            },
        ),
        migrations.CreateModel(
            name="Ending",
            fields=[
                (
                    "judgement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="ending",
                        serialize=False,
                        to="ledger.judgement",
                    ),
                ),
                ("reason", models.TextField()),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "ledger_endings",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.TextField()),
                ("message_id", models.TextField()),
                ("type", models.TextField()),
                ("occurred_at", models.TextField()),
                ("received_at", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "ledger_events",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("stream", "message_id"), name="ledger_event_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("left_record", models.TextField()),
                ("right_record", models.TextField()),
                ("entity", models.TextField()),
                ("same", models.BooleanField(null=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("shown", models.TextField()),
                (
                    "judgement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.judgement",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_labels",
            },
        ),
        migrations.CreateModel(
            name="JudgementRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_id", models.TextField()),
                (
                    "judgement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.judgement",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_judgement_records",
                "indexes": [models.Index(fields=["record_id"], name="ledger_judged_record")],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("digest", models.TextField()),
                ("forgotten_at", models.DateTimeField()),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.certificate",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_tombstones",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "digest"), name="ledger_tombstone_once")
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
