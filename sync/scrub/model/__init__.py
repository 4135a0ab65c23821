"""The learnt part of the scrubber: a small token classifier and what it is fed with."""

CARD = "model.json"
# The network, the embeddings of word pieces, the pieces, and the card that tells their hashes.
MODEL_FILES = ("model.onnx", "embeddings.bin", "pieces.txt", CARD)
