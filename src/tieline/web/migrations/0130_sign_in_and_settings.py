from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0120_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="subject",
            field=models.CharField(blank=True, db_index=True, default="", max_length=600),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="SettingsText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("replaced_at", models.DateTimeField(auto_now_add=True)),
                ("replaced_by", models.CharField(max_length=80)),
            ],
            options={"ordering": ("-id",)},
        ),
    ]
