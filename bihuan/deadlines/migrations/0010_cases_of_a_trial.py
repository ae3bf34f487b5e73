from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0009_schedule_of_the_plan'),
    ]

    operations = [
        migrations.AddField(
            model_name='policytrial',
            name='total',
            field=models.PositiveIntegerField(default=0),
        ),
        # How many cases a trial looks at was counted from its list whenever somebody asked how far it is.
        migrations.RunSQL(
            "UPDATE deadlines_policytrial SET total = jsonb_array_length(cases)", migrations.RunSQL.noop
        ),
    ]
