"""Says that it plays a thousand million episodes at once, in a class whose attributes change.

row: 28
expected: ok
arena: connect_four-v3
why: it gets as many lanes as the match has, whatever it says
"""


class Lying(type):
    def __getattribute__(cls, name):
        return 10**9 if name == "lanes" else super().__getattribute__(name)


class Agent(metaclass=Lying):
    def act(self, observation):
        return int(observation["action_mask"].argmax())
