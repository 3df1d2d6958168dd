"""Pursuit: works out where the other will be when it gets there, and meets it in that place."""

from math import atan2, hypot, sqrt


def agent(observation):
    s = observation.tolist()
    centre_x, centre_y, x, y, vx, vy = s[0], s[1], s[6], s[7], s[10], s[11]
    speed = 5.0 if s[5] > 0.3 else 3.0
    time = meeting(x, y, vx, vy, speed)
    goal_x, goal_y = x + time * vx, y + time * vy
    # A meeting beyond the edge is none.
    out = hypot(goal_x - centre_x, goal_y - centre_y) / max(0.2, s[15] - 0.3)
    if out > 1.0:
        goal_x, goal_y = centre_x + (goal_x - centre_x) / out, centre_y + (goal_y - centre_y) / out
    angle = atan2(goal_y, goal_x)
    near = hypot(x, y)
    boost = abs(angle) < 0.25 and (near < 1.4 or s[5] > 0.6)
    return [1.0 if abs(angle) < 1.2 else 0.0, max(-1.0, min(1.0, 4 * angle)), 1.0 if boost else -1.0]


def meeting(x, y, vx, vy, speed):
    """The least time after which a straight drive at this speed meets the other; half a second if never."""
    a, b, c = vx * vx + vy * vy - speed * speed, 2 * (x * vx + y * vy), x * x + y * y
    root = b * b - 4 * a * c
    if root < 0 or abs(a) < 1e-6:
        return 0.5
    times = [t for t in ((-b - sqrt(root)) / (2 * a), (-b + sqrt(root)) / (2 * a)) if t > 0]
    return min([*times, 1.0])


agent.lanes = 16
