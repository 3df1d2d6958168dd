"""The form of one step of the wizard: made from the keys of competition.toml, read back into its tables.

How it works. A field that comes back as it was shown keeps its value, whatever the file says: so nothing gets
lost that a form cannot show in full. What was changed is read, and then all tables are checked as a file is;
what is wrong with keys of this step is shown at their fields.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.pages.forms import RefusableForm
from coliseum.pages.meanwhile import FIELD, mark, read_marks, write_marks
from coliseum.pages.retelling import line_of, retell
from coliseum.pages.rows import spec_of
from coliseum.pages.wizard_values import Key, Raw, keys_of, moved, read, show
from coliseum.pages.wizard_words import CHOICES, HELP, LABELS
from workers.hosting.file import OPTIONS_FROM, Tournament
from workers.hosting.problems import Problem, show_path
from workers.league.formats.named import formats_for
from workers.refusals import RefusedError

Tables = dict[str, Any]  # Any: JSON, as competition.toml says it
MOST_TOURNAMENTS: Final = 32
OPTIONS: Final = frozenset(Tournament.__struct_fields__[OPTIONS_FROM:])
HELD: Final = "final-held"
_TIMES: Final = (("dates", "opens_at"), ("dates", "closes_at"), ("teams", "merge_until"))
TEXTS: Final = ("overview", "rules", "evaluation", "prizes", "faq")
_WIDGETS: Final[dict[str, tuple[type[forms.Widget], dict[str, Any]]]] = {
    "text": (forms.Textarea, {"rows": 8}),
    "lines": (forms.Textarea, {"rows": 4, "spellcheck": "false"}),
    "moment": (forms.TextInput, {"type": "datetime-local", "placeholder": "2027-04-01T12:00"}),
    "flag": (forms.CheckboxInput, {}),
}


class RawField(forms.Field):
    """What was sent, as it was: the tables are checked as a whole, by the same code as a file."""

    def clean(self, value: Any) -> Any:  # Any: as Django has it
        """Return the value unchanged."""
        return "" if value is None else value


@dataclass(slots=True)
class Group:
    """Fields under one heading; those in `more` are folded away at first."""

    title: str
    names: list[str]
    help: str = ""
    more: list[str] = field(default_factory=list)
    is_folded: bool = False


_ARENA_GROUPS: Final = {
    "atari": "Atari",
    "board": gettext_lazy("Boards"),
    "box2d": "Box2D",
    "cards": gettext_lazy("Cards"),
    "control": gettext_lazy("Control"),
    "grid": gettext_lazy("Grids"),
    "particles": gettext_lazy("Particles"),
    "traffic": gettext_lazy("Traffic"),
}


class StepForm(RefusableForm):
    """The fields of one step, by `table-key`."""

    def __init__(
        self,
        step: int,
        tables: Tables,
        data: Any = None,  # Any: what was posted
        *,
        fixed: Sequence[str] = (),
        is_made: bool = False,
    ) -> None:
        """Show the tables, or what was posted about them.

        Args:
            step: 1 to 5.
            tables: as the file says it, times as ISO texts.
            data: what was posted, if it was.
            fixed: beginnings of the keys that may not change any more.
            is_made: whether the competition exists; then its tournaments keep their names.
        """
        super().__init__(data)
        self.step, self.tables, self.fixed, self.is_made = step, tables, tuple(fixed), is_made
        self.zone = str(tables.get("dates", {}).get("zone", ""))
        self.spec: ArenaSpec | None = spec_of(str(tables.get("competition", {}).get("arena", "")))
        self.baselines = [each.name for each in self.spec.baselines] if self.spec else []
        self.groups: list[Group] = []
        self._keys: dict[str, tuple[Key, Tables]] = {}
        self._seen = read_marks(str(self.data.get(FIELD, ""))) if self.is_bound else {}
        self.clashes: dict[str, Raw] = {}
        """Fields that were changed here and elsewhere since they were shown, with what they are now."""
        _BUILD[step](self)

    # What a step consists of

    def add(self, title: str, table: str, names: Iterable[str] = (), *, help: str = "") -> Group:  # noqa: A002
        """Add a group of keys of one table; all of them where none is named."""
        keys = keys_of(table)
        chosen = list(names) or list(keys)
        group = Group(title, [self._add(keys[name], self.tables.get(table) or {}) for name in chosen], help)
        self.groups.append(group)
        return group

    def _add(self, key: Key, values: Tables, prefix: str = "") -> str:
        name = f"{prefix or key.table}-{key.name}"
        self._keys[name] = key, values
        is_fixed = key.path.startswith(self.fixed) if self.fixed else False
        self.fields[name] = RawField(
            label=str(LABELS[key.path]),
            required=key.required,
            help_text=self._help(key, is_fixed=is_fixed),
            initial=show(key, values.get(key.name), self.zone, self.baselines),
            widget=self._widget(key),
            disabled=is_fixed,
        )
        return name

    def _help(self, key: Key, *, is_fixed: bool) -> str:
        text = str(HELP.get(key.path, ""))
        if key.table == "limits" and self.spec:
            usual = show(key, getattr(self.spec.limits, key.name), "", [])
            said = _("Empty: %s, as the arena has it.") % usual
            text = f"{text} {said}".strip()
        if is_fixed:
            said = _("Fixed: people rely on it since the competition was made or has started.")
            text = f"{said} {text}"
        return text

    def _widget(self, key: Key) -> forms.Widget:
        if key.path == "competition.arena":
            return forms.Select(choices=[("", _("Choose one")), *_arena_choices()])
        if key.kind == "choice":
            choices = [(value, CHOICES[key.path][value]) for value in CHOICES[key.path]]
            if key.name == "format" and self.spec:
                fitting = {form.name for form in formats_for(self.spec.lineup)}
                choices = [each for each in choices if each[0] in fitting]
            few = len(choices) < 5 and key.table != "tournament"
            return forms.RadioSelect(choices=choices) if few else forms.Select(choices=choices)
        if key.kind == "maybe":
            return forms.Select(choices=[("", _("as usual")), ("yes", _("yes")), ("no", _("no"))])
        if key.kind == "baselines":
            return forms.CheckboxSelectMultiple(choices=[(name, name) for name in self.baselines])
        if key.kind == "number":
            step = 1 if key.is_whole else "any"
            bounds = {"min": key.least, "max": key.most}
            return forms.NumberInput(
                {"step": step} | {name: b for name, b in bounds.items() if b is not None}
            )
        if key.name == "zone":
            return forms.TextInput({"list": "zones", "autocomplete": "off", "data-zone": ""})
        widget, attributes = _WIDGETS.get(key.kind, (forms.TextInput, {}))
        return widget(attributes)

    def add_tournaments(self) -> None:
        """Add a group for each tournament there is, and an empty one."""
        listed = self.tables.get("tournament") or []
        sent = str(self.data.get("tournaments", "")) if self.is_bound else ""
        count = max(len(listed), int(sent) if sent.isdecimal() and len(sent) < 4 else 0)
        count = min(MOST_TOURNAMENTS, count if self.is_bound else count + 1)
        self.fields["tournaments"] = forms.Field(initial=count, required=False, widget=forms.HiddenInput)
        for index in range(count):
            known = listed[index] if index < len(listed) else {}
            names = [self._add(key, known, f"tournament-{index}") for key in keys_of("tournament").values()]
            for name in names:
                self.fields[name].required = False
            more = [name for name in names if name.rpartition("-")[2] in OPTIONS]
            title = str(known.get("name", "")) or _("Another tournament")
            group = Group(title, [name for name in names if name not in more], more=more, is_folded=not known)
            if known and self.is_made:
                named = self.fields[f"tournament-{index}-name"]
                named.disabled = True
                named.help_text = _("It is renamed, started and cancelled on its own page.")
            elif known:
                remove = f"tournament-{index}-remove"
                self.fields[remove] = forms.BooleanField(label=_("Take it out"), required=False)
                group.names.append(remove)
            self.groups.append(group)

    # What was sent

    def said(self) -> Tables:
        """Return the tables as they are with what was sent."""
        self.full_clean()
        tables: Tables = deepcopy(self.tables)
        zone = str(self._taken("dates-zone") if "dates-zone" in self._keys else self.zone).strip()
        for name, (key, before) in self._keys.items():
            if key.table != "tournament" and not self.fields[name].disabled:
                table = dict(tables.get(key.table) or {})
                self._put(table, key, before, self._taken(name), zone)
                tables[key.table] = table
        if "tournaments" in self.fields:
            tables["tournament"] = self._tournaments_said(zone)
        if HELD in self.fields and not self.fields[HELD].disabled and not self.cleaned_data[HELD]:
            tables.pop("final", None)
        if zone == self.zone:
            return tables
        typed = {key.path for name, (key, _) in self._keys.items() if not self.fields[name].disabled}
        times = (keys_of(table)[name] for table, name in _TIMES)
        return _in_zone(tables, zone, [key for key in times if key.path not in typed])

    def _now(self, name: str) -> Raw:
        key, before = self._keys[name]
        return show(key, before.get(key.name), self.zone, self.baselines)

    def _taken(self, name: str) -> Raw:
        """Return what a field is to be: what is kept by now, where it came back as it had been shown."""
        raw: Raw = self.cleaned_data[name]
        seen, now = self._seen.get(name), self._now(name)
        if seen == mark(raw):
            return now
        if seen is not None and mark(now) not in {seen, mark(raw)}:
            self.clashes[name] = now
        return raw

    def marks(self) -> str:
        """Return what the next answer is compared with: what was shown, and for clashes what is there now."""
        fresh = {name: mark(self._now(name)) for name in self._keys}
        return write_marks(
            fresh | {name: seen for name, seen in self._seen.items() if name not in self.clashes}
        )

    def _put(self, table: Tables, key: Key, before: Tables, raw: Raw, zone: str) -> None:
        """Put what was sent into a table, where it differs from what was shown."""
        was = show(key, before.get(key.name), self.zone, self.baselines)
        same_zone = key.kind != "moment" or zone == self.zone
        if same_zone and _alike(raw, was):
            return
        value = read(key, raw, zone, self.baselines)
        if value is None or (value == key.default and key.kind != "moment"):
            table.pop(key.name, None)
        else:
            table[key.name] = value

    def _tournaments_said(self, zone: str) -> list[Tables]:
        rows: dict[str, Tables] = {}
        for name, (key, before) in self._keys.items():
            if key.table != "tournament":
                continue
            place = name.rpartition("-")[0]
            row = rows.setdefault(place, dict(before))
            if not self.fields[name].disabled:
                self._put(row, key, before, self._taken(name), zone)
        return [
            row
            for place, row in rows.items()
            if row.keys() - {"format"} and not self.cleaned_data.get(f"{place}-remove")
        ]

    # What is wrong with it

    def show_problems(self, problems: Sequence[Problem]) -> int:
        """Show what is wrong with keys of this step at their fields; return how many there are."""
        count = 0
        for problem in problems:
            name = field_of(problem)
            if name in self.fields:
                count += 1
                self.add_error(name, said_at_field(problem, str(self.fields[name].label)))
        return count

    def refuse(self, error: RefusedError) -> None:
        """Put a refusal of the services beside its field, or above the form."""
        named = [error.field.replace(".", "-"), f"competition-{error.field}", f"dates-{error.field}"]
        known = next((name for name in named if name in self.fields), None)
        self.full_clean()
        self.add_error(known, line_of(error))


def field_of(problem: Problem) -> str:
    """Return the field that a problem belongs to."""
    table, *rest = problem.place or ("",)
    if table == "tournament":
        index, *rest = rest or [0]
        table = f"tournament-{index}"
        return f"{table}-{rest[0] if rest else 'name'}"
    return f"{table}-{rest[0]}" if rest else str(table)


def said_at_field(problem: Problem, label: str) -> str:
    """Return a problem of a file in the words of a form, with the code of a bad setting."""
    if problem.code == "arena.unknown":
        told = retell(problem.code, problem.message), retell(problem.code, problem.hint)
        return " ".join((*told, f"[{problem.code}]"))
    if problem.code in {"hosting.bad_value", "hosting.wrong_type", "hosting.missing_key"}:
        error = RefusedError("competition.bad_setting", name=label, wanted=problem.expected)
        row = next((part for part in problem.place[2:] if isinstance(part, int)), None)
        where = f" ({problem.got})" if row is not None and problem.place[0] != "tournament" else ""
        message, hint = error.said(gettext)
        return f"{message}{where} {hint} [{error.code}]"
    message = retell(problem.code, problem.message).replace(show_path(problem.place), label)
    return f"{message} {retell(problem.code, problem.hint)} [competition.bad_setting]"


def _alike(raw: Raw, was: Raw) -> bool:
    if isinstance(raw, str) and isinstance(was, str):
        return raw.replace("\r\n", "\n") == was.replace("\r\n", "\n")
    return raw == was


def _in_zone(tables: Tables, zone: str, kept: Iterable[Key]) -> Tables:
    """Return the tables with all times that were not typed just now as they read in another zone."""
    for key in kept:
        row = tables.get(key.table) or {}
        if row.get(key.name):
            row[key.name] = moved(row[key.name], zone)
    for row in tables.get("tournament") or []:
        if row.get("starts_at"):
            row["starts_at"] = moved(row["starts_at"], zone)
    return tables


def _arena_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all arenas as choices, in groups by their first tag: nobody looks through ninety names."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in registry.names():
        spec = registry.get(name)
        group = next(
            (str(words) for tag, words in _ARENA_GROUPS.items() if tag in spec.tags[:1]), _("Others")
        )
        groups.setdefault(group, []).append((name, f"{spec.title} ({name})"))
    return sorted(groups.items(), key=lambda group: (group[0] == _("Others"), group[0]))


def zone_names() -> list[str]:
    """Return the names of all time zones that people choose from."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def _first(form: StepForm) -> None:
    form.add(_("What is played"), "competition", ("arena", "title", "slug", "summary"))


