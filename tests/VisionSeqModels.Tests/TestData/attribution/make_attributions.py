#!/usr/bin/python3
"""Known answers of attribution methods, written out in plain PyTorch operations in float64, as a safetensors file.

    /usr/bin/python3 make_attributions.py attributions.safetensors

The net: conv1, norm1, relu1, pool (3x3, stride 2), then a residual block relu(norm2(conv2(x)) + x), then average pooling, two
linear layers with a ReLU. Names in the file: x, baseline, baselines, w.<parameter>, logits, targets, and one a method. No library
of attribution is used: each rule is applied layer by layer, from the output to the input.
"""
import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

MASK = (1 << 64) - 1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.conv2, self.norm2 = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.fc1, self.fc2 = nn.Linear(4 * 4, 8), nn.Linear(8, 3)

    def parts(self, x):
        """Every result on the way, by name."""
        p = {"x": x}
        p["c1"] = self.conv1(x)
        p["n1"] = self.norm1(p["c1"])
        p["r1"] = F.relu(p["n1"])
        p["p1"], p["where"] = F.max_pool2d(p["r1"], 3, 2, return_indices=True)
        p["c2"] = self.conv2(p["p1"])
        p["n2"] = self.norm2(p["c2"])
        p["sum"] = p["n2"] + p["p1"]
        p["r2"] = F.relu(p["sum"])
        p["avg"] = F.avg_pool2d(p["r2"], 2)
        p["flat"] = p["avg"].flatten(1)
        p["f1"] = self.fc1(p["flat"])
        p["r3"] = F.relu(p["f1"])
        p["out"] = self.fc2(p["r3"])
        return p

    def forward(self, x):
        return self.parts(x)["out"]


def chosen(net, x, targets):
    return net(x).gather(1, targets[:, None])[:, 0]


def gradient(net, x, targets):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(chosen(net, x, targets).sum(), x)[0]


# Class activation maps of the residual block's ReLU


def cams(net, x, targets):
    p = net.parts(x)
    a = p["r2"].detach().requires_grad_()
    out = net.fc2(F.relu(net.fc1(F.avg_pool2d(a, 2).flatten(1))))
    g = torch.autograd.grad(out.gather(1, targets[:, None]).sum(), a)[0]
    a = a.detach()
    maps = {"grad_cam": (g.mean((2, 3), keepdim=True) * a).sum(1, keepdim=True)}
    below = 2 * g**2 + a.sum((2, 3), keepdim=True) * g**3
    alpha = torch.where(g == 0, torch.zeros_like(g), g**2 / torch.where(below == 0, torch.ones_like(below), below))
    maps["grad_cam_plus_plus"] = ((alpha * F.relu(g)).sum((2, 3), keepdim=True) * a).sum(1, keepdim=True)
    maps["layer_cam"] = (F.relu(g) * a).sum(1, keepdim=True)
    projections, weighted = [], []
    for i in range(len(x)):
        rows = a[i].flatten(1).t()
        first = torch.linalg.svd(rows, full_matrices=False)[2][0]
        projection = rows @ first
        projections.append((projection * (-1 if projection.sum() < 0 else 1)).reshape(1, *a.shape[2:]))
        scores = []
        for k in range(a.shape[1]):
            mask = F.interpolate(a[i, k][None, None], size=x.shape[2:], mode="bilinear", align_corners=False)
            span = mask.max() - mask.min()
            mask = (mask - mask.min()) / span if span > 0 else torch.zeros_like(mask)
            scores.append(chosen(net, x[i : i + 1] * mask, targets[i : i + 1])[0].detach())
        weighted.append((torch.stack(scores).softmax(0)[:, None, None] * a[i]).sum(0, keepdim=True))
    maps["eigen_cam"], maps["score_cam"] = torch.stack(projections), torch.stack(weighted)
    return {
        name: F.interpolate(F.relu(map), size=x.shape[2:], mode="bilinear", align_corners=False) for name, map in maps.items()
    }


# Integrated gradients and GradientSHAP


def integrated_gradients(net, x, baseline, targets, steps):
    import numpy

    places, weights = numpy.polynomial.legendre.leggauss(steps)
    total = sum(
        w / 2 * gradient(net, baseline + (x - baseline) * (p + 1) / 2, targets) for p, w in zip(places, weights)
    )
    return total * (x - baseline)


