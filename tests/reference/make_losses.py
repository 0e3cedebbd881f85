"""Every loss: its value and the gradients of predictions."""

import torch
import torch.nn.functional as F

from common import REDUCTION, Room, fixed

room = Room("losses")
normal, case = room.normal, room.case


def cross_entropy(name, logits, targets, weight=None, **options):
    torch_options = {
        "ignore_index": options.get("ignoreIndex", -100),
        "label_smoothing": options.get("labelSmoothing", 0.0),
        "reduction": options.get("reduction", "mean"),
    }
    # Our last axis holds the classes; PyTorch's second does.
    def call(x, t, w=None):
        flat = F.cross_entropy(x.reshape(-1, x.shape[-1]), t.reshape(-1), w, **torch_options)
        return flat.reshape(t.shape) if torch_options["reduction"] == "none" else flat
    inputs = [logits, targets] + ([fixed(weight)] if weight is not None else [])
    case("crossEntropy", name, call, inputs, options, tolerance=REDUCTION)


targets = room.integers
weight = room.positive
with_ignored = torch.tensor([1, -100, 0, 4, -100], dtype=torch.int32)
cross_entropy("odd", normal(3, 5), targets(5, 3))
cross_entropy("three axes", normal(2, 3, 7), targets(7, 2, 3))
cross_entropy("one class", normal(2, 1), targets(1, 2))
cross_entropy("long", normal(4, 131, scale=3), targets(131, 4))
cross_entropy("sum", normal(3, 5), targets(5, 3), reduction="sum")
cross_entropy("none", normal(2, 3, 5), targets(5, 2, 3), reduction="none")
cross_entropy("ignored by default", normal(5, 5), with_ignored)
cross_entropy("ignore index", normal(4, 3), torch.tensor([0, 1, 2, 0], dtype=torch.int32), ignoreIndex=0)
cross_entropy("everything ignored", normal(2, 3), torch.tensor([-100, -100], dtype=torch.int32))
cross_entropy("empty, sum", normal(0, 3), targets(3, 0), reduction="sum")
cross_entropy("smoothed", normal(4, 5), targets(5, 4), labelSmoothing=0.1)
cross_entropy("smoothed and ignored", normal(5, 5), with_ignored, labelSmoothing=0.2)
cross_entropy("weighted", normal(4, 5), targets(5, 4), weight(5))
cross_entropy("weighted sum", normal(4, 5), targets(5, 4), weight(5), reduction="sum")
cross_entropy("weighted none", normal(4, 5), targets(5, 4), weight(5), reduction="none")
cross_entropy("weighted, smoothed and ignored", normal(5, 5), with_ignored, weight(5), labelSmoothing=0.1)
cross_entropy("large logits", torch.tensor([[1e4, 0.0, -1e4], [-1e4, 1e4, 0.0]]), torch.tensor([1, 1], dtype=torch.int32))

for name, shape in [("odd", [3, 5]), ("one", [1]), ("long", [2, 67])]:
    for reduction in ["mean", "sum", "none"]:
        def bce(x, t, reduction=reduction):
            return F.binary_cross_entropy_with_logits(x, t, reduction=reduction)
        def mse(x, t, reduction=reduction):
            return F.mse_loss(x, t, reduction=reduction)
        options = {"reduction": reduction}
        case("binaryCrossEntropyWithLogits", f"{name}, {reduction}", bce,
             [normal(*shape, scale=3), fixed(room.mask(*shape).float())], options, tolerance=REDUCTION)
        case("mse", f"{name}, {reduction}", mse, [normal(*shape), normal(*shape)], options, tolerance=REDUCTION)
case("binaryCrossEntropyWithLogits", "large logits", F.binary_cross_entropy_with_logits,
     [torch.tensor([100.0, -100.0, 1e4, -1e4]), fixed(torch.tensor([0.0, 1.0, 1.0, 0.0]))], {}, tolerance=REDUCTION)
case("binaryCrossEntropyWithLogits", "soft targets", F.binary_cross_entropy_with_logits,
     [normal(5), fixed(torch.tensor([0.1, 0.5, 0.9, 0.25, 1.0]))], {}, tolerance=REDUCTION)

room.write()
