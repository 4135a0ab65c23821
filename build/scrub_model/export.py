"""Writes the trained network as ONNX: products in int8, everything else in float.

Written node by node, so that what is quantised is exactly what training has rounded: weights
with a scale for each output, activations between the extremes of one window. The embeddings are
a file of their own, int8 with a scale for each piece: inside the graph they would lie in memory
twice.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from network import HEADS, HIDDEN, LAYERS
from sync.scrub.model.encode import WINDOW

Floats = NDArray[np.float32]
_OPSET, _IR = 20, 9


class _Graph:
    """Collects nodes and constants; every method gives the name of its result."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, kind: str, inputs: list[str], result: str, **settings: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [result], **settings))
        return result

    def norm(self, x: str, name: str) -> str:
        scale = self.constant(f"{name}.scale", self.weights[f"{name}.weight"])
        shift = self.constant(f"{name}.shift", self.weights[f"{name}.bias"])
        return self.add("LayerNormalization", [x, scale, shift], f"{name}.out", epsilon=1e-12)

    def product(self, x: str, name: str) -> str:
        """x · weightᵀ + bias in int8."""
        rows, scales = quantise(self.weights[f"{name}.weight"], 1)
        parts = [f"{name}.x", f"{name}.x_scale", f"{name}.x_zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], parts))
        weight = self.constant(f"{name}.weight", rows.T)
        zero = self.constant(f"{name}.zero", np.zeros(len(rows), dtype=np.int8))
        whole = self.add("MatMulInteger", [parts[0], weight, parts[2], zero], f"{name}.whole")
        as_float = self.add("Cast", [whole], f"{name}.float", to=TensorProto.FLOAT)
        by_row = self.constant(f"{name}.scales", scales[:, 0])
        scale = self.add("Mul", [parts[1], by_row], f"{name}.scale")
        scaled = self.add("Mul", [as_float, scale], f"{name}.scaled")
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.add("Add", [scaled, bias], f"{name}.out")

    def plain_product(self, x: str, name: str) -> str:
        weight = self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return self.add("MatMul", [x, weight], f"{name}.product")


def quantise(rows: Floats, axis: int) -> tuple[NDArray[np.int8], Floats]:
    """Seven bits and a sign for each value, and the scale of each row."""
    scales = np.maximum(np.abs(rows).max(axis, keepdims=True) / 127, 1e-8).astype(np.float32)
    return np.clip(np.round(rows / scales), -127, 127).astype(np.int8), scales


def export(weights: Mapping[str, Floats], features: int, labels: int) -> bytes:
    """The model: pieces float32 [n, HIDDEN], features float32 [n, features] → [n, labels]."""
    graph = _Graph(weights)
    x = _add_embeddings(graph)
    for number in range(LAYERS):
        x = _add_layer(graph, x, f"layers.{number}")
    shift = graph.constant("out.bias", weights["out.bias"])
    scores = graph.add("Add", [graph.plain_product(x, "out"), shift], "scores")
    graph.add("Softmax", [scores], "probabilities", axis=-1)
    tensor = helper.make_tensor_value_info
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "tags",
            [
                tensor("pieces", TensorProto.FLOAT, ["n", HIDDEN]),
                tensor("features", TensorProto.FLOAT, ["n", features]),
            ],
            [tensor("probabilities", TensorProto.FLOAT, ["n", labels])],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR,
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def export_embeddings(weights: Mapping[str, Floats]) -> bytes:
    """The embeddings of all pieces: int8 [pieces, HIDDEN], then float32 [pieces] of scales."""
    rows, scales = quantise(weights["word.weight"], 1)
    return rows.tobytes() + scales[:, 0].astype("<f4").tobytes()


def _add_embeddings(graph: _Graph) -> str:
    count = graph.add("Shape", ["pieces"], "count", start=0, end=1)
    start = graph.constant("start", np.array([0], dtype=np.int64))
    positions = graph.constant("positions", graph.weights["position.weight"][:WINDOW])
    position = graph.add("Slice", [positions, start, count], "position.out")
    placed = graph.add("Add", ["pieces", position], "placed")
    described = graph.add("Add", [placed, graph.plain_product("features", "feature")], "described")
    return graph.norm(described, "norm")


def _add_layer(graph: _Graph, x: str, name: str) -> str:
    by_head = graph.constant("by_head", np.array([0, HEADS, HIDDEN // HEADS], dtype=np.int64))
    together = graph.constant("together", np.array([0, HIDDEN], dtype=np.int64))
    root = graph.constant("root", np.array((HIDDEN // HEADS) ** -0.5, dtype=np.float32))
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.nodes.append(
        helper.make_node("Split", [graph.product(x, f"{name}.qkv")], parts, axis=-1, num_outputs=3)
    )
    q, k, v = (
        graph.add(
            "Transpose",
            [graph.add("Reshape", [part, by_head], f"{part}.heads")],
            f"{part}.turned",
            perm=[1, 2, 0] if part.endswith("k") else [1, 0, 2],
        )
        for part in parts
    )
    scaled = graph.add("Mul", [graph.add("MatMul", [q, k], f"{name}.scores"), root], f"{name}.s")
    weights = graph.add("Softmax", [scaled], f"{name}.weights", axis=-1)
    seen = graph.add("MatMul", [weights, v], f"{name}.seen")
    turned = graph.add("Transpose", [seen], f"{name}.turned", perm=[1, 0, 2])
    joined = graph.product(
        graph.add("Reshape", [turned, together], f"{name}.flat"), f"{name}.joined"
    )
    x = graph.norm(graph.add("Add", [x, joined], f"{name}.sum_1"), f"{name}.norm_1")
    inner = graph.add("Gelu", [graph.product(x, f"{name}.up")], f"{name}.inner")
    outer = graph.product(inner, f"{name}.down")
    return graph.norm(graph.add("Add", [x, outer], f"{name}.sum_2"), f"{name}.norm_2")
