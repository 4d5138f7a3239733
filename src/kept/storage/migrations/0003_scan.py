from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kept', '0002_look'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScanRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('store', models.TextField()),
                ('dataset', models.TextField()),
                ('structure', models.CharField(max_length=64)),
                ('place', models.BinaryField()),
                ('rows', models.PositiveBigIntegerField()),
                ('read', models.PositiveBigIntegerField()),
                ('cut', models.PositiveBigIntegerField()),
                ('unreadable', models.JSONField()),
                ('found', models.JSONField()),
                ('begun_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'kept_scan',
                'constraints': [
                    models.UniqueConstraint(fields=('store', 'dataset'), name='kept_scan_one')
                ],
            },
        ),
    ]
