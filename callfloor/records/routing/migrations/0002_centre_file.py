"""The centre's file, whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CentreFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=12)),
                ("parent", models.CharField(max_length=12, null=True)),
                ("body", models.TextField()),
                ("by_page", models.BooleanField(default=False)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=64)),
            ],
        ),
    ]
