import bihuan.journal.identity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=60, verbose_name='事项')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='来源')),
                ('sector', models.CharField(blank=True, max_length=80, verbose_name='领域')),
                ('grade', models.CharField(blank=True, max_length=20, verbose_name='等级')),
                ('supervision_level', models.CharField(blank=True, max_length=20, verbose_name='督办级别')),
                ('version', models.PositiveIntegerField(verbose_name='版本')),
                ('valid_from', models.DateField(verbose_name='自')),
                ('valid_until', models.DateField(null=True, verbose_name='至')),
                ('body', models.JSONField(verbose_name='内容')),
                ('basis', models.CharField(blank=True, max_length=300, verbose_name='依据')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['code', 'valid_from'], name='policy_code')],
                'constraints': [models.UniqueConstraint(fields=('code', 'jurisdiction', 'source', 'sector', 'grade', 'supervision_level', 'version'), name='policy_version_once')],
            },
        ),
    ]
