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
    ]
