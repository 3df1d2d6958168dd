"""A host's competition.toml by browser: sent, refused with everything that is wrong, and given back."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competitions_of
from coliseum.league.opening import change_from_file, open_from_file, text_of
from coliseum.pages.forms import FileForm
from coliseum.pages.host_start import host_page
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_POST, require_safe
from workers.hosting.problems import BadFileError
from workers.hosting.reading import MOST_BYTES, read_toml
from workers.refusals import RefusedError

_KIND = "application/toml; charset=utf-8"


@login_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Make the competition of a file as a draft, or change the one the person runs to what it says."""
    user = cast(User, request.user)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return host_page(request, file_form=form, status=400)
    content = _content(request, form)
    try:
        competition = _apply(user, content)
    except BadFileError as error:
        shown = FileForm(initial={"text": content.decode(errors="replace")[:MOST_BYTES]})
        return host_page(request, file_form=shown, problems=error.problems, status=error.status)
    except RefusedError as error:
        form = FileForm({"text": content.decode(errors="replace")[:MOST_BYTES]})
        form.refuse(error)
        return host_page(request, file_form=form, status=error.status)
    messages.success(request, _("%(title)s is as the file says.") % {"title": competition.title})
    return redirect("host-console", slug=competition.slug)


def _content(request: HttpRequest, form: FileForm) -> bytes:
    """Return the file's bytes, one more than are allowed at most; the pasted text where none was chosen."""
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list):
        content: bytes = file.read(MOST_BYTES + 1)
        return content
    return str(form.cleaned_data["text"]).encode(errors="replace")


def _apply(user: User, content: bytes) -> Competition:
    file = read_toml(content)
    found = competitions_of(user).filter(slug=file.competition.slug).first()
    if found is not None:
        change_from_file(competition=found, actor=user, file=file)
        return found
    if not (user.may_host or user.is_staff):
        raise RefusedError("auth.not_allowed", action="open competitions")
    return open_from_file(host=user, file=read_toml(content, now=clock.now()))


@login_required
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """Return competition.toml of a competition the person runs."""
    name = {"Content-Disposition": 'attachment; filename="competition.toml"'}
    return HttpResponse(text_of(hosted(request, slug)), content_type=_KIND, headers=name)
