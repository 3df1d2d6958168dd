"""Makes a file of a terabyte with nothing in it, and fills parts of one.

row: 6
expected: ok
arena: connect_four-v3
why: the size of a file is limited, and what is filled counts against the scratch folder
tries: 2
"""

from workers.sandbox.probes import attempt


def terabyte():
    with open("/tmp/hostile-trace", "wb") as file:
        file.truncate(1 << 40)


def holes():
    with open("/tmp/hostile-trace", "wb") as file:
        for number in range(8000):
            file.seek(number * 65536)
            file.write(bytes(4096))
            file.flush()


print("tried terabyte", attempt(terabyte))
print("tried holes", attempt(holes))


def agent(observation):
    return int(observation["action_mask"].argmax())
