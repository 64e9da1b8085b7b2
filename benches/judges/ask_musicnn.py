"""What musicnn's taggers hear in sound files: run by the Python of an environment of its own (scripts/setup_ears.sh).

python benches/judges/ask_musicnn.py FILE ...     prints one JSON object a line

A tag's value is its mean over windows of 3 s, as `musicnn.tagger` has it. The graph of each model is made once here,
and not once for every file.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

MODELS = ("MSD_musicnn", "MTT_musicnn")
FRAMES = 187
"""Of a window of 3 s."""


def tagger(name: str) -> Any:
    """Return a function of windows, float [n, FRAMES, 96], that gives the tags' values, [n, 50]."""
    tf: Any = importlib.import_module("tensorflow")
    musicnn: Any = importlib.import_module("musicnn.models")
    graph = tf.Graph()
    with graph.as_default():
        with tf.name_scope("model"):
            x = tf.compat.v1.placeholder(tf.float32, [None, FRAMES, 96])
            training = tf.compat.v1.placeholder(tf.bool)
            tags = tf.nn.sigmoid(musicnn.define_model(x, training, name, 50)[0])
        session = tf.compat.v1.Session(graph=graph)
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().restore(session, f"{musicnn.__file__.rpartition('/')[0]}/{name}/")
    return lambda windows: session.run(tags, feed_dict={x: windows, training: False})


def main() -> None:
    """Ask both about each file."""
    # TensorFlow 2 runs the graphs of version 1 only where it was told so before.
    extractor: Any = importlib.import_module("musicnn.extractor")
    config: Any = importlib.import_module("musicnn.configuration")
    taggers = {name: tagger(name) for name in MODELS}
    labels = {"MSD_musicnn": config.MSD_LABELS, "MTT_musicnn": config.MTT_LABELS}
    for path in sys.argv[1:]:
        windows, _ = extractor.batch_data(path, FRAMES, FRAMES)
        heard = {
            name[:3]: dict(zip(labels[name], [round(float(v), 5) for v in tag(windows).mean(axis=0)], strict=True))
            for name, tag in taggers.items()
        }
        print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    main()
