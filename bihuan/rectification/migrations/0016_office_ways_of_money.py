from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0011_money_ways'),
        ('rectification', '0015_acceptance_levels'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moneyentry',
            name='way',
            field=models.CharField(max_length=80, verbose_name='方式'),
        ),
        migrations.AddField(
            model_name='moneyentry',
            name='way_en',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='moneyentry',
            name='way_zh',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
    ]
