"""The editor's desk."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import Article, Author, ListStamp, Tag
from articles.models.tag import parse_tag_names
from articles.text.clean import clean_text, one_line


def label_date_and_time(moment):
    """Names the two boxes of a moment for screen readers: the words beside them are no labels."""
    for box, name in zip(moment.widget.widgets, (_("Date"), _("Time")), strict=True):
        box.attrs["aria-label"] = name


class MultilineField(forms.CharField):
    """Words on many lines. Browsers end each with CR LF, which changes nothing."""

    def has_changed(self, initial, data):
        return super().has_changed(clean_text(initial or "").strip(), clean_text(data or ""))


class ArticleForm(forms.ModelForm):
    # When the essay was last saved, as this form saw it.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    tag_names = forms.CharField(
        label=_("tags"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
        help_text=_("With commas between; a tag that is new is made. Case makes no difference."),
    )

    class Meta:
        model = Article
        fields = [
            *("title", "dek", "body", "author", "slug", "status", "published_at", "discussion"),
            *("discussion_note", "pinned"),
        ]
        field_classes = {"body": MultilineField}
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
            "dek": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 2, "dir": "auto"}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 30, "dir": "auto"}),
            "discussion_note": forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
        }
        help_texts = {
            "body": _(
                "The whole essay in Markdown: paragraphs, ## headings, > quotes, "
                "[links](https://…), tables, footnotes[^1]. A paragraph followed by a bulleted "
                "list is a section; each of its bullets gets a lasting address, to be answered at."
            ),
            "author": _("Empty: you."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "author" in self.fields:
            self.fields["author"].required = False
        if "published_at" in self.fields:
            label_date_and_time(self.fields["published_at"])
        if self.instance.pk:
            self.initial["seen"] = self.instance.changed_at.isoformat()
            self.initial["tag_names"] = ", ".join(tag.name for tag in self.instance.ordered_tags)

    def clean_title(self):
        if title := one_line(self.cleaned_data["title"]):
            return title
        raise ValidationError(_("Please give a title that can be read."))

    def clean_dek(self):
        return one_line(self.cleaned_data["dek"])

    def clean_tag_names(self):
        return parse_tag_names(self.cleaned_data["tag_names"])

    def clean(self):
        super().clean()
        seen, now = self.cleaned_data.get("seen"), self.initial.get("seen")
        if seen and now and seen != now:
            # The form that comes back has seen it: sent once more, it is stored.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = now
            raise ValidationError(
                _(
                    "Somebody else has saved this essay since you opened it. Nothing of yours is "
                    "stored yet, and all of it is below. Compare the two in another tab; saving "
                    "again puts yours in the place of theirs."
                )
            )
        return self.cleaned_data


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    list_display = ["title", "author", "state", "published_at", "discussion", "changed_at"]
    list_filter = ["status", "discussion", "pinned", "published_at"]
    list_select_related = ["author"]
    search_fields = ["title", "dek", "body", "author__name"]
    search_help_text = _("Searches titles, deks, texts and authors.")
    autocomplete_fields = ["author"]
    date_hierarchy = "published_at"
    list_per_page = 50
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["title", "dek", "body", "tag_names"]}),
        (
            _("Publication"),
            {
                "fields": [
                    *("status", "published_at", "author", "slug", "discussion"),
                    *("discussion_note", "pinned"),
                ]
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body", "body_html")

    def get_fieldsets(self, request, article=None):
        if article and self.has_change_permission(request, article):
            return [*self.fieldsets, (None, {"fields": ["seen"], "classes": ["unseen"]})]
        return self.fieldsets

    @admin.display(description=_("status"), ordering="status")
    def state(self, article):
        is_waiting = article.status == Article.Status.PUBLISHED and not article.is_public
        return _("scheduled") if is_waiting else article.get_status_display()

    def view_on_site(self, article):
        return article.get_absolute_url()

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            # What the form finds free, a slug above all, stays so until it is saved.
            ListStamp.lock("essays")
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request, article, form, change):
        if article.author_id is None:
            article.author = Author.for_user(request.user)
        article.save()
        if not change or "tag_names" in form.changed_data:
            article.set_tags(form.cleaned_data["tag_names"])

    @admin.action(description=_("Publish the selected essays"), permissions=["change"])
    def publish(self, request, essays):
        self.set_status(request, essays, Article.Status.PUBLISHED)

    @admin.action(description=_("Make the selected essays drafts again"), permissions=["change"])
    def withdraw(self, request, essays):
        self.set_status(request, essays, Article.Status.DRAFT)

    def set_status(self, request, essays, status):
        with transaction.atomic():
            changed = Article.objects.filter(pk__in=essays.values("pk")).set_status(status)
            for article in changed:
                self.log_change(request, article, [{"changed": {"fields": [str(_("status"))]}}])
        message = ngettext(
            "%(count)s essay is now %(status)s.",
            "%(count)s essays are now %(status)s.",
            len(changed),
        )
        self.message_user(request, message % {"count": len(changed), "status": status.label})

    def get_deleted_objects(self, essays, request):
        to_delete, counts, rights_missing, protected = super().get_deleted_objects(essays, request)
        # Nobody may delete comments: that is why the essay stays, and not a right one could get.
        return to_delete, counts, set() if protected else rights_missing, protected

    def delete_queryset(self, request, essays):
        for article in essays:
            article.delete()


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    fields = ["name", "slug", "biography", "user"]
    list_display = ["name", "biography"]
    search_fields = ["name"]
    raw_id_fields = ["user"]

    def get_fields(self, request, author=None):
        """Whose account an author is, is for those to say who may see accounts."""
        may_see = request.user.has_perm("auth.view_user")
        return [name for name in self.fields if name != "user" or may_see]

    def get_prepopulated_fields(self, request, author=None):
        return {} if author else {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Tags are made in the essays' form; here they get other names, or are put together."""

    fields = ["name", "slug"]
    list_display = ["name", "count", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name"]
    actions = ["merge"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("taggings"))

    def get_readonly_fields(self, request, tag=None):
        """An address that others may have linked to stays."""
        return ["slug"] if tag else []

    def has_delete_permission(self, request, tag=None):
        return False

    @admin.display(description=_("essays"), ordering="count")
    def count(self, tag):
        return tag.count

    @admin.action(
        description=_("Merge the selected tags into the one with most essays"),
        permissions=["change"],
    )
    def merge(self, request, tags):
        chosen = [tag for tag in tags.order_by("-count", "pk") if not tag.merged_into_id]
        if len(chosen) < 2:
            message = _("Choose two tags or more, none of them merged already.")
            return self.message_user(request, message, messages.WARNING)
        first, *others = chosen
        with transaction.atomic():
            first.merge_from(others)
            for other in others:
                words = str(_("merged into %(tag)s")) % {"tag": first}
                self.log_change(request, other, [{"changed": {"fields": [words]}}])
        message = _("All their essays are now tagged %(tag)s, and their addresses lead there.")
        self.message_user(request, message % {"tag": first})
