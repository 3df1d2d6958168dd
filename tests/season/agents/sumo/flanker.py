"""Flanker: drives to a place beside the other and then across it, where its tracks hold least."""

from math import atan2, hypot


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y, cosine, sine = s[0], s[1], s[6], s[7], s[8], s[9]
    near, face = hypot(x, y), atan2(y, x)
    # How squarely this machine looks at the other's side: 1 is across, 0 is along.
    across = abs(sine * x - cosine * y) / max(near, 0.1)
    margin = s[15] - hypot(centre_x, centre_y)
    if margin < 0.45:
        home = atan2(centre_y, centre_x)
        if abs(home) > 1.8:
            return [-1.0, turned(atan2(-centre_y, -centre_x)), 1.0]
        return [1.0, turned(home), 1.0]
    if (across > 0.6 and near < 2.0) or near < 1.05:
        return [1.0 if abs(face) < 1.0 else 0.0, turned(face), 1.0 if abs(face) < 0.4 else -1.0]
    # Of both places beside the other, the one nearer to the ring's centre.
    sides = [(x - 1.5 * sine * way, y + 1.5 * cosine * way) for way in (1.0, -1.0)]
    goal_x, goal_y = min(sides, key=lambda place: hypot(place[0] - centre_x, place[1] - centre_y))
    goal = atan2(goal_y, goal_x)
    return [1.0 if abs(goal) < 1.2 else 0.1, turned(goal), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))


agent.lanes = 16
