"""The network in PyTorch, with the parameter names of encoder.npz: `bot.matching.encoder` learns.

| names | what they are |
|---|---|
| tab | the table of n-gram and whole-word vectors |
| ln0, w1, w2, sk | layer norm, hidden layer and shortcut: features of a word -> its vector |
| pos | what is added to the word at each place |
| bl.N | transformer layers: norms l1 and l2, attention qkv and o, hidden layer f1 and f2 |
| lnf, pq, out | the last norm, the four weights of each word, and the projection |
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, one_hot, relu, scaled_dot_product_attention

from bot.distillation.features import GRAMS, HASHES, Features, features
from bot.distillation.recipe import Shape
from bot.matching.subwords import MOST_WORDS
from bot.matching.transformer import HEADS, LAYERS

_PARTS = 4
"""A batch is computed in so many parts, from its short texts to its long ones."""


class Block(nn.Module):
    """One transformer layer (pre-norm; Vaswani et al. 2017) with squared ReLU (So et al. 2021)."""

    def __init__(self, width: int, hidden: int) -> None:
        """Make the layer with random weights."""
        super().__init__()
        self.l1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.o = nn.Linear(width, width)
        self.l2 = nn.LayerNorm(width)
        self.f1 = nn.Linear(width, hidden)
        self.f2 = nn.Linear(hidden, width)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        """Mix the words' vectors; `x` (texts, words, width), `there` (texts, words) bool."""
        texts, words, width = x.shape
        split = self.qkv(self.l1(x)).view(texts, words, 3, HEADS, width // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(query, key, value, attn_mask=there[:, None, None])
        joined: Tensor = x + self.o(mixed.transpose(1, 2).reshape(texts, words, width))
        changed: Tensor = self.f2(relu(self.f1(self.l2(joined))).square())
        return joined + changed


class Student(nn.Module):
    """The encoder while it learns: characters (texts, columns) -> rows of length 1 (texts, out)."""

    def __init__(self, shape: Shape, seed: int = 0) -> None:
        """Make a network of that shape; its random weights depend on `seed` alone."""
        super().__init__()
        self.shape = shape
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self._build(shape)

    def _build(self, shape: Shape) -> None:
        """Make the layers. The table has one row more than its size: it stands for nothing."""
        self.tab = nn.EmbeddingBag(
            shape.rows + 1, shape.features, mode="sum", padding_idx=shape.rows
        )
        with torch.no_grad():
            self.tab.weight.mul_(0.05)
        self.ln0 = nn.LayerNorm(shape.features)
        self.w1 = nn.Linear(shape.features, shape.hidden)
        self.w2 = nn.Linear(shape.hidden, shape.width)
        self.sk = nn.Linear(shape.features, shape.width, bias=False)
        self.pos = nn.Parameter(torch.randn(MOST_WORDS, shape.width) * 0.02)
        self.bl = nn.ModuleList(Block(shape.width, shape.hidden) for _ in range(LAYERS))
        self.lnf = nn.LayerNorm(shape.width)
        self.pq = nn.Linear(shape.width, HEADS)
        self.out = nn.Linear(2 * shape.width, shape.out)

    def forward(self, codes: Tensor) -> Tensor:
        """Return one row of length 1 for each text.

        Texts of like length go together: little is computed for words that aren't there.
        """
        length = (codes > 0).sum(1)
        order = length.argsort(stable=True)
        parts = [codes[rows, : int(length[rows[-1]])] for rows in order.chunk(_PARTS)]
        return torch.cat([self._encode(part) for part in parts])[order.argsort()]

    def _encode(self, codes: Tensor) -> Tensor:
        """Return the rows of texts of like length."""
        read = features(codes, self.shape.rows)
        words = self._words(read)
        there = torch.arange(words.shape[1], device=codes.device) < read.number[:, None]
        # bfloat16 halves the time on a GPU; on the CPU every number stays as it is
        with torch.autocast(codes.device.type, torch.bfloat16, enabled=codes.is_cuda):
            x = self.ln0(words)
            x = self.w2(relu(self.w1(x)).square()) + self.sk(x) + self.pos[: words.shape[1]]
            for block in self.bl:
                x = block(x, there)
            y = self.out(self._pooled(self.lnf(x), there))
        return normalize(y.float(), dim=1)

    def _words(self, read: Features) -> Tensor:
        """Return the sum of each word's features, (texts, most words of a text, features).

        n-grams weigh 1 / sqrt(their number in the word), whole words 1.
        """
        texts, positions, _ = read.grams.shape
        words = int(read.number.max())
        summed = self.tab(read.grams.view(-1, GRAMS)).view(texts, positions, -1)
        belongs = one_hot(read.owner, MOST_WORDS + 1)[:, :, :words].transpose(1, 2)
        belongs = belongs.to(summed.dtype)
        grams = (read.grams < self.shape.rows).sum(2, keepdim=True).to(summed.dtype)
        number = (belongs @ grams).clamp(min=1)
        whole = self.tab(read.whole[:, :words].reshape(-1, HASHES)).view(texts, words, -1)
        added: Tensor = belongs @ summed / number.sqrt() + whole
        return added

    def _pooled(self, x: Tensor, there: Tensor) -> Tensor:
        """Return each text's mean beside its attention pooling, (texts, 2 * width)."""
        texts, words, width = x.shape
        mask = there[..., None]
        mean = (x * mask).sum(1) / mask.sum(1)
        look = self.pq(x).float().masked_fill(~mask, float("-inf")).softmax(1).to(x.dtype)
        parts = x.view(texts, words, HEADS, width // HEADS)
        seen = (look[..., None] * parts).sum(1).reshape(texts, width)
        return torch.cat([mean, seen], 1)
