"""Tells people and later steps what became of a submission: JSON of `coliseum submit` on standard input."""

import json
import os
import sys

answer = json.load(sys.stdin)
refused = answer.get("error")
facts = {"submission": answer.get("id", ""), "state": answer.get("state", ""), "url": answer.get("url", "")}
with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
    # A line break in a value would begin another output.
    file.writelines(f"{name}={' '.join(str(value).split())}\n" for name, value in facts.items())
if refused:
    print(f"error [{refused['code']}] {refused['message']}\n  {refused['hint']}")
for check in answer.get("checks") or []:
    print("ok  " if check["ok"] else "FAIL", check["name"], ascii(check["message"]))
print(facts["state"], facts["url"])
