#!/usr/bin/python3
r"""ResNet for small images, trained by a plain PyTorch loop on what the C# program left in a folder: the same images in the same
order, the same initial weights, the same settings. Called by the benchmarks' command "curves".

    /usr/bin/python3 resnet.py FOLDER --depth 20 --epochs 4 --batch-size 128 --lr 0.1 --momentum 0.9 --weight-decay 1e-4 \
        --threads 1

Prints a line of JSON an epoch: train_loss, train_accuracy, test_loss, test_accuracy, seconds of training.
"""
import argparse, json, struct, time
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, outputs - inputs

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.pad or self.stride > 1:
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.pad // 2, self.pad - self.pad // 2))
        return F.relu(y + x)


class ResNet(nn.Module):
    def __init__(self, depth, classes=10):
        super().__init__()
        inputs, blocks = 16, (depth - 2) // 6
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        for i, width in enumerate((16, 32, 64)):
            layers = [Block(inputs if j == 0 else width, width, 2 if i > 0 and j == 0 else 1) for j in range(blocks)]
            setattr(self, f"layer{i + 1}", nn.Sequential(*layers))
            inputs = width
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


def safetensors(path):
    raw = Path(path).read_bytes()
    size, = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8:8 + size]), raw[8 + size:]
    kinds = {"F32": np.float32, "I64": np.int64}
    return {name: torch.from_numpy(np.frombuffer(data[slice(*e["data_offsets"])], kinds[e["dtype"]]).reshape(e["shape"]).copy())
            for name, e in header.items() if name != "__metadata__"}


def images(folder):
    about = json.loads((folder / "about.json").read_text())
    pixels = torch.from_numpy(np.fromfile(folder / "pixels.bin", np.uint8).reshape(-1, *about["shape"]))
    labels = torch.from_numpy(np.fromfile(folder / "labels.bin", np.uint8).astype(np.int64))
    mean, std = (torch.tensor(about[name]).reshape(1, -1, 1, 1) for name in ("mean", "deviation"))
    return pixels, labels, lambda x: (x.float() / 255 - mean) / std


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    for name, kind in (("depth", int), ("epochs", int), ("batch-size", int), ("lr", float), ("momentum", float),
                       ("weight-decay", float), ("threads", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    (x, y, prepare), (tx, ty, _) = images(a.folder / "train"), images(a.folder / "test")
    model = ResNet(a.depth)
    model.load_state_dict(safetensors(a.folder / "initial.safetensors"))
    optimizer = torch.optim.SGD(model.parameters(), a.lr, momentum=a.momentum, weight_decay=a.weight_decay)
    for epoch in range(a.epochs):
        begin, loss_sum, hits = time.perf_counter(), 0.0, 0
        model.train()
        for i in range(0, len(x), a.batch_size):
            inputs, labels = prepare(x[i:i + a.batch_size]), y[i:i + a.batch_size]
            optimizer.zero_grad()
            scores = model(inputs)
            loss = F.cross_entropy(scores, labels)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(labels)
            hits += (scores.argmax(1) == labels).sum().item()
        seconds = time.perf_counter() - begin
        model.eval()
        test_loss, test_hits = 0.0, 0
        with torch.no_grad():
            for i in range(0, len(tx), 256):
                scores = model(prepare(tx[i:i + 256]))
                test_loss += F.cross_entropy(scores, ty[i:i + 256], reduction="sum").item()
                test_hits += (scores.argmax(1) == ty[i:i + 256]).sum().item()
        print(json.dumps({"train_loss": loss_sum / len(x), "train_accuracy": hits / len(x), "test_loss": test_loss / len(tx),
                          "test_accuracy": test_hits / len(tx), "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
