"""Shadow: keeps between the centre and the other, face to face, and lets the falling planks do the work."""

from math import atan2, cos, hypot


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
    near, face = hypot(x, y), atan2(y, x)
    out_x, out_y = x - centre_x, y - centre_y
    far, own = max(0.05, hypot(out_x, out_y)), hypot(centre_x, centre_y)
    if near < 1.3 and (far > own or abs(face) < 0.3):
        is_at_the_edge = far > s[14] - 1.0 or own > far
        return [1.0, turned(face), 1.0 if abs(face) < 0.4 and is_at_the_edge else -1.0]
    share = min(0.35 * far, 1.0) / far
    goal_x, goal_y = centre_x + share * out_x, centre_y + share * out_y
    gap = hypot(goal_x, goal_y)
    if gap < 0.35:
        return [0.0, turned(face), -1.0]
    goal = atan2(goal_y, goal_x)
    boost = 1.0 if own > s[14] - 0.6 else -1.0
    if abs(goal) > 1.9:
        return [-1.0, turned(atan2(-goal_y, -goal_x)), boost]
    return [max(0.0, cos(goal)), turned(goal), boost]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))


agent.lanes = 16
