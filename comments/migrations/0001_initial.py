
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import mptt.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('articles', '0002_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point_text', models.TextField(blank=True, editable=False, verbose_name='point, as it read when answered')),
                ('ordinal', models.PositiveIntegerField(editable=False)),
                ('number', models.CharField(editable=False, max_length=2500, verbose_name='number')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('body', models.TextField(verbose_name='words')),
                ('body_html', models.TextField(editable=False)),
                ('body_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('size', models.PositiveIntegerField(default=100, editable=False)),
                ('status', models.CharField(choices=[('published', 'published'), ('held', 'held'), ('hidden', 'hidden'), ('spam', 'spam')], default='published', max_length=10, verbose_name='status')),
                ('posted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='posted')),
                ('public_reason', models.CharField(blank=True, max_length=200, verbose_name='public reason')),
                ('locked', models.BooleanField(default=False, verbose_name='locked: its branch takes no replies')),
                ('email_hash', models.CharField(blank=True, editable=False, max_length=64)),
                ('content_digest', models.CharField(editable=False, max_length=64, null=True)),
                ('erased_at', models.DateTimeField(editable=False, null=True)),
                ('lft', models.PositiveIntegerField(editable=False)),
                ('rght', models.PositiveIntegerField(editable=False)),
                ('tree_id', models.PositiveIntegerField(db_index=True, editable=False)),
                ('level', models.PositiveIntegerField(editable=False)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='articles.article', verbose_name='essay')),
                ('parent', mptt.fields.TreeForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='comments.comment', verbose_name='answers')),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='articles.point', verbose_name='point')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'permissions': [('erase_person', 'Can export and erase all that is kept of a person')],
            },
        ),
        migrations.CreateModel(
            name='Pattern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hold', 'hold the reply'), ('refuse', 'refuse the reply')], max_length=10, verbose_name='what it does')),
                ('is_regex', models.BooleanField(default=False, help_text='Else whole words: case, marks and look-alike letters make no difference.', verbose_name='regular expression')),
                ('text', models.CharField(max_length=500, verbose_name='words or pattern')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'pattern',
                'verbose_name_plural': 'patterns',
            },
        ),
        migrations.CreateModel(
            name='Rules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hold', models.CharField(choices=[('none', 'none'), ('first', 'the first of each commenter'), ('all', 'all')], default='none', max_length=10, verbose_name='replies to hold')),
                ('max_links', models.PositiveSmallIntegerField(default=5, help_text='A reply with more is held. 0: no limit.', verbose_name='most links')),
                ('min_seconds_between', models.PositiveSmallIntegerField(default=0, help_text='A faster reply from the same network is held. 0: no limit.', verbose_name='fewest seconds between two replies')),
                ('max_per_hour_by_email', models.PositiveSmallIntegerField(default=0, help_text='Further replies are held. 0: no limit.', verbose_name='most replies an hour from one e-mail address')),
                ('max_per_hour_by_network', models.PositiveSmallIntegerField(default=0, help_text='Further replies are held. 0: no limit.', verbose_name='most replies an hour from one network')),
                ('days_open', models.PositiveSmallIntegerField(default=0, help_text='Counted from its publication. 0: no end.', verbose_name='days that an essay takes replies')),
                ('flags_to_hold', models.PositiveSmallIntegerField(default=3, help_text='Unless a moderator has decided on it before. 0: flags hold nothing.', verbose_name='flags that hold a comment')),
                ('public_log', models.BooleanField(default=False, help_text="Shows at /moderation/ what moderators have done, and nobody's name.", verbose_name='public log')),
                ('show_moderator_names', models.BooleanField(default=False, verbose_name="with the moderators' names")),
            ],
            options={
                'verbose_name': 'rules',
                'verbose_name_plural': 'rules',
            },
        ),
        migrations.CreateModel(
            name='SpentProof',
            fields=[
                ('nonce', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('expires_at', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='articles.article')),
                ('published_count', models.PositiveIntegerField(default=0)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('newest_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TokenCount',
            fields=[
                ('token', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('spam', models.PositiveIntegerField(default=0)),
                ('ham', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='TreeLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='ModeratorVerdict',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='verdict', serialize=False, to='comments.comment')),
                ('is_spam', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='NetworkTrace',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='network_trace', serialize=False, to='comments.comment')),
                ('client_hash', models.CharField(db_index=True, max_length=40)),
                ('day', models.PositiveIntegerField(db_index=True)),
                ('subnet', models.CharField(blank=True, max_length=64)),
                ('wider_subnet', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Ban',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'e-mail address'), ('host', 'all addresses of one host'), ('network', 'network'), ('name', 'name')], max_length=10, verbose_name='by')),
                ('target_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('wider_subnet_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ('name_pattern', models.CharField(blank=True, help_text='A star stands for any letters.', max_length=80, verbose_name='name')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('until', models.DateTimeField(blank=True, help_text='Empty: for good.', null=True, verbose_name='until')),
                ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('comment', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bans', to='comments.comment', verbose_name='because of')),
            ],
            options={
                'verbose_name': 'ban',
                'verbose_name_plural': 'bans',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('spam', 'It is advertising or spam'), ('abuse', 'It insults or threatens somebody'), ('private', 'It tells what is private'), ('off_topic', 'It has nothing to do with the essay'), ('other', 'Something else')], max_length=10, verbose_name='reason')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                ('reader', models.CharField(editable=False, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('settled_in_batch', models.PositiveBigIntegerField(editable=False, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='comments.comment', verbose_name='comment')),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ModerationAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(unique=True, verbose_name='number')),
                ('batch', models.PositiveBigIntegerField(db_index=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('verb', models.CharField(choices=[('publish', 'published'), ('hold', 'held'), ('hide', 'hidden'), ('spam', 'marked as spam'), ('lock', 'locked'), ('unlock', 'unlocked'), ('undo', 'taken back'), ('ban', 'banned'), ('lift', 'ban lifted'), ('rules', 'rules changed'), ('export', 'personal data exported'), ('erase', 'personal data erased')], max_length=10, verbose_name='act')),
                ('before', models.CharField(blank=True, max_length=10, verbose_name='before')),
                ('after', models.CharField(blank=True, max_length=10, verbose_name='after')),
                ('by_rule', models.BooleanField(default=False, verbose_name='by a rule')),
                ('actor_name', models.CharField(blank=True, max_length=150, verbose_name='who')),
                ('actor_salt', models.CharField(blank=True, max_length=32)),
                ('actor_hash', models.CharField(max_length=64)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('public_reason', models.CharField(blank=True, max_length=200, verbose_name='public reason')),
                ('reason_salt', models.CharField(blank=True, max_length=32)),
                ('reason_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='comments.comment', verbose_name='comment')),
                ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='comments.moderationaction', verbose_name='takes back')),
            ],
            options={
                'verbose_name': 'log entry',
                'verbose_name_plural': 'log entries',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email_hash', models.CharField(editable=False, max_length=64)),
                ('text', models.TextField(max_length=2000, verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RateLimitWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_hash', models.CharField(max_length=40)),
                ('seconds', models.PositiveIntegerField()),
                ('started', models.BigIntegerField()),
                ('hits', models.PositiveIntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(fields=['started'], name='rate_limit_window_started')],
                'constraints': [models.UniqueConstraint(fields=('client_hash', 'seconds', 'started'), name='rate_limit_window_unique')],
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=20, verbose_name='rule')),
                ('text', models.CharField(max_length=300, verbose_name='in words')),
                ('weight', models.PositiveSmallIntegerField(help_text='From 0 to 100.', verbose_name='weight')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reasons', to='comments.comment', verbose_name='comment')),
            ],
            options={
                'verbose_name': 'reason',
                'verbose_name_plural': 'reasons',
                'ordering': ['-weight', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['article', 'tree_id', 'lft'], name='comment_in_order'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['article', 'parent', 'ordinal'], name='comment_siblings'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['status', '-posted_at'], name='comment_newest'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['article', 'status', '-posted_at'], name='comment_newest_under'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(django.db.models.functions.text.Upper('email'), name='comment_by_email'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['email_hash', '-posted_at'], name='comment_by_email_hash'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('point__isnull', False)), fields=['article', 'point'], name='comment_on_point'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['tree_id', 'lft'], name='comments_comment_tree_id_l4b1c'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('article', 'number'), name='comment_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('article', 'content_digest'), name='comment_digest_unique'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('tree_id', 'lft'), name='comment_tree_position_unique'),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(condition=models.Q(('settled_in_batch', None)), fields=['comment'], name='flag_open'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(fields=('comment', 'reader'), name='flag_once_each'),
        ),
        migrations.AddIndex(
            model_name='moderationaction',
            index=models.Index(fields=['comment', '-number'], name='action_on_comment'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['email_hash', '-created_at'], name='note_by_email_hash'),
        ),
    ]
