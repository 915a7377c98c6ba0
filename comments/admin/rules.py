"""The admin of the rules and patterns for new comments, for administrators only."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from comments.models import Pattern, Rules, TreeLock, log
from comments.models.pattern import TooSlow


def describe_changes(form) -> str:
    """The labels of the changed fields with their new values, for the log."""
    return ", ".join(
        f"{Rules._meta.get_field(name).verbose_name}: {form.cleaned_data[name]}"
        for name in form.changed_data
    )


@admin.register(Rules)
class RulesAdmin(admin.ModelAdmin):
    """There is one row; the list redirects to it."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, rules=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        return redirect("admin:comments_rules_change", 1)

    def get_object(self, request, object_id, from_field=None):
        return Rules.current() if object_id == "1" else None

    def save_model(self, request, rules, form, change):
        with transaction.atomic():
            # First, as everywhere: another order of locks could deadlock.
            TreeLock.take()
            rules.save()
            log.record_single("rules", request.user, describe_changes(form))


class PatternForm(forms.ModelForm):
    """A pattern, with two texts on which it is tried before it is stored."""

    should_find = forms.CharField(
        label=_("a text that it should find"), required=False, widget=forms.Textarea
    )
    should_pass = forms.CharField(
        label=_("a text that it should let pass"), required=False, widget=forms.Textarea
    )

    class Meta:
        model = Pattern
        fields = ["kind", "is_regex", "text", "note"]
        widgets = {"text": forms.TextInput(attrs={"class": "vLargeTextField", "dir": "auto"})}

    def _post_clean(self):
        """Tries the pattern on the two texts, if the model found it valid."""
        super()._post_clean()
        if self.errors:
            return
        for field, expected in (("should_find", True), ("should_pass", False)):
            text = self.cleaned_data[field]
            try:
                if text and self.instance.finds(text) != expected:
                    error = _("It lets this pass.") if expected else _("It finds this.")
                    self.add_error(field, error)
            except TooSlow:
                self.add_error(field, ValidationError(_("It takes too long on this.")))


@admin.register(Pattern)
class PatternAdmin(admin.ModelAdmin):
    form = PatternForm
    list_display = ["text", "kind", "read_as", "note"]
    empty_value_display = ""
    list_filter = ["kind", "is_regex"]
    search_fields = ["text", "note"]

    @admin.display(description=_("read as"), ordering="is_regex")
    def read_as(self, pattern):
        return _("regular expression") if pattern.is_regex else _("whole words")

    def save_model(self, request, pattern, form, change):
        with transaction.atomic():
            pattern.save()
            log.record_single("rules", request.user, f"{pattern.kind}: {pattern.text}")

    def delete_model(self, request, pattern):
        with transaction.atomic():
            log.record_single("rules", request.user, f"no longer {pattern.kind}: {pattern.text}")
            pattern.delete()

    def delete_queryset(self, request, patterns):
        for pattern in patterns:
            self.delete_model(request, pattern)
