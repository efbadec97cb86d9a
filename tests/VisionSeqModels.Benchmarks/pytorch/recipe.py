#!/usr/bin/python3
"""A LeNet trained by a recipe in a plain PyTorch loop. Called by the benchmarks' command "recipes".

    /usr/bin/python3 recipe.py SETTINGS --data-dir DIR --seed 1 --threads 2

SETTINGS is the JSON of the C# record Recipe. Prints a line of JSON an epoch: test accuracy, and seconds of training (batching
included, evaluation not).
"""
import argparse, json, time
from pathlib import Path
from types import SimpleNamespace
import torch
from torch import nn
from torch.nn import functional as F
import train

PADDING = 2


class LeNet(nn.Module):
    def __init__(self, r, channels, size):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, r.conv1Channels, 5), nn.Conv2d(r.conv1Channels, r.conv2Channels, 5)
        side = ((size - 4) // 2 - 4) // 2
        self.fc1, self.fc2 = nn.Linear(r.conv2Channels * side * side, r.fc1Size), nn.Linear(r.fc1Size, 84)
        self.fc3 = nn.Linear(84, 10)

    forward = train.LeNet.forward


def crop(images):
    """Each image by an offset of its own, as one gather."""
    count, _, height, width = images.shape
    padded = F.pad(images, (PADDING,) * 4)
    y = torch.randint(0, 2 * PADDING + 1, (count, 1, 1)) + torch.arange(height).view(1, -1, 1)
    x = torch.randint(0, 2 * PADDING + 1, (count, 1, 1)) + torch.arange(width).view(1, 1, -1)
    return padded.permute(0, 2, 3, 1)[torch.arange(count).view(-1, 1, 1), y, x].permute(0, 3, 1, 2)


def mirror(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", type=lambda text: SimpleNamespace(**json.loads(text)))
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    a = parser.parse_args()
    r = a.settings
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    data = train.mnist(a.data_dir / "mnist") if r.data == "mnist" else train.cifar10(a.data_dir / "cifar-10-batches-bin")
    (x, y), (test_x, test_y), mean, deviation = data
    mean, deviation = mean.view(1, -1, 1, 1), deviation.view(1, -1, 1, 1)
    model = LeNet(r, x.shape[1], x.shape[2])
    optimizer = torch.optim.Adam(model.parameters(), r.learningRate)
    steps = -(-len(x) // r.batchSize)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, r.learningRate, total_steps=r.epochs * steps, cycle_momentum=False)

    def batch(pixels):
        return (pixels.float() / 255 - mean) / deviation

    for epoch in range(r.epochs):
        model.train()
        begin = time.perf_counter()
        for rows in torch.randperm(len(x)).split(r.batchSize):
            images = batch(x[rows])
            if r.augments:
                images = mirror(crop(images))
            optimizer.zero_grad()
            F.cross_entropy(model(images), y[rows], label_smoothing=r.labelSmoothing).backward()
            optimizer.step()
            schedule.step()
        seconds = time.perf_counter() - begin
        model.eval()
        with torch.no_grad():
            right = sum((model(batch(p)).argmax(1) == t).sum().item() for p, t in zip(test_x.split(256), test_y.split(256)))
        print(json.dumps({"test_accuracy": right / len(test_x), "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
