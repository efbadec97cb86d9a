#!/usr/bin/python3
"""The homework's models trained by a plain PyTorch loop, for comparison.

    /usr/bin/python3 train.py --model rnn --data-dir DIR [--optimizer sgd] [--lr 0.001] [--epochs 10] [--threads 2]

Prints a line of JSON an epoch: test accuracy, mean training loss, seconds of training (batching included, evaluation not), and the most
memory that the process ever had in place, in bytes.
DIR holds mnist/ (IDX files, plain or .gz) for the recurrent models and cifar-10-batches-bin/ for lenet. With --raw FOLDER it is trained on what the C#
benchmark left there, for timing alone. Needs PyTorch and NumPy (on Debian the packages python3-torch and libopenblas0-openmp).
"""
import argparse, gzip, json, time
from pathlib import Path
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Recurrent(nn.Module):
    def __init__(self, cell, hidden, inputs=28, classes=10):
        super().__init__()
        self.rnn = cell(inputs, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, x):
        return self.fc(self.rnn(x.flatten(1, 2))[0][:, -1])


class LeNet(nn.Module):
    def __init__(self, channels=3, size=32, classes=10):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, 6, 5), nn.Conv2d(6, 16, 5)
        side = ((size - 4) // 2 - 4) // 2
        self.fc1, self.fc2, self.fc3 = nn.Linear(16 * side * side, 120), nn.Linear(120, 84), nn.Linear(84, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc3(F.relu(self.fc2(x)))


def idx(path):
    for name in (path, path.with_name(path.name + ".gz")):
        if name.exists():
            raw = (gzip.open if name.suffix == ".gz" else open)(name, "rb").read()
            return np.frombuffer(raw, np.uint8, offset=16 if "images" in name.name else 8)
    raise SystemExit(f"{path} is not there, plain or .gz")


def mnist(folder):
    def part(name):
        return (torch.from_numpy(idx(folder / f"{name}-images-idx3-ubyte").reshape(-1, 1, 28, 28).copy()),
                torch.from_numpy(idx(folder / f"{name}-labels-idx1-ubyte").astype(np.int64)))
    return part("train"), part("t10k"), torch.tensor([0.1307]), torch.tensor([0.3081])


def cifar10(folder):
    def part(names):  # read where they stay: a second copy would double the memory
        x, y = torch.empty(10000 * len(names), 3, 32, 32, dtype=torch.uint8), torch.empty(10000 * len(names), dtype=torch.int64)
        for i, name in enumerate(names):
            rows, here = torch.from_numpy(np.fromfile(folder / name, np.uint8).reshape(-1, 3073)), slice(10000 * i, 10000 * (i + 1))
            x[here], y[here] = rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
        return x, y
    train = part([f"data_batch_{i}.bin" for i in range(1, 6)])
    return train, part(["test_batch.bin"]), torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.2470, 0.2435, 0.2616])


def raw(folder):
    about = json.loads((folder / "about.json").read_text())
    x = torch.from_numpy(np.fromfile(folder / "pixels.bin", np.uint8).reshape(-1, *about["shape"]))
    y = torch.from_numpy(np.fromfile(folder / "labels.bin", np.uint8).astype(np.int64))
    return (x, y), (x[:10], y[:10]), torch.tensor(about["mean"]), torch.tensor(about["deviation"])


def peak_memory():
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=["lenet", "rnn", "lstm", "gru"], required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--raw", type=Path)
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--hidden-size", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--evaluation-batch-size", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    is_image = a.model == "lenet"
    if a.raw:
        data = raw(a.raw)
    else:
        data = cifar10(a.data_dir / "cifar-10-batches-bin") if is_image else mnist(a.data_dir / "mnist")
    (x, y), (test_x, test_y), mean, deviation = data
    mean, deviation = mean.view(1, -1, 1, 1), deviation.view(1, -1, 1, 1)
    model = LeNet() if is_image else Recurrent({"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[a.model], a.hidden_size)
    optimizer = torch.optim.Adam(model.parameters(), a.lr) if a.optimizer == "adam" else torch.optim.SGD(model.parameters(), a.lr, a.momentum)

    def batch(pixels):
        return (pixels.float() / 255 - mean) / deviation

    for epoch in range(1, a.epochs + 1):
        model.train()
        begin, losses = time.perf_counter(), []
        for rows in torch.randperm(len(x)).split(a.batch_size):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(batch(x[rows])), y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        seconds = time.perf_counter() - begin
        model.eval()
        with torch.no_grad():
            right = sum((model(batch(p)).argmax(1) == t).sum().item() for p, t in zip(test_x.split(a.evaluation_batch_size), test_y.split(a.evaluation_batch_size)))
        print(json.dumps({"epoch": epoch, "test_accuracy": right / len(test_x), "train_loss": torch.stack(losses).mean().item(), "seconds": seconds,
                          "peak_memory": peak_memory()}), flush=True)


if __name__ == "__main__":
    main()