def _second(form: StepForm) -> None:
    form.add(_("When"), "dates", ("zone", "opens_at", "closes_at"))


def _third(form: StepForm) -> None:
    form.add(_("Eligibility"), "eligibility", help=_("Everybody may watch; this says who may submit."))
    form.add(_("Teams"), "teams")


def _fourth(form: StepForm) -> None:
    form.add(_("Quotas"), "quotas")
    form.add(_("League"), "league")
    limits = form.add(_("Limits of an agent"), "limits", help=_("Empty: what the arena has."))
    limits.names, limits.more = limits.names[2:5], limits.names[:2] + limits.names[5:]
    group = form.add(_("Final"), "final", help=_("An evaluation after the end, on fresh hidden seeds."))
    form.fields[HELD] = forms.BooleanField(
        label=_("There is a final"),
        required=False,
        initial=form.tables.get("final") is not None,
    )
    group.names, group.more = [HELD], group.names
    if form.spec is None or formats_for(form.spec.lineup):
        form.add_tournaments()


def _fifth(form: StepForm) -> None:
    form.add(_("Texts"), "competition", (*TEXTS, "forum_url"))
    form.add(
        _("What is shown to whom"), "reveal", help=_("It stays as it is once the competition has started.")
    )


_BUILD: Final = {1: _first, 2: _second, 3: _third, 4: _fourth, 5: _fifth}
