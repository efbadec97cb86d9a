"""Known answers of scikit-learn for ClassificationReportTests: run it and keep what it prints."""
import json
import random

import sklearn
from sklearn.metrics import classification_report, confusion_matrix

random.seed(19)
cases = []
for classes, samples in [(2, 40), (5, 200), (7, 60)]:
    actual = [random.randrange(classes) for _ in range(samples)]
    predicted = [a if random.random() < 0.6 else random.randrange(classes) for a in actual]
    if classes == 7:  # a class that is never predicted, and one that is not there
        actual = [1 if a == 6 else a for a in actual]
        predicted = [0 if p in (5, 6) else p for p in predicted]
    labels = list(range(classes))
    report = classification_report(actual, predicted, labels=labels, output_dict=True, zero_division=0)
    cases.append({
        "counts": confusion_matrix(actual, predicted, labels=labels).tolist(),
        "normalized": {kind: confusion_matrix(actual, predicted, labels=labels, normalize=kind).tolist()
                       for kind in ("true", "pred", "all")},
        "classes": [report[str(label)] for label in labels],
        "accuracy": report["accuracy"] if "accuracy" in report else report["micro avg"]["f1-score"],
        "macro": report["macro avg"],
        "weighted": report["weighted avg"],
    })
print(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}))
