"""Pages full of hostile text in a real browser: nothing runs, nothing is asked for, nothing is reported."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.chromium import chromium
from tests.e2e.conftest import installation, start_web
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.enable_socket]

MARKUP = "main evil, main iframe, main [onx], main [onfocus], main [style*=evil]"
FILL = """
import pathlib, tempfile
from coliseum.accounts.services import create_sign_in_link, ensure_administrator
from coliseum.accounts.models import Profile, User
from coliseum.competitions.models import Competition, Team
from coliseum.competitions.services import create_competition, enter_competition, move_competition
from coliseum.matches.models import Match
from coliseum.matches.recording import record_results
from coliseum.matches.services import Plan, claim_batch, extend_leases, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.services import accept_upload
from tests.platform.conftest import AGENT, make_ready, result_of, upload_of
from tests.platform.pages.hostile import PAYLOADS, SHORT
from workers.spec import MatchKind

whole = "\\n\\n".join([SHORT, *PAYLOADS.values()])
host = ensure_administrator()
cup = create_competition(host=host, slug="cup", title="Cup", arena="connect_four-v3", overview=whole)
cup = move_competition(competition=cup, to="open", actor=host)
folder = pathlib.Path(tempfile.mkdtemp())
agents = []
for name in ("ann", "eve"):
    user = User.objects.create_user(username=name, email=f"{name}@example.org")
    Profile.objects.create(user=user, display_name=SHORT, bio=whole)
    entry = enter_competition(competition=cup, user=user)
    upload = upload_of(AGENT + f"# {name}'s".encode(), folder)
    made, _ = accept_upload(entry=entry, user=user, upload=upload)
    agents.append(make_ready(made))
schedule_matches(competition=cup, plans=[Plan(MatchKind.LEAGUE, tuple(agents))])
(claimed,) = claim_batch(limit=1)
extend_leases(token=claimed.token, worker="bench:1")
claimed.refresh_from_db()
record_results([result_of(claimed)])
Submission.objects.update(name=SHORT, note=whole[:400], original_name=SHORT, usage={"log": whole})
Team.objects.update(name=SHORT)
Competition.objects.update(title=SHORT, summary=whole[:200], rules=whole, faq=whole)
print(json.dumps([claimed.pk, agents[0].pk, create_sign_in_link(user=User.objects.get(username="ann"))]))
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Stack]:
    with installation() as made:
        start_web(made)
        yield made


def test_hostile_text_runs_nothing_asks_for_nothing_and_breaks_no_policy(site: Stack) -> None:
    match, agent, link = site.python(FILL)  # type: ignore[misc]  # a list of three
    here = f"http://localhost:{site.port}"
    troubles: list[str] = []
    with chromium() as browser:
        page = browser.new_page(base_url=here)
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.on(
            "request",
            lambda request: (
                troubles.append(request.url)
                if "evil" in request.url or not request.url.startswith((here, "data:image/", "blob:"))
                else None
            ),
        )
        page.add_init_script("window.evil = () => { throw new Error('it ran'); };")
        page.goto(link)
        page.locator("main").get_by_role("button", name="Sign in").click()
        for path in (
            *(
                "/competitions/cup/",
                "/competitions/cup/rules",
                "/competitions/cup/leaderboard",
                "/people/ann/",
            ),
            *(f"/submissions/{agent}/", f"/agents/{agent}/", f"/matches/{match}/episodes/0/embed"),
            f"/matches/{match}/",
        ):
            page.goto(path)
            assert "Coliseum" in page.title()
            assert page.locator(MARKUP).count() == 0, path
            assert "<evil>" in (page.locator("main").text_content() or ""), path
        expect(page.locator("canvas").first).to_be_visible()
        # Whatever htmx would have taken up it has by now.
        assert page.evaluate("document.querySelectorAll('main [hx-get], main [data-hx-get]').length") == 0
    assert troubles == []
