"""Spinner: turns like a top near the centre, so that whoever comes near is swept aside by the blade."""

from math import atan2, cos, hypot


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
    away = hypot(centre_x, centre_y)
    # While it turns, it drives in the moments in which it looks at the centre.
    towards = cos(atan2(centre_y, centre_x))
    throttle = towards * min(1.0, away) if away > 0.15 else 0.0
    way = 1.0 if s[4] >= 0 else -1.0
    is_hit = hypot(x, y) < 1.1
    return [throttle, way, 1.0 if is_hit and away > 0.4 and abs(towards) > 0.7 else -1.0]


agent.lanes = 16
