from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0010_fewer_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='term',
            name='kind',
            field=models.CharField(choices=[('nature', '性质'), ('impact', '影响程度'), ('urgency', '轻重缓急'), ('grade', '问题等级'), ('rectification_kind', '整改类型'), ('supervision_level', '督办级别'), ('money_way', '资金整改方式')], max_length=20),
        ),
    ]
