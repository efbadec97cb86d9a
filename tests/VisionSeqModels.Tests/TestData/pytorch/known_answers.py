"""The answers of PyTorch, scikit-learn and plain loops to the cases in cases.json, whose tensors are in
inputs.safetensors: numbers go to results.json, tensors to outputs.safetensors."""

import colorsys
import json
import math

import numpy
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

try:
    import torchvision.ops
    import torchvision.transforms.functional as vision
except ImportError:
    torchvision = None

numbers, tensors = {}, {}
inputs = load_file("inputs.safetensors")


def agree(one, other):
    """Where torchvision is there, the loops below must be what it computes."""
    assert torch.allclose(one, other, rtol=1e-4, atol=1e-4), (one - other).abs().max()


# Losses


def focal(case, x, y):
    logs = F.log_softmax(x, 1)
    powers = (1 - logs.exp()) ** case["gamma"]
    weights = torch.tensor(case["weights"]) if case.get("weights") else torch.ones(x.shape[1])
    if y.is_floating_point():
        return -(y * weights * powers * logs).sum(1).mean()
    keep = y != case.get("ignore", -100)
    rows, labels = torch.arange(len(y))[keep], y[keep]
    return -(weights[labels] * powers[rows, labels] * logs[rows, labels]).mean()


def binary_focal(case, x, y):
    y = y.to(x.dtype)
    p = torch.sigmoid(x)
    p_t = p * y + (1 - p) * (1 - y)
    loss = F.binary_cross_entropy_with_logits(x, y, reduction="none") * (1 - p_t) ** case["gamma"]
    alpha = case.get("alpha")
    if alpha is not None:
        loss = (alpha * y + (1 - alpha) * (1 - y)) * loss
    if torchvision:
        agree(loss.mean(), torchvision.ops.sigmoid_focal_loss(x, y, -1 if alpha is None else alpha, case["gamma"], "mean"))
    return loss.mean()


LOSSES = {
    "binary_cross_entropy": lambda c, x, y: F.binary_cross_entropy_with_logits(
        x, y.to(x.dtype), pos_weight=torch.tensor(c["weights"]) if c.get("weights") else None
    ),
    "l1": lambda c, x, y: F.l1_loss(x, y),
    "mse": lambda c, x, y: F.mse_loss(x, y),
    "smooth_l1": lambda c, x, y: F.smooth_l1_loss(x, y, beta=c["beta"]),
    "huber": lambda c, x, y: F.huber_loss(x, y, delta=c["delta"]),
    "cross_entropy": lambda c, x, y: F.cross_entropy(
        x,
        y,
        weight=torch.tensor(c["weights"]) if c.get("weights") else None,
        ignore_index=c.get("ignore", -100),
        label_smoothing=c["smoothing"],
    ),
    "focal": focal,
    "binary_focal": binary_focal,
}


def loss(name, case):
    x = inputs[name + ".x"].requires_grad_()
    value = LOSSES[case["loss"]](case, x, inputs[name + ".y"])
    value.backward()
    tensors[name + ".value"], tensors[name + ".gradient"] = value.detach(), x.grad


# Metrics


def calibration(scores, labels, bins):
    exponentials = numpy.exp(scores - scores.max(1, keepdims=True))
    probabilities = exponentials / exponentials.sum(1, keepdims=True)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    error = 0.0
    for i in range(bins):
        inside = (confidence > i / bins) & (confidence <= (i + 1) / bins)
        if inside.any():
            error += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return error


def metric(name, case):
    from sklearn import metrics

    x, y = inputs[name + ".x"].double().numpy(), inputs[name + ".y"].numpy()
    y = y.astype(float) if y.dtype == numpy.float32 else y
    kind = case["metric"]
    if x.ndim == 2 and y.ndim == 1:
        keep = y != case.get("ignore", -100)
        x, y = x[keep], y[keep]
        classes = list(range(x.shape[1]))
        by_class = dict(labels=classes, average=case.get("average"), zero_division=0)
    numbers[name] = float(
        {
            "accuracy": lambda: metrics.accuracy_score(y, x.argmax(1)),
            "top_k": lambda: metrics.top_k_accuracy_score(y, x, k=case["k"], labels=classes),
            "precision": lambda: metrics.precision_score(y, x.argmax(1), **by_class),
            "recall": lambda: metrics.recall_score(y, x.argmax(1), **by_class),
            "f1": lambda: metrics.f1_score(y, x.argmax(1), **by_class),
            "calibration": lambda: calibration(x, y, case["bins"]),
            "binary": lambda: metrics.accuracy_score(y.ravel() > 0.5, x.ravel() > case["threshold"]),
            "exact_match": lambda: metrics.accuracy_score(y > 0.5, x > case["threshold"]),
            "label": lambda: metrics.accuracy_score(y[:, case["label"]] > 0.5, x[:, case["label"]] > case["threshold"]),
            "absolute": lambda: metrics.mean_absolute_error(y, x),
            "root_squared": lambda: math.sqrt(metrics.mean_squared_error(y, x)),
            "r2": lambda: metrics.r2_score(y, x),
        }[kind]()
    )