def mix(value):
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def gradient_shap(net, x, baselines, targets, copies, noise, seed):
    result = torch.zeros_like(x)
    for i in range(len(x)):
        seed_i = mix((mix(seed) + i) & MASK)
        generator = torch.Generator().manual_seed(seed_i - (1 << 64) if seed_i >= 1 << 63 else seed_i)
        image, target = x[i : i + 1], targets[i : i + 1]
        for _ in range(copies):
            which, place = torch.rand(2, dtype=torch.float64, generator=generator)
            drawn = torch.randn(x.shape[1:], dtype=torch.float64, generator=generator)[None]
            start = baselines[int(which * len(baselines))][None]
            rise = image + drawn * (image.max() - image.min()) * noise - start
            result[i : i + 1] += gradient(net, start + rise * place, target) * rise / copies
    return result


# DeepLIFT: multipliers from the output down


def deep_lift(net, x, baseline, targets):
    with torch.no_grad():
        p, q = net.parts(x), net.parts(baseline.expand_as(x))

    def rescale(before, after):
        rise = p[before] - q[before]
        near = rise.abs() <= 1e-6
        ratio = (p[after] - q[after]) / torch.where(near, torch.ones_like(rise), rise)
        return torch.where(near, (p[before] > 0).to(rise.dtype), ratio)

    m = net.fc2.weight[targets]
    m = (m * rescale("f1", "r3")) @ net.fc1.weight
    m = m.reshape(p["avg"].shape).repeat_interleave(2, 2).repeat_interleave(2, 3) / 4
    m = F.pad(m, (0, p["r2"].shape[3] - m.shape[3], 0, p["r2"].shape[2] - m.shape[2]))
    m = m * rescale("sum", "r2")
    m = F.conv_transpose2d(m * scale(net.norm2), net.conv2.weight, padding=1) + m
    # max pooling: a rise belongs to the image's largest value, a fall to the reference's
    down = torch.zeros_like(p["r1"])
    rise = p["r1"] - q["r1"]
    for n in range(m.shape[0]):
        for c in range(m.shape[1]):
            for place in range(m[n, c].numel()):
                change = p["p1"][n, c].flatten()[place] - q["p1"][n, c].flatten()[place]
                signal = m[n, c].flatten()[place]
                at, before = p["where"][n, c].flatten()[place], q["where"][n, c].flatten()[place]
                rises = rise[n, c].flatten()
                if rises[at].abs() <= 1e-6:
                    down[n, c].view(-1)[at] += signal
                elif change > 0:
                    down[n, c].view(-1)[at] += signal * change / rises[at]
                if change < 0:
                    down[n, c].view(-1)[before] += signal * change / rises[before]
    m = down * rescale("n1", "r1")
    m = F.conv_transpose2d(m * scale(net.norm1), net.conv1.weight, padding=1)
    return m * (x - baseline)


def scale(norm):
    return (norm.weight / (norm.running_var + norm.eps).sqrt()).reshape(1, -1, 1, 1)


# LRP: relevance from the output down


def divide(relevance, below, epsilon=0.0):
    none = below == 0
    safe = torch.where(none, torch.ones_like(below), below + epsilon * below.sign())
    return torch.where(none, torch.zeros_like(below), relevance / safe)


def through(rule, x, weight, relevance, forward, backward, epsilon, gamma):
    plus, minus = x.clamp(min=0), x.clamp(max=0)
    up, down = weight.clamp(min=0), weight.clamp(max=0)
    if rule == "epsilon":
        return x * backward(divide(relevance, forward(x, weight), epsilon), weight)
    if rule == "z_plus":
        s = divide(relevance, forward(plus, up) + forward(minus, down))
        return plus * backward(s, up) + minus * backward(s, down)
    more, less = weight + gamma * up, weight + gamma * down
    positive = forward(x, weight) > 0
    s = divide(relevance * positive, forward(plus, more) + forward(minus, less))
    t = divide(relevance * ~positive, forward(plus, less) + forward(minus, more))
    return plus * (backward(s, more) + backward(t, less)) + minus * (backward(s, less) + backward(t, more))


