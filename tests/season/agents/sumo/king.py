"""King: takes the centre, faces the other and gives way to nobody; boosts when it is hit."""

from math import atan2, cos, hypot


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
    away, near = hypot(centre_x, centre_y), hypot(x, y)
    face = atan2(y, x)
    if away > 0.5 and near > 1.3:
        home = atan2(centre_y, centre_x)
        if abs(home) > 2.1:
            return [-1.0, max(-1.0, min(1.0, 3 * atan2(-centre_y, -centre_x))), 1.0 if away > 2.5 else -1.0]
        return [max(0.0, cos(home)), max(-1.0, min(1.0, 3 * home)), 1.0 if away > 2.5 else -1.0]
    is_touched = near < 1.35 and abs(face) < 0.6
    throttle = 1.0 if is_touched else 0.6 * centre_x
    return [max(-1.0, min(1.0, throttle)), max(-1.0, min(1.0, 4 * face)), 1.0 if is_touched else -1.0]


agent.lanes = 16
