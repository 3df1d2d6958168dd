"""Photograph the replay player on many arenas, wide and on a phone, light and dark: contact sheets.

Run: python -m tests.contact_sheet [--into docs/replays] [arena ids; one of each kind without any]
"""

import argparse
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from arenas import registry
from arenas.errors import ArenaError
from arenas.pictures import make_pictures
from arenas.trajectory import Trajectory, decode_trajectory
from tests.chromium import chromium
from tests.frontend import showcase
from tests.recordings import installed, record

SHOWN = (
    *("connect_four-v3", "chess-v6", "spiel_go_9x9-v1", "tictactoe-v3"),
    *("spiel_hearts-v1", "texas_holdem-v4", "Taxi-v4", "FrozenLake8x8-v1"),
    *("coliseum/cleanup-v1", "coliseum/harvest-v1", "pursuit-v5", "magent/battle-v4"),
    *("coliseum/sumo-v1", "coliseum/air_hockey-v1", "coliseum/tank_duel-v1", "coliseum/joust-v1"),
    *("BipedalWalker-v3", "LunarLander-v3", "CarRacing-v3", "multiwalker-v9"),
    *("simple_tag-v3", "pistonball-v6", "knights_archers_zombies-v11", "atari/boxing-v2"),
)
SEED = 3
LONGEST = 1000
"""Turns after which an episode is cut off here."""
LOOKS = {
    "wide-light": (1280, 820, "light"),
    "wide-dark": (1280, 820, "dark"),
    "phone-light": (360, 760, "light"),
    "phone-dark": (360, 760, "dark"),
}
TILES = {"wide": (480, 4), "phone": (180, 8)}
"""Width of a tile in the sheet, and tiles in a row."""
CAPTION = 18
MOST_BYTES = 100_000


def photographs(
    browser: Browser, site: showcase.Site, name: str, frame: int
) -> Iterator[tuple[str, Image.Image]]:
    """Yield each look of a replay at one frame, as a picture."""
    for look, (width, height, scheme) in LOOKS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{site.url}/embed?{name}#t={frame}")
        page.wait_for_selector("#player[data-state=ready], #player[data-state=failed]")
        page.wait_for_timeout(150)
        if page.locator(".player-pictures").count():
            page.wait_for_selector(".player-canvas:not([hidden])")
        yield look, Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        context.close()


def sheet(shots: Sequence[tuple[str, Image.Image]], look: str) -> Image.Image:
    """Return all photographs of one look with their arenas' names."""
    wide, columns = TILES[look.partition("-")[0]]
    high = max(round(shot.height * wide / shot.width) for _, shot in shots) + CAPTION
    columns = min(columns, len(shots))
    rows = -(-len(shots) // columns)
    ground = (242, 239, 233) if look.endswith("light") else (23, 20, 25)
    made = Image.new("RGB", (columns * wide, rows * high), ground)
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(12)
    for place, (name, shot) in enumerate(shots):
        x, y = place % columns * wide, place // columns * high
        draw.text((x + 6, y + 2), name, fill="black" if look.endswith("light") else "white", font=font)
        made.paste(shot.resize((wide, high - CAPTION), Image.Resampling.LANCZOS), (x, y + CAPTION))
    return made


def save(made: Image.Image, path: Path) -> int:
    """Write a JPEG as good as its share of bytes allows; return its size."""
    for quality in (70, 55, 45, 35, 28, 22, 16, 10):
        out = io.BytesIO()
        made.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    path.write_bytes(out.getvalue())
    return out.tell()


def _busiest(found: Trajectory) -> int:
    """Return a frame worth looking at: past the middle."""
    return int(found["turns"] * 0.6)


def photograph_all(ids: Sequence[str], into: Path) -> None:
    """Record and photograph every arena, write one sheet a look, and print what each replay weighs."""
    into.mkdir(parents=True, exist_ok=True)
    shots: dict[str, list[tuple[str, Image.Image]]] = {look: [] for look in LOOKS}
    with showcase.running() as site, chromium() as browser:
        for name in ids:
            try:
                spec = registry.get(name)
                made = record(spec, SEED, most_turns=LONGEST)
            except (ArenaError, ImportError) as error:
                print(f"{name}: {error}")
                continue
            stored, found = made.stored, decode_trajectory(made.stored)
            print(f"{name:32} {found['scene']:9} {found['turns']:5} turns {len(stored):6} bytes", flush=True)
            if found["scene"] == "frames":
                site.picture = make_pictures(spec, seed=SEED, log=made.log, forfeits={})
                site.pictures = [{"state": "ready", "seconds": 1, "url": "/pictures.webp"}]
            key = name.replace("/", "-")
            site.files[key] = stored
            for look, shot in photographs(browser, site, key, _busiest(found)):
                shots[look].append((name, shot))
    for look, taken in shots.items():
        print(look, save(sheet(taken, look), into / f"{look}.jpg"), "bytes")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("arenas", nargs="*")
    parser.add_argument("--into", type=Path, default=Path("docs/replays"))
    options = parser.parse_args()
    # The templates are rendered with plain Django, without the site's settings.
    settings.configure(USE_I18N=False)
    here = installed()
    photograph_all(options.arenas or [name for name in SHOWN if name in here], options.into)


if __name__ == "__main__":
    main()
