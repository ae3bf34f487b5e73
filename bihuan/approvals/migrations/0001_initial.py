import bihuan.journal.identity
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('matter', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.UUIDField(db_index=True)),
                ('title', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('pending', '待批'), ('approved', '已批准'), ('returned', '已退回'), ('withdrawn', '已撤回')], default='pending', max_length=12)),
                ('asked_by', models.UUIDField(null=True)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('excluded', models.JSONField(default=list)),
                ('asked_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                ('asked_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.unit')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.UUIDField(default=bihuan.journal.identity.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=40)),
                ('asked_by', models.UUIDField(null=True)),
                ('added_by', models.UUIDField(null=True)),
                ('state', models.CharField(choices=[('waiting', '未到'), ('pending', '待办'), ('to_confirm', '待复核'), ('done', '同意'), ('returned', '退回')], default='waiting', max_length=12)),
                ('pending_since', models.DateTimeField(null=True)),
                ('manner', models.CharField(blank=True, choices=[('program', '系统内'), ('paper', '纸面')], max_length=10)),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_for', models.UUIDField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
                ('opinion', models.TextField(blank=True)),
                ('document_no', models.CharField(blank=True, max_length=100)),
                ('approved', models.BooleanField(null=True)),
                ('recorded_by', models.UUIDField(null=True)),
                ('confirmed_by', models.UUIDField(null=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='approvals.approval')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.post')),
                ('signed_copy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.filereference')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['state', 'matter'], name='approval_state'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(fields=['post', 'state'], name='step_on_post'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('approval', 'number'), name='step_number_once'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by__isnull', True), ('decided_by__isnull', True), models.Q(('recorded_by', models.F('decided_by')), _negated=True), _connector='OR'), name='approver_is_not_recorder'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('recorded_by')), _negated=True), _connector='OR'), name='recorder_is_not_confirmer'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('decided_by__isnull', True), models.Q(('confirmed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='approver_is_not_confirmer'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by__isnull', True), models.Q(models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), models.Q(('decided_for__isnull', True), models.Q(('decided_for', models.F('asked_by')), _negated=True), _connector='OR')), _connector='OR'), name='asker_never_approves'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('manner', 'paper'), ('state__in', ('done', 'returned')), _negated=True), models.Q(('confirmed_by__isnull', False), ('decided_at__isnull', False), ('recorded_by__isnull', False), ('signed_copy__isnull', False)), _connector='OR'), name='paper_is_recorded_and_confirmed'),
        ),
    ]
