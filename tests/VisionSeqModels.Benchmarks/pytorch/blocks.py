#!/usr/bin/python3
"""A homework model trained by a plain PyTorch loop, block by block, in turn with somebody else.

    /usr/bin/python3 blocks.py --model rnn --raw FOLDER [--threads 2] [--device cuda]

Reads lines "SETTLING STEPS", trains as many steps, and answers with the seconds of the latter; ends with its input. FOLDER is what the
C# benchmark left. It waits before it answers, until OpenMP's threads sleep.
"""
import argparse, sys, time
from pathlib import Path
import torch
from torch import nn
from torch.nn import functional as F
from train import LeNet, Recurrent, raw


def endless(count, size):
    while True:
        yield from torch.randperm(count).split(size)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=["lenet", "rnn", "lstm", "gru"], required=True)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    (x, y), _, mean, deviation = raw(a.raw)
    x, y, mean, deviation = (t.to(a.device) for t in (x, y, mean.view(1, -1, 1, 1), deviation.view(1, -1, 1, 1)))
    model = LeNet() if a.model == "lenet" else Recurrent({"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[a.model], 128)
    model = model.to(a.device).train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    rows = endless(len(x), a.batch_size)

    def run(steps):
        begin = time.perf_counter()
        for _ in range(steps):
            at = next(rows).to(a.device)
            optimizer.zero_grad()
            F.cross_entropy(model((x[at].float() / 255 - mean) / deviation), y[at]).backward()
            optimizer.step()
        if a.device != "cpu":
            torch.cuda.synchronize()
        return time.perf_counter() - begin

    for line in sys.stdin:
        settling, steps = map(int, line.split())
        run(settling)
        seconds = run(steps)
        time.sleep(0.03)
        print(repr(seconds), flush=True)


if __name__ == "__main__":
    main()
