from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("papers", "0003_minutes")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="about",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("about__isnull", False)), fields=["about"], name="paper_about"
            ),
        ),
    ]