def ranking(name, case):
    """AUROC or average precision; -1 where scikit-learn has no value because a class is absent."""
    from sklearn import metrics

    x, y = inputs[name + ".x"].double(), inputs[name + ".y"].numpy()
    average, kind = case.get("average"), case["target"]
    area = case["metric"] == "auroc"
    score = metrics.roc_auc_score if area else metrics.average_precision_score
    if kind == "classes":
        x = (x if case["probabilities"] else x.softmax(1)).numpy()
        keep = y != case.get("ignore", -100)
        x, labels = x[keep], y[keep]
        y = (labels[:, None] == numpy.arange(x.shape[1])).astype(int)
    else:
        x, y = x.numpy(), (y > 0.5).astype(int)
    if kind == "binary":
        x, y = x.ravel(), y.ravel()
    elif average == "micro":
        x, y = x.ravel(), y.ravel()
    elif "only" in case:
        x, y = x[:, case["only"]], y[:, case["only"]]
    columns = y.reshape(len(y), 1) if y.ndim == 1 else y
    positives, samples = columns.sum(0), len(columns)
    defined = samples > 0 and (positives > 0).all() and not (area and (positives == samples).any())
    if not defined:
        numbers[name] = -1.0
    elif x.ndim == 1:
        numbers[name] = float(score(y, x))
    elif kind == "classes" and area and x.shape[1] > 2:
        numbers[name] = float(score(labels, x, multi_class="ovr", average=average, labels=list(range(x.shape[1]))))
    else:
        numbers[name] = float(score(y, x, average=average))


# Optimizers


def optimizer(name, case):
    weights = [inputs[f"{name}.w{i}"].requires_grad_() for i in range(2)]
    noise = [inputs[f"{name}.g{i}"] for i in range(2)]
    groups = [dict(params=[w], **own) for w, own in zip(weights, case["groups"])] if case["groups"] else weights
    # PyTorch 1.13's step of one tensor counts a factor of NAdam's momentum product twice; its step of many does not
    many = dict(foreach=True) if case["optimizer"] == "NAdam" else {}
    steps = getattr(torch.optim, case["optimizer"])(groups, **case["options"], **many)
    for t in range(case["steps"]):
        for w, g in zip(weights, noise):
            w.grad = g[t] + case["pull"] * w.detach()
        steps.step()
    for i, w in enumerate(weights):
        tensors[f"{name}.w{i}"] = w.detach()


# Augmentations