def lrp(net, x, targets, convolution, linear, epsilon=1e-6, gamma=0.25):
    p = net.parts(x)

    def dense(layer, values, relevance):
        return through(linear, values, layer.weight, relevance, lambda v, w: v @ w.t(), lambda s, w: s @ w, epsilon, gamma)

    def conv(layer, values, relevance):
        forward = lambda v, w: F.conv2d(v, w, padding=1)
        backward = lambda s, w: F.conv_transpose2d(s, w, padding=1)
        return through(convolution, values, layer.weight, relevance, forward, backward, epsilon, gamma)

    r = torch.zeros_like(p["out"]).scatter(1, targets[:, None], p["out"].gather(1, targets[:, None]))
    r = dense(net.fc1, p["flat"], dense(net.fc2, p["r3"], r))
    s = divide(r.reshape(p["avg"].shape), p["avg"]) / 4
    s = s.repeat_interleave(2, 2).repeat_interleave(2, 3)
    s = F.pad(s, (0, p["r2"].shape[3] - s.shape[3], 0, p["r2"].shape[2] - s.shape[2]))
    r = s * p["r2"]
    s = divide(r, p["sum"])
    r = conv(net.conv2, p["p1"], s * p["n2"]) + s * p["p1"]
    r = torch.zeros_like(p["r1"]).flatten(2).scatter_add(2, p["where"].flatten(2), r.flatten(2)).reshape(p["r1"].shape)
    return conv(net.conv1, x, r)


def save_safetensors(path, tensors):
    header, blobs, at = {}, [], 0
    for name, t in tensors.items():
        raw = t.detach().contiguous().numpy().tobytes()
        kinds = {torch.float64: "F64", torch.int64: "I64"}
        header[name] = {"dtype": kinds[t.dtype], "shape": list(t.shape), "data_offsets": [at, at + len(raw)]}
        blobs.append(raw)
        at += len(raw)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blobs))


def main():
    torch.manual_seed(19)
    torch.set_default_dtype(torch.float64)
    net = Net().eval()
    for norm in (net.norm1, net.norm2):
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.uniform_(norm.bias, -0.3, 0.3)
        norm.running_mean.uniform_(-0.3, 0.3)
        norm.running_var.uniform_(0.5, 1.5)
    x, baseline, baselines = torch.randn(3, 2, 9, 9), torch.randn(1, 2, 9, 9) * 0.3, torch.randn(4, 2, 9, 9) * 0.3
    targets = torch.tensor([2, 0, 1])
    out = {"x": x, "baseline": baseline, "baselines": baselines, "targets": targets}
    out.update({f"w.{k}": v for k, v in net.state_dict().items() if v.is_floating_point()})
    out["logits"] = net(x)
    with torch.enable_grad():
        out.update(cams(net, x, targets))
        out["integrated_gradients"] = integrated_gradients(net, x, baseline, targets, 50)
        out["gradient_shap"] = gradient_shap(net, x, baselines, targets, 6, 0.1, 5)
    with torch.no_grad():
        out["deep_lift"] = deep_lift(net, x, baseline, targets)
        out["deep_lift_zeros"] = deep_lift(net, x, torch.zeros_like(baseline), targets)
        out["lrp_composite"] = lrp(net, x, targets, "z_plus", "epsilon")
        out["lrp_epsilon"] = lrp(net, x, targets, "epsilon", "epsilon", epsilon=0.01)
        out["lrp_gamma"] = lrp(net, x, targets, "gamma", "gamma", gamma=0.5)
        out["lrp_z_plus"] = lrp(net, x, targets, "z_plus", "z_plus")
        gap = out["deep_lift"].sum((1, 2, 3)) - (chosen(net, x, targets) - chosen(net, baseline.expand_as(x), targets))
        print("DeepLIFT, gap", gap.abs().max().item())
        for name in ("lrp_composite", "lrp_gamma", "lrp_z_plus"):
            print(name, "gap", (out[name].sum((1, 2, 3)) - chosen(net, x, targets)).abs().max().item())
    save_safetensors(sys.argv[1], out)
    print(Path(sys.argv[1]).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
