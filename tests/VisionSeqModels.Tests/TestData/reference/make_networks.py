#!/usr/bin/python3
"""Known answers from PyTorch for VisionModels.Mlp and VisionModels.ResNet, written as safetensors beside this script, and the
names and shapes of torchvision's resnet18 and resnet34.

Run with Debian's PyTorch and torchvision (python3-torch, python3-torchvision):
    /usr/bin/python3 make_networks.py [OUT_DIR]

One file a case, float32 (int64 for y and num_batches_tracked). Names in each file:
  x, y                      inputs [batch, ...] and class labels [batch]
  w0.<name>                 the state_dict before training; running statistics are not those of a new model
  eval                      the forward pass in evaluation mode
  logits, loss              the forward pass in training mode, and mean cross-entropy
  grad.<parameter>, dx      gradients of that loss
  stats.<buffer>            running statistics after that one forward pass in training mode
  adam3.<name>              the state_dict after 3 full-batch steps of Adam(lr=1e-3) in training mode, from w0
  sgd3.<name>               the same with SGD(lr=1e-2, momentum=0.9)
"""
import json, struct, sys
from pathlib import Path
import torch
from torch import nn
from torch.nn import functional as F


class Mlp(nn.Module):
    def __init__(self, inputs, hidden, classes, activation):
        super().__init__()
        sizes = [inputs, *hidden, classes]
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            setattr(self, f"fc{i + 1}", nn.Linear(a, b))
        self.depth, self.activation = len(sizes) - 1, activation

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.depth + 1):
            x = getattr(self, f"fc{i}")(x)
            x = x if i == self.depth else self.activation(x)
        return x


class Padded(nn.Module):
    """Option A: every second pixel, and channels of zeros around."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride, self.before = stride, (outputs - inputs) // 2
        self.behind = outputs - inputs - self.before

    def forward(self, x):
        return F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.before, self.behind))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, projection):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = (
                nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
                if projection else Padded(inputs, outputs, stride))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, blocks, widths, projection, large=False, channels=3, classes=10):
        super().__init__()
        inputs = widths[0]
        self.conv1 = (nn.Conv2d(channels, inputs, 7, 2, 3, bias=False) if large
                      else nn.Conv2d(channels, inputs, 3, 1, 1, bias=False))
        self.bn1 = nn.BatchNorm2d(inputs)
        self.large, self.stages = large, len(blocks)
        for i, (count, width) in enumerate(zip(blocks, widths)):
            layers = []
            for j in range(count):
                layers.append(Block(inputs, width, 2 if i > 0 and j == 0 else 1, projection))
                inputs = width
            setattr(self, f"layer{i + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1) if self.large else x
        for i in range(self.stages):
            x = getattr(self, f"layer{i + 1}")(x)
        return self.fc(x.mean((2, 3)))


def save_safetensors(path, tensors):
    header, blobs, at = {}, [], 0
    for name, t in tensors.items():
        raw = t.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": {torch.float32: "F32", torch.int64: "I64"}[t.dtype],
                        "shape": list(t.shape), "data_offsets": [at, at + len(raw)]}
        blobs.append(raw)
        at += len(raw)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blobs))


def state(model):
    return {k: v.clone() for k, v in model.state_dict().items()}


def known_answers(model, x, y):
    out = {"x": x, "y": y}
    for m in model.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.normal_(0, 0.1)
            m.running_var.uniform_(0.5, 1.5)
            nn.init.uniform_(m.weight, 0.5, 1.5)
            nn.init.normal_(m.bias, 0, 0.1)
    start = state(model)
    out.update({f"w0.{k}": v for k, v in start.items()})
    out["eval"] = model.eval()(x)
    model.train()
    image = x.clone().requires_grad_()
    logits = model(image)
    loss = F.cross_entropy(logits, y)
    loss.backward()
    out.update(logits=logits, loss=loss, dx=image.grad)
    out.update({f"grad.{k}": p.grad.clone() for k, p in model.named_parameters()})
    out.update({f"stats.{k}": b.clone() for k, b in model.named_buffers()})
    for tag, make in (("adam3", lambda p: torch.optim.Adam(p, 1e-3)),
                      ("sgd3", lambda p: torch.optim.SGD(p, 1e-2, momentum=0.9))):
        model.load_state_dict(start)
        optimizer = make(model.parameters())
        for _ in range(3):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        out.update({f"{tag}.{k}": v for k, v in state(model).items()})
    return out


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    cases = {
        "mlp_relu": (lambda: Mlp(48, [20, 12], 10, F.relu), (8, 3, 4, 4)),
        "mlp_tanh": (lambda: Mlp(12, [16], 10, torch.tanh), (8, 12)),
        "mlp_linear": (lambda: Mlp(12, [], 10, None), (8, 12)),
        "resnet_identity": (lambda: ResNet([1, 1, 1], [4, 6, 9], False), (8, 3, 16, 16)),
        "resnet_projection": (lambda: ResNet([2, 1], [4, 8], True, channels=1), (8, 1, 13, 10)),
        "resnet_large": (lambda: ResNet([2, 2, 2, 2], [4, 6, 8, 10], True, large=True), (6, 3, 64, 64)),
    }
    for i, (name, (build, shape)) in enumerate(cases.items()):
        torch.manual_seed(576 + i)
        model = build()
        x, y = torch.randn(*shape), torch.randint(0, 10, (shape[0],))
        save_safetensors(folder / f"{name}.safetensors", known_answers(model, x, y))
        print(name, sum(p.numel() for p in model.parameters()), "parameters")
    import torchvision
    for depth in (18, 34):
        model = getattr(torchvision.models, f"resnet{depth}")(weights=None)
        lines = [f"{k} {list(v.shape)}" for k, v in model.state_dict().items()]
        (folder / f"torchvision_resnet{depth}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
