
import articles.models.discussion
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('article_count', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='DiscussionDefaults',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ListStamp',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('stamp', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text='Leave empty to make it from the name.', max_length=80, unique=True, verbose_name='slug')),
                ('biography', models.CharField(blank=True, max_length=500, verbose_name='biography')),
                ('user', models.OneToOneField(blank=True, help_text='Essays that this account writes are by this author unless another is chosen.', null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('dek', models.CharField(blank=True, help_text='The line under the title.', max_length=400, verbose_name='dek')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text="The last part of the essay's address. Leave empty to make it from the title.", max_length=80, unique=True, verbose_name='slug')),
                ('body', models.TextField(verbose_name='body')),
                ('body_html', models.TextField(editable=False)),
                ('body_version', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('word_count', models.PositiveIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published')], default='draft', max_length=10, verbose_name='status')),
                ('discussion', models.CharField(choices=[('open', 'open'), ('moderated', 'moderated: every reply waits for a moderator'), ('read_only', 'read-only: shown, takes no replies at present'), ('closed', 'closed: shown, takes no replies any more')], default='open', max_length=10, verbose_name='discussion')),
                ('discussion_note', models.CharField(blank=True, help_text='Shown above the reply form, or in its place.', max_length=300, verbose_name='sentence for readers')),
                ('closes_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed')),
                ('published_at', models.DateTimeField(blank=True, help_text='Leave empty for the moment of publication. With a future time, the essay appears then.', null=True, verbose_name='publication time')),
                ('pinned', models.BooleanField(default=False, help_text='Shown before all other essays on the first page.', verbose_name='pinned')),
                ('stamp', models.BigIntegerField(default=0, editable=False)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='articles.author', verbose_name='author')),
            ],
            options={
                'verbose_name': 'essay',
                'verbose_name_plural': 'essays',
                'ordering': ['-published_at', '-pk'],
            },
            bases=(articles.models.discussion.DiscussionMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('heading', 'Heading'), ('list', 'List')], max_length=7)),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('text', models.TextField()),
                ('position', models.PositiveIntegerField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='articles.article')),
            ],
        ),
        migrations.CreateModel(
            name='Point',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.CharField(max_length=80)),
                ('level', models.PositiveSmallIntegerField(default=1)),
                ('text', models.TextField()),
                ('position', models.PositiveIntegerField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='articles.article')),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='points', to='articles.section')),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='name')),
                ('folded_name', models.CharField(editable=False, max_length=150, unique=True)),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text="The last part of the tag's address. Leave empty to make it from the name.", max_length=80, unique=True, verbose_name='slug')),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='articles.tag', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('published_at', models.DateTimeField(null=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='articles.article')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='articles.tag')),
            ],
        ),
        migrations.AddField(
            model_name='article',
            name='tags',
            field=models.ManyToManyField(related_name='articles', through='articles.Tagging', to='articles.tag'),
        ),
        migrations.CreateModel(
            name='OldSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('slug', models.SlugField(allow_unicode=True, max_length=80)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_slugs', to='articles.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('slug', 'year'), name='old_slug_unique')],
            },
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('article', 'anchor'), name='section_anchor_unique'),
        ),
        migrations.AddConstraint(
            model_name='point',
            constraint=models.UniqueConstraint(fields=('article', 'anchor'), name='point_anchor_unique'),
        ),
        migrations.AddIndex(
            model_name='tagging',
            index=models.Index(fields=['tag', '-published_at', '-article'], name='tagging_newest'),
        ),
        migrations.AddConstraint(
            model_name='tagging',
            constraint=models.UniqueConstraint(fields=('article', 'tag'), name='tagging_unique'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['status', '-published_at', '-id'], name='article_newest'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['author', 'status', '-published_at', '-id'], name='article_of'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('pinned', True)), fields=['status', '-published_at', '-id'], name='article_pinned'),
        ),
    ]
