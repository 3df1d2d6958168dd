"""Field: rolls down a potential: the place between the centre and the other pulls, the edge pushes."""

from math import atan2, hypot


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
    radius = s[15] if s[16] < 1.5 else s[14]
    out_x, out_y = x - centre_x, y - centre_y
    far = max(0.05, hypot(out_x, out_y))
    # Behind the other, seen from the edge: from there every push leads outwards.
    behind_x, behind_y = x - 0.9 * out_x / far, y - 0.9 * out_y / far
    gap = max(0.05, hypot(behind_x, behind_y))
    pull_x, pull_y = behind_x / gap, behind_y / gap
    near = max(0.05, hypot(x, y))
    weight = max(0.0, 1.6 - gap)
    pull_x, pull_y = pull_x + 2.5 * weight * x / near, pull_y + 2.5 * weight * y / near
    own = hypot(centre_x, centre_y)
    fear = 0.25 / max(0.08, radius - own) ** 2
    pull_x, pull_y = pull_x + fear * centre_x / max(own, 0.05), pull_y + fear * centre_y / max(own, 0.05)
    angle = atan2(pull_y, pull_x)
    boost = near < 1.5 and abs(atan2(y, x)) < 0.3 and far >= own
    if abs(angle) > 2.2 and own > 0.7 * radius:
        return [-1.0, max(-1.0, min(1.0, 3 * atan2(-pull_y, -pull_x))), 1.0]
    return [1.0 if abs(angle) < 1.0 else 0.1, max(-1.0, min(1.0, 3 * angle)), 1.0 if boost else -1.0]


agent.lanes = 16
