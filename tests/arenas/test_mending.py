"""Docstrings of environments become Markdown that a page can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from arenas import registry
from arenas.adapters import open_arena
from arenas.codec import Box, DictSpace, Discrete
from arenas.mending import mended
from arenas.sheets import in_words, sheet_of

POND = """
    # Pond

    ```{figure} pond.gif
    :width: 200px
    ```

    This environment is part of the <a href='..'>wet environments</a>. Please read that page first for
    general information.

    | Import  | `from wet import pond_v2` |
    |---------|---------------------------|
    | Agents  | 2                         |

    Frogs <b>leap</b>, see [the rules](../rules.md) and [the paper](https://example.org/frogs).
    ![a frog](frog.png)

    ```{note}
    Storks eat frogs.
    ```

    ### Usage
    ```python
    import wet  # not like this
    ```

    ### Actions
    #### Frog
    - 0: stay
    ```python
    # a comment, no heading
    <b>code stays</b>
    ```
    <!-- #### hidden -->
    ## Version History
    * v2: wetter
"""


def test_what_cannot_be_shown_here_is_left_out_and_the_rest_stays():
    assert (
        mended(POND, "The Pond")
        == """\
Frogs leap, see the rules and [the paper](https://example.org/frogs).

> Storks eat frogs.

### Actions
#### Frog
- 0: stay
```python
# a comment, no heading
<b>code stays</b>
```
"""
    )


def test_headings_begin_at_the_level_that_is_asked_for_and_skip_none():
    assert mended("## One\ntext\n##### Two\n## Three", top=2) == "## One\ntext\n### Two\n## Three\n"


def test_columns_below_a_colon_stay_as_they_are_written():
    assert mended("Seen.\n\nAll:\n    0-1 place\n    2 speed\nEnd.") == (
        "Seen.\n\nAll:\n\n    0-1 place\n    2 speed\nEnd.\n"
    )
    assert mended("Seen.\n\nAll:\n    - 0: stay\nEnd.") == "Seen.\n\nAll:\n    - 0: stay\nEnd.\n"


@given(some.text(some.sampled_from("#`:{}[]()<>|!ab \n-"), max_size=200))
def test_no_docstring_breaks_it_and_mending_twice_changes_nothing_that_a_heading_says(text):
    once = mended(text)
    assert once.endswith("\n")
    assert "{figure}" not in once


@pytest.mark.parametrize("name", ["LunarLander-v3", "connect_four-v3", "simple_tag-v3", "coliseum/sumo-v1"])
def test_environments_describe_themselves(name):
    adapter = open_arena(registry.get(name))
    sheet = sheet_of(adapter)
    adapter.close()
    assert len(sheet.description.split()) > 100
    for gone in ("<img", "{figure}", "](..", "Please read that page first"):
        assert gone not in sheet.description
    assert not any(line.startswith(("# ", "## ")) for line in sheet.description.splitlines())
    assert sorted(seat for group in sheet.seats for seat in group.seats) == list(range(adapter.spec.seats))


def test_seats_that_are_alike_are_told_once_and_roles_apart():
    adapter = open_arena(registry.get("simple_tag-v3"))
    hunters, prey = sheet_of(adapter).seats
    adapter.close()
    assert (hunters.role, hunters.seats, prey.role, prey.names) == (
        "predator",
        (0, 1, 2),
        "prey",
        ("agent_0",),
    )
    assert hunters.observation == ("Box, float32, shape (16,), from -inf to inf",)


def test_spaces_are_told_in_words_a_line_each_part():
    space = DictSpace(
        items=(("board", Box(shape=(6, 7), dtype="int8", low=0, high=1)), ("move", Discrete(n=7, start=1)))
    )
    assert in_words(space) == (
        "board: Box, int8, shape (6, 7), from 0 to 1",
        "move: Discrete, one of 7: 1 to 7",
    )
