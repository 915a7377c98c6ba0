"""The admin's screens for essays, authors and tags."""

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


def label_date_and_time(field):
    """Labels both inputs of a date and time for screen readers: Django's text is no `<label>`."""
    for widget, label in zip(field.widget.widgets, (_("Date"), _("Time")), strict=True):
        widget.attrs["aria-label"] = label


class MultilineField(forms.CharField):
    """A text on many lines. Browsers end lines with CR LF; that alone is no change."""

    def has_changed(self, initial, data):
        return super().has_changed(clean_text(initial or "").strip(), clean_text(data or ""))


class ArticleForm(forms.ModelForm):
    # The essay's time of change when this form was opened, to detect another person's edit.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    tag_names = forms.CharField(
        label=_("Tags"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"}),
        help_text=_(
            "Separated by commas. New tags are created; upper and lower case are the same."
        ),
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
                "list is a section; each of its bullets gets a permanent address and can be "
                "replied to."
            ),
            "author": _("Leave empty for yourself."),
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
        seen, stored = self.cleaned_data.get("seen"), self.initial.get("seen")
        if seen and stored and seen != stored:
            # The form is shown again with the new time, so that sending it again saves it.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = stored
            raise ValidationError(
                _(
                    "Somebody else has saved this essay since you opened it. Your changes are "
                    "below and not saved yet. Compare the two versions in another tab; saving "
                    "again replaces the other version with yours."
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
        is_scheduled = article.status == Article.Status.PUBLISHED and not article.is_public
        return _("scheduled") if is_scheduled else article.get_status_display()

    def view_on_site(self, article):
        return article.get_absolute_url()

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            # A slug that the form finds free stays free until it is saved.
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
        objects, counts, missing, protected = super().get_deleted_objects(essays, request)
        # An essay with comments cannot be deleted at all, so no permission is missing.
        return objects, counts, set() if protected else missing, protected

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
        """Without the account for those who may not see accounts."""
        may_see_accounts = request.user.has_perm("auth.view_user")
        return [name for name in self.fields if name != "user" or may_see_accounts]

    def get_prepopulated_fields(self, request, author=None):
        return {} if author else {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Renames and merges tags; the form for essays creates them."""

    fields = ["name", "slug"]
    list_display = ["name", "count", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name"]
    actions = ["merge"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("taggings"))

    def get_readonly_fields(self, request, tag=None):
        """The address of a stored tag stays, as others may have linked to it."""
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
        unmerged = [tag for tag in tags.order_by("-count", "pk") if not tag.merged_into_id]
        if len(unmerged) < 2:
            message = _("Select at least two tags that are not merged yet.")
            return self.message_user(request, message, messages.WARNING)
        first, *others = unmerged
        with transaction.atomic():
            first.merge_from(others)
            change = str(_("merged into %(tag)s")) % {"tag": first}
            for other in others:
                self.log_change(request, other, [{"changed": {"fields": [change]}}])
        message = _("All their essays are now tagged %(tag)s, and their addresses redirect there.")
        self.message_user(request, message % {"tag": first})
