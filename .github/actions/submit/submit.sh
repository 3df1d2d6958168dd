#!/usr/bin/env bash
# Submits $AGENT and tells later steps what became of it; ends with the exit status of coliseum.
set -uo pipefail

options=(--note "$NOTE" --json)
[ "${ONLY_IF_BETTER:-false}" = true ] && options+=(--only-if-better)
[ "${CHECK:-true}" = true ] || options+=(--no-check)

answer=$(coliseum submit "$AGENT" --competition "$COMPETITION" "${options[@]}")
status=$?
printf '%s\n' "$answer" | python "$GITHUB_ACTION_PATH/report.py" || exit 5
exit "$status"
