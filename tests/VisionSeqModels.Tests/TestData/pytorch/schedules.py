"""Learning rates of PyTorch's schedulers for random settings: a seed and a number of cases in, JSON out.

TestData/pytorch/schedules.json is what PyTorch 1.13 gives for the seed 0 and 80 cases.
"""

import json, math, random, sys, torch, warnings
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")
seed, count = int(sys.argv[1]), int(sys.argv[2])
random.seed(seed)


def optimizer():
    return torch.optim.SGD([torch.zeros(1)], lr=1.0)


def warm(opt, length):
    return s.LinearLR(opt, 1 / length, 1.0, length - 1) if length > 1 else None


def walk(total, opt, every_step, every_epoch, steps):
    rates = []
    for i in range(total):
        rates.append(opt.param_groups[0]["lr"])
        opt.step()
        for one in every_step:
            one.step()
        if (i + 1) % steps == 0:
            for one in every_epoch:
                one.step()
    return rates


def rates(case):
    steps, total, length = case["steps"], case["steps"] * case["epochs"], case["length"]
    opt, kind = optimizer(), case["schedule"]
    if kind == "one_cycle":
        curve = "linear" if case["linear"] else "cos"
        one = s.OneCycleLR(opt, 1.0, total, pct_start=case["fraction"], anneal_strategy=curve, cycle_momentum=False,
                           div_factor=case["div"], final_div_factor=case["final_div"])
        values = [opt.param_groups[0]["lr"]]
        for _ in range(total - 1):
            opt.step()
            one.step()
            values.append(opt.param_groups[0]["lr"])
        return values
    if kind == "cosine":
        first = walk(length, opt, [one for one in [warm(opt, length)] if one], [], steps)
        if length == total:
            return first
        opt = optimizer()
        return first + walk(total - length, opt, [s.CosineAnnealingLR(opt, total - length, case["final"])], [], steps)
    every_epoch = {
        "step": lambda: [s.StepLR(opt, case["every"], case["gamma"])],
        "exponential": lambda: [s.ExponentialLR(opt, case["gamma"])],
        "constant": lambda: [],
    }[kind]()
    return walk(total, opt, [one for one in [warm(opt, length)] if one], every_epoch, steps)


cases = []
while len(cases) < count:
    kind = ["one_cycle", "cosine", "one_cycle", "step", "one_cycle", "exponential", "one_cycle", "constant"][len(cases) % 8]
    case = dict(schedule=kind, epochs=random.randint(1, 5), steps=random.randint(1, 7), length=0)
    if kind == "one_cycle":
        if random.random() < 0.6:
            case.update(epochs=1, steps=random.randint(1, 10))
        case.update(fraction=random.choice([random.random(), 0.001, 0.05, 0.1, 0.3, 0.5, 0.95, 0.999]),
                    linear=random.random() < 0.5, div=random.choice([1, 2.5, 25]), final_div=random.choice([1, 100, 1e4]))
    elif random.random() < 0.7:
        total = case["epochs"] * case["steps"]
        if random.random() < 0.5:
            case["length"] = case["warmup_steps"] = random.randint(0, total)
        else:
            case["warmup_epochs"] = random.choice([0.25, 0.5, 1, 1.5, 2])
            case["length"] = math.floor(case["warmup_epochs"] * case["steps"] + 0.5)
            if case["length"] > total:
                continue
    case.update(every=random.randint(1, 3), gamma=random.uniform(0.1, 1.2), final=random.choice([0, random.random()]))
    try:
        case["factors"] = rates(case)
    except ZeroDivisionError:  # PyTorch's OneCycleLR where fraction times steps is 1
        continue
    cases.append(case)
json.dump(cases, open("schedules.json", "w"))
