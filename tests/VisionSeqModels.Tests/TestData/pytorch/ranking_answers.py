"""Makes ranking_answers.json: AUROC and average precision of a few small cases by scikit-learn, for machines without it.
Run it in this folder. A value of null is not defined, because a class has no sample."""

import json

import numpy
from sklearn import metrics

random = numpy.random.default_rng(18)
cases = []


def add(target, average, x, y, ignored=None):
    rows = numpy.ones(len(y), bool) if ignored is None else y != ignored
    x, y = x[rows], y[rows]
    truth = (y[:, None] == numpy.arange(x.shape[1])).astype(int) if target == "classes" else y
    case = dict(target=target, average=average, ignored=ignored, shape=x.shape)
    case["scores"], case["targets"] = x.ravel().tolist(), y.ravel().tolist()
    flat = x.ndim == 1 or average == "micro"
    columns = truth.reshape(-1, 1) if flat else truth
    positives = columns.sum(0)
    for name, score in (("auroc", metrics.roc_auc_score), ("average_precision", metrics.average_precision_score)):
        missing = (positives == 0).any() or (name == "auroc" and (positives == len(columns)).any())
        case[name] = None if missing else float(score(truth, x, average=average or "macro"))
    cases.append(case)


for samples in (1, 2, 9, 40):
    for ties in (False, True):
        scores = random.integers(-4, 5, samples) / 4 if ties else random.normal(size=samples).astype("float32").astype(float)
        add("binary", None, scores, random.integers(0, 2, samples))
    for average in ("macro", "micro", "weighted"):
        scores = random.integers(-3, 4, (samples, 3)) / 2
        add("labels", average, scores, random.integers(0, 2, (samples, 3)))
        probabilities = random.multinomial(16, [0.25] * 4, samples) / 16
        add("classes", average, probabilities, random.integers(0, 4, samples))
        add("classes", average, probabilities, random.integers(0, 4, samples), ignored=3)
        add("classes", average, probabilities[:, :2], random.integers(0, 2, samples))
json.dump(cases, open("ranking_answers.json", "w"))
print(len(cases), "cases,", sum(case["auroc"] is None for case in cases), "of them without an AUROC")
