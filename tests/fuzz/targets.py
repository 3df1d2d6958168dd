"""The table: what is attacked, with which cases, and what must hold for each."""

from tests.fuzz import frames, spaces, stored
from tests.fuzz.campaign import Target

TARGETS = (
    Target("frame reader", frames.answers(), frames.check_channel),
    Target("fault", frames.fault_bytes, frames.check_fault),
    Target("referee's pipe", frames.pipe_bytes(), frames.check_pipe),
    Target("arena actions", spaces.action_bytes(), spaces.check_action),
    Target("schema bytes", spaces.schema_bytes, spaces.check_schema_bytes),
    Target("schema round trip", spaces.round_trips, spaces.check_round_trip),
    Target("hostile values", spaces.hostile_values, spaces.check_hostile_value),
    Target("archive", stored.archives, stored.check_archive),
    Target("action log", stored.stored_logs, stored.check_log),
    Target("replay", stored.replays, stored.check_replay),
    Target("trajectory", stored.trajectories, stored.check_trajectory),
    Target("track", stored.track_values, stored.check_track),
)
