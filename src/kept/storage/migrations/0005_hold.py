from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kept', '0004_scan_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='HoldRow',
            fields=[
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('source', models.TextField()),
                ('since', models.DateTimeField()),
                ('key', models.CharField(max_length=16)),
                ('people', models.JSONField()),
                ('scope', models.JSONField()),
                ('rows', models.JSONField()),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'kept_hold',
            },
        ),
        migrations.CreateModel(
            name='NoticeRow',
            fields=[
                ('id', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('request', models.CharField(db_index=True, max_length=100)),
                ('recipient', models.TextField()),
                ('role', models.CharField(max_length=40)),
                ('way', models.CharField(max_length=20)),
                ('systems', models.JSONField()),
                ('queued_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'kept_notice',
            },
        ),
    ]
