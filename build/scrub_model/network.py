"""The token classifier: MiniLM's encoder, fed with features of each word besides its pieces.

For the last epochs the products are computed as the exported int8 model will compute them
(quantisation-aware training), so that rounding costs no recall.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, INNER, HEADS, LAYERS, PIECES, POSITIONS = 384, 1536, 12, 6, 30522, 512


class _Round(torch.autograd.Function):
    """Rounds to the quantised grid; gradients pass as if it did not."""

    @staticmethod
    def forward(ctx: object, x: Tensor, scale: Tensor, zero: Tensor, low: int, high: int) -> Tensor:
        del ctx
        return (torch.clamp(torch.round(x / scale) + zero, low, high) - zero) * scale

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        del ctx
        return gradient, None, None, None, None


def _round_activations(x: Tensor) -> Tensor:
    """As DynamicQuantizeLinear does: 8 bits without sign between the extremes of one text."""
    still = x.detach()
    low = still.amin((1, 2), keepdim=True).clamp(max=0)
    high = still.amax((1, 2), keepdim=True).clamp(min=0)
    scale = ((high - low) / 255).clamp(min=1e-8)
    return _Round.apply(x, scale, torch.round(-low / scale), 0, 255)


def _round_weights(weight: Tensor) -> Tensor:
    """Seven bits and a sign, a scale for each row."""
    scale = (weight.detach().abs().amax(1, keepdim=True) / 127).clamp(min=1e-8)
    return _Round.apply(weight, scale, torch.zeros_like(scale), -127, 127)


class Product(nn.Linear):
    """A linear layer that can compute as its int8 export will."""

    rounds = False

    def forward(self, x: Tensor) -> Tensor:
        """x: [texts, pieces, in] → [texts, pieces, out]."""
        if not self.rounds:
            return functional.linear(x, self.weight, self.bias)
        return functional.linear(_round_activations(x), _round_weights(self.weight), self.bias)


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = Product(HIDDEN, 3 * HIDDEN)
        self.joined = Product(HIDDEN, HIDDEN)
        self.norm_1 = nn.LayerNorm(HIDDEN, 1e-12)
        self.up = Product(HIDDEN, INNER)
        self.down = Product(INNER, HIDDEN)
        self.norm_2 = nn.LayerNorm(HIDDEN, 1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """mask: True where a piece may be looked at, [texts, 1, 1, pieces]."""
        texts, pieces, _ = x.shape
        cut = self.qkv(x).view(texts, pieces, 3, HEADS, HIDDEN // HEADS)
        q, k, v = cut.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm_1(x + self.drop(self.joined(seen.transpose(1, 2).reshape(x.shape))))
        return self.norm_2(x + self.drop(self.down(functional.gelu(self.up(x)))))


class Network(nn.Module):
    """Pieces and features in, a score for each label out."""

    def __init__(self, features: int, labels: int) -> None:
        super().__init__()
        self.word = nn.Embedding(PIECES, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.feature = nn.Linear(features, HIDDEN, bias=False)
        self.norm = nn.LayerNorm(HIDDEN, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(HIDDEN, labels)
        nn.init.zeros_(self.feature.weight)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> Tensor:
        """ids: [texts, pieces]. features: [texts, pieces, FEATURES]."""
        x = self.word(ids) + self.position.weight[: ids.shape[1]] + self.feature(features)
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return self.out(x)

    def set_rounding(self, on: bool) -> None:
        """Whether all products compute as their int8 export will."""
        for module in self.modules():
            if isinstance(module, Product):
                module.rounds = on

    def load_base(self, path: Path) -> None:
        """Begin with the weights of all-MiniLM-L6-v2 (Apache 2.0)."""
        base = load_file(path)
        self.word.weight.data.copy_(base["embeddings.word_embeddings.weight"])
        self.position.weight.data.copy_(
            base["embeddings.position_embeddings.weight"]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        _copy(self.norm, base, "embeddings.LayerNorm")
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)  # noqa: S101  for the type checker
            at = f"encoder.layer.{number}"
            parts = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
            layer.qkv.weight.data.copy_(torch.cat([base[f"{part}.weight"] for part in parts]))
            layer.qkv.bias.data.copy_(torch.cat([base[f"{part}.bias"] for part in parts]))
            _copy(layer.joined, base, f"{at}.attention.output.dense")
            _copy(layer.norm_1, base, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, base, f"{at}.intermediate.dense")
            _copy(layer.down, base, f"{at}.output.dense")
            _copy(layer.norm_2, base, f"{at}.output.LayerNorm")


def _copy(module: nn.Linear | nn.LayerNorm, base: Mapping[str, Tensor], name: str) -> None:
    module.weight.data.copy_(base[f"{name}.weight"])
    module.bias.data.copy_(base[f"{name}.bias"])
