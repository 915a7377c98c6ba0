"""The forms that readers fill in: "Leave A Reply", and the one that flags a comment."""

import re
import unicodedata

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from articles.pagination import parse_id
from articles.text.clean import clean_text
from comments import markup
from comments.models import (
    Comment,
    Flag,
    NetworkTrace,
    Reason,
    TreeLock,
    proof_of_work,
    rate_limit,
)
from comments.models.comment import MAX_NUMBER_LENGTH
from comments.moderation.decide import ProofRequired, Submission, decide

# Characters without width, by which one name imitates another. The joiners (U+200C, U+200D) stay:
# Persian and emoji need them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\uffa0\ufff9-\ufffc\U0001d159\U0001d173-\U0001d17a]"
)
MAX_NAME_LENGTH = 80
MAX_FLAG_TEXT_LENGTH = 300
MAX_COMBINING_MARKS = 8
BRANCH_LOCKED = _("A moderator has closed this branch of the thread: it takes no more replies.")


def is_visible(text: str) -> bool:
    """Whether the text has a visible character: a letter, number, punctuation or symbol."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in INVISIBLE.sub("", text))


def limit_combining_marks(text: str) -> str:
    """The text with at most eight combining marks on a letter.

    No script needs more, and a tower of them covers the lines above.
    """
    if text.isascii():
        return text
    chars, marks = [], 0
    for char in text:
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
        elif category != "Cf":  # an invisible character does not end a row of marks
            marks = 0
        if marks <= MAX_COMBINING_MARKS:
            chars.append(char)
    return "".join(chars)


class ReplyForm(forms.Form):
    """A reply to an essay, to a point of it or to a comment under it.

    `parent` and `point` must belong to the article. Errors are shown beside their field; those of
    hidden fields and of the essay itself above the form.
    """

    name = forms.CharField(
        label=_("Name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Your email address will not be published."),
    )
    body = forms.CharField(
        label=_("Your reply"),
        strip=False,
        # No maxlength: browsers cut pasted text without notice, and count emoji twice.
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Please write something.")},
        help_text=_(
            "You may use *emphasis*, **strong**, [links](https://…), lists, > quotes and `code`."
        ),
    )
    parent = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    point = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    # A honeypot: hidden from people, filled in by programs.
    subject = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    use_required_attribute = True

    def __init__(self, *args, article, **kwargs):
        super().__init__(*args, auto_id="reply-%s", **kwargs)
        self.article = article

    def clean_name(self):
        name = INVISIBLE.sub("", clean_text(self.cleaned_data["name"]))
        name = limit_combining_marks(" ".join(name.split()))
        if not is_visible(name):
            raise ValidationError(_("Please give a name that can be read."))
        if len(name) > MAX_NAME_LENGTH:
            # Counted after normalisation, which can make a text longer.
            raise ValidationError(
                _("A name holds at most %(most)s characters; this one has %(count)s."),
                "length",
                {"most": MAX_NAME_LENGTH, "count": intcomma(len(name))},
            )
        return name

    def clean_email(self):
        email = self.cleaned_data["email"]
        if not email.isprintable():
            raise ValidationError(EmailValidator.message, "invalid")
        return email

    def clean_body(self):
        body = limit_combining_marks(clean_text(self.cleaned_data["body"]).strip("\n"))
        if not is_visible(body):
            raise ValidationError(self.fields["body"].error_messages["required"], "required")
        self.body_html = markup.render(body)
        return body

    def clean_parent(self):
        if not self.cleaned_data["parent"]:
            return None
        pk = parse_id(self.cleaned_data["parent"])
        if pk is None:
            raise ValidationError(_("The comment that this answers does not exist."))
        parent = Comment.objects.thread_order().filter(pk=pk, article=self.article).first()
        if parent is None:
            raise ValidationError(_("The comment that this answers is not under this essay."))
        if not parent.is_published:
            raise ValidationError(_("The comment that this answers is no longer shown."))
        if parent.is_locked:
            raise ValidationError(BRANCH_LOCKED)
        if len(parent.number) + 6 > MAX_NUMBER_LENGTH:
            raise ValidationError(
                _("This branch is as deep as it goes: please answer further up.")
            )
        return parent

    def clean_point(self):
        anchor = self.cleaned_data["point"]
        if not anchor:
            return None
        point = self.article.points.filter(anchor=anchor).first()
        if point is None:
            raise ValidationError(_("The point that this answers is not in this essay."))
        return point

    def clean(self):
        if not self.article.is_open:
            raise ValidationError(self.article.closed_message)
        if self.cleaned_data.get("parent") and self.cleaned_data.get("point"):
            # A reply to a comment belongs to that comment, not to the point.
            self.cleaned_data["point"] = None
        return self.cleaned_data

    def draft(self) -> Comment:
        """The comment as it would be stored, unsaved."""
        fields = {
            name: self.cleaned_data[name] for name in ("name", "email", "body", "parent", "point")
        }
        html = {"body_html": self.body_html, "body_version": markup.VERSION}
        return Comment(article=self.article, **fields, **html)

    def submission(self, address: str, receipt: str) -> Submission:
        """The facts about the sender; a proof of work that came along is spent by this call."""
        return Submission(
            address,
            receipt,
            is_trapped=bool(self.cleaned_data["subject"]),
            is_proven=proof_of_work.verify_solution(self.data.get("proof")),
        )

    def save(self, address: str, receipt: str = "") -> Comment:
        """Stores the reply and returns it; a reply sent twice is stored once.

        `receipt` is the cookie that the browser got for an earlier reply. Raises RateLimited when
        the client at this address posts too often, ValidationError when a rule rejects the reply
        or its parent was hidden meanwhile, and ProofRequired where the sender should be asked for
        a proof of work; nobody is asked twice.
        """
        comment = self.draft()
        comment.content_digest = comment.compute_content_digest()
        decision = decide(comment, self.submission(address, receipt))
        if decision.needs_proof and "proof" not in self.data:
            raise ProofRequired
        comment.status = decision.status
        with transaction.atomic():
            TreeLock.take()
            duplicates = Comment.objects.filter(
                article=self.article, content_digest=comment.content_digest
            )
            if ids := list(duplicates.values_list("pk", flat=True)):
                return Comment.objects.thread_order().get(pk=ids[0])
            self.recheck_under_lock(comment.parent_id)
            rate_limit.count_reply(address, comment.email)
            comment.save()
            Reason.create_for(comment, decision.reasons)
            NetworkTrace.create_for(comment, address)
        return comment

    def recheck_under_lock(self, parent_id):
        """Checks again what another transaction may have changed: essay closed, parent hidden."""
        self.article.refresh_discussion()
        if not self.article.is_open:
            raise ValidationError(self.article.closed_message)
        if parent_id is None:
            return
        parent = Comment.objects.thread_order().get(pk=parent_id)
        if not parent.is_published:
            raise ValidationError(_("The comment that this answers is no longer shown."))
        if parent.is_locked:
            raise ValidationError(BRANCH_LOCKED)


class FlagForm(forms.Form):
    """A reader's complaint about a comment."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Flag.Category.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In your words, if you wish"),
        max_length=MAX_FLAG_TEXT_LENGTH,
        required=False,
        empty_value="",
    )

    def clean_text(self):
        text = " ".join(clean_text(self.cleaned_data["text"]).split())
        # Checked again after normalisation, which can make a text longer.
        MaxLengthValidator(MAX_FLAG_TEXT_LENGTH)(text)
        return text
