"""Signing in, up and out."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from coliseum.accounts.models import User
from coliseum.accounts.services import claim_sign_in_link, sign_up
from coliseum.pages.attempts import check_attempts, count_failure, forget_failures
from coliseum.pages.forms import SignInForm, SignUpForm
from coliseum.pages.methods import require_form, require_POST
from workers.refusals import RefusedError

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def next_address(request: HttpRequest) -> str:
    """Return where to go afterwards: an address of this site, the front page otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("home")


@require_form
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password; wrong names and wrong passwords get the same answer."""
    if request.user.is_authenticated:
        return redirect(next_address(request))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            login(request, _authenticated(request, form))
        except RefusedError as error:
            form.refuse(error)
            response = _page(request, "people/sign_in.html", form, error.status)
            for name, value in error.headers.items():
                response[name] = value
            return response
        return redirect(next_address(request))
    return _page(request, "people/sign_in.html", form, status)


def _authenticated(request: HttpRequest, form: SignInForm) -> User:
    form.full_clean()
    name = form.cleaned_data.get("username", "")
    password = form.cleaned_data.get("password", "")
    address = str(request.META.get("REMOTE_ADDR", ""))
    check_attempts(name, address)
    user = authenticate(request, username=name, password=password) if name and password else None
    if not isinstance(user, User):
        count_failure(name, address)
        raise RefusedError("auth.bad_credentials", field="password")
    forget_failures(name)
    return user


@require_form
def sign_up_page(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in."""
    if request.user.is_authenticated:
        return redirect(next_address(request))
    form = SignUpForm(request.POST or None)
    if request.method != "POST":
        return _page(request, "people/sign_up.html", form)
    if not form.is_valid():
        return _page(request, "people/sign_up.html", form, 400)
    try:
        user = sign_up(username=form.cleaned_data["username"], password=form.cleaned_data["password"])
    except RefusedError as error:
        form.refuse(error)
        return _page(request, "people/sign_up.html", form, error.status)
    login(request, user, backend=_BACKEND)
    messages.success(request, f"Welcome, {user.username}. Choose a competition and join it.")
    return redirect(next_address(request))


def _page(
    request: HttpRequest, template: str, form: SignInForm | SignUpForm, status: int = 200
) -> HttpResponse:
    address = next_address(request)
    context = {"form": form, "next": address if address != reverse("home") else ""}
    return render(request, template, context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("home")


@require_form
def sign_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a button, and sign in when it is pressed; a link preview only looks and uses nothing up."""
    if request.method != "POST":
        response = render(request, "people/sign_in_link.html")
        # Not "no-referrer": browsers then send the form with "Origin: null", which the CSRF check refuses.
        # The site's own policy, same-origin, keeps the secret from other sites all the same.
        response["Cache-Control"] = "no-store"
        return response
    address = str(request.META.get("REMOTE_ADDR", ""))
    check_attempts("", address)
    user = claim_sign_in_link(secret=secret) if "\0" not in secret else None
    if user is None or not user.is_active:
        count_failure("", address)
        raise RefusedError("not_found", kind="valid sign-in link", id="here: it was used or is too old")
    login(request, user, backend=_BACKEND)
    return redirect("home")
