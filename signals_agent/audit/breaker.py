"""When a host is left alone: it failed too often in a row, or asked for too long a wait."""

from signals_agent import url as urls
from signals_agent.audit.pace import Pace
from signals_agent.model.assessment import Assessment
from signals_agent.model.capture import Availability, Role


class Breaker:
    """The circuit breaker of one host.

    It opens after ``Pace.failures`` URLs in a row that could not be reached, themselves or
    their robots.txt, and after one where it has opened before. ``trips`` counts how often it
    opened in all; with as many as ``Pace.trips`` the host is given up.
    """

    def __init__(self, origin: str, pace: Pace, trips: int = 0) -> None:
        self._origin = origin
        self._pace = pace
        self._in_a_row = 0
        self._again = False
        self.trips = trips
        self.open = False
        self.pause = pace.cool_down

    @property
    def given_up(self) -> bool:
        """Whether nothing more of the host is asked."""
        return self.trips >= self._pace.trips

    def wants_another_try(self, assessment: Assessment) -> bool:
        """Whether robots.txt could not be reached for the first time; then it opens.

        One late robots.txt would else hold every URL of its host. After that the answer
        stands.
        """
        if not self._failed(assessment, Role.ROBOTS) or (self.trips and not self._again):
            return False
        self._again = True
        self.trip()
        return True

    def note(self, assessment: Assessment) -> None:
        """Take in how one URL of the host ended."""
        if not self._failed(assessment, Role.ASSET, Role.ROBOTS):
            if not self.open:
                self._in_a_row = self.trips = 0
            return
        self._in_a_row += 1
        if self._in_a_row >= (1 if self.trips else self._pace.failures):
            self.trip()

    def trip(self) -> None:
        """Open it; where it is open already, nothing happens."""
        if not self.open:
            self.open = True
            self.trips += 1

    def leave_alone(self, seconds: float) -> None:
        """The host asked for a longer wait than it is given: it opens, for at least so long."""
        self.pause = max(self.pause, seconds)
        self.trip()

    def _failed(self, assessment: Assessment, *roles: Role) -> bool:
        """Whether something of this host could not be reached.

        Where redirects lead is another matter, and so is a server that answers with an error.
        """
        if any(each.role is Role.HOP for each in assessment.captures):
            roles = tuple(role for role in roles if role is not Role.ASSET)
        return any(
            each.role in roles
            and each.availability is Availability.UNREACHABLE
            and (each.role is Role.ROBOTS or each.status in (None, 429, 503))
            and urls.parse(each.url).origin == self._origin
            for each in assessment.captures
        )
