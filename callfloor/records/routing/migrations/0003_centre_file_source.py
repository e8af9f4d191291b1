"""Which text of an author a version of the centre's file came from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("routing", "0002_centre_file")]

    operations = [
        migrations.AddField(
            model_name="centrefile",
            name="source",
            field=models.CharField(max_length=12, null=True),
        ),
    ]
