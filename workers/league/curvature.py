"""The second derivative of the likelihood: what results tell of strengths and seats, dense or sparse.

How it works. Up to `DENSE_AGENTS` strengths it is a matrix like any other. Above, it is the Laplacian of a
graph with an edge for each pair that met: it is never written out, and systems are solved by conjugate
gradients. Agents that are held at a known strength have no row that matters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, cg

from workers.league.comparisons import Booleans, Floats, Integers, sums
from workers.league.evidence import Evidence

DENSE_AGENTS: Final = 1500
"""Most strengths that are fitted with full matrices."""
_STEPS: Final = 2000


@dataclass(frozen=True, slots=True)
class Dense:
    """A matrix over free agents, then seats."""

    matrix: Floats
    free: Integers
    """Agent index of each of the first rows."""
    agents: int

    def solve(self, right: Floats, *, precision: float = 0.0) -> Floats:
        """Return x of H x = right over agents and seats; 0 for agents that are held."""
        del precision
        rows = np.concatenate([self.free, np.arange(self.agents, len(right))])
        answer = np.zeros(right.shape)
        answer[rows] = np.linalg.solve(self.matrix, right[rows])
        return answer

    def strengths(self) -> Floats:
        """Return the matrix over the free agents with the seats integrated out: the Schur complement."""
        size = len(self.free)
        if len(self.matrix) == size:
            return self.matrix
        cross = self.matrix[:size, size:]
        whole = self.matrix[:size, :size] - cross @ np.linalg.solve(self.matrix[size:, size:], cross.T)
        return np.asarray(0.5 * (whole + whole.T))

    def seat_covariance(self) -> Floats:
        """Return (seats, seats) covariance of the seats, strengths integrated out."""
        return np.asarray(np.linalg.inv(self.matrix)[len(self.free) :, len(self.free) :])


@dataclass(frozen=True, slots=True)
class Sparse:
    """A Laplacian with a prior on its diagonal, over all agents, bordered by seats."""

    upper: csr_array
    """(agents, agents) information of each pair, at row low and column high."""
    diagonal: Floats
    cross: Floats
    """(agents, seats)."""
    inner: Floats
    """(seats, seats)."""
    free: Booleans

    def times(self, vector: Floats) -> Floats:
        """Return H x over agents; (agents,) or (agents, columns)."""
        diagonal = self.diagonal if vector.ndim == 1 else self.diagonal[:, None]
        return np.asarray(diagonal * vector - self.upper @ vector - self.upper.T @ vector)

    def solve(self, right: Floats, *, precision: float = 1e-10) -> Floats:
        """Return x of H x = right over agents and seats; 0 for agents that are held.

        Seats are few: each takes one system more, and the small rest is solved at once.
        """
        agents = len(self.diagonal)
        top = self.solve_strengths(right[:agents], precision=precision)
        if len(right) == agents:
            return top
        moved = np.stack([self.solve_strengths(each, precision=precision) for each in self.cross.T], axis=1)
        rest = self.inner - self.cross.T @ moved
        seats = np.linalg.solve(rest, right[agents:] - self.cross.T @ top)
        return np.concatenate([top - moved @ seats, seats])

    def solve_strengths(self, right: Floats, *, precision: float = 1e-10) -> Floats:
        """Return (agents,) x of H x = right with the seats left out.

        Source:
            Hestenes & Stiefel 1952, as `scipy.sparse.linalg.cg`, scaled by the diagonal.
        """
        # Scaled so that the diagonal is 1, which also balances agents of few and of many matches.
        root = 1.0 / np.sqrt(self.diagonal)
        shape = (len(root), len(root))
        upper, lower = self.upper, self.upper.T

        def scaled(vector: Floats) -> Floats:
            moved = root * vector
            return np.asarray(vector - root * (upper @ moved + lower @ moved))

        wanted = root * np.where(self.free, right, 0.0)
        answer, _ = cg(
            LinearOperator(shape, matvec=scaled, dtype=np.float64), wanted, rtol=precision, maxiter=_STEPS
        )
        return np.asarray(np.where(self.free, root * answer, 0.0))

    def variances(self) -> Floats:
        """Return (agents,) about the variance of each strength: the first terms of a Neumann series.

        Exact to a few per cent where agents have many opponents all over the field; too small where the field
        hangs together by few pairs.
        """
        squared = self.upper.copy()
        squared.data = squared.data**2
        spread = (squared @ (1.0 / self.diagonal)) + (squared.T @ (1.0 / self.diagonal))
        return np.asarray(1.0 / self.diagonal + spread / self.diagonal**2)

    def seat_covariance(self) -> Floats:
        """Return (seats, seats) covariance of the seats, strengths integrated out."""
        moved = np.stack([self.solve_strengths(each) for each in self.cross.T], axis=1)
        return np.asarray(np.linalg.inv(self.inner - self.cross.T @ moved))


Curvature: TypeAlias = Dense | Sparse


@dataclass(frozen=True, slots=True)
class Terms:
    """What a curvature is made of; informations in units of the posterior (dispersion included)."""

    by_cell: Floats
    """(cells,) information."""
    tau: float
    prior: float
    """Precision of a strength."""
    seat_prior: float


def curvature(evidence: Evidence, terms: Terms, free: Booleans) -> Curvature:
    """Return the negative Hessian over agents and seats with the pair effects integrated out.

    Args:
        evidence: the summed comparisons.
        terms: what they weigh.
        free: (agents,) whose strength is not held.
    """
    by_pair = evidence.by_pair(terms.by_cell)
    effective = by_pair / (1.0 + terms.tau**2 * by_pair)
    diagonal = (
        sums(evidence.low, effective, evidence.agents)
        + sums(evidence.high, effective, evidence.agents)
        + terms.prior
    )
    cross, inner = _seats(evidence, terms, by_pair)
    make: Callable[..., Curvature] = _dense if free.sum() <= DENSE_AGENTS else _sparse
    return make(evidence, effective, diagonal, cross, inner, free)


def _dense(
    evidence: Evidence, effective: Floats, diagonal: Floats, cross: Floats, inner: Floats, free: Booleans
) -> Dense:
    who = np.flatnonzero(free)
    place = np.full(evidence.agents, -1)
    place[who] = np.arange(len(who))
    low, high = place[evidence.low], place[evidence.high]
    both = (low >= 0) & (high >= 0)
    size = len(who)
    matrix = np.zeros((size + len(inner),) * 2)
    matrix[low[both], high[both]] = -effective[both]
    matrix[high[both], low[both]] = -effective[both]
    matrix[np.arange(size), np.arange(size)] = diagonal[who]
    matrix[:size, size:] = cross[who]
    matrix[size:, :size] = cross[who].T
    matrix[size:, size:] = inner
    return Dense(matrix, who, evidence.agents)


def _sparse(
    evidence: Evidence, effective: Floats, diagonal: Floats, cross: Floats, inner: Floats, free: Booleans
) -> Sparse:
    between = np.where(free[evidence.low] & free[evidence.high], effective, 0.0)
    # Pairs are sorted by their low agent, which is what rows of a compressed matrix are.
    start = np.zeros(evidence.agents + 1, np.int64)
    np.cumsum(np.bincount(evidence.low, minlength=evidence.agents), out=start[1:])
    upper = csr_array((between, evidence.high, start), shape=(evidence.agents,) * 2)
    return Sparse(upper, diagonal, np.where(free[:, None], cross, 0.0), inner, free)


def _seats(evidence: Evidence, terms: Terms, by_pair: Floats) -> tuple[Floats, Floats]:
    """Return how seats hang together with agents (agents, seats), and with each other (seats, seats)."""
    agents, seats = evidence.agents, evidence.seats
    if not seats:
        return np.zeros((agents, 0)), np.zeros((0, 0))
    weight = terms.by_cell
    signs = np.zeros((len(weight), seats + 1))
    cells = np.arange(len(weight))
    signs[cells, evidence.seat_low + 1] += 1.0
    signs[cells, evidence.seat_high + 1] -= 1.0
    signs = signs[:, 1:]
    moved = np.stack([evidence.by_pair(weight * signs[:, seat]) for seat in range(seats)], axis=1)
    shrunk = moved / (1.0 + terms.tau**2 * by_pair)[:, None]
    cross = np.stack(
        [
            sums(evidence.low, shrunk[:, seat], agents) - sums(evidence.high, shrunk[:, seat], agents)
            for seat in range(seats)
        ],
        axis=1,
    )
    own = (signs * weight[:, None]).T @ signs
    if terms.tau:
        own -= (moved / (by_pair + 1.0 / terms.tau**2)[:, None]).T @ moved
    return cross, own + np.eye(seats) * terms.seat_prior
