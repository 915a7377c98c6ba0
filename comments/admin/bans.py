"""The admin of bans: they are made and lifted, never changed or deleted."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin import label_date_and_time
from comments import identity
from comments.admin.changelists import ModerationAdmin
from comments.models import Ban
from comments.models.ban import create_ban

DEFERRED = ("comment__email", "comment__body", "comment__body_html")


class BanForm(forms.ModelForm):
    """A ban on a typed address or name; a network is banned from a comment's commenter page."""

    email = forms.CharField(
        label=_("e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Or a host, as @spam.example. Not stored: only what it is known again by."),
    )

    class Meta:
        model = Ban
        fields = ["kind", "email", "name_pattern", "until", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_date_and_time(self.fields["until"])

    def clean(self):
        cleaned = super().clean()
        kind, email = cleaned.get("kind"), cleaned.get("email", "")
        if kind == Ban.Kind.NETWORK:
            raise ValidationError(_("A network is banned from a comment that came from it today."))
        # Checked in the canonical form, as that is what replies are compared with.
        local, _at, host = identity.canonical_email(email).rpartition("@")
        if kind in (Ban.Kind.EMAIL, Ban.Kind.HOST) and not ("@" in email and host):
            self.add_error("email", _("Please give an address."))
        elif kind == Ban.Kind.EMAIL and not local:
            self.add_error("email", _("A whole host is banned by its own kind of ban."))
        letters = cleaned.get("name_pattern", "").replace("*", "")
        if kind == Ban.Kind.NAME and not identity.canonical_name(letters):
            self.add_error("name_pattern", _("Please give a name with at least one letter."))
        return cleaned


@admin.register(Ban)
class BanAdmin(ModerationAdmin):
    form = BanForm
    list_display = ["kind", "name_pattern", "reason", "runs", "by", "state"]
    empty_value_display = ""
    list_filter = ["kind", "created_at"]
    search_fields = ["name_pattern", "reason"]
    actions = ["lift"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "comment").defer(*DEFERRED)

    def get_fields(self, request, ban=None):
        if ban is None:
            return self.form.Meta.fields
        return ["kind", "name_pattern", "comment", "reason", "created_at", "until", "by"]

    def get_readonly_fields(self, request, ban=None):
        return [] if ban is None else self.get_fields(request, ban)

    def get_form(self, request, ban=None, change=False, **kwargs):
        if ban:
            # Every field is read-only then, so the form's own `email` must not be asked for.
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, ban, change, **kwargs)

    def has_delete_permission(self, request, ban=None):
        return False

    @admin.display(description=_("from, until"), ordering="created_at")
    def runs(self, ban):
        until = date_format(localtime(ban.until)) if ban.until else _("for good")
        return f"{date_format(localtime(ban.created_at))} \u2013 {until}"

    @admin.display(description=_("status"))
    def state(self, ban):
        return _("in force") if ban.is_live else _("over")

    def save_model(self, request, ban, form, change):
        if change:
            return
        fields = {
            name: form.cleaned_data[name] for name in ("email", "name_pattern", "until", "reason")
        }
        stored = create_ban(form.cleaned_data["kind"], by=request.user, **fields)
        ban.pk, ban.target_hash = stored.pk, stored.target_hash

    @admin.action(description=_("Lift the selected bans"), permissions=["change"])
    def lift(self, request, bans):
        live = list(Ban.objects.live().filter(pk__in=bans.values("pk")))
        for ban in live:
            ban.lift(request.user)
        message = ngettext("%(count)s ban lifted.", "%(count)s bans lifted.", len(live))
        self.message_user(request, message % {"count": len(live)})
