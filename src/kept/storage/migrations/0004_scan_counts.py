from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kept', '0003_scan'),
    ]

    operations = [
        migrations.AddField(
            model_name='scanrow',
            name='counted',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='scanrow',
            name='before',
            field=models.JSONField(null=True),
        ),
    ]
