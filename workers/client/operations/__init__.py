"""Every operation of the API as a method. Made by `python -m tests.client_calls`."""

from workers.client.operations.agents_calls import AgentsCalls
from workers.client.operations.announcements_calls import AnnouncementsCalls
from workers.client.operations.arenas_calls import ArenasCalls
from workers.client.operations.competitions_calls import CompetitionsCalls
from workers.client.operations.export_calls import ExportCalls
from workers.client.operations.hosting_calls import HostingCalls
from workers.client.operations.joining_calls import JoiningCalls
from workers.client.operations.leaderboards_calls import LeaderboardsCalls
from workers.client.operations.matches_calls import MatchesCalls
from workers.client.operations.notices_calls import NoticesCalls
from workers.client.operations.people_calls import PeopleCalls
from workers.client.operations.phases_calls import PhasesCalls
from workers.client.operations.search_calls import SearchCalls
from workers.client.operations.status_calls import StatusCalls
from workers.client.operations.submissions_calls import SubmissionsCalls
from workers.client.operations.teams_calls import TeamsCalls
from workers.client.operations.tournaments_calls import TournamentsCalls

__all__ = ["Operations"]


class Operations(
    AgentsCalls,
    AnnouncementsCalls,
    ArenasCalls,
    CompetitionsCalls,
    ExportCalls,
    HostingCalls,
    JoiningCalls,
    LeaderboardsCalls,
    MatchesCalls,
    NoticesCalls,
    PeopleCalls,
    PhasesCalls,
    SearchCalls,
    StatusCalls,
    SubmissionsCalls,
    TeamsCalls,
    TournamentsCalls,
):
    """All groups of calls together."""
