"""Prints terminal codes, bidi marks, zero bytes, markup, formulas and forged log lines.

row: 10
expected: ok
arena: connect_four-v3
why: the log is kept as it is and shown as text
log: <script>
"""

import os

print("\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \u200b \ufeff")
print("<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}")
print('=HYPERLINK("http://example.invalid","x"),+1+1,@SUM(A1)')
print('2026-01-01 00:00:00 INFO {"event": "match_recorded", "winner": 1}')
print("\x1b[31mERROR\x1b[0m referee: infrastructure_error\r\n\nHTTP/1.1 200 OK")
os.write(1, b"\x00\xff\xfe\xc3\x28 \xed\xa0\x80\n")


def agent(observation):
    return int(observation["action_mask"].argmax())
