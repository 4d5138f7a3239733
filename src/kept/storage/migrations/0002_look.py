from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kept', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('store', models.TextField()),
                ('seen', models.JSONField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'kept_look',
                'indexes': [models.Index(fields=['store', 'id'], name='kept_look_last')],
            },
        ),
    ]
