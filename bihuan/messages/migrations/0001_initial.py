import bihuan.journal.identity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('to_person', models.UUIDField()),
                ('kind', models.CharField(max_length=60)),
                ('count', models.PositiveIntegerField(default=1)),
                ('number', models.CharField(blank=True, max_length=60)),
                ('link', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['to_person', '-created_at'], name='message_to'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['to_person'], name='message_unread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('read_at__isnull', True)), fields=('to_person', 'kind', 'number', 'link'), name='one_unread_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('sending', '发送中'), ('delivered', '已送达'), ('failed', '未送达')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('failure', models.CharField(blank=True, max_length=200)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='bihuan_messages.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'channel'), name='one_delivery_on_a_channel')],
            },
        ),
    ]
