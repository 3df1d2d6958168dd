"""The short way from a frame of one observation to its action, for models of the usual kind.

Between two turns other processes run and the caches are cold, so every function that is not called saves
several times what it takes in a loop: the model reads and writes the same two arrays all the time.
"""

import math
from collections.abc import Callable

import numpy as np

from workers.nocode.choosing import Greatest
from workers.nocode.fitting import Plan
from workers.nocode.frames import Layout, Wire
from workers.nocode.ports import Session


def alone(
    plan: Plan, layout: Layout, wire: Wire, session: Session
) -> Callable[[memoryview], bytes | None] | None:
    """Return what does the same as a batch of one; None where the plan is not of the usual kind.

    Usual is: one array goes in as it is, the greatest legal number wins. What comes back is the action in
    bytes, or None where the model fails or gives NaN, for the long way to put into words.

    Args:
        plan: of the seat.
        layout: of its observations.
        wire: of its actions.
        session: has the model, and has run it in this seat.
    """
    import onnxruntime

    choice = plan.choice
    if len(plan.feeds) != 1 or plan.memories or not isinstance(choice, Greatest):
        return None
    (feed,) = plan.feeds
    field = layout.fields[feed.path]
    if not feed.is_plain or field.wire.least is not None:
        return None
    inside = np.zeros((1, *feed.item), feed.dtype)
    outside = session.run([plan.output], {feed.port: inside})[0]
    bound = session.io_binding()
    bound.bind_ortvalue_input(feed.port, onnxruntime.OrtValue.ortvalue_from_numpy(inside))
    bound.bind_ortvalue_output(plan.output, onnxruntime.OrtValue.ortvalue_from_numpy(outside))
    run, part, only = session.run_with_iobinding, inside.reshape(field.shape), outside[0]
    ndarray, where, shape, dtype, offset = np.ndarray, np.where, field.shape, field.wire.dtype, field.offset
    mask = None if choice.mask is None else layout.fields[choice.mask]
    actions, width = wire.encoded(np.arange(choice.item[0]) + choice.first), wire.dtype.itemsize

    def answer(seen: memoryview) -> bytes | None:
        part[...] = ndarray(shape, dtype, seen, offset)
        try:
            run(bound)
        except Exception:  # onnxruntime's errors share no base class of their own.
            return None
        row = only
        if mask is not None:
            row = where(ndarray(mask.shape, mask.wire.dtype, seen, mask.offset), row, -math.inf)
        at = int(row.argmax())
        return None if math.isnan(row[at]) else actions[at * width : (at + 1) * width]

    return answer
