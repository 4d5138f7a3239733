"""How long Presidio's pattern recognisers take for the same values: run in its own environment.

Reads a JSON list of texts from standard input and prints seconds of processor time and how
many of them it found something in. Recognisers that need a language model are left out.
"""

import json
import logging
import sys
import time

from presidio_analyzer import PatternRecognizer, RecognizerRegistry


def main() -> None:
    logging.disable(logging.CRITICAL)
    values = json.load(sys.stdin)
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    recognisers = [
        each
        for each in registry.recognizers
        if isinstance(each, PatternRecognizer) or type(each).__name__ == "PhoneRecognizer"
    ]
    for each in recognisers:
        each.analyze(text=values[0], entities=each.supported_entities, nlp_artifacts=None)
    began, found = time.process_time(), 0
    for value in values:
        hits = [
            hit
            for each in recognisers
            for hit in each.analyze(
                text=value, entities=each.supported_entities, nlp_artifacts=None
            )
            or ()
        ]
        found += bool(hits)
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "found": found, "recognisers": len(recognisers)}))


if __name__ == "__main__":
    main()
