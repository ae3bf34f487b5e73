from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0008_trials'),
    ]

    operations = [
        migrations.AddField(
            model_name='clock',
            name='schedule',
            field=models.JSONField(default=list),
        ),
    ]