def affine(name, case):
    images = inputs[name + ".images"]
    height, width = images.shape[2:]
    degrees, scales, right, down = (inputs[f"{name}.{key}"].double().numpy() for key in ("degrees", "scale", "right", "down"))
    to_pixels = numpy.diag([width / 2, height / 2, 1])
    warped = []
    for i in range(len(images)):
        angle = math.radians(degrees[i])
        # rows grow downwards, so this turns counter-clockwise
        turn = numpy.array([[math.cos(angle), math.sin(angle), 0], [-math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
        move = numpy.array([[1, 0, right[i]], [0, 1, down[i]], [0, 0, 1]])
        forth = move @ turn @ numpy.diag([scales[i], scales[i], 1])
        theta = numpy.linalg.inv(to_pixels) @ numpy.linalg.inv(forth) @ to_pixels
        grid = F.affine_grid(torch.tensor(theta[None, :2]).float(), [1, *images.shape[1:]], align_corners=False)
        warped.append(F.grid_sample(images[i : i + 1], grid, align_corners=False))
        if torchvision and not right[i] and not down[i]:
            theirs = vision.affine(
                images[i], -degrees[i], [0, 0], scales[i], [0, 0], interpolation=vision.InterpolationMode.BILINEAR
            )
            agree(warped[-1][0], theirs)
    tensors[name + ".images"] = torch.cat(warped)


def turn_hue(image, turns):
    turned = image.clone()
    for row in range(image.shape[1]):
        for column in range(image.shape[2]):
            hue, saturation, value = colorsys.rgb_to_hsv(*image[:, row, column].tolist())
            turned[:, row, column] = torch.tensor(colorsys.hsv_to_rgb((hue + turns) % 1, saturation, value))
    return turned


def gray(image):
    return image if len(image) == 1 else (0.2989 * image[0] + 0.587 * image[1] + 0.114 * image[2])[None]


def blend(image, other, factor):
    return (factor * image + (1 - factor) * other).clamp(0, 1)


def jitter(name, case):
    images = inputs[name + ".images"].double()
    mean, deviation = (torch.tensor(case[key]).double()[:, None, None] for key in ("mean", "deviation"))
    changed = []
    for i, image in enumerate(images):
        brightness, contrast, saturation, hue = (
            inputs[f"{name}.{key}"][i].double() for key in ("brightness", "contrast", "saturation", "hue")
        )
        image = start = (image * deviation + mean).float()
        image = blend(image, torch.zeros_like(image), brightness)
        image = blend(image, gray(image).mean(), contrast)
        if len(image) == 3:
            image = turn_hue(blend(image, gray(image), saturation), float(hue))
        if torchvision:
            theirs = vision.adjust_contrast(vision.adjust_brightness(start, float(brightness)), float(contrast))
            if len(image) == 3:
                theirs = vision.adjust_hue(vision.adjust_saturation(theirs, float(saturation)), float(hue))
            agree(image.float(), theirs)
        changed.append((image - mean) / deviation)
    tensors[name + ".images"] = torch.stack(changed).float()


def erasing(name, case):
    images = inputs[name + ".images"].clone()
    draws = {key: inputs[f"{name}.{key}"].double().numpy() for key in ("areas", "ratios", "downs", "rights")}
    height, width = images.shape[2:]
    for i in range(len(images)):
        for area, ratio in zip(draws["areas"][i], draws["ratios"][i]):
            area = (case["min_area"] + area * (case["max_area"] - case["min_area"])) * height * width
            low, high = math.log(case["min_ratio"]), math.log(case["max_ratio"])
            ratio = math.exp(low + ratio * (high - low))
            h, w = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
            if h < height and w < width:
                top, left = int(draws["downs"][i] * (height - h + 1)), int(draws["rights"][i] * (width - w + 1))
                if inputs[name + ".chosen"][i]:
                    images[i, :, top : top + h, left : left + w] = 0
                break
    tensors[name + ".images"] = images


def probabilities(case, targets):
    return targets if targets.is_floating_point() else F.one_hot(targets, case["classes"]).float()


def mixup(name, case):
    images, order, weight = (inputs[f"{name}.{key}"] for key in ("images", "order", "weight"))
    targets = probabilities(case, inputs[name + ".targets"])
    tensors[name + ".images"] = weight * images + (1 - weight) * images[order]
    tensors[name + ".targets"] = weight * targets + (1 - weight) * targets[order]


def cutmix(name, case):
    images, order = inputs[name + ".images"].clone(), inputs[name + ".order"]
    weight, down, right = (inputs[f"{name}.{key}"].item() for key in ("weight", "down", "right"))
    targets = probabilities(case, inputs[name + ".targets"])
    height, width = images.shape[2:]
    half_height, half_width = (int(size * math.sqrt(1 - weight)) // 2 for size in (height, width))
    top, bottom = max(0, down - half_height), min(height, down + half_height)
    left, end = max(0, right - half_width), min(width, right + half_width)
    images[:, :, top:bottom, left:end] = images[order][:, :, top:bottom, left:end]
    weight = 1 - (bottom - top) * (end - left) / (height * width)
    tensors[name + ".images"] = images
    tensors[name + ".targets"] = weight * targets + (1 - weight) * targets[order]


for i, case in enumerate(json.load(open("cases.json"))):
    globals()[case["kind"]](str(i), case)
json.dump(numbers, open("results.json", "w"))
save_file({name: tensor.contiguous() for name, tensor in tensors.items()} or {"none": torch.zeros(1)}, "outputs.safetensors")
