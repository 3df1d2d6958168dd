"""Agents without code: an ONNX model and a manifest, played by a runner of ours.

How it works. At upload `contents` says what is in the package, `manifest` reads policy.toml, `model`
reads the ONNX file without running it, and `fitting` compares it with the arena's spaces. In the jail `agent`
does the last again with what onnxruntime opened, and plays: `frames` views the observations of all episodes
in flight as one batch, `feeding` turns it into the model's inputs, and `choosing` turns its outputs into
actions. `alone` is the short way for one episode.
"""
