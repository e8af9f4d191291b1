from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobDescription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=64)),
                ("version", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("texts", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "version"), name="job_description_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="job_description_version"
                    ),
                ],
            },
        ),
    ]
