from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0007_judged_achievability'),
    ]

    operations = [
        migrations.AddField(
            model_name='clock',
            name='schedule',
            field=models.JSONField(default=list),
        ),
    ]
