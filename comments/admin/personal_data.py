"""The personal data screen: exports or erases everything stored about one person."""

import json

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from comments.models import log
from comments.privacy import erase, export, find


class PersonForm(forms.Form):
    """Posted only: an address in a query string would end up in histories and logs."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Every spelling that leads to the same box is found."),
    )
    sure = forms.BooleanField(
        label=_("Erase all of it. I know that this cannot be taken back."), required=False
    )

    def clean_email(self):
        return find.read_address(self.cleaned_data["email"])


@sensitive_post_parameters("email")
def personal_data(request):
    """The form with the counts of what was found; or a file to download; or erases it all."""
    if not request.user.has_perm("comments.erase_person"):
        raise PermissionDenied
    form = PersonForm(request.POST or None)
    if not form.is_valid():
        return render_form(request, form)
    email, wish = form.cleaned_data["email"], request.POST.get("wish")
    if wish == "erase" and request.POST.get("seen") != email:
        # The address was changed after its data was shown.
        return render_form(request, form, find.count_found(email))
    if wish in ("json", "text"):
        return download(request, email, wish)
    if wish == "erase" and form.cleaned_data["sure"]:
        return erase_person(request, email)
    if wish == "erase":
        form.add_error("sure", _("Please confirm that this is meant."))
    return render_form(request, form, find.count_found(email))


def render_form(request, form, counts=None):
    context = admin.site.each_context(request) | {"form": form, "title": _("Personal data")}
    if counts is not None:
        context |= {"counts": counts, "has_data": any(counts.values())}
    return TemplateResponse(request, "admin/comments/personal_data.html", context)


def download(request, email, wish):
    exported = export.export(email)
    log.record_single("export", request.user)
    if wish == "json":
        content, content_type, suffix = json.dumps(exported, indent=2), "application/json", "json"
    else:
        content, suffix = export.as_text(exported), "txt"
        content_type = "text/plain; charset=utf-8"
    # Without the address, as browsers keep a list of downloads.
    disposition = f'attachment; filename="person.{suffix}"'
    return HttpResponse(content, content_type, headers={"Content-Disposition": disposition})


def erase_person(request, email):
    erased = erase.erase(email, request.user)
    message = ngettext("%(count)s comment erased.", "%(count)s comments erased.", erased)
    messages.success(request, message % {"count": erased})
    return redirect("admin:personal_data")
